// Runs as a spreadsheet takes them: the columns of the table, with whole numbers and exact times.
import type { Run } from "../api/tracking";
import { csvCell } from "../kit/csv";
import { bestOf, fieldOf } from "./fields";

export function runsToCsv(runs: readonly Run[], columns: readonly string[]): string {
  const head = ["run_id", "name", ...columns];
  const rows = runs.map((run) => [run.id, run.name, ...columns.map((column) => textOf(run, column))]);
  return [head, ...rows, []].map((cells) => cells.map(csvCell).join(",")).join("\r\n");
}

function textOf(run: Run, id: string): string {
  const { kind, key, aspect } = fieldOf(id);
  if (kind === "metrics") {
    const point = run.metrics[key];
    const other = aspect === "best" ? bestOf(key) : aspect;
    return String((other && point?.[other]) ?? point?.value ?? "");
  }
  if (kind !== undefined) return run[kind][key] ?? "";
  switch (id) {
    case "status":
      return run.status;
    case "start":
      return time(run.start_ms);
    case "end":
      return time(run.end_ms);
    case "duration":
      return run.end_ms === undefined ? "" : String((run.end_ms - run.start_ms) / 1000);
    case "user":
      return run.user;
    case "datasets":
      return run.datasets.map((dataset) => dataset.name).join(" ");
    default:
      return run.id;
  }
}

function time(ms: number | undefined): string {
  return ms === undefined ? "" : new Date(ms).toISOString();
}
