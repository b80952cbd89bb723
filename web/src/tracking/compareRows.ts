import { type Run, toNumber } from "../api/tracking";
import { type FieldKind, isOwnTag } from "./fields";

export interface CompareRow {
  kind: FieldKind;
  key: string;
  /** By run; undefined where it has none. */
  values: (string | undefined)[];
  differs: boolean;
  /** Which run has the extreme value of a metric, where one alone has it. */
  highest?: number;
  lowest?: number;
}

const titles: Record<FieldKind, string> = { metrics: "Metrics", params: "Params", tags: "Tags" };

export function rowsOf(runs: readonly Run[]): { title: string; rows: CompareRow[] }[] {
  return (["params", "metrics", "tags"] satisfies FieldKind[]).map((kind) => {
    const keys = [...new Set(runs.flatMap((run) => Object.keys(run[kind])))].filter((key) => !isOwnTag(key)).sort();
    return { title: titles[kind], rows: keys.map((key) => rowOf(runs, kind, key)) };
  });
}

function rowOf(runs: readonly Run[], kind: FieldKind, key: string): CompareRow {
  const values = runs.map((run) => (kind === "metrics" ? run.metrics[key]?.value?.toString() : run[kind][key]));
  const row = { kind, key, values, differs: new Set(values).size > 1 };
  return kind === "metrics" ? { ...row, ...extremes(runs, key) } : row;
}

function extremes(runs: readonly Run[], key: string): Pick<CompareRow, "highest" | "lowest"> {
  const numbers = runs.map((run) => (run.metrics[key] ? toNumber(run.metrics[key].value) : NaN));
  const finite = numbers.filter(Number.isFinite);
  if (finite.length < 2) return {};
  const alone = (value: number) =>
    finite.filter((one) => one === value).length === 1 ? numbers.indexOf(value) : undefined;
  return { highest: alone(Math.max(...finite)), lowest: alone(Math.min(...finite)) };
}
