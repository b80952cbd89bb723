// What differs between two texts, line by line, by Myers' greedy algorithm: the shortest list of changes.
export type DiffLine = { kind: "same" | "removed" | "added" | "gap"; text: string };

const mostChanges = 2000;
const context = 3;

/** Whole lines that are the same, removed or added; beyond so many changes all of the old and all of the new. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const trace = search(a, b);
  if (!trace)
    return [
      ...a.map((text): DiffLine => ({ kind: "removed", text })),
      ...b.map((text): DiffLine => ({ kind: "added", text })),
    ];
  return walkBack(a, b, trace);
}

/** Long stretches without a change give way to a mark. */
export function withoutSame(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Set<number>();
  lines.forEach((line, i) => {
    if (line.kind === "same") return;
    for (let j = i - context; j <= i + context; j++) near.add(j);
  });
  const shown: DiffLine[] = [];
  lines.forEach((line, i) => {
    if (near.has(i)) shown.push(line);
    else if (shown[shown.length - 1]?.kind !== "gap") shown.push({ kind: "gap", text: "" });
  });
  return shown;
}

/** A diff as git writes it, as lines to be shown. */
export function readDiff(text: string): DiffLine[] {
  return linesOf(text).map((line) =>
    /^(diff |index |--- |\+\+\+ |@@ )/.test(line)
      ? { kind: "gap", text: line }
      : line.startsWith("+")
        ? { kind: "added", text: line.slice(1) }
        : line.startsWith("-")
          ? { kind: "removed", text: line.slice(1) }
          : { kind: "same", text: line.replace(/^ /, "") },
  );
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

/** For each number of changes, how far down each diagonal leads. */
function search(a: readonly string[], b: readonly string[]): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let changes = 0; changes <= Math.min(a.length + b.length, mostChanges); changes++) {
    trace.push(reach);
    const next = new Map(reach);
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const [left, right] = [reach.get(diagonal - 1) ?? -1, reach.get(diagonal + 1) ?? -1];
      let x = diagonal === -changes || (diagonal !== changes && left < right) ? right : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
    reach = next;
  }
  return undefined;
}

function walkBack(a: readonly string[], b: readonly string[], trace: readonly Map<number, number>[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let changes = trace.length - 1; changes >= 0; changes--) {
    const reach = trace[changes]!;
    const diagonal = x - y;
    const [left, right] = [reach.get(diagonal - 1) ?? -1, reach.get(diagonal + 1) ?? -1];
    const from = diagonal === -changes || (diagonal !== changes && left < right) ? diagonal + 1 : diagonal - 1;
    const fromX = reach.get(from) ?? 0;
    const fromY = fromX - from;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      lines.push({ kind: "same", text: a[--x]! });
      y--;
    }
    if (changes === 0) break;
    if (x === fromX) lines.push({ kind: "added", text: b[--y]! });
    else lines.push({ kind: "removed", text: a[--x]! });
  }
  return lines.reverse();
}
