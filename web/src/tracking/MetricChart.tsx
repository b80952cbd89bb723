import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { ask } from "../api/client";
import { type Histories, type MetricSeries, type Run, toNumber } from "../api/tracking";
import { Button } from "../kit/Button";
import { LineChart, type XKind, type Zoom } from "../kit/chart/LineChart";
import { type Line, onCommonPlaces, toCsv } from "../kit/chart/lines";
import { save } from "../kit/save";
import { Popover } from "../kit/Overlay";
import { Skeleton } from "../kit/States";
import { count, number } from "../kit/words";
import { SingleValues } from "./SingleValues";
import styles from "./MetricCharts.module.css";

const height = 220;
const runsAtOnce = 100;

/** One metric of some runs, drawn from no more points than can be seen. */
export function MetricChart({
  metric,
  runs,
  dashes,
  xKind,
  log,
  smoothing,
  zoom,
  onZoom,
}: {
  metric: string;
  runs: readonly Run[];
  dashes: ReadonlyMap<string, number[]>;
  xKind: XKind;
  log: boolean;
  smoothing: number;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
}) {
  const panel = useRef<HTMLElement>(null);
  const seen = useSeen(panel);
  const having = runs.filter((run) => run.metrics[metric] !== undefined);
  const ids = having.map((run) => run.id);
  const histories = useQuery({
    queryKey: ["histories", ids, metric],
    queryFn: ({ signal }) => readHistories(ids, metric, signal),
    enabled: seen,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const lines = useMemo(() => onCommonPlaces(toLines(histories.data ?? [], having, xKind)), [histories.data, xKind]);
  const points = histories.data?.reduce((sum, series) => sum + series.values.length, 0) ?? 0;
  const total = histories.data?.reduce((sum, series) => sum + series.total, 0) ?? 0;
  const latest = having.length === 1 ? having[0]!.metrics[metric] : undefined;
  return (
    <article ref={panel} className={styles["panel"]} aria-label={metric}>
      <header>
        <h3 title={metric}>{metric}</h3>
        {latest && <span title={String(latest.value)}>{number(toNumber(latest.value))}</span>}
        <Popover label={`More about ${metric}`} icon="more">
          {(close) => (
            <div className={styles["menu"]}>
              <Button
                kind="quiet"
                icon="download"
                onClick={() => {
                  save(`${metric}.csv`, new Blob([toCsv(xKind, lines)], { type: "text/csv" }));
                  close();
                }}
              >
                Save points as CSV
              </Button>
              <Button
                kind="quiet"
                icon="download"
                onClick={() => {
                  panel.current?.querySelector("canvas")?.toBlob((image) => image && save(`${metric}.png`, image));
                  close();
                }}
              >
                Save picture as PNG
              </Button>
            </div>
          )}
        </Popover>
      </header>
      <div className={styles["body"]}>
        {histories.error ? (
          <p className={styles["note"]} role="alert">
            {histories.error.message}
          </p>
        ) : histories.data && lines.every((line) => line.xs.length < 2) ? (
          <SingleValues lines={lines} />
        ) : histories.data ? (
          <LineChart
            label={metric}
            lines={lines}
            dashes={dashes}
            xKind={xKind}
            log={log}
            smoothing={smoothing}
            zoom={zoom}
            onZoom={onZoom}
            height={height}
          />
        ) : (
          <Skeleton width="100%" height={height} />
        )}
      </div>
      {total > points && (
        <p className={styles["note"]}>
          {count(points)} of {count(total)} points, highs and lows kept
        </p>
      )}
    </article>
  );
}

async function readHistories(ids: readonly string[], metric: string, signal: AbortSignal): Promise<MetricSeries[]> {
  const max_points = ids.length > 200 ? 200 : ids.length > 20 ? 300 : 1000;
  const parts = Array.from({ length: Math.ceil(ids.length / runsAtOnce) }, (_, part) =>
    ids.slice(part * runsAtOnce, (part + 1) * runsAtOnce),
  );
  const found = await Promise.all(
    parts.map((run_ids) =>
      ask<Histories>("/api/v1/runs/histories", {
        body: { run_ids, keys: [metric], max_points },
        signal,
      }),
    ),
  );
  return found.flatMap((answer) => answer.series);
}

function toLines(series: readonly MetricSeries[], runs: readonly Run[], xKind: XKind): Line[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return series.flatMap(({ run_id, steps, timestamps_ms, values }) => {
    const run = byId.get(run_id);
    if (!run) return [];
    const start = xKind === "relative" ? run.start_ms : 0;
    const xs = xKind === "step" ? steps : timestamps_ms.map((ms) => (ms - start) / 1000);
    const order = xs.map((_, i) => i).sort((a, b) => xs[a]! - xs[b]!);
    return [{ id: run.id, label: run.name, xs: order.map((i) => xs[i]!), ys: order.map((i) => toNumber(values[i]!)) }];
  });
}

/** Whether the element has ever been near the view. */
function useSeen(element: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !element.current) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
      {
        rootMargin: "400px",
      },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, seen]);
  return seen;
}
