import { Popover } from "../kit/Overlay";
import { Button } from "../kit/Button";
import { tellFault } from "../kit/Toasts";
import { signOut, useSession } from "./session";
import styles from "./Visitor.module.css";

/** Who is signed in, and the way out. */
export function Visitor() {
  const session = useSession();
  if (!session.data?.signed_in) return null;
  return (
    <Popover label={`Signed in as ${session.data.user}`} icon="user" align="start" up>
      {() => (
        <div className={styles["visitor"]}>
          <p>
            Signed in as <b>{session.data.user}</b>, in the workspace {session.data.workspace}.
          </p>
          <Button onClick={() => void signOut().catch(tellFault)}>Sign out</Button>
        </div>
      )}
    </Popover>
  );
}
