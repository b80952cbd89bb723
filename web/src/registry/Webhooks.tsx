import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../api/client";
import { Button, IconButton } from "../kit/Button";
import { Card } from "../kit/Card";
import { Checkbox, TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";
import { PlainTable } from "../kit/PlainTable";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { tell, tellFault } from "../kit/Toasts";
import { count } from "../kit/words";
import { registryPath, useRegistryChange } from "./registry";
import styles from "./Registry.module.css";

interface Topic {
  entity: string;
  action: string;
}

interface Webhook {
  webhook_id: string;
  name: string;
  url: string;
  events: Topic[];
  status: "ACTIVE" | "DISABLED";
}

const topics: readonly (Topic & { label: string })[] = [
  { entity: "REGISTERED_MODEL", action: "CREATED", label: "A model is made" },
  { entity: "MODEL_VERSION", action: "CREATED", label: "A version is registered" },
  { entity: "MODEL_VERSION_ALIAS", action: "CREATED", label: "An alias is given or moved" },
  { entity: "MODEL_VERSION_ALIAS", action: "DELETED", label: "An alias is taken away" },
  { entity: "MODEL_VERSION_TAG", action: "SET", label: "A version is tagged" },
];

/** Who outside is told what happens to models. */
export function Webhooks() {
  const [making, setMaking] = useState(false);
  const change = useRegistryChange();
  const listing = useQuery({
    queryKey: ["registry", "webhooks"],
    queryFn: async ({ signal }) =>
      (await ask<{ webhooks?: Webhook[] }>(`${registryPath}/webhooks?max_results=100`, { signal })).webhooks ?? [],
    retry: false,
  });
  const setActive = (webhook: Webhook) =>
    change(`webhooks/${webhook.webhook_id}`, "PATCH", { status: webhook.status === "ACTIVE" ? "DISABLED" : "ACTIVE" });
  const tryOut = async (webhook: Webhook) => {
    const path = `${registryPath}/webhooks/${webhook.webhook_id}/test`;
    const { result } = await ask<{ result: { success: boolean; response_status?: number; error_message?: string } }>(
      path,
      { body: {} },
    );
    if (result.success) tell(`${webhook.name} answered ${result.response_status ?? ""}.`);
    else tellFault(result.error_message ?? `${webhook.name} answered ${result.response_status ?? "nothing"}.`);
  };
  if (listing.error) return <FaultView error={listing.error} retry={() => void listing.refetch()} />;
  if (!listing.data) return <SkeletonLines />;
  return (
    <div className={styles["list"]}>
      <Card
        title="Webhooks"
        count={count(listing.data.length)}
        flush
        actions={
          <Button icon="plus" kind="primary" onClick={() => setMaking(true)}>
            New webhook
          </Button>
        }
      >
        {listing.data.length === 0 ? (
          <Empty icon="empty" title="Nobody is told">
            <p>A webhook tells another program, signed and in order, what happens to models.</p>
          </Empty>
        ) : (
          <PlainTable
            label="Webhooks of the workspace"
            head={["Name", "Address", "Told of", "State"]}
            rows={listing.data.map((webhook) => ({
              key: webhook.webhook_id,
              cells: [
                webhook.name,
                webhook.url,
                webhook.events.map(titleOf).join(", "),
                webhook.status === "ACTIVE" ? "Active" : "Off",
              ],
              actions: (
                <>
                  <Button kind="quiet" onClick={() => void tryOut(webhook).catch(tellFault)}>
                    Try it
                  </Button>
                  <Button kind="quiet" onClick={() => void setActive(webhook).catch(tellFault)}>
                    {webhook.status === "ACTIVE" ? "Switch off" : "Switch on"}
                  </Button>
                  <IconButton
                    icon="bin"
                    label={`Remove ${webhook.name}`}
                    onClick={() => void change(`webhooks/${webhook.webhook_id}`, "DELETE", {}).catch(tellFault)}
                  />
                </>
              ),
            }))}
          />
        )}
      </Card>
      {making && <NewWebhook onClose={() => setMaking(false)} />}
    </div>
  );
}

function NewWebhook({ onClose }: { onClose: () => void }) {
  const change = useRegistryChange();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("https://");
  const [secret, setSecret] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([topics[1]!.label, topics[2]!.label]);
  const events = topics
    .filter((topic) => chosen.includes(topic.label))
    .map(({ entity, action }) => ({ entity, action }));
  return (
    <FormDialog
      title="New webhook"
      action="Make it"
      disabled={name.trim() === "" || events.length === 0}
      onSubmit={() => change("webhooks", "POST", { name: name.trim(), url, events, ...(secret ? { secret } : {}) })}
      onClose={onClose}
    >
      <TextField label="Name" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
      <TextField
        label="Address"
        hint="https, and a public address."
        value={url}
        onChange={(event) => setUrl(event.target.value)}
      />
      <TextField
        label="Secret"
        type="password"
        autoComplete="off"
        hint="What the signatures are made with, so that the receiver knows who tells it."
        value={secret}
        onChange={(event) => setSecret(event.target.value)}
      />
      {topics.map((topic) => (
        <Checkbox
          key={topic.label}
          label={topic.label}
          checked={chosen.includes(topic.label)}
          onChange={(event) =>
            setChosen(event.target.checked ? [...chosen, topic.label] : chosen.filter((label) => label !== topic.label))
          }
        />
      ))}
    </FormDialog>
  );
}

function titleOf({ entity, action }: Topic): string {
  const known = topics.find((topic) => topic.entity === entity && topic.action === action);
  return known?.label ?? `${entity} ${action}`.toLowerCase().replaceAll("_", " ");
}
