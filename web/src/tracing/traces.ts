// Traces over the routes that MLflow's clients use, read into what the pages show.
import { ask } from "../api/client";

export interface TraceHead {
  trace_id: string;
  request_time?: string;
  execution_duration?: string;
  state?: string;
  request_preview?: string;
  response_preview?: string;
  trace_location?: { mlflow_experiment?: { experiment_id: string } };
  trace_metadata?: Record<string, string>;
  tags?: Record<string, string>;
  assessments?: Assessment[];
}

export interface Assessment {
  assessment_id?: string;
  assessment_name?: string;
  source?: { source_type?: string; source_id?: string };
  rationale?: string;
  feedback?: { value?: unknown };
  expectation?: { value?: unknown };
}

interface WireValue {
  string_value?: string;
  int_value?: string | number;
  double_value?: number;
  bool_value?: boolean;
  array_value?: { values?: WireValue[] };
  kvlist_value?: { values?: { key: string; value?: WireValue }[] };
}

interface WireSpan {
  span_id: string;
  parent_span_id?: string;
  name: string;
  start_time_unix_nano: number | string;
  end_time_unix_nano?: number | string;
  attributes?: { key: string; value?: WireValue }[];
  status?: { code?: string; message?: string };
  events?: { name: string; time_unix_nano?: number | string; attributes?: { key: string; value?: WireValue }[] }[];
}

export interface Span {
  id: string;
  parent?: string;
  name: string;
  kind: string;
  failed: boolean;
  message?: string;
  startMs: number;
  endMs: number;
  depth: number;
  hasChildren: boolean;
  inputs?: unknown;
  outputs?: unknown;
  attributes: [string, unknown][];
  events: { name: string; atMs: number; attributes: [string, unknown][] }[];
}

export function searchTraces(experimentIds: readonly string[], filter: string, token: string, signal: AbortSignal) {
  const locations = experimentIds.map((experiment_id) => ({
    type: "MLFLOW_EXPERIMENT",
    mlflow_experiment: { experiment_id },
  }));
  return ask<{ traces?: TraceHead[]; next_page_token?: string }>("/ajax-api/3.0/mlflow/traces/search", {
    body: { locations, max_results: 100, filter: filter || undefined, page_token: token || undefined },
    signal,
  });
}

export async function readTrace(id: string, signal: AbortSignal): Promise<{ head: TraceHead; spans: Span[] }> {
  const { trace } = await ask<{ trace: { trace_info: TraceHead; spans?: WireSpan[] } }>(
    `/ajax-api/3.0/mlflow/traces/get?trace_id=${encodeURIComponent(id)}`,
    { signal },
  );
  return { head: trace.trace_info, spans: toSpans(trace.spans ?? []) };
}

/** In the order of a tree: each span before its children, children by their start. A span whose parent is missing is a root. */
export function toSpans(wire: readonly WireSpan[]): Span[] {
  const known = new Set(wire.map((span) => span.span_id));
  const children = new Map<string, WireSpan[]>();
  for (const span of wire) {
    const parent = span.parent_span_id && known.has(span.parent_span_id) ? span.parent_span_id : "";
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const ordered: Span[] = [];
  const visit = (parent: string, depth: number) => {
    const here = (children.get(parent) ?? []).sort((a, b) => ms(a.start_time_unix_nano) - ms(b.start_time_unix_nano));
    for (const span of here) {
      ordered.push(toSpan(span, depth, children.has(span.span_id)));
      visit(span.span_id, depth + 1);
    }
  };
  visit("", 0);
  return ordered;
}

function toSpan(span: WireSpan, depth: number, hasChildren: boolean): Span {
  const attributes = (span.attributes ?? []).map(
    ({ key, value }) => [key, readable(plain(value))] as [string, unknown],
  );
  const named = new Map(attributes);
  const startMs = ms(span.start_time_unix_nano);
  return {
    id: span.span_id,
    parent: span.parent_span_id,
    name: span.name,
    kind: String(named.get("mlflow.spanType") ?? "UNKNOWN"),
    failed: span.status?.code === "STATUS_CODE_ERROR",
    message: span.status?.message || undefined,
    startMs,
    endMs: span.end_time_unix_nano === undefined ? startMs : Math.max(startMs, ms(span.end_time_unix_nano)),
    depth,
    hasChildren,
    inputs: named.get("mlflow.spanInputs"),
    outputs: named.get("mlflow.spanOutputs"),
    attributes: attributes.filter(([key]) => !/^mlflow\.(span(Type|Inputs|Outputs)|traceRequestId)$/.test(key)),
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      atMs: ms(event.time_unix_nano ?? span.start_time_unix_nano),
      attributes: (event.attributes ?? []).map(({ key, value }) => [key, readable(plain(value))]),
    })),
  };
}

function ms(nano: number | string): number {
  return Number(nano) / 1e6;
}

function plain(value: WireValue | undefined): unknown {
  if (value === undefined) return undefined;
  if (value.array_value) return (value.array_value.values ?? []).map(plain);
  if (value.kvlist_value)
    return Object.fromEntries((value.kvlist_value.values ?? []).map((entry) => [entry.key, plain(entry.value)]));
  return value.string_value ?? value.int_value ?? value.double_value ?? value.bool_value;
}

/** Clients write values as JSON inside of texts, sometimes twice. */
export function readable(value: unknown): unknown {
  let found = value;
  for (let i = 0; i < 2 && typeof found === "string" && /^\s*["[{]/.test(found); i++) {
    try {
      found = JSON.parse(found);
    } catch {
      return found;
    }
  }
  return found;
}

/** One line of a value, for a table. */
export function oneLine(value: unknown): string {
  const found = readable(value);
  return typeof found === "string" ? found : found === undefined ? "" : JSON.stringify(found);
}

const kinds = ["AGENT", "RETRIEVER", "CHAT_MODEL", "LLM", "TOOL", "CHAIN", "EMBEDDING", "RERANKER", "PARSER"];

/** Each kind of span has a colour of its own, the same everywhere; kinds that clients invent share the last. */
export function colorPlace(kind: string): number {
  const place = kinds.indexOf(kind);
  return place < 0 ? kinds.length : place;
}

/** "0.913s", as the wire has it. */
export function durationMs(text: string | undefined): number | undefined {
  const seconds = Number(/^([\d.]+)s$/.exec(text ?? "")?.[1]);
  return Number.isNaN(seconds) ? undefined : seconds * 1000;
}

export function tokensOf(head: TraceHead): number | undefined {
  const usage = readable(head.trace_metadata?.["mlflow.trace.tokenUsage"]);
  const total = (usage as { total_tokens?: number } | undefined)?.total_tokens;
  return typeof total === "number" ? total : undefined;
}
