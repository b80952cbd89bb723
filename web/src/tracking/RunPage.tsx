import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { Run } from "../api/tracking";
import { Button, IconButton } from "../kit/Button";
import { colorOf } from "../kit/color";
import { FaultView, SkeletonLines } from "../kit/States";
import { Tabs } from "../kit/Tabs";
import { Copyable, useNow, When } from "../kit/Words";
import { duration } from "../kit/words";
import { Page } from "../shell/Page";
import { runDuration } from "./fields";
import type { ChartState } from "./ChartControls";
import { RenameDialog } from "./RenameDialog";
import { RunArtifacts } from "./RunArtifacts";
import { RunCode } from "./RunCode";
import { useRun, useRunBin } from "./runData";
import { RunInputs } from "./RunInputs";
import { RunLogs } from "./RunLogs";
import { RunOverview } from "./RunOverview";
import { runActions } from "./slots";
import { Status } from "./Status";
import styles from "./RunPage.module.css";

const route = getRouteApi("/runs/$runId");
const MetricCharts = lazy(() => import("./MetricCharts").then((file) => ({ default: file.MetricCharts })));

export function RunPage() {
  const { runId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const { tab = "overview" } = search;
  const { run, experiment } = useRun(runId);
  const move = useRunBin(runId);
  const [renaming, setRenaming] = useState(false);
  if (run.error) return <FaultView error={run.error} retry={() => void run.refetch()} />;
  const shown = run.data;
  const metrics = Object.keys(shown?.metrics ?? {});
  const ofSystem = metrics.filter((key) => key.startsWith("system/")).length;
  const crumbs = [{ title: "Experiments", to: "/experiments" }];
  if (experiment.data) crumbs.push({ title: experiment.data.name, to: `/experiments/${experiment.data.id}` });
  if (!shown)
    return (
      <Page title="Run" heading="…" crumbs={crumbs}>
        <SkeletonLines lines={8} />
      </Page>
    );
  return (
    <Page
      title={shown.name}
      crumbs={crumbs}
      heading={
        <>
          <i className={styles["swatch"]} style={{ background: colorOf(shown.id) }} />
          {shown.name}
          <IconButton icon="edit" label="Rename" onClick={() => setRenaming(true)} />
        </>
      }
      actions={
        shown.lifecycle === "deleted" ? (
          <Button icon="restore" onClick={() => move("use")}>
            Restore
          </Button>
        ) : (
          <>
            {runActions().map((Action, i) => (
              <Action key={i} run={shown} />
            ))}
            <Button icon="bin" onClick={() => move("bin")}>
              Move to the bin
            </Button>
          </>
        )
      }
    >
      {shown.lifecycle === "deleted" && (
        <p role="status" className={styles["binned"]}>
          This run is in the bin. It changes no more, and can be restored until the bin is emptied.
        </p>
      )}
      <Facts run={shown} />
      <Tabs
        label="Parts of the run"
        chosen={tab}
        tabs={[
          { id: "overview", title: "Overview" },
          { id: "metrics", title: "Metrics", count: metrics.length - ofSystem },
          ...(ofSystem > 0 || tab === "system" ? [{ id: "system", title: "System", count: ofSystem }] : []),
          { id: "artifacts", title: "Artifacts" },
          { id: "inputs", title: "Inputs and outputs", count: shown.datasets.length + shown.model_outputs.length },
          { id: "code", title: "Code" },
          { id: "logs", title: "Logs" },
        ]}
      />
      {tab === "metrics" || tab === "system" ? (
        <Suspense fallback={<SkeletonLines lines={8} />}>
          <MetricCharts
            runs={[shown]}
            state={search as ChartState}
            onChange={change}
            of={tab === "system" ? "system" : "code"}
          />
        </Suspense>
      ) : tab === "code" ? (
        <RunCode run={shown} />
      ) : tab === "logs" ? (
        <RunLogs run={shown} file={search.file} onChoose={(file) => change({ file })} />
      ) : tab === "artifacts" ? (
        <RunArtifacts run={shown} file={search.file} onChoose={(file) => change({ file })} />
      ) : tab === "inputs" ? (
        <RunInputs run={shown} />
      ) : (
        <RunOverview run={shown} />
      )}
      {renaming && <RenameDialog run={shown} onClose={() => setRenaming(false)} />}
    </Page>
  );
}

function Facts({ run }: { run: Run }) {
  const took = runDuration(run, useNow());
  const commit = run.tags["mlflow.source.git.commit"];
  const source = run.tags["mlflow.source.name"];
  return (
    <dl className={styles["facts"]}>
      <Fact name="Status">
        <Status status={run.status} />
      </Fact>
      <Fact name="Started">
        <When ms={run.start_ms} />
      </Fact>
      <Fact name="Duration">{took === undefined ? "–" : duration(took)}</Fact>
      {run.user !== "" && <Fact name="User">{run.user}</Fact>}
      {source && <Fact name="Source">{source}</Fact>}
      {commit && (
        <Fact name="Commit">
          <Copyable text={commit} shown={commit.slice(0, 10)} label="commit" />
        </Fact>
      )}
      <Fact name="Run id">
        <Copyable text={run.id} label="run id" />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
