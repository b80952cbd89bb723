// Every metric of one or several runs as a chart, in groups by what stands before the first "/". Charts ask for their
// points when they come into view.
import { useMemo, useState } from "react";
import type { Run } from "../api/tracking";
import { dashesOf } from "../kit/color";
import type { Zoom } from "../kit/chart/LineChart";
import { Empty } from "../kit/States";
import { count } from "../kit/words";
import { type ChartState, ChartControls, readSmoothing } from "./ChartControls";
import { MetricChart } from "./MetricChart";
import styles from "./MetricCharts.module.css";

export function MetricCharts({
  runs,
  state,
  onChange,
  of,
}: {
  runs: readonly Run[];
  state: ChartState;
  /** Only what the machine measured of itself, or only what the code did; both where nothing is said. */
  of?: "system" | "code";
  onChange: (part: Partial<ChartState>) => void;
}) {
  const [zoom, setZoom] = useState<Zoom>();
  const ids = runs.map((run) => run.id).join(",");
  const dashes = useMemo(() => dashesOf(ids.split(",")), [ids]);
  const all = new Set<string>();
  for (const run of runs) for (const key in run.metrics) all.add(key);
  const keys = [...all].filter((key) => of === undefined || isOfSystem(key) === (of === "system"));
  const wanted = (state.m ?? "").trim().toLowerCase();
  const groups = groupsOf(keys.filter((key) => key.toLowerCase().includes(wanted)));
  if (keys.length === 0)
    return (
      <Empty title="No metric yet">
        <p>Charts stand here from the first value that is logged, and move on while the run does.</p>
      </Empty>
    );
  return (
    <div className={styles["charts"]}>
      <ChartControls
        state={state}
        onChange={(part) => {
          if (part.x !== undefined || "x" in part) setZoom(undefined);
          onChange(part);
        }}
      />
      {groups.map(([group, members]) => (
        <section key={group} aria-label={group}>
          <h2>
            {group} <span>{count(members.length)}</span>
          </h2>
          <div className={styles["grid"]}>
            {members.map((key) => (
              <MetricChart
                key={key}
                metric={key}
                runs={runs}
                dashes={dashes}
                xKind={state.x ?? "step"}
                log={state.y === "log"}
                smoothing={readSmoothing(state.smooth)}
                zoom={zoom}
                onZoom={setZoom}
              />
            ))}
          </div>
        </section>
      ))}
      {groups.length === 0 && <p className={styles["none"]}>No metric has “{state.m}” in its name.</p>}
    </div>
  );
}

function isOfSystem(metric: string): boolean {
  return metric.startsWith("system/");
}

/** What the machine measured of itself comes last. */
export function groupsOf(keys: readonly string[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const key of [...keys].sort((a, b) => a.localeCompare(b))) {
    const at = key.indexOf("/");
    const group = at > 0 ? key.slice(0, at) : "metrics";
    groups.set(group, [...(groups.get(group) ?? []), key]);
  }
  const rank = (group: string) => (group === "metrics" ? 0 : group === "system" ? 2 : 1);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}
