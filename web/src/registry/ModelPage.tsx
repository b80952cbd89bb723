import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button, IconButton } from "../kit/Button";
import { Card } from "../kit/Card";
import { KeyTable } from "../kit/KeyTable";
import { Confirm } from "../kit/Overlay";
import { PlainTable } from "../kit/PlainTable";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { tellFault } from "../kit/Toasts";
import { Copyable, When } from "../kit/Words";
import { count } from "../kit/words";
import { Page } from "../shell/Page";
import { AliasDialog } from "./AliasDialog";
import { Aliases } from "./Aliases";
import { Description } from "./Description";
import { type ModelVersion, type RegisteredModel, useModel, useRegistryChange, useVersions } from "./registry";
import styles from "./Registry.module.css";

const route = getRouteApi("/models/$name");

export function ModelPage() {
  const { name } = route.useParams();
  const navigate = route.useNavigate();
  const model = useModel(name);
  const versions = useVersions(name);
  const change = useRegistryChange();
  const [removing, setRemoving] = useState(false);
  const crumbs = [{ title: "Models", to: "/models" }];
  if (model.error) return <FaultView error={model.error} retry={() => void model.refetch()} />;
  if (!model.data)
    return (
      <Page title={name} crumbs={crumbs}>
        <SkeletonLines lines={8} />
      </Page>
    );
  const tags = model.data.tags ?? [];
  return (
    <Page
      title={name}
      crumbs={crumbs}
      actions={
        <Button icon="bin" onClick={() => setRemoving(true)}>
          Delete
        </Button>
      }
    >
      <div className={styles["columns"]}>
        <div className={styles["column"]}>
          <AliasesCard model={model.data} versions={versions.data ?? []} />
          <Versions versions={versions.data ?? []} aliases={model.data.aliases ?? []} />
        </div>
        <div className={styles["column"]}>
          <Description
            text={model.data.description ?? ""}
            onSave={(description) => change("registered-models/update", "PATCH", { name, description })}
          />
          <Card title="Tags" count={count(tags.length)} flush>
            <KeyTable label="Tags" empty="No tag." rows={tags.map(({ key, value }) => ({ key, text: value, value }))} />
          </Card>
        </div>
      </div>
      {removing && (
        <Confirm
          title={`Delete ${name}?`}
          action="Delete"
          onConfirm={() =>
            void change("registered-models/delete", "DELETE", { name })
              .then(() => navigate({ to: "/models", search: {} }))
              .catch(tellFault)
          }
          onClose={() => setRemoving(false)}
        >
          <p>
            Its {count(versions.data?.length ?? 0)} versions and its aliases go with it, and who asks for them gets
            nothing. It cannot be undone.
          </p>
        </Confirm>
      )}
    </Page>
  );
}

function AliasesCard({ model, versions }: { model: RegisteredModel; versions: readonly ModelVersion[] }) {
  const change = useRegistryChange();
  const [asking, setAsking] = useState<{ alias?: string; from?: string; back?: boolean }>();
  const aliases = model.aliases ?? [];
  const before = (version: string) => versions.find((one) => Number(one.version) < Number(version))?.version;
  return (
    <Card
      title="Aliases"
      count={count(aliases.length)}
      flush
      actions={
        <Button icon="plus" disabled={versions.length === 0} onClick={() => setAsking({})}>
          Give an alias
        </Button>
      }
    >
      {aliases.length === 0 ? (
        <Empty icon="tag" title="No alias">
          <p>An alias, such as champion, is the name by which others ask for the version that is in use.</p>
        </Empty>
      ) : (
        <PlainTable
          label="Aliases of the model"
          head={["Alias", "Version"]}
          rows={aliases.map(({ alias, version }) => ({
            key: alias,
            cells: [
              <Aliases key="alias" aliases={[alias]} />,
              <Link key="version" to="/models/$name/versions/$version" params={{ name: model.name, version }}>
                Version {version}
              </Link>,
            ],
            actions: (
              <>
                {before(version) !== undefined && (
                  <Button kind="quiet" icon="reset" onClick={() => setAsking({ alias, from: version, back: true })}>
                    Roll back
                  </Button>
                )}
                <Button kind="quiet" onClick={() => setAsking({ alias, from: version })}>
                  Move
                </Button>
                <IconButton
                  icon="close"
                  label={`Take the alias ${alias} away`}
                  onClick={() =>
                    void change("registered-models/alias", "DELETE", { name: model.name, alias }).catch(tellFault)
                  }
                />
              </>
            ),
          }))}
        />
      )}
      {asking && (
        <AliasDialog
          title={
            asking.alias === undefined
              ? "Give an alias"
              : asking.back
                ? `Roll ${asking.alias} back`
                : `Move ${asking.alias}`
          }
          model={model.name}
          alias={asking.alias}
          from={asking.from}
          versions={asking.back ? versions.filter((one) => Number(one.version) < Number(asking.from)) : versions}
          usual={asking.back ? before(asking.from!) : asking.from}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Card>
  );
}

function Versions({
  versions,
  aliases,
}: {
  versions: readonly ModelVersion[];
  aliases: NonNullable<RegisteredModel["aliases"]>;
}) {
  const namesOf = (version: ModelVersion) => [
    ...aliases.filter((at) => at.version === version.version).map((at) => at.alias),
    ...(version.current_stage === "None" ? [] : [version.current_stage]),
  ];
  return (
    <Card title="Versions" count={count(versions.length)} flush>
      <PlainTable
        label="Versions of the model"
        head={["Version", "Aliases", "Made", "From run"]}
        rows={versions.map((version) => ({
          key: version.version,
          cells: [
            <Link key="link" to="/models/$name/versions/$version" params={{ ...version }}>
              Version {version.version}
            </Link>,
            <Aliases key="aliases" aliases={namesOf(version)} />,
            <When key="made" ms={version.creation_timestamp} />,
            version.run_id ? (
              <Link key="run" to="/runs/$runId" params={{ runId: version.run_id }}>
                {version.run_id.slice(0, 8)}
              </Link>
            ) : (
              <Copyable key="source" text={version.source} shown={version.source.slice(-24)} label="source" />
            ),
          ],
        }))}
      />
    </Card>
  );
}
