import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { duration, number } from "../words";
import { plainColorOf } from "../color";
import { align, type Line, smooth } from "./lines";
import { type Look, useLook } from "./look";
import { Readout } from "./readout";
import styles from "./LineChart.module.css";

export type XKind = "step" | "time" | "relative";

export interface Zoom {
  min: number;
  max: number;
}

export interface LineChartProps {
  label: string;
  lines: readonly Line[];
  dashes: ReadonlyMap<string, number[]>;
  xKind: XKind;
  log: boolean;
  smoothing: number;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
  height?: number;
}

const axisFont = "11px 'Inter Variable', sans-serif";

/** Lines over steps or time. The cursor is shared by all charts of a page; dragging zooms them all, a double click goes back. */
export function LineChart(props: LineChartProps) {
  const { lines, xKind, log, smoothing, dashes, zoom, height = 220 } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const onZoom = useRef(props.onZoom);
  onZoom.current = props.onZoom;
  const look = useLook();

  const data = useMemo(() => {
    const smoothed = smoothing > 0 ? lines.map((line) => ({ ...line, ys: smooth(line.ys, smoothing) })) : [];
    const { xs, lines: drawn } = align([...lines, ...smoothed], log);
    return [xs, ...drawn] as uPlot.AlignedData;
  }, [lines, smoothing, log]);
  const ids = lines.map((line) => line.id).join(" ");
  const isSmoothed = smoothing > 0;

  // A new plot only when what it is made of changes; new points come into the plot there is.
  useLayoutEffect(() => {
    const element = host.current!;
    const readout = new Readout(element, lines, isSmoothed, xKind, look.dark);
    const made = new uPlot(
      {
        width: Math.max(element.clientWidth, 100),
        height,
        legend: { show: false },
        cursor: {
          sync: { key: "slipway" },
          drag: { x: true, y: false, setScale: false },
          points: { size: 6 },
        },
        scales: { x: { time: xKind === "time" }, y: { distr: log ? 3 : 1 } },
        axes: axesOf(xKind, look),
        series: seriesOf(lines, dashes, isSmoothed, look),
        hooks: {
          setCursor: [(self) => readout.show(self)],
          setSelect: [
            (self) => {
              if (self.select.width < 4) return;
              const at = (left: number) => self.posToVal(left, "x");
              onZoom.current({ min: at(self.select.left), max: at(self.select.left + self.select.width) });
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          draw: [(self) => drawGaps(self, lines.length, look)],
        },
      },
      data,
      element,
    );
    made.over.addEventListener("dblclick", () => onZoom.current(undefined));
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(element.clientWidth, 100), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      readout.remove();
      made.destroy();
      plot.current = undefined;
    };
  }, [ids, isSmoothed, xKind, log, look, height, dashes]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    made.setData(data, zoom === undefined);
    if (zoom) made.setScale("x", zoom);
  }, [data, zoom]);

  return <div ref={host} role="img" aria-label={describe(props)} className={styles["chart"]} style={{ height }} />;
}

function describe({ label, lines }: LineChartProps): string {
  const last = lines.slice(0, 5).map((line) => `${line.label}: ${number(line.ys[line.ys.length - 1] ?? NaN)}`);
  return `${label}, latest values. ${last.join("; ")}`;
}

function axesOf(xKind: XKind, look: Look): uPlot.Axis[] {
  const common = { stroke: look.ink, font: axisFont, grid: { stroke: look.line, width: 1 }, ticks: { show: false } };
  return [
    {
      ...common,
      size: 28,
      grid: { show: false },
      values:
        xKind === "relative"
          ? (_, values) => values.map((value) => duration(value * 1000))
          : xKind === "step"
            ? (_, values) => values.map((value) => (Number.isInteger(value) ? String(value) : ""))
            : undefined,
      space: 70,
    },
    {
      ...common,
      size: 54,
      values: (_, values) => values.map((value) => (value === null ? "" : short(value))),
      space: 34,
    },
  ];
}

function short(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e6 || size < 1e-3)) return value.toExponential(0);
  return String(Number(value.toPrecision(4)));
}

function seriesOf(
  lines: readonly Line[],
  dashes: ReadonlyMap<string, number[]>,
  isSmoothed: boolean,
  look: Look,
): uPlot.Series[] {
  const seriesFor = (line: Line, faint: boolean): uPlot.Series => ({
    label: line.label,
    stroke: plainColorOf(line.id, look.dark),
    alpha: faint ? 0.25 : 1,
    width: faint ? 1 : 1.75,
    dash: faint ? undefined : dashes.get(line.id),
    points: { show: line.xs.length === 1 ? true : undefined, size: 5 },
    spanGaps: false,
  });
  const drawn = lines.map((line) => seriesFor(line, isSmoothed));
  return [{}, ...drawn, ...(isSmoothed ? lines.map((line) => seriesFor(line, false)) : [])];
}

/** A gap has a mark at the foot of the chart, so that nobody takes it for a line that ended. */
function drawGaps(plot: uPlot, lineCount: number, look: Look): void {
  const { ctx, bbox, data } = plot;
  const size = 3 * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = look.bad;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  let lastX = -Infinity;
  for (let series = 1; series <= lineCount; series++) {
    data[series]!.forEach((value, i) => {
      if (value !== null) return;
      const x = plot.valToPos(data[0][i]!, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width || Math.abs(x - lastX) < 2 * size) return;
      lastX = x;
      const y = bbox.top + bbox.height - 2 * size;
      ctx.moveTo(x - size, y - size);
      ctx.lineTo(x + size, y + size);
      ctx.moveTo(x - size, y + size);
      ctx.lineTo(x + size, y - size);
    });
  }
  ctx.stroke();
  ctx.restore();
}
