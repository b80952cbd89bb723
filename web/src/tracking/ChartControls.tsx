import { useId } from "react";
import type { XKind } from "../kit/chart/LineChart";
import { Choice, TextField } from "../kit/Field";
import styles from "./MetricCharts.module.css";

/** How charts are drawn, as the address has it. */
export interface ChartState {
  x?: XKind;
  y?: "log";
  smooth?: string;
  m?: string;
}

const mostSmoothing = 0.98;

export function readSmoothing(text: string | undefined): number {
  const rate = Number(text ?? 0);
  return rate > 0 && rate <= mostSmoothing ? rate : 0;
}

export function ChartControls({
  state,
  onChange,
}: {
  state: ChartState;
  onChange: (part: Partial<ChartState>) => void;
}) {
  const id = useId();
  const smoothing = readSmoothing(state.smooth);
  return (
    <div className={styles["controls"]}>
      <TextField
        label="Find a metric"
        hideLabel
        type="search"
        placeholder="Find a metric"
        value={state.m ?? ""}
        onChange={(event) => onChange({ m: event.target.value || undefined })}
      />
      <Choice
        label="Over"
        options={[
          { value: "step", label: "Step" },
          { value: "relative", label: "Since start" },
          { value: "time", label: "Time" },
        ]}
        value={state.x ?? "step"}
        onChange={(x) => onChange({ x: x === "step" ? undefined : x })}
      />
      <Choice
        label="Scale"
        options={[
          { value: "linear", label: "Linear" },
          { value: "log", label: "Log" },
        ]}
        value={state.y ?? "linear"}
        onChange={(y) => onChange({ y: y === "log" ? "log" : undefined })}
      />
      <span className={styles["slider"]}>
        <label htmlFor={id}>Smoothing</label>
        <input
          id={id}
          type="range"
          min={0}
          max={mostSmoothing}
          step={0.01}
          value={smoothing}
          onChange={(event) => onChange({ smooth: event.target.value === "0" ? undefined : event.target.value })}
        />
        <output htmlFor={id}>{smoothing.toFixed(2)}</output>
      </span>
    </div>
  );
}
