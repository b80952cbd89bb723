import { Link } from "@tanstack/react-router";
import { type Run, toNumber } from "../api/tracking";
import { colorOf } from "../kit/color";
import { Checkbox } from "../kit/Field";
import type { GridColumn } from "../kit/Grid";
import { duration, number } from "../kit/words";
import { When, useNow } from "../kit/Words";
import { attributes, bestOf, fieldOf, isAttribute, runDuration } from "./fields";
import { Status } from "./Status";
import styles from "./RunsPage.module.css";

const widths: Record<string, number> = {
  status: 116,
  start: 104,
  duration: 108,
  user: 120,
  end: 104,
  id: 290,
  datasets: 200,
};

export function nameColumns(
  narrow: boolean,
  widthOf: (id: string, usual: number) => number,
  selected: ReadonlyMap<string, Run>,
  toggle: (run: Run) => void,
  all?: { checked: boolean; toggle: () => void },
): GridColumn<Run>[] {
  return [
    {
      id: "select",
      title: "Select",
      hidesTitle: true,
      head: all && (
        <Checkbox label="Select all runs that match" hideLabel checked={all.checked} onChange={all.toggle} />
      ),
      width: narrow ? 44 : 60,
      render: (run) => (
        <Checkbox
          label={`Select ${run.name}`}
          hideLabel
          tabIndex={-1}
          checked={selected.has(run.id)}
          onChange={() => toggle(run)}
        />
      ),
    },
    {
      id: "name",
      title: "Run",
      width: widthOf("name", narrow ? 160 : 240),
      sortable: true,
      render: (run) => (
        <span className={styles["name"]}>
          <i style={{ background: colorOf(run.id) }} />
          <Link to="/runs/$runId" params={{ runId: run.id }} tabIndex={-1} title={run.name}>
            {run.name}
          </Link>
        </span>
      ),
    },
  ];
}

export function columnOf(id: string, widthOf: (id: string, usual: number) => number): GridColumn<Run> {
  const field = fieldOf(id);
  if (field.kind === "metrics") {
    const aspect = field.aspect === "best" ? bestOf(field.key) : field.aspect;
    return {
      id,
      title: field.key,
      caption: field.aspect === "best" ? `best (${aspect})` : (field.aspect ?? "metric"),
      width: widthOf(id, 124),
      align: "end",
      sortable: true,
      render: (run) => <Metric run={run} metric={field.key} aspect={aspect} />,
    };
  }
  if (field.kind !== undefined) {
    const kind = field.kind;
    return {
      id,
      title: field.key,
      caption: kind === "params" ? "param" : "tag",
      width: widthOf(id, 132),
      sortable: true,
      render: (run) => <Text text={run[kind][field.key]} />,
    };
  }
  return {
    id,
    title: isAttribute(id) ? attributes[id].title : id,
    width: widthOf(id, widths[id] ?? 120),
    align: id === "duration" ? "end" : undefined,
    sortable: isAttribute(id) && attributes[id].order !== undefined,
    render: (run) => <AttributeCell id={id} run={run} />,
  };
}

function AttributeCell({ id, run }: { id: string; run: Run }) {
  switch (id) {
    case "status":
      return <Status status={run.status} />;
    case "start":
      return <When ms={run.start_ms} />;
    case "end":
      return <When ms={run.end_ms} />;
    case "duration":
      return <Duration run={run} />;
    case "id":
      return <code>{run.id}</code>;
    case "datasets":
      return <Text text={run.datasets.map((dataset) => dataset.name).join(", ") || undefined} />;
    default:
      return <Text text={id === "user" ? run.user || undefined : undefined} />;
  }
}

function Duration({ run }: { run: Run }) {
  const ms = runDuration(run, useNow());
  return <span>{ms === undefined ? "–" : duration(ms)}</span>;
}

function Metric({ run, metric, aspect }: { run: Run; metric: string; aspect?: "lowest" | "highest" }) {
  const point = run.metrics[metric];
  if (!point) return <span className={styles["none"]}>–</span>;
  const shown = aspect === undefined ? point.value : (point[aspect] ?? point.value);
  const value = toNumber(shown);
  return (
    <span
      className={Number.isFinite(value) ? undefined : styles["odd"]}
      title={aspect === undefined ? `${shown} at step ${point.step}` : String(shown)}
    >
      {number(value)}
    </span>
  );
}

function Text({ text }: { text: string | undefined }) {
  return text === undefined ? <span className={styles["none"]}>–</span> : <span title={text}>{text}</span>;
}
