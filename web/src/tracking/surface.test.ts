import { expect, it } from "vitest";
import { quartilesOf, surfaceOf } from "./surface";

it("quartiles lie between the values, and whiskers leave out what is far away", () => {
  expect(quartilesOf([1, 2, 3, 4, 100])).toEqual({ low: 1, lower: 2, middle: 3, upper: 4, high: 4 });
  expect(quartilesOf([7])).toEqual({ low: 7, lower: 7, middle: 7, upper: 7, high: 7 });
  expect(quartilesOf([4, 1, 3, 2]).middle).toBe(2.5);
});

it("a surface takes the value of a run where it stands and stays between all of them", () => {
  const spots = [
    { x: 0.125, y: 0.125, z: 0 },
    { x: 0.875, y: 0.875, z: 10 },
  ];
  const surface = surfaceOf(spots, 4, 4);
  expect(surface[0]).toBeCloseTo(0, 3);
  expect(surface[15]).toBeCloseTo(10, 3);
  expect(Math.min(...surface)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...surface)).toBeLessThanOrEqual(10);
});
