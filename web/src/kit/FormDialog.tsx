import { type ReactNode, useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Overlay";
import styles from "./FormDialog.module.css";

/** Asks for a few things and does something with them; what goes wrong is said where it was asked. */
export function FormDialog({
  title,
  action = "Save",
  kind = "primary",
  disabled,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  action?: string;
  kind?: "primary" | "danger";
  /** Something is still missing. */
  disabled?: boolean;
  /** The window closes when this succeeds. */
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const submit = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {fault && <p role="alert">{fault}</p>}
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={kind} type="submit" disabled={disabled || busy}>
            {action}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
