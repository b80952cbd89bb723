import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Run } from "../api/tracking";
import { colorOf } from "../kit/color";
import type { Axis } from "./axis";
import styles from "./ComparePage.module.css";

const [width, height] = [1200, 460];
const edge = { top: 48, right: 90, bottom: 24, left: 90 };
const inner = height - edge.top - edge.bottom;

type Kept = ReadonlyMap<string, { from: number; to: number }>;

export function ParallelCoordinates({ runs, axes }: { runs: readonly Run[]; axes: readonly Axis[] }) {
  const [kept, setKept] = useState<Kept>(new Map());
  const left = (i: number) => edge.left + ((width - edge.left - edge.right) * i) / Math.max(1, axes.length - 1);
  const top = (at: number) => edge.top + inner * (1 - at);
  const passes = (run: Run) =>
    axes.every((axis) => {
      const range = kept.get(axis.id);
      const at = axis.at(run);
      return !range || (at !== undefined && at >= range.from && at <= range.to);
    });
  const keep = (id: string, range: { from: number; to: number } | undefined) => {
    const next = new Map(kept);
    if (range) next.set(id, range);
    else next.delete(id);
    setKept(next);
  };
  return (
    <figure className={styles["plot"]}>
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Runs as lines over the axes">
        {runs.map((run) => (
          <Link
            key={run.id}
            to="/runs/$runId"
            params={{ runId: run.id }}
            aria-label={run.name}
            data-off={!passes(run) || undefined}
          >
            <title>{run.name}</title>
            <path
              style={{ stroke: colorOf(run.id) }}
              d={axes
                .map((axis, i) => ({ x: left(i), at: axis.at(run) }))
                .filter((place) => place.at !== undefined)
                .map((place, i) => `${i === 0 ? "M" : "L"}${place.x.toFixed(1)} ${top(place.at!).toFixed(1)}`)
                .join("")}
            />
          </Link>
        ))}
        {axes.map((axis, i) => (
          <AxisLine
            key={axis.id}
            axis={axis}
            x={left(i)}
            top={top}
            last={i === axes.length - 1}
            kept={kept.get(axis.id)}
            onKeep={(range) => keep(axis.id, range)}
          />
        ))}
      </svg>
    </figure>
  );
}

function AxisLine({
  axis,
  x,
  top,
  last,
  kept,
  onKeep,
}: {
  axis: Axis;
  x: number;
  top: (at: number) => number;
  last: boolean;
  kept: { from: number; to: number } | undefined;
  onKeep: (range: { from: number; to: number } | undefined) => void;
}) {
  const [start, setStart] = useState<number>();
  const placeOf = (event: React.PointerEvent<SVGRectElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, 1 - (event.clientY - box.top) / box.height));
  };
  return (
    <g>
      <text className={styles["axisName"]} x={x} y={20} textAnchor="middle">
        {axis.title.length > 18 ? `${axis.title.slice(0, 17)}…` : axis.title}
        <title>{axis.title}</title>
      </text>
      <line className={styles["axis"]} x1={x} x2={x} y1={top(0)} y2={top(1)} />
      {axis.ticks.map((tick) => (
        <text key={tick.at} x={last ? x + 8 : x - 8} y={top(tick.at) + 4} textAnchor={last ? "start" : "end"}>
          {tick.text.length > 12 ? `${tick.text.slice(0, 11)}…` : tick.text}
        </text>
      ))}
      {kept && (
        <rect
          className={styles["brush"]}
          x={x - 8}
          width={16}
          y={top(kept.to)}
          height={top(kept.from) - top(kept.to)}
          rx={3}
        />
      )}
      <rect
        className={styles["catch"]}
        x={x - 14}
        width={28}
        y={top(1)}
        height={top(0) - top(1)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setStart(placeOf(event));
          onKeep(undefined);
        }}
        onPointerMove={(event) => {
          if (start === undefined) return;
          const place = placeOf(event);
          if (Math.abs(place - start) > 0.01) onKeep({ from: Math.min(start, place), to: Math.max(start, place) });
        }}
        onPointerUp={() => setStart(undefined)}
      />
    </g>
  );
}
