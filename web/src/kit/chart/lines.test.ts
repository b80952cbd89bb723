import { expect, it } from "vitest";
import { align, onCommonPlaces, smooth, toCsv } from "./lines";

const line = (id: string, xs: number[], ys: number[]) => ({ id, label: id, xs, ys });

it("lines with other steps stand over the same places, and go on where nothing was measured", () => {
  expect(align([line("a", [0, 2], [1, 3]), line("b", [1, 2], [5, 6])], false)).toEqual({
    xs: [0, 1, 2],
    lines: [
      [1, undefined, 3],
      [undefined, 5, 6],
    ],
  });
});

it("what is no number makes a gap, as does what a logarithm does not have", () => {
  expect(align([line("a", [0, 1, 2], [NaN, 0, 4])], false).lines[0]).toEqual([null, 0, 4]);
  expect(align([line("a", [0, 1, 2], [Infinity, 0, 4])], true).lines[0]).toEqual([null, null, 4]);
});

it("smoothing keeps a constant constant from the first point on", () => {
  for (const y of smooth([2, 2, 2, 2], 0.9)) expect(y).toBeCloseTo(2, 12);
});

it("smoothing passes what is no number by", () => {
  const smoothed = smooth([1, NaN, 3], 0.5);
  expect(smoothed[1]).toBeNaN();
  expect(smoothed[2]).toBeCloseTo((0.25 * 1 + 0.5 * 3) / 0.75);
});

it("without smoothing the values stay as they are", () => {
  expect(smooth([1, 5, 2], 0)).toEqual([1, 5, 2]);
});

it("a table for spreadsheets holds no formula", () => {
  expect(toCsv("step", [line("=cmd()", [0], [1])])).toBe('"step","\'=cmd()"\r\n0,1\r\n');
});

it("many lines with points at places of their own share places, and few are left as they are", () => {
  const line = (i: number) => ({
    id: `${i}`,
    label: "",
    xs: Array.from({ length: 100 }, (_, j) => j * 1000 + i * 7),
    ys: Array.from({ length: 100 }, (_, j) => j),
  });
  const few = [line(1), line(2)];
  expect(onCommonPlaces(few)).toBe(few);
  const many = Array.from({ length: 200 }, (_, i) => line(i));
  const placed = onCommonPlaces(many);
  expect(new Set(placed.flatMap(({ xs }) => xs)).size).toBeLessThanOrEqual(2001);
  expect(Math.abs(placed[77]!.xs[50]! - many[77]!.xs[50]!)).toBeLessThan(100_000 / 2000);
});
