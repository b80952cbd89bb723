import { expect, it } from "vitest";
import { fieldOf, inGrammar, orderOf, readList, usualColumns, writeList } from "./fields";

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
  expect(orderOf("duration")).toEqual([]);
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
