import { expect, it } from "vitest";
import { diffLines, readDiff, withoutSame } from "./diff";

const shown = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: " ", removed: "-", added: "+", gap: "@" }[kind]}${text}`);

it("lines that differ stand between those that do not", () => {
  expect(shown("a\nb\nc\n", "a\nx\nc\nd\n")).toEqual([" a", "-b", "+x", " c", "+d"]);
  expect(shown("", "a")).toEqual(["+a"]);
  expect(shown("a", "")).toEqual(["-a"]);
  expect(shown("a\nb", "a\nb")).toEqual([" a", " b"]);
});

it("either side can be had back from what is shown, whatever the texts", () => {
  let seed = 7;
  const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 200; round++) {
    const text = () => Array.from({ length: next(12) }, () => "abcd"[next(4)]).join("\n");
    const [before, after] = [text(), text()];
    const lines = diffLines(before, after);
    const side = (kind: string) => lines.filter((l) => l.kind === "same" || l.kind === kind).map((l) => l.text);
    expect(side("removed").join("\n")).toBe(before);
    expect(side("added").join("\n")).toBe(after);
  }
});

it("long stretches without a change give way to a mark", () => {
  const before = Array.from({ length: 50 }, (_, i) => `line ${i}`);
  const after = before.map((line, i) => (i === 25 ? "changed" : line));
  const lines = withoutSame(diffLines(before.join("\n"), after.join("\n")));
  expect(lines.filter((line) => line.kind === "gap")).toHaveLength(2);
  expect(lines.filter((line) => line.kind === "same")).toHaveLength(6);
});

it("a diff of git is read as it is", () => {
  const kinds = readDiff("diff --git a/x b/x\n@@ -1 +1 @@\n-old\n+new\n same").map((line) => line.kind);
  expect(kinds).toEqual(["gap", "gap", "removed", "added", "same"]);
});
