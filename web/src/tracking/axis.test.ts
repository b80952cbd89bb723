import { expect, it } from "vitest";
import type { Run } from "../api/tracking";
import { axisOf, differingFields } from "./axis";

const run = (params: Record<string, string>) => ({ params, metrics: {}, tags: {} }) as unknown as Run;

it("numbers stand in proportion", () => {
  const runs = [run({ depth: "2" }), run({ depth: "4" }), run({ depth: "10" }), run({})];
  const axis = axisOf("params.depth", runs);
  expect(runs.map(axis.at)).toEqual([0, 0.25, 1, undefined]);
  expect(axis.ticks.map((tick) => tick.text)).toEqual(["2", "4", "6", "8", "10"]);
});

it("numbers over powers of ten stand in proportion of their logarithms", () => {
  const runs = [run({ lr: "0.0001" }), run({ lr: "0.01" }), run({ lr: "1" })];
  expect(runs.map(axisOf("params.lr", runs).at)).toEqual([0, 0.5, 1]);
});

it("texts have each a place of their own", () => {
  const runs = [run({ model: "gbt" }), run({ model: "mlp" }), run({ model: "linear" })];
  expect(runs.map(axisOf("params.model", runs).at)).toEqual([0, 1, 0.5]);
});

it("one value for all stands in the middle", () => {
  expect(axisOf("params.a", [run({ a: "7" })]).at(run({ a: "7" }))).toBe(0.5);
});

it("only fields in which runs differ are worth an axis", () => {
  expect(differingFields([run({ a: "1", b: "1" }), run({ a: "1", b: "2" })])).toEqual(["params.b"]);
});
