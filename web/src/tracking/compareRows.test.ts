import { expect, it } from "vitest";
import type { Run } from "../api/tracking";
import { rowsOf } from "./compareRows";

function run(id: string, params: Record<string, string>, metrics: Record<string, number | "NaN">): Run {
  const points = Object.fromEntries(
    Object.entries(metrics).map(([key, value]) => [key, { value, step: 0, timestamp_ms: 0 }]),
  );
  return { id, params, metrics: points, tags: { "mlflow.user": id } } as unknown as Run;
}

it("says which params differ, those that one run lacks among them", () => {
  const [params] = rowsOf([run("a", { depth: "3", lr: "1" }, {}), run("b", { depth: "3" }, {})]);
  expect(params!.rows.map((row) => [row.key, row.differs])).toEqual([
    ["depth", false],
    ["lr", true],
  ]);
});

it("names the highest and the lowest of a metric, and nobody where several share it or it is no number", () => {
  const metrics = rowsOf([run("a", {}, { x: 1, y: 2, z: "NaN" }), run("b", {}, { x: 3, y: 2, z: 1 })])[1]!.rows;
  expect(metrics.map((row) => [row.key, row.highest, row.lowest])).toEqual([
    ["x", 1, 0],
    ["y", undefined, undefined],
    ["z", undefined, undefined],
  ]);
});

it("leaves out what clients note for themselves", () => {
  expect(rowsOf([run("a", {}, {})])[2]!.rows).toEqual([]);
});
