import { useState } from "react";
import { ask } from "../api/client";
import type { AccessLevel, User } from "../api/identity";
import { Button } from "../kit/Button";
import { Card } from "../kit/Card";
import { Checkbox, Select, TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";
import { Confirm } from "../kit/Overlay";
import { PlainTable } from "../kit/PlainTable";
import { When } from "../kit/Words";
import { count } from "../kit/words";
import { levels } from "./levels";
import { type Change, Listed, useChange, useListing } from "./listing";

const pathOf = (user: User) => `/api/v1/users/${encodeURIComponent(user.name)}`;

export function People() {
  const users = useListing<User[]>("/api/v1/users");
  const { change, tryChange } = useChange();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<User>();
  const [locked, setLocked] = useState<User>();
  return (
    <Listed listing={users}>
      {(found) => (
        <Card
          title="People"
          count={count(found.length)}
          flush
          actions={
            <Button icon="plus" kind="primary" onClick={() => setAdding(true)}>
              Add somebody
            </Button>
          }
        >
          <PlainTable
            label="Users"
            empty="Nobody can sign in yet: this server asks nobody who they are."
            head={["Name", "May", "Since"]}
            rows={found.map((user) => ({
              key: user.name,
              cells: [
                user.name,
                user.is_admin ? "Manage the server" : "What was given to them",
                <When key="when" ms={user.created_ms} />,
              ],
              actions: (
                <>
                  <Button
                    kind="quiet"
                    onClick={() =>
                      tryChange(() => ask(pathOf(user), { method: "PATCH", body: { is_admin: !user.is_admin } }))
                    }
                  >
                    {user.is_admin ? "Take the server from them" : "Let them manage the server"}
                  </Button>
                  <Button kind="quiet" onClick={() => setLocked(user)}>
                    New password
                  </Button>
                  <Button kind="quiet" icon="bin" onClick={() => setRemoving(user)}>
                    Remove
                  </Button>
                </>
              ),
            }))}
          />
          {adding && <AddUser change={change} onClose={() => setAdding(false)} />}
          {locked && <NewPassword user={locked} change={change} onClose={() => setLocked(undefined)} />}
          {removing && (
            <Confirm
              title={`Remove ${removing.name}?`}
              action="Remove"
              onConfirm={() => tryChange(() => ask(pathOf(removing), { method: "DELETE" }))}
              onClose={() => setRemoving(undefined)}
            >
              <p>They and the programs that use their tokens are shut out at once. What they made stays.</p>
            </Confirm>
          )}
        </Card>
      )}
    </Listed>
  );
}

function AddUser({ change, onClose }: { change: Change; onClose: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [level, setLevel] = useState<AccessLevel>("use");
  const [isAdmin, setIsAdmin] = useState(false);
  const body = { name, password, level, is_admin: isAdmin };
  return (
    <FormDialog
      title="Add somebody"
      action="Add"
      disabled={name === "" || password === ""}
      onSubmit={() => change(() => ask("/api/v1/users", { body }))}
      onClose={onClose}
    >
      <TextField label="User name" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
      <Password value={password} onChange={setPassword} />
      <Select label="In this workspace they may" options={levels} value={level} onChange={setLevel} />
      <Checkbox
        label="They manage the server"
        checked={isAdmin}
        onChange={(event) => setIsAdmin(event.target.checked)}
      />
    </FormDialog>
  );
}

function NewPassword({ user, change, onClose }: { user: User; change: Change; onClose: () => void }) {
  const [password, setPassword] = useState("");
  return (
    <FormDialog
      title={`New password for ${user.name}`}
      disabled={password === ""}
      onSubmit={() => change(() => ask(pathOf(user), { method: "PATCH", body: { password } }))}
      onClose={onClose}
    >
      <Password value={password} onChange={setPassword} />
    </FormDialog>
  );
}

function Password({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextField
      label="Password"
      type="password"
      autoComplete="new-password"
      hint="At least 12 characters."
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
