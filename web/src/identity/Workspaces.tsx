import { useState } from "react";
import { ask } from "../api/client";
import type { Grant, Workspace } from "../api/identity";
import { Button, IconButton } from "../kit/Button";
import { Card } from "../kit/Card";
import { TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";
import { PlainTable } from "../kit/PlainTable";
import { When } from "../kit/Words";
import { count } from "../kit/words";
import { GrantDialog } from "./GrantDialog";
import { levelName } from "./levels";
import { type Change, Listed, useChange, useListing } from "./listing";
import { useSession } from "./session";
import styles from "./Settings.module.css";

export function Workspaces() {
  const workspaces = useListing<Workspace[]>("/api/v1/workspaces");
  const { change } = useChange();
  const [asking, setAsking] = useState<"new" | Workspace>();
  return (
    <Listed listing={workspaces}>
      {(found) => (
        <div className={styles["list"]}>
          <Card
            title="Workspaces"
            count={count(found.length)}
            flush
            actions={
              <Button icon="plus" kind="primary" onClick={() => setAsking("new")}>
                New workspace
              </Button>
            }
          >
            <PlainTable
              label="Workspaces that I see"
              head={["Name", "Description", "Since"]}
              rows={found.map((workspace) => ({
                key: workspace.name,
                cells: [workspace.name, workspace.description, <When key="when" ms={workspace.created_ms} />],
                actions: (
                  <IconButton icon="edit" label={`Describe ${workspace.name}`} onClick={() => setAsking(workspace)} />
                ),
              }))}
            />
          </Card>
          <Access />
          {asking && (
            <WorkspaceDialog
              workspace={asking === "new" ? undefined : asking}
              change={change}
              onClose={() => setAsking(undefined)}
            />
          )}
        </div>
      )}
    </Listed>
  );
}

/** Who was given what on the workspace that is looked at. */
function Access() {
  const session = useSession();
  const grants = useListing<Grant[]>("/api/v1/grants?kind=workspace");
  const { change, tryChange } = useChange();
  const [giving, setGiving] = useState(false);
  const name = session.data?.workspace ?? "this workspace";
  const take = (user: string) =>
    tryChange(() => ask(`/api/v1/grants?kind=workspace&user=${encodeURIComponent(user)}`, { method: "DELETE" }));
  return (
    <Card
      title={`Who may do what in ${name}`}
      flush
      actions={
        <Button icon="plus" onClick={() => setGiving(true)}>
          Give somebody access
        </Button>
      }
    >
      <Listed listing={grants}>
        {(found) => (
          <PlainTable
            label="Grants on the workspace"
            empty="Nobody was given anything here; who manages the server may do everything."
            head={["Who", "May", "Given"]}
            rows={found.map((grant) => ({
              key: `${grant.user ?? ""} ${grant.role ?? ""}`,
              cells: [
                grant.user ?? `role ${grant.role}`,
                levelName(grant.level),
                <When key="when" ms={grant.given_ms} />,
              ],
              actions: grant.user && (
                <IconButton icon="close" label={`Take it from ${grant.user}`} onClick={() => take(grant.user!)} />
              ),
            }))}
          />
        )}
      </Listed>
      {giving && (
        <GrantDialog
          title={`Give access to ${name}`}
          asksWho
          onGive={(grant) => change(() => ask("/api/v1/grants", { method: "PUT", body: grant }))}
          onClose={() => setGiving(false)}
        />
      )}
    </Card>
  );
}

function WorkspaceDialog({
  workspace,
  change,
  onClose,
}: {
  /** The one to describe; none makes a new one. */
  workspace: Workspace | undefined;
  change: Change;
  onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState(workspace?.description ?? "");
  const save = () =>
    workspace
      ? ask(`/api/v1/workspaces/${workspace.name}`, { method: "PATCH", body: { description } })
      : ask("/api/v1/workspaces", { body: { name: name.trim(), description } });
  return (
    <FormDialog
      title={workspace ? `Describe ${workspace.name}` : "New workspace"}
      disabled={!workspace && name.trim() === ""}
      onSubmit={() => change(save)}
      onClose={onClose}
    >
      {!workspace && (
        <TextField
          label="Name"
          hint="Lower-case letters, digits and hyphens. It cannot be changed."
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <TextField label="Description" value={description} onChange={(event) => setDescription(event.target.value)} />
    </FormDialog>
  );
}
