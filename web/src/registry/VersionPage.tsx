import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { ask } from "../api/client";
import type { Run } from "../api/tracking";
import { Button } from "../kit/Button";
import { Card } from "../kit/Card";
import { KeyTable } from "../kit/KeyTable";
import { FaultView, SkeletonLines } from "../kit/States";
import { Copyable, When } from "../kit/Words";
import { count } from "../kit/words";
import { Page } from "../shell/Page";
import { AliasDialog } from "./AliasDialog";
import { Aliases } from "./Aliases";
import { Description } from "./Description";
import { Lineage } from "./Lineage";
import { useRegistryChange, useVersion } from "./registry";
import styles from "./Registry.module.css";

const route = getRouteApi("/models/$name/versions/$version");

export function VersionPage() {
  const { name, version: number } = route.useParams();
  const version = useVersion(name, number);
  const change = useRegistryChange();
  const [naming, setNaming] = useState(false);
  const runId = version.data?.run_id;
  const run = useQuery({
    queryKey: ["run", runId],
    queryFn: ({ signal }) => ask<Run>(`/api/v1/runs/${runId}`, { signal }),
    enabled: !!runId,
    retry: false,
  });
  const crumbs = [
    { title: "Models", to: "/models" },
    { title: name, to: `/models/${encodeURIComponent(name)}` },
  ];
  if (version.error) return <FaultView error={version.error} retry={() => void version.refetch()} />;
  const found = version.data;
  if (!found)
    return (
      <Page title={`${name} ${number}`} crumbs={crumbs}>
        <SkeletonLines lines={8} />
      </Page>
    );
  const metrics = Object.entries(run.data?.metrics ?? {}).filter(([key]) => !key.startsWith("system/"));
  return (
    <Page
      title={`${name} ${number}`}
      heading={
        <>
          {name} · version {number} <Aliases aliases={found.aliases ?? []} />
        </>
      }
      crumbs={crumbs}
      actions={
        <Button icon="tag" onClick={() => setNaming(true)}>
          Give an alias
        </Button>
      }
    >
      <div className={styles["columns"]}>
        <div className={styles["column"]}>
          <Card title="Where it comes from" flush>
            <Lineage version={found} run={run.data} />
            <KeyTable
              label="Origin"
              empty=""
              rows={[
                {
                  key: "Source",
                  text: found.source,
                  value: <Copyable text={found.source} shown={endOf(found.source)} label="source" />,
                },
                { key: "Made", text: "", value: <When ms={found.creation_timestamp} /> },
                ...(run.data
                  ? [
                      {
                        key: "Run",
                        text: run.data.name,
                        value: (
                          <Link to="/runs/$runId" params={{ runId: run.data.id }}>
                            {run.data.name}
                          </Link>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          </Card>
        </div>
        <div className={styles["column"]}>
          <Description
            text={found.description ?? ""}
            onSave={(description) => change("model-versions/update", "PATCH", { name, version: number, description })}
          />
          {metrics.length > 0 && (
            <Card title="Measured by its run" count={count(metrics.length)} flush>
              <KeyTable
                label="Metrics of the run"
                empty=""
                rows={metrics.map(([key, point]) => ({
                  key,
                  text: String(point.value),
                  isNumber: true,
                  value: String(point.value),
                }))}
              />
            </Card>
          )}
          <Card title="Tags" count={count((found.tags ?? []).length)} flush>
            <KeyTable
              label="Tags"
              empty="No tag."
              rows={(found.tags ?? []).map(({ key, value }) => ({ key, text: value, value }))}
            />
          </Card>
        </div>
      </div>
      {naming && (
        <AliasDialog
          title={`Give version ${number} an alias`}
          model={name}
          versions={[found]}
          usual={number}
          onClose={() => setNaming(false)}
        />
      )}
    </Page>
  );
}

/** What tells sources apart stands at their end. */
function endOf(source: string): string {
  return source.length > 36 ? `…${source.slice(-35)}` : source;
}
