import { expect, it } from "vitest";
import type { RunFields } from "../api/tracking";
import { complete, suggestionsFor } from "./completion";

const fields: RunFields = {
  runs: 2,
  metrics: [
    { key: "loss", runs: 2 },
    { key: "val loss", runs: 2 },
  ],
  params: [{ key: "depth", runs: 1 }],
  tags: [{ key: "mlflow.user", runs: 2 }],
};

it("offers names that contain what is being written", () => {
  expect(suggestionsFor("los", 3, fields)).toEqual(["metrics.loss", "metrics.`val loss`"]);
  expect(suggestionsFor("a = 1 AND params.d", 18, fields)).toEqual(["params.depth"]);
});

it("offers nothing inside a text or where nothing is written", () => {
  expect(suggestionsFor("params.depth = 'los", 19, fields)).toEqual([]);
  expect(suggestionsFor("metrics.loss ", 13, fields)).toEqual([]);
});

it("puts the name in the place of what was written, and the caret behind it", () => {
  expect(complete("los < 1", 3, "metrics.loss")).toEqual({ text: "metrics.loss < 1", caret: 12 });
  expect(complete("los", 3, "metrics.loss")).toEqual({ text: "metrics.loss ", caret: 13 });
});
