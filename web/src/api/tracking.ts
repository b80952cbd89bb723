// Records of the native API of tracking, as src/Slipway.Sdk/Tracking states them.

/** JSON has no NaN and no infinities; the server writes them as words. */
export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

export type RunStatus = "running" | "scheduled" | "finished" | "failed" | "killed";
export type Lifecycle = "active" | "deleted";
export type View = "active" | "deleted" | "all";

export interface Page<T> {
  items: T[];
  total: number;
  next_page_token?: string;
}

export interface Experiment {
  id: string;
  name: string;
  artifact_location: string;
  lifecycle: Lifecycle;
  created_ms: number;
  updated_ms: number;
  tags: Record<string, string>;
}

export interface ExperimentCounts {
  active: number;
  deleted: number;
  by_status: Partial<Record<RunStatus, number>>;
}

export interface MetricPoint {
  value: WireNumber;
  step: number;
  timestamp_ms: number;
}

export interface DatasetInput {
  name: string;
  digest: string;
  source_type: string;
  source: string;
  schema?: string;
  profile?: string;
  tags: Record<string, string>;
}

export interface Run {
  id: string;
  experiment_id: string;
  name: string;
  user: string;
  status: RunStatus;
  lifecycle: Lifecycle;
  start_ms: number;
  end_ms?: number;
  artifact_uri: string;
  metrics: Record<string, MetricPoint>;
  params: Record<string, string>;
  tags: Record<string, string>;
  datasets: DatasetInput[];
  model_inputs: string[];
  model_outputs: { model_id: string; step: number }[];
}

export interface RunQuery {
  experiment_ids: string[];
  filter?: string;
  order_by?: string[];
  view?: View;
  page_size?: number;
  offset?: number;
  fields?: string[];
}

export interface FieldCount {
  key: string;
  runs: number;
}

export interface RunFields {
  runs: number;
  metrics: FieldCount[];
  params: FieldCount[];
  tags: FieldCount[];
}

export interface MetricSeries {
  run_id: string;
  key: string;
  total: number;
  steps: number[];
  timestamps_ms: number[];
  values: WireNumber[];
}

export function toNumber(value: WireNumber): number {
  return typeof value === "number" ? value : Number(value);
}
