import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ask } from "../api/client";
import type { Experiment, Run, RunsFound } from "../api/tracking";
import { IconButton } from "../kit/Button";
import { colorOf } from "../kit/color";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { Tabs } from "../kit/Tabs";
import { counted } from "../kit/words";
import { Page } from "../shell/Page";
import { useRunNews } from "../shell/live";
import type { ChartState } from "./ChartControls";
import { CompareCode } from "./CompareCode";
import { CompareTable } from "./CompareTable";
import { ComparePlots } from "./ComparePlots";
import { readList, writeList } from "./fields";
import styles from "./ComparePage.module.css";

const route = getRouteApi("/compare");
const MetricCharts = lazy(() => import("./MetricCharts").then((file) => ({ default: file.MetricCharts })));

export function ComparePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { tab = "table" } = search;
  const ids = readList(search.runs ?? "");
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const found = useQuery({
    queryKey: ["compared", ids],
    queryFn: ({ signal }) => ask<RunsFound>("/api/v1/runs/lookup", { body: { ids }, signal }),
    enabled: ids.length > 0,
  });
  const runs = found.data?.runs ?? [];
  const experiments = useExperiments(runs);
  useRunNews(runs[0]?.experiment_id, (news) => {
    if (!news.runs || news.runs.some((id) => ids.includes(id))) void found.refetch();
  });
  if (ids.length === 0)
    return (
      <Empty icon="compare" title="No runs to compare">
        <p>Select some in the table of an experiment, then choose Compare.</p>
        <Link to="/experiments">To the experiments</Link>
      </Empty>
    );
  if (found.error) return <FaultView error={found.error} retry={() => void found.refetch()} />;
  return (
    <Page
      title={`${counted(ids.length, "run")} compared`}
      crumbs={[
        { title: "Experiments", to: "/experiments" },
        ...experiments.map((experiment) => ({ title: experiment.name, to: `/experiments/${experiment.id}` })),
      ]}
    >
      {found.data && found.data.missing.length > 0 && (
        <p role="status" className={styles["missing"]}>
          {counted(found.data.missing.length, "run")} of this link cannot be found: {found.data.missing.join(", ")}
        </p>
      )}
      <ul className={styles["runs"]} aria-label="Compared runs">
        {runs.map((run) => (
          <li key={run.id}>
            <i style={{ background: colorOf(run.id) }} />
            <Link to="/runs/$runId" params={{ runId: run.id }}>
              {run.name}
            </Link>
            <IconButton
              icon="close"
              label={`Leave out ${run.name}`}
              onClick={() => change({ runs: writeList(ids.filter((id) => id !== run.id)) })}
            />
          </li>
        ))}
      </ul>
      <Tabs
        label="Ways to compare"
        chosen={tab}
        tabs={[
          { id: "table", title: "Side by side" },
          { id: "curves", title: "Curves" },
          { id: "parallel", title: "Parallel coordinates" },
          { id: "scatter", title: "Scatter" },
          { id: "contour", title: "Contour" },
          { id: "box", title: "Boxes" },
          { id: "code", title: "Code and environment" },
        ]}
      />
      {!found.data ? (
        <SkeletonLines lines={8} />
      ) : tab === "curves" ? (
        <Suspense fallback={<SkeletonLines lines={8} />}>
          <MetricCharts runs={runs} state={search as ChartState} onChange={change} />
        </Suspense>
      ) : tab === "parallel" || tab === "scatter" || tab === "contour" || tab === "box" ? (
        <ComparePlots kind={tab} runs={runs} state={search} onChange={change} />
      ) : tab === "code" ? (
        <CompareCode runs={runs} left={search.left} right={search.right} onChange={change} />
      ) : (
        <CompareTable
          runs={runs}
          onlyDifferent={search.only === "1"}
          onOnly={(only) => change({ only: only ? "1" : undefined })}
        />
      )}
    </Page>
  );
}

function useExperiments(runs: readonly Run[]): Experiment[] {
  const ids = [...new Set(runs.map((run) => run.experiment_id))].slice(0, 3);
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["experiment", id],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask<Experiment>(`/api/v1/experiments/${id}`, { signal }),
    })),
  });
  return found.flatMap((answer) => (answer.data ? [answer.data] : []));
}
