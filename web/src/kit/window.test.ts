import { expect, it } from "vitest";
import { columnsInView, edgesOf, rowsInView } from "./window";

it("rows in view fill it, with one that is cut at the end", () => {
  expect(rowsInView(0, 100, 30, 1000)).toEqual({ first: 0, end: 5 });
  expect(rowsInView(45, 100, 30, 1000)).toEqual({ first: 1, end: 6 });
});

it("rows never go beyond the table", () => {
  expect(rowsInView(1e9, 100, 30, 10)).toEqual({ first: 9, end: 10 });
  expect(rowsInView(0, 100, 30, 0)).toEqual({ first: 0, end: 0 });
});

it("columns that show a part of themselves are in view", () => {
  const edges = edgesOf([100, 50, 200, 80]);
  expect(edges).toEqual([0, 100, 150, 350, 430]);
  expect(columnsInView(edges, 120, 100)).toEqual({ first: 1, end: 3 });
  expect(columnsInView(edges, 0, 0)).toEqual({ first: 0, end: 0 });
});
