import { useState } from "react";
import type { Run } from "../api/tracking";
import { Button } from "../kit/Button";
import { TextField } from "../kit/Field";
import { Dialog } from "../kit/Overlay";
import { useRunChange } from "./runData";
import styles from "./RunPage.module.css";

export function RenameDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const change = useRunChange(run.id);
  const [name, setName] = useState(run.name);
  return (
    <Dialog title="Rename the run" onClose={onClose}>
      <form
        className={`${styles["form"]} ${styles["inDialog"]}`}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ rename: name.trim() }, { onSuccess: onClose });
        }}
      >
        <TextField
          label="Name"
          required
          autoFocus
          value={name}
          error={change.error?.message}
          onChange={(event) => setName(event.target.value)}
        />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={name.trim() === "" || change.isPending}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
