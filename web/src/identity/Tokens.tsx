import { useState } from "react";
import { ask } from "../api/client";
import type { Token } from "../api/identity";
import { Button } from "../kit/Button";
import { Card } from "../kit/Card";
import { Select, TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";
import { Confirm, Dialog } from "../kit/Overlay";
import { PlainTable } from "../kit/PlainTable";
import { Empty, Snippets } from "../kit/States";
import { Copyable, When } from "../kit/Words";
import { count, exactTime } from "../kit/words";
import { type Change, Listed, useChange, useListing } from "./listing";
import styles from "./Settings.module.css";

const day = 86_400;

export function Tokens() {
  const tokens = useListing<Token[]>("/api/v1/tokens");
  const { change, tryChange } = useChange();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token>();
  const [secret, setSecret] = useState<string>();
  return (
    <Listed listing={tokens}>
      {(found) => (
        <Card
          title="My tokens"
          count={count(found.length)}
          flush
          actions={
            <Button icon="plus" kind="primary" onClick={() => setMaking(true)}>
              New token
            </Button>
          }
        >
          {found.length === 0 ? (
            <Empty icon="user" title="No token yet">
              <p>A token signs a program in: it is sent where a password would be, and can be revoked alone.</p>
            </Empty>
          ) : (
            <PlainTable
              label="Tokens"
              head={["Name", "Begins with", "Workspace", "Made", "Ends"]}
              rows={found.map((token) => ({
                key: token.id,
                cells: [
                  token.name,
                  <code key="hint">{token.hint}</code>,
                  token.workspace,
                  <When key="made" ms={token.created_ms} />,
                  token.expires_ms === undefined ? "never" : exactTime(token.expires_ms),
                ],
                actions: (
                  <Button kind="quiet" icon="bin" onClick={() => setRevoking(token)}>
                    Revoke
                  </Button>
                ),
              }))}
            />
          )}
          {making && <NewToken change={change} onMade={setSecret} onClose={() => setMaking(false)} />}
          {secret !== undefined && <Secret secret={secret} onClose={() => setSecret(undefined)} />}
          {revoking && (
            <Confirm
              title={`Revoke ${revoking.name}?`}
              action="Revoke"
              onConfirm={() => tryChange(() => ask(`/api/v1/tokens/${revoking.id}`, { method: "DELETE" }))}
              onClose={() => setRevoking(undefined)}
            >
              <p>Programs that use it are shut out at once. It cannot be undone.</p>
            </Confirm>
          )}
        </Card>
      )}
    </Listed>
  );
}

function NewToken({
  change,
  onMade,
  onClose,
}: {
  change: Change;
  onMade: (secret: string) => void;
  onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const make = async () => {
    const body = { name: name.trim(), expires_in_s: days === "" ? undefined : Number(days) * day };
    onMade((await ask<{ secret: string }>("/api/v1/tokens", { body })).secret);
  };
  return (
    <FormDialog
      title="New token"
      action="Make it"
      disabled={name.trim() === ""}
      onSubmit={() => change(make)}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="What it is for: a machine, a pipeline."
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label="It ends"
        options={[
          { value: "7", label: "Ends in 7 days" },
          { value: "90", label: "Ends in 90 days" },
          { value: "365", label: "Ends in a year" },
          { value: "", label: "Never ends" },
        ]}
        value={days}
        onChange={setDays}
      />
    </FormDialog>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog title="The new token" onClose={onClose}>
      <div className={styles["secret"]}>
        <p>Copy it now: it is shown this once, and the server keeps only a digest of it.</p>
        <Copyable text={secret} label="token" />
        <Snippets
          snippets={{
            Shell: `export MLFLOW_TRACKING_URI=${location.origin}\nexport MLFLOW_TRACKING_TOKEN=${secret}`,
            "C#": `new SlipwayClient("${location.origin}", new SlipwayClientOptions { Token = "${secret}" })`,
            curl: `curl -H 'Authorization: Bearer ${secret}' ${location.origin}/api/v1/session`,
          }}
        />
      </div>
    </Dialog>
  );
}
