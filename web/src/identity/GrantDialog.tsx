import { useState } from "react";
import type { AccessLevel, GrantKind } from "../api/identity";
import { Select, TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";
import { kinds, levels } from "./levels";

interface GivenGrant {
  user: string;
  kind: GrantKind;
  on?: string;
  level: AccessLevel;
}

/** Gives a level on something, to a user who is asked for here or to whom the title names. */
export function GrantDialog({
  title,
  asksWho,
  onGive,
  onClose,
}: {
  title: string;
  asksWho?: boolean;
  onGive: (grant: GivenGrant) => Promise<unknown>;
  onClose: () => void;
}) {
  const [user, setUser] = useState("");
  const [kind, setKind] = useState<GrantKind>("workspace");
  const [on, setOn] = useState("");
  const [level, setLevel] = useState<AccessLevel>("read");
  const which = kind === "workspace" || on.trim() === "" ? undefined : on.trim();
  return (
    <FormDialog
      title={title}
      action="Give"
      disabled={asksWho && user.trim() === ""}
      onSubmit={() => onGive({ user: user.trim(), kind, on: which, level })}
      onClose={onClose}
    >
      {asksWho && (
        <TextField label="User name" autoFocus value={user} onChange={(event) => setUser(event.target.value)} />
      )}
      <Select label="On" options={kinds} value={kind} onChange={setKind} />
      {kind !== "workspace" && (
        <TextField
          label={kind === "experiment" ? "Which experiment, by id" : "Which model, by name"}
          hint="Nothing here means all of them."
          value={on}
          onChange={(event) => setOn(event.target.value)}
        />
      )}
      <Select label="They may" options={levels} value={level} onChange={setLevel} />
    </FormDialog>
  );
}
