// What stands beside the cursor: the values of the lines there. It is written to the page directly, because it has to
// follow the hand on twenty charts at once.
import type uPlot from "uplot";
import { plainColorOf } from "../color";
import { duration, exactTime, number } from "../words";
import type { Line } from "./lines";
import type { XKind } from "./LineChart";
import styles from "./LineChart.module.css";

const mostShown = 8;

export class Readout {
  private readonly box = document.createElement("div");

  constructor(
    host: HTMLElement,
    private readonly lines: readonly Line[],
    private readonly isSmoothed: boolean,
    private readonly xKind: XKind,
    private readonly dark: boolean,
  ) {
    this.box.className = styles["readout"]!;
    this.box.hidden = true;
    this.box.ariaHidden = "true";
    host.append(this.box);
  }

  remove(): void {
    this.box.remove();
  }

  show(plot: uPlot): void {
    const at = plot.cursor.idx;
    const left = plot.cursor.left ?? -1;
    this.box.hidden = at === null || at === undefined || left < 0;
    if (this.box.hidden) return;
    const rows = this.valuesAt(plot, at!);
    const title = document.createElement("b");
    title.textContent = this.place(plot.data[0][at!]!);
    this.box.replaceChildren(title, ...rows.slice(0, mostShown).map(({ line, value }) => this.row(line, value)));
    if (rows.length > mostShown) this.box.append(`and ${rows.length - mostShown} more`);
    const room = plot.width - this.box.offsetWidth - 8;
    const right = plot.over.offsetLeft + left + 16;
    this.box.style.left = `${right > room ? Math.max(0, right - this.box.offsetWidth - 32) : right}px`;
  }

  private valuesAt(plot: uPlot, at: number): { line: Line; value: number | null }[] {
    const first = this.isSmoothed ? this.lines.length + 1 : 1;
    const rows = this.lines.map((line, i) => ({ line, value: nearest(plot.data[first + i]!, at) }));
    return rows
      .filter((row): row is { line: Line; value: number | null } => row.value !== undefined)
      .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  }

  private row(line: Line, value: number | null): HTMLElement {
    const row = document.createElement("span");
    const mark = document.createElement("i");
    mark.style.background = plainColorOf(line.id, this.dark);
    const name = document.createElement("span");
    name.textContent = line.label;
    const text = document.createElement("b");
    text.textContent = value === null ? "no number" : number(value);
    row.append(mark, name, text);
    return row;
  }

  private place(x: number): string {
    if (this.xKind === "time") return exactTime(x * 1000);
    return this.xKind === "relative" ? `after ${duration(x * 1000)}` : `step ${x}`;
  }
}

/** The value at a place, or the one measured last before it, as long as it is near. */
function nearest(values: ArrayLike<number | null | undefined>, at: number): number | null | undefined {
  for (let i = at; i >= 0 && i > at - 50; i--) if (values[i] !== undefined) return values[i];
  return undefined;
}
