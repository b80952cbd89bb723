// An axis over what runs have of one field: numbers where all of them are, otherwise each text at a place of its own.
import { type Run, toNumber } from "../api/tracking";
import { fieldOf } from "./fields";

export interface Axis {
  id: string;
  title: string;
  /** Where the run stands, from 0 to 1; undefined where it has no value. */
  at: (run: Run) => number | undefined;
  ticks: { at: number; text: string }[];
}

const mostTexts = 24;

export function axisOf(id: string, runs: readonly Run[]): Axis {
  const field = fieldOf(id);
  const textOf = (run: Run): string | undefined =>
    field.kind === "metrics"
      ? run.metrics[field.key]?.value.toString()
      : field.kind === undefined
        ? undefined
        : run[field.kind][field.key];
  const texts = runs.map(textOf).filter((text) => text !== undefined);
  const numbers = texts.map((text) => toNumber(text as "NaN"));
  const title = field.key;
  if (texts.length > 0 && texts.every((text, i) => text.trim() !== "" && !Number.isNaN(numbers[i])))
    return { id, title, ...numeric(numbers.filter(Number.isFinite), (run) => numberOf(textOf(run))) };
  const distinct = [...new Set(texts)].sort();
  const place = (text: string) => (distinct.length === 1 ? 0.5 : distinct.indexOf(text) / (distinct.length - 1));
  return {
    id,
    title,
    at: (run) => {
      const text = textOf(run);
      return text === undefined ? undefined : place(text);
    },
    ticks: distinct.length > mostTexts ? [] : distinct.map((text) => ({ at: place(text), text })),
  };
}

function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function numeric(values: readonly number[], valueOf: (run: Run) => number | undefined): Pick<Axis, "at" | "ticks"> {
  const least = Math.min(...values);
  const most = Math.max(...values);
  // Learning rates and their like span powers of ten: on a straight axis all but one would lie at its foot.
  const log = least > 0 && most / least > 100;
  const scale = (value: number) => (log ? Math.log10(value) : value);
  const [from, to] = [scale(least), scale(most)];
  const place = (value: number) => (to === from ? 0.5 : (scale(value) - from) / (to - from));
  const steps = to === from ? [from] : Array.from({ length: 5 }, (_, i) => from + ((to - from) * i) / 4);
  return {
    at: (run) => {
      const value = valueOf(run);
      return value === undefined ? undefined : place(value);
    },
    ticks: steps.map((step) => {
      const value = log ? 10 ** step : step;
      return { at: place(value), text: String(Number(value.toPrecision(3))) };
    }),
  };
}

/** The fields worth an axis: those in which the runs differ. */
export function differingFields(runs: readonly Run[]): string[] {
  const ids = [
    ...new Set([
      ...runs.flatMap((run) => Object.keys(run.params).map((key) => `params.${key}`)),
      ...runs.flatMap((run) => Object.keys(run.metrics).map((key) => `metrics.${key}`)),
    ]),
  ];
  const valueOf = (run: Run, id: string) => {
    const { kind, key } = fieldOf(id);
    return kind === "metrics" ? run.metrics[key]?.value : run.params[key];
  };
  return ids.filter((id) => new Set(runs.map((run) => valueOf(run, id))).size > 1);
}
