import { useState } from "react";
import { Select, TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";
import { tell, tellFault } from "../kit/Toasts";
import { type ModelVersion, useRegistryChange } from "./registry";

/** Lets an alias stand for a version: a new alias, or one that moves and can be moved back. */
export function AliasDialog({
  title,
  model,
  alias,
  from,
  versions,
  usual,
  onClose,
}: {
  title: string;
  model: string;
  /** The alias that moves; without one its name is asked for. */
  alias?: string;
  /** Where it stands now. */
  from?: string;
  versions: readonly ModelVersion[];
  usual: string | undefined;
  onClose: () => void;
}) {
  const change = useRegistryChange();
  const [name, setName] = useState(alias ?? "");
  const [version, setVersion] = useState(usual ?? versions[0]?.version ?? "");
  const move = async (to: string) => {
    await change("registered-models/alias", "POST", { name: model, alias: name.trim(), version: to });
  };
  const save = async () => {
    await move(version);
    tell(
      `${name.trim()} is version ${version} now.`,
      from === undefined ? undefined : () => void move(from).catch(tellFault),
    );
  };
  return (
    <FormDialog
      title={title}
      action={alias === undefined ? "Give" : "Move"}
      disabled={name.trim() === "" || version === "" || version === from}
      onSubmit={save}
      onClose={onClose}
    >
      {alias === undefined && (
        <TextField
          label="Alias"
          hint="The name by which others ask for it, such as champion."
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <Select
        label="Version"
        options={versions.map((one) => ({
          value: one.version,
          label: `Version ${one.version}${one.version === from ? ", where it stands" : ""}`,
        }))}
        value={version}
        onChange={setVersion}
      />
    </FormDialog>
  );
}
