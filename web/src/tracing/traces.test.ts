import { expect, it } from "vitest";
import { durationMs, oneLine, readable, toSpans } from "./traces";

const span = (span_id: string, parent_span_id: string | undefined, start: number) => ({
  span_id,
  parent_span_id,
  name: span_id,
  start_time_unix_nano: start * 1e6,
  end_time_unix_nano: (start + 5) * 1e6,
});

it("spans stand as a tree, children by their start", () => {
  const spans = toSpans([
    span("late", "root", 20),
    span("root", undefined, 0),
    span("inner", "early", 6),
    span("early", "root", 5),
  ]);
  expect(spans.map(({ id, depth, hasChildren }) => [id, depth, hasChildren])).toEqual([
    ["root", 0, true],
    ["early", 1, true],
    ["inner", 2, false],
    ["late", 1, false],
  ]);
});

it("a span whose parent is not there is not lost", () => {
  expect(toSpans([span("orphan", "gone", 3)]).map(({ id, depth }) => [id, depth])).toEqual([["orphan", 0]]);
});

it("a span that has not ended lasts no time", () => {
  const [open] = toSpans([{ span_id: "a", name: "a", start_time_unix_nano: "5000000" }]);
  expect([open!.startMs, open!.endMs]).toEqual([5, 5]);
});

it("values that were written as JSON inside of texts are read, others stay as they are", () => {
  expect(readable('"{\\"a\\": 1}"')).toEqual({ a: 1 });
  expect(readable("{broken")).toBe("{broken");
  expect(oneLine('{"a": 1}')).toBe('{"a":1}');
  expect(oneLine("plain")).toBe("plain");
});

it("durations of the wire are numbers of milliseconds", () => {
  expect([durationMs("0.9s"), durationMs(undefined), durationMs("soon")]).toEqual([900, undefined, undefined]);
});
