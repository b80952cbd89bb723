import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { RunFields, RunPage, RunQuery } from "../api/tracking";
import { FaultView, SkeletonLines } from "../kit/States";
import { count } from "../kit/words";
import { useRunNews } from "../shell/live";
import type { ChartState } from "./ChartControls";
import { fieldId } from "./fields";
import { MetricCharts } from "./MetricCharts";
import styles from "./RunsPage.module.css";

const mostRuns = 1000;

/** The curves of all runs that match, as many as an eye and a machine can take. */
export function ExperimentCharts({
  query,
  fields,
  state,
  onChange,
}: {
  query: RunQuery;
  fields: RunFields | undefined;
  state: ChartState;
  onChange: (part: Partial<ChartState>) => void;
}) {
  const body = {
    ...query,
    page_size: mostRuns,
    fields: fields?.metrics.slice(0, mostRuns).map((field) => fieldId("metrics", field.key)),
  };
  const found = useQuery({
    queryKey: ["charted-runs", body],
    queryFn: ({ signal }) => ask<RunPage>("/api/v1/runs/search", { body, signal }),
    enabled: fields !== undefined,
    placeholderData: keepPreviousData,
  });
  useRunNews(query.experiment_ids[0], () => void found.refetch());
  if (found.error) return <FaultView error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines lines={8} />;
  const { items, total } = found.data;
  return (
    <div className={styles["charts"]} tabIndex={0} role="region" aria-label="Charts">
      {total > items.length && (
        <p role="status" className={styles["none"]}>
          The first {count(items.length)} of {count(total)} runs: filter or sort the table to see others.
        </p>
      )}
      <MetricCharts runs={items} state={state} onChange={onChange} />
    </div>
  );
}
