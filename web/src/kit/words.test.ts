import { describe, expect, it } from "vitest";
import { bytes, count, duration, number, relativeTime } from "./words";

describe("a number", () => {
  it("has as many digits as tell values apart, at any size", () => {
    expect([0.5, 0.00031271, 12.34567, 1234.5678, 42, 1e-7, 2.5e12].map(number)).toEqual([
      "0.5000",
      "0.0003127",
      "12.346",
      "1234.6",
      "42",
      "1.000e-7",
      "2.500e12",
    ]);
  });
  it("is told apart from what is none", () => {
    expect([NaN, Infinity, -Infinity, -0.25].map(number)).toEqual(["NaN", "∞", "−∞", "−0.2500"]);
  });
});

it("counts have thin gaps between thousands", () => {
  expect(count(1234567)).toBe("1\u202f234\u202f567");
});

it("times are said as people say them", () => {
  const now = Date.UTC(2026, 5, 1, 12);
  expect([0, 30_000, 3 * 60_000, 5 * 3_600_000, 2 * 86_400_000].map((ago) => relativeTime(now - ago, now))).toEqual([
    "now",
    "30 s ago",
    "3 min ago",
    "5 h ago",
    "2 d ago",
  ]);
  expect([250, 1500, 61_000, 3 * 3_600_000 + 60_000].map(duration)).toEqual([
    "250 ms",
    "1.5 s",
    "1 min 1 s",
    "3 h 1 min",
  ]);
});

it("sizes are in the units of computers", () => {
  expect([12, 2048, 5 * 1024 ** 3].map(bytes)).toEqual(["12 B", "2.0 KiB", "5.0 GiB"]);
});
