import { useState } from "react";
import { Button } from "../kit/Button";
import { TextField } from "../kit/Field";
import { Dialog } from "../kit/Overlay";
import styles from "./RunPage.module.css";

/** Asks for the name and the value of a tag, for one run or for many. */
export function TagDialog({
  title,
  known = {},
  onSave,
  onClose,
}: {
  title: string;
  /** Tags that there are already. */
  known?: Readonly<Record<string, string>>;
  onSave: (key: string, value: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const save = async () => {
    setBusy(true);
    await onSave(key.trim(), value).catch((error: unknown) => setFault(String((error as Error).message)));
    setBusy(false);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={`${styles["form"]} ${styles["inDialog"]}`}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label="Name"
          required
          autoFocus
          value={key}
          hint={known[key.trim()] === undefined ? undefined : "The run has this tag; its value will be replaced."}
          error={fault}
          onChange={(event) => setKey(event.target.value)}
        />
        <TextField label="Value" value={value} onChange={(event) => setValue(event.target.value)} />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={key.trim() === "" || busy}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
