// The fields of runs, as columns, as words of the search grammar and as parts of an address.
import type { Run, RunFields } from "../api/tracking";

export type FieldKind = "metrics" | "params" | "tags";

/** Other numbers of a metric than its latest value. */
export type Aspect = "lowest" | "highest" | "best";

export interface Field {
  id: string;
  kind?: FieldKind;
  key: string;
  aspect?: Aspect;
}

const kinds: readonly FieldKind[] = ["metrics", "params", "tags"];
export const aspects: readonly Aspect[] = ["best", "lowest", "highest"];

/** Words in the names of metrics of which less is better. */
const lessIsBetter =
  /(^|[^a-z])(loss|error|err|rmse|mae|mse|mape|smape|rmsle|logloss|perplexity|ppl|wer|cer|fid|latency|duration|seconds|time|brier|deviance|divergence|ece)([^a-z]|$)/;

/** What is best of a metric: the lowest of a loss, the highest of a score, as far as its name tells. */
export function bestOf(metric: string): "lowest" | "highest" {
  return lessIsBetter.test(metric.toLowerCase()) ? "lowest" : "highest";
}

/** Columns that every run has. */
export const attributes = {
  status: { title: "Status", order: "attributes.status" },
  start: { title: "Started", order: "attributes.start_time" },
  duration: { title: "Duration", order: "attributes.duration" },
  user: { title: "User", order: "attributes.user_id" },
  end: { title: "Ended", order: "attributes.end_time" },
  id: { title: "Run id", order: "attributes.run_id" },
  datasets: { title: "Datasets", order: undefined },
} as const;

export type Attribute = keyof typeof attributes;

export function isAttribute(id: string): id is Attribute {
  return Object.hasOwn(attributes, id);
}

export function fieldOf(id: string): Field {
  const kind = kinds.find((candidate) => id.startsWith(`${candidate}.`));
  if (kind) return { id, kind, key: id.slice(kind.length + 1) };
  const aspect = aspects.find((candidate) => id.startsWith(`${candidate}.`));
  return aspect ? { id, kind: "metrics", key: id.slice(aspect.length + 1), aspect } : { id, key: id };
}

/** What the server has to bring for the columns to be filled. */
export function wantedFields(columns: readonly string[]): string[] {
  const fields = columns.map(fieldOf).filter((field) => field.kind !== undefined);
  return [...new Set(fields.map((field) => fieldId(field.kind!, field.key)))];
}

export function fieldId(kind: FieldKind, key: string): string {
  return `${kind}.${key}`;
}

/** As the search grammar wants it: keys with other signs than letters, digits and "_" stand in backticks. */
export function inGrammar(kind: FieldKind | "lowest" | "highest", key: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `${kind}.${key}`;
  return key.includes("`") ? `${kind}."${key}"` : `${kind}.\`${key}\``;
}

/** What the server is asked to sort by; newest first where it is nothing. */
export function orderOf(sort: string | undefined): string[] {
  if (!sort) return [];
  const descending = sort.startsWith("-");
  const field = fieldOf(descending ? sort.slice(1) : sort);
  const name =
    field.kind !== undefined
      ? inGrammar(field.aspect === "best" ? bestOf(field.key) : (field.aspect ?? field.kind), field.key)
      : field.id === "name"
        ? "attributes.run_name"
        : isAttribute(field.id)
          ? attributes[field.id].order
          : undefined;
  return name === undefined ? [] : [`${name} ${descending ? "DESC" : "ASC"}`];
}

/** Lists in an address: a comma divides, so one inside a key is written otherwise. */
export function writeList(items: readonly string[]): string {
  return items.map((item) => item.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");
}

export function readList(text: string): string[] {
  return text === "" ? [] : text.split(",").map((item) => item.replaceAll("%2C", ",").replaceAll("%25", "%"));
}

/** The widths of columns that somebody gave them. */
export function readWidths(text: string | undefined): Map<string, number> {
  const pairs = readList(text ?? "").map((item) => {
    const at = item.lastIndexOf(":");
    return [item.slice(0, at), Number(item.slice(at + 1))] as const;
  });
  return new Map(pairs.filter(([id, width]) => id !== "" && width >= 40 && width <= 800));
}

export function writeWidths(widths: ReadonlyMap<string, number>): string {
  return writeList([...widths].map(([id, width]) => `${id}:${width}`));
}

/** The columns of a table nobody has arranged yet: what most runs have, few enough to be seen at once. */
export function usualColumns(fields: RunFields | undefined): string[] {
  const most = (kind: FieldKind, limit: number) =>
    [...(fields?.[kind] ?? [])]
      .filter((field) => !field.key.startsWith("system/"))
      .sort((a, b) => b.runs - a.runs)
      .slice(0, limit)
      .map((field) => fieldId(kind, field.key))
      .sort();
  return ["status", "start", "duration", ...most("metrics", 6), ...most("params", 6)];
}

export function isOwnTag(key: string): boolean {
  return key.startsWith("mlflow.");
}

export function runDuration(run: Run, now: number): number | undefined {
  if (run.end_ms !== undefined) return run.end_ms - run.start_ms;
  return run.status === "running" ? now - run.start_ms : undefined;
}
