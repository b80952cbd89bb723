import { expect, it } from "vitest";
import { bestOf, fieldOf, inGrammar, orderOf, readList, usualColumns, wantedFields, writeList } from "./fields";

it("a column knows its kind and its whole key", () => {
  expect(fieldOf("metrics.val.loss")).toEqual({ id: "metrics.val.loss", kind: "metrics", key: "val.loss" });
  expect(fieldOf("status")).toEqual({ id: "status", key: "status" });
});

it("keys with other signs stand in quotes of the grammar", () => {
  expect(inGrammar("metrics", "loss")).toBe("metrics.loss");
  expect(inGrammar("metrics", "val loss")).toBe("metrics.`val loss`");
  expect(inGrammar("tags", "a`b")).toBe('tags."a`b"');
});

it("an order is said in the grammar, and nothing where a column has none", () => {
  expect(orderOf("-metrics.val/loss")).toEqual(["metrics.`val/loss` DESC"]);
  expect(orderOf("name")).toEqual(["attributes.run_name ASC"]);
  expect(orderOf("duration")).toEqual(["attributes.duration ASC"]);
  expect(orderOf("datasets")).toEqual([]);
  expect(orderOf("best.val/loss")).toEqual(["lowest.`val/loss` ASC"]);
  expect(orderOf("-highest.f1")).toEqual(["highest.f1 DESC"]);
  expect(orderOf(undefined)).toEqual([]);
});

it("a list survives the address, whatever its items contain", () => {
  const items = ["metrics.a,b", "100%", "%2C", "x"];
  expect(readList(writeList(items))).toEqual(items);
  expect(readList("")).toEqual([]);
});

it("a table nobody arranged shows what most runs have, without the machine's own metrics", () => {
  const columns = usualColumns({
    runs: 3,
    metrics: [
      { key: "system/cpu", runs: 3 },
      { key: "rare", runs: 1 },
      { key: "loss", runs: 3 },
    ],
    params: [{ key: "depth", runs: 3 }],
    tags: [],
  });
  expect(columns).toEqual(["status", "start", "duration", "metrics.loss", "metrics.rare", "params.depth"]);
});

it("the best of a loss is its lowest, that of a score its highest", () => {
  for (const metric of ["loss", "val/loss", "train_rmse", "Test MAE", "val.log-loss"])
    expect(bestOf(metric)).toBe("lowest");
  for (const metric of ["accuracy", "f1", "glossary_hits", "roc_auc"]) expect(bestOf(metric)).toBe("highest");
});

it("columns of one metric ask for it once", () => {
  expect(wantedFields(["status", "metrics.loss", "best.loss", "params.depth"])).toEqual([
    "metrics.loss",
    "params.depth",
  ]);
});
