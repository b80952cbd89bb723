import { useState } from "react";
import type { Run } from "../api/tracking";
import { Button } from "../kit/Button";
import { TextField } from "../kit/Field";
import { Dialog } from "../kit/Overlay";
import { useRunChange } from "./runData";
import styles from "./RunPage.module.css";

export function TagDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const change = useRunChange(run.id);
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  return (
    <Dialog title="Add a tag" onClose={onClose}>
      <form
        className={`${styles["form"]} ${styles["inDialog"]}`}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ tags: { [key.trim()]: value } }, { onSuccess: onClose });
        }}
      >
        <TextField
          label="Name"
          required
          autoFocus
          value={key}
          hint={run.tags[key.trim()] === undefined ? undefined : "The run has this tag; its value will be replaced."}
          error={change.error?.message}
          onChange={(event) => setKey(event.target.value)}
        />
        <TextField label="Value" value={value} onChange={(event) => setValue(event.target.value)} />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={key.trim() === "" || change.isPending}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
