import { Link } from "@tanstack/react-router";
import type { Run } from "../api/tracking";
import { colorOf } from "../kit/color";
import { Empty } from "../kit/States";
import { counted } from "../kit/words";
import type { Axis } from "./axis";
import { fieldOf } from "./fields";
import { PlotFrame, plotSpace } from "./PlotFrame";
import { quartilesOf } from "./surface";
import styles from "./ComparePage.module.css";

const mostBoxes = 24;

/** How one field spreads for each value of another: the middle half as a box, every run as a point. */
export function Boxes({ runs, x, y, by }: { runs: readonly Run[]; x: Axis; y: Axis; by: string }) {
  const { left, top } = plotSpace;
  const { kind, key } = fieldOf(by);
  const groups = new Map<string, { run: Run; at: number }[]>();
  for (const run of runs) {
    const value = kind === "metrics" ? run.metrics[key]?.value.toString() : kind && run[kind][key];
    const at = y.at(run);
    if (value !== undefined && at !== undefined) groups.set(value, [...(groups.get(value) ?? []), { run, at }]);
  }
  if (groups.size > mostBoxes)
    return <Empty icon="compare" title={`${counted(groups.size, "value")} of ${key} are too many for boxes`} />;
  const sorted = [...groups].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  const center = (i: number) => (i + 0.5) / sorted.length;
  const half = Math.min(48, (left(1) - left(0)) / sorted.length / 3);
  const ticks = sorted.map(([value], i) => ({ at: center(i), text: value }));
  return (
    <PlotFrame label={`${y.title} for each ${x.title}`} x={{ ...x, ticks }} y={y}>
      {sorted.map(([value, members], i) => {
        const box = quartilesOf(members.map((member) => member.at));
        const at = left(center(i));
        return (
          <g key={value} className={styles["box"]}>
            <title>{`${value}: ${counted(members.length, "run")}`}</title>
            <line x1={at} x2={at} y1={top(box.low)} y2={top(box.lower)} />
            <line x1={at} x2={at} y1={top(box.upper)} y2={top(box.high)} />
            <line x1={at - half / 2} x2={at + half / 2} y1={top(box.low)} y2={top(box.low)} />
            <line x1={at - half / 2} x2={at + half / 2} y1={top(box.high)} y2={top(box.high)} />
            <rect
              x={at - half}
              y={top(box.upper)}
              width={2 * half}
              height={Math.max(1, top(box.lower) - top(box.upper))}
            />
            <line data-middle x1={at - half} x2={at + half} y1={top(box.middle)} y2={top(box.middle)} />
            {members.map(({ run, at: value }) => (
              <Link key={run.id} to="/runs/$runId" params={{ runId: run.id }} aria-label={run.name}>
                <title>{run.name}</title>
                <circle cx={at} cy={top(value)} r={4} style={{ fill: colorOf(run.id) }} />
              </Link>
            ))}
          </g>
        );
      })}
    </PlotFrame>
  );
}
