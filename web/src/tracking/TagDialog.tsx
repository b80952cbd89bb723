import { useState } from "react";
import { TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";

/** Asks for the name and the value of a tag, for one thing or for many. */
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
  const name = key.trim();
  return (
    <FormDialog title={title} disabled={name === ""} onSubmit={() => onSave(name, value)} onClose={onClose}>
      <TextField
        label="Name"
        required
        autoFocus
        value={key}
        hint={known[name] === undefined ? undefined : "There is such a tag; its value will be replaced."}
        onChange={(event) => setKey(event.target.value)}
      />
      <TextField label="Value" value={value} onChange={(event) => setValue(event.target.value)} />
    </FormDialog>
  );
}
