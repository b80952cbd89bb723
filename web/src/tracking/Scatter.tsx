import { Link } from "@tanstack/react-router";
import type { Run } from "../api/tracking";
import { colorOf } from "../kit/color";
import { counted } from "../kit/words";
import type { Axis } from "./axis";
import styles from "./ComparePage.module.css";

const [width, height] = [1000, 480];
const edge = { top: 16, right: 24, bottom: 48, left: 80 };

export function Scatter({ runs, x, y }: { runs: readonly Run[]; x: Axis; y: Axis }) {
  const left = (at: number) => edge.left + (width - edge.left - edge.right) * at;
  const top = (at: number) => edge.top + (height - edge.top - edge.bottom) * (1 - at);
  const places = runs.flatMap((run) => {
    const [across, upwards] = [x.at(run), y.at(run)];
    return across === undefined || upwards === undefined ? [] : [{ run, x: left(across), y: top(upwards) }];
  });
  const missing = runs.length - places.length;
  return (
    <figure className={styles["plot"]}>
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`${y.title} by ${x.title}`}>
        {x.ticks.map((tick) => (
          <g key={tick.at}>
            <line className={styles["gridLine"]} x1={left(tick.at)} x2={left(tick.at)} y1={top(0)} y2={top(1)} />
            <text x={left(tick.at)} y={top(0) + 18} textAnchor="middle">
              {tick.text.slice(0, 14)}
            </text>
          </g>
        ))}
        {y.ticks.map((tick) => (
          <g key={tick.at}>
            <line className={styles["gridLine"]} x1={left(0)} x2={left(1)} y1={top(tick.at)} y2={top(tick.at)} />
            <text x={left(0) - 8} y={top(tick.at) + 4} textAnchor="end">
              {tick.text.slice(0, 12)}
            </text>
          </g>
        ))}
        <text className={styles["axisName"]} x={left(0.5)} y={height - 8} textAnchor="middle">
          {x.title}
        </text>
        <text className={styles["axisName"]} transform={`translate(16 ${top(0.5)}) rotate(-90)`} textAnchor="middle">
          {y.title}
        </text>
        {places.map((place) => (
          <Link key={place.run.id} to="/runs/$runId" params={{ runId: place.run.id }} aria-label={place.run.name}>
            <title>{place.run.name}</title>
            <circle cx={place.x} cy={place.y} r={6} style={{ fill: colorOf(place.run.id) }} fillOpacity={0.85} />
          </Link>
        ))}
      </svg>
      {missing > 0 && (
        <figcaption className={styles["none"]}>{counted(missing, "run")} without one of the two left out.</figcaption>
      )}
    </figure>
  );
}
