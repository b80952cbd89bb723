import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Run } from "../api/tracking";
import { counted } from "../kit/words";
import type { Axis } from "./axis";
import { PlotFrame, plotSpace } from "./PlotFrame";
import { surfaceOf } from "./surface";
import styles from "./ComparePage.module.css";

const [columns, rows, bands] = [60, 36, 10];

/** How a third field lies over two others: bands of its value between the runs, and the runs themselves. */
export function Contour({ runs, x, y, z }: { runs: readonly Run[]; x: Axis; y: Axis; z: Axis }) {
  const { left, top } = plotSpace;
  const spots = runs.flatMap((run) => {
    const [across, upwards, depth] = [x.at(run), y.at(run), z.at(run)];
    return across === undefined || upwards === undefined || depth === undefined
      ? []
      : [{ run, x: across, y: upwards, z: depth }];
  });
  const ids = spots.map((spot) => spot.run.id).join(" ");
  const surface = useMemo(() => surfaceOf(spots, columns, rows), [ids, x.id, y.id, z.id]);
  const missing = runs.length - spots.length;
  return (
    <>
      <PlotFrame
        label={`${z.title} over ${x.title} and ${y.title}`}
        x={x}
        y={y}
        caption={missing > 0 && `${counted(missing, "run")} without one of the three left out.`}
      >
        <g className={styles["bands"]}>
          {surface.map((value, i) => (
            <rect
              key={i}
              data-band={bandOf(value)}
              x={left((i % columns) / columns)}
              y={top((Math.floor(i / columns) + 1) / rows)}
              width={(left(1) - left(0)) / columns + 0.5}
              height={(top(0) - top(1)) / rows + 0.5}
            />
          ))}
        </g>
        {spots.map((spot) => (
          <Link key={spot.run.id} to="/runs/$runId" params={{ runId: spot.run.id }} aria-label={spot.run.name}>
            <title>{spot.run.name}</title>
            <circle className={styles["spot"]} data-band={bandOf(spot.z)} cx={left(spot.x)} cy={top(spot.y)} r={6} />
          </Link>
        ))}
      </PlotFrame>
      <p className={styles["scale"]}>
        <b>{z.title}</b>
        <span>{z.ticks[0]?.text}</span>
        {Array.from({ length: bands }, (_, band) => (
          <i key={band} data-band={band} />
        ))}
        <span>{z.ticks[z.ticks.length - 1]?.text}</span>
      </p>
    </>
  );
}

function bandOf(value: number): number {
  return Math.max(0, Math.min(bands - 1, Math.floor(value * bands)));
}
