import type { Run } from "../api/tracking";
import { Checkbox, Select } from "../kit/Field";
import { Popover } from "../kit/Overlay";
import { Empty } from "../kit/States";
import { axisOf, differingFields } from "./axis";
import { Boxes } from "./Boxes";
import { Contour } from "./Contour";
import { fieldOf, readList, writeList } from "./fields";
import { ParallelCoordinates } from "./ParallelCoordinates";
import { Scatter } from "./Scatter";
import chooser from "./ColumnChooser.module.css";
import styles from "./ComparePage.module.css";

interface PlotState {
  axes?: string;
  sx?: string;
  sy?: string;
  sz?: string;
}

const usualAxes = 7;

/** Each run as a line over several axes, or as a point over two. */
export function ComparePlots({
  kind,
  runs,
  state,
  onChange,
}: {
  kind: "parallel" | "scatter" | "contour" | "box";
  runs: readonly Run[];
  state: PlotState;
  onChange: (part: PlotState) => void;
}) {
  const fields = differingFields(runs);
  if (fields.length < 2)
    return <Empty icon="compare" title="These runs differ in too little for a plot: it takes two fields" />;
  const options = fields.map((id) => ({ value: id, label: titleOf(id) }));
  if (kind !== "parallel") {
    const metrics = fields.filter((id) => id.startsWith("metrics."));
    const x = state.sx ?? fields[0]!;
    const z = state.sz ?? metrics[0] ?? fields[fields.length - 1]!;
    const y = state.sy ?? (kind === "contour" ? fields.find((id) => id !== x && id !== z) : metrics[0]) ?? fields[1]!;
    return (
      <>
        <div className={styles["bar"]}>
          <Select label="Across" options={options} value={x} onChange={(sx) => onChange({ sx })} />
          <span>by</span>
          <Select label="Upwards" options={options} value={y} onChange={(sy) => onChange({ sy })} />
          {kind === "contour" && (
            <>
              <span>coloured by</span>
              <Select label="Colour" options={options} value={z} onChange={(sz) => onChange({ sz })} />
            </>
          )}
        </div>
        {kind === "scatter" ? (
          <Scatter runs={runs} x={axisOf(x, runs)} y={axisOf(y, runs)} />
        ) : kind === "contour" ? (
          <Contour runs={runs} x={axisOf(x, runs)} y={axisOf(y, runs)} z={axisOf(z, runs)} />
        ) : (
          <Boxes runs={runs} x={axisOf(x, runs)} y={axisOf(y, runs)} by={x} />
        )}
      </>
    );
  }
  const chosen = state.axes === undefined ? usual(fields) : readList(state.axes);
  const toggle = (id: string) =>
    onChange({ axes: writeList(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]) });
  return (
    <>
      <div className={styles["bar"]}>
        <Popover label="Choose axes" icon="columns" shown="Axes" align="start">
          {() => (
            <div className={chooser["chooser"]}>
              <div className={chooser["list"]} tabIndex={0} role="region" aria-label="Axes">
                {options.map((option) => (
                  <div key={option.value} className={chooser["item"]}>
                    <Checkbox
                      label={option.label}
                      checked={chosen.includes(option.value)}
                      onChange={() => toggle(option.value)}
                    />
                  </div>
                ))}
              </div>
            </div>
          )}
        </Popover>
        <span className={styles["none"]}>Drag along an axis to keep only the runs that pass there.</span>
      </div>
      <ParallelCoordinates runs={runs} axes={chosen.map((id) => axisOf(id, runs))} />
    </>
  );
}

/** Params first, what came of them last. */
function usual(fields: readonly string[]): string[] {
  const params = fields.filter((id) => id.startsWith("params.")).slice(0, usualAxes - 2);
  const metrics = fields.filter((id) => id.startsWith("metrics.") && !id.startsWith("metrics.system/"));
  return [...params, ...metrics.slice(0, usualAxes - params.length)];
}

function titleOf(id: string): string {
  const field = fieldOf(id);
  return `${field.key} (${field.kind === "metrics" ? "metric" : "param"})`;
}
