import { useState } from "react";
import { ask } from "../api/client";
import type { Role } from "../api/identity";
import { Button, IconButton } from "../kit/Button";
import { Card } from "../kit/Card";
import { TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";
import { Confirm } from "../kit/Overlay";
import { PlainTable } from "../kit/PlainTable";
import { Empty } from "../kit/States";
import { When } from "../kit/Words";
import { GrantDialog } from "./GrantDialog";
import { levelName, placeOf } from "./levels";
import { type Change, Listed, useChange, useListing } from "./listing";
import styles from "./Settings.module.css";

export function Roles() {
  const roles = useListing<Role[]>("/api/v1/roles");
  const { change } = useChange();
  const [making, setMaking] = useState(false);
  return (
    <Listed listing={roles}>
      {(found) => (
        <div className={styles["list"]}>
          <div className={styles["head"]}>
            <p className={styles["quiet"]}>What several people of this workspace may do together.</p>
            <Button icon="plus" kind="primary" onClick={() => setMaking(true)}>
              New role
            </Button>
          </div>
          {found.length === 0 && <Empty icon="user" title="No role yet" />}
          {found.map((role) => (
            <RoleCard key={role.id} role={role} />
          ))}
          {making && <NewRole change={change} onClose={() => setMaking(false)} />}
        </div>
      )}
    </Listed>
  );
}

function RoleCard({ role }: { role: Role }) {
  const { change, tryChange } = useChange();
  const [asking, setAsking] = useState<"grant" | "member" | "remove">();
  const path = `/api/v1/roles/${role.id}`;
  const members = useListing<{ user: string }[]>(`${path}/members`);
  const close = () => setAsking(undefined);
  const remove = (address: string) => tryChange(() => ask(address, { method: "DELETE" }));
  return (
    <Card
      title={role.name}
      count={role.description || undefined}
      flush
      actions={
        <>
          <Button kind="quiet" icon="plus" onClick={() => setAsking("grant")}>
            Give it more
          </Button>
          <IconButton icon="bin" label={`Remove the role ${role.name}`} onClick={() => setAsking("remove")} />
        </>
      }
    >
      {role.grants.length > 0 && (
        <PlainTable
          label={`What ${role.name} may`}
          head={["On", "May", "Given"]}
          rows={role.grants.map((grant) => ({
            key: String(grant.id),
            cells: [placeOf(grant), levelName(grant.level), <When key="when" ms={grant.given_ms} />],
            actions: (
              <IconButton
                icon="close"
                label={`Take ${placeOf(grant)}`}
                onClick={() => remove(`/api/v1/roles/grants/${grant.id}`)}
              />
            ),
          }))}
        />
      )}
      <div className={styles["chips"]}>
        <b>Members</b>
        {(members.data ?? []).map(({ user }) => (
          <span key={user} className={styles["chip"]}>
            {user}
            <IconButton
              icon="close"
              label={`Take ${user} out`}
              onClick={() => remove(`${path}/members/${encodeURIComponent(user)}`)}
            />
          </span>
        ))}
        <Button kind="quiet" icon="plus" onClick={() => setAsking("member")}>
          Add a member
        </Button>
      </div>
      {asking === "grant" && (
        <GrantDialog
          title={`Give ${role.name}`}
          onGive={({ kind, on, level }) => change(() => ask(`${path}/grants`, { body: { kind, on, level } }))}
          onClose={close}
        />
      )}
      {asking === "member" && <NewMember path={path} change={change} onClose={close} />}
      {asking === "remove" && (
        <Confirm title={`Remove the role ${role.name}?`} action="Remove" onConfirm={() => remove(path)} onClose={close}>
          <p>Its members lose what it gave them. It cannot be undone.</p>
        </Confirm>
      )}
    </Card>
  );
}

function NewRole({ change, onClose }: { change: Change; onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  return (
    <FormDialog
      title="New role"
      action="Make it"
      disabled={name.trim() === ""}
      onSubmit={() => change(() => ask("/api/v1/roles", { body: { name: name.trim(), description } }))}
      onClose={onClose}
    >
      <TextField label="Name" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
      <TextField label="Description" value={description} onChange={(event) => setDescription(event.target.value)} />
    </FormDialog>
  );
}

function NewMember({ path, change, onClose }: { path: string; change: Change; onClose: () => void }) {
  const [user, setUser] = useState("");
  return (
    <FormDialog
      title="Add a member"
      action="Add"
      disabled={user.trim() === ""}
      onSubmit={() => change(() => ask(`${path}/members/${encodeURIComponent(user.trim())}`, { method: "PUT" }))}
      onClose={onClose}
    >
      <TextField label="User name" autoFocus value={user} onChange={(event) => setUser(event.target.value)} />
    </FormDialog>
  );
}
