import type { ReactNode } from "react";
import type { Axis } from "./axis";
import styles from "./ComparePage.module.css";

const [width, height] = [1000, 480];
const edge = { top: 16, right: 24, bottom: 48, left: 80 };

/** Where on the drawing a place from 0 to 1 on either axis is. */
export interface PlotSpace {
  left: (at: number) => number;
  top: (at: number) => number;
}

export const plotSpace: PlotSpace = {
  left: (at) => edge.left + (width - edge.left - edge.right) * at,
  top: (at) => edge.top + (height - edge.top - edge.bottom) * (1 - at),
};

/** Two axes with their names, and between them what is drawn. */
export function PlotFrame({
  label,
  x,
  y,
  children,
  caption,
}: {
  label: string;
  x: Axis;
  y: Axis;
  children: ReactNode;
  caption?: ReactNode;
}) {
  const { left, top } = plotSpace;
  return (
    <figure className={styles["plot"]}>
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label}>
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
        {children}
      </svg>
      {caption && <figcaption className={styles["none"]}>{caption}</figcaption>}
    </figure>
  );
}
