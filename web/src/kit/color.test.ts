import { expect, it } from "vitest";
import { colorIndex, dashesOf } from "./color";

it("a run keeps its colour", () => {
  expect(colorIndex("0f3a9c1d")).toBe(colorIndex("0f3a9c1d"));
});

it("colours are spread evenly over many runs", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 10_000; i++) counts[colorIndex(`run-${i}`)]!++;
  expect(Math.min(...counts)).toBeGreaterThan(800);
});

it("runs of one colour differ by their dashes", () => {
  const twins = [
    "a",
    ...Array.from({ length: 100 }, (_, i) => `t${i}`).filter((id) => colorIndex(id) === colorIndex("a")),
  ];
  const dashes = dashesOf(twins.slice(0, 3));
  expect(new Set([...dashes.values()].map(String)).size).toBe(3);
});
