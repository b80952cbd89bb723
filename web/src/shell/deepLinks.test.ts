import { expect, it } from "vitest";
import { pageOfDeepLink } from "./deepLinks";

it("addresses of MLflow's pages lead to ours", () => {
  const pages = {
    "#/": "/experiments",
    "#/experiments/12": "/experiments/12",
    "#/experiments/12/runs/abc": "/runs/abc",
    "#/experiments/12/runs/abc/artifacts/model": "/runs/abc?tab=artifacts",
    "#/experiments/12/runs/abc/model-metrics": "/runs/abc?tab=metrics",
    "#/experiments/12/traces": "/traces?experiment=12",
    '#/compare-runs?runs=["a","b"]&experiments=["12"]': "/compare?runs=a,b",
    "#/models/my%20model": "/models/my%20model",
    "#/models/fares/versions/3": "/models/fares/versions/3",
  };
  for (const [hash, page] of Object.entries(pages)) expect(pageOfDeepLink(hash)).toBe(page);
});

it("anything else behind the sign is left alone", () => {
  expect(pageOfDeepLink("")).toBeUndefined();
  expect(pageOfDeepLink("#main")).toBeUndefined();
  expect(pageOfDeepLink("#/unheard/of")).toBeUndefined();
});

it("a broken list of runs leads to the experiments", () => {
  expect(pageOfDeepLink("#/compare-runs?runs=[1,")).toBe("/experiments");
});
