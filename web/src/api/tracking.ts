// What the pages call the records of tracking.
import type { ExperimentResource, ExperimentResourcePage, MetricPoint, RunResource, RunResourcePage } from "./records";

export type {
  DatasetInput,
  ExperimentCounts,
  ExperimentsCounts,
  Histories,
  Lifecycle,
  MetricSeries,
  RunFields,
  RunGroup,
  RunGroups,
  RunQuery,
  RunsFound,
  RunStatus,
  View,
} from "./records";

export type Experiment = ExperimentResource;
export type ExperimentPage = ExperimentResourcePage;
export type Run = RunResource;
export type RunPage = RunResourcePage;

/** JSON has no NaN and no infinities; the server writes them as words. */
export type WireNumber = MetricPoint["value"];

export function toNumber(value: WireNumber): number {
  return typeof value === "number" ? value : Number(value);
}
