// What a chart of lines is drawn from: points of several runs on one axis, smoothed if asked. Pure, so that it is tested.
import { csvCell } from "../csv";

export interface Line {
  id: string;
  label: string;
  /** Sorted by x. A value may be NaN or infinite. */
  xs: readonly number[];
  ys: readonly number[];
}

/** Nothing was measured here: the line goes on. */
export type Unmeasured = undefined;
/** Something was measured that is no number: the line has a gap. */
export type Gap = null;
export type Drawn = number | Gap | Unmeasured;

export interface Aligned {
  xs: number[];
  lines: Drawn[][];
}

const manyLines = 40;
const places = 2000;

/**
 * Many lines whose points stand each at x values of its own would make a table of mostly nothing, which takes long to
 * draw. Their points move to the nearest of so many places that none is a pixel from where it was.
 */
export function onCommonPlaces(lines: readonly Line[]): readonly Line[] {
  if (lines.length < manyLines) return lines;
  let [least, most] = [Infinity, -Infinity];
  for (const { xs } of lines) {
    least = Math.min(least, xs[0] ?? Infinity);
    most = Math.max(most, xs[xs.length - 1] ?? -Infinity);
  }
  const step = (most - least) / places;
  if (!(step > 0) || (step < 1 && lines.every(({ xs }) => xs.every(Number.isInteger)))) return lines;
  return lines.map((line) => ({ ...line, xs: line.xs.map((x) => least + Math.round((x - least) / step) * step) }));
}

/** All lines over the same x values, as the drawing library wants them. */
export function align(lines: readonly Line[], log: boolean): Aligned {
  const places = new Set<number>();
  for (const line of lines) for (const x of line.xs) places.add(x);
  const xs = [...places].sort((a, b) => a - b);
  const indexOf = new Map(xs.map((x, i) => [x, i]));
  const drawn = lines.map((line) => {
    const values: Drawn[] = new Array<Drawn>(xs.length).fill(undefined);
    // Where several values stand at one x, the last one counts.
    line.xs.forEach((x, i) => (values[indexOf.get(x)!] = drawable(line.ys[i]!, log)));
    return values;
  });
  return { xs, lines: drawn };
}

function drawable(value: number, log: boolean): number | Gap {
  return Number.isFinite(value) && (!log || value > 0) ? value : null;
}

/**
 * A moving average that forgets at the given rate from 0 (nothing is smoothed) towards 1, weighted so that the first
 * points count no more than later ones. What is no number stays where it is and does not spoil what follows.
 */
export function smooth(ys: readonly number[], rate: number): number[] {
  if (rate <= 0) return [...ys];
  let sum = 0;
  let weight = 0;
  return ys.map((y) => {
    if (!Number.isFinite(y)) return y;
    sum = sum * rate + (1 - rate) * y;
    weight = weight * rate + (1 - rate);
    return sum / weight;
  });
}

/** Comma-separated values of what a chart shows; texts that a spreadsheet would take for a formula are defused. */
export function toCsv(xName: string, lines: readonly Line[]): string {
  const { xs, lines: drawn } = align(lines, false);
  const head = [xName, ...lines.map((line) => line.label)].map(csvCell).join(",");
  const rows = xs.map((x, i) => [x, ...drawn.map((values) => values[i] ?? "")].join(","));
  return [head, ...rows, ""].join("\r\n");
}
