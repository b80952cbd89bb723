import type { DatasetInput, Run } from "../api/tracking";
import { Card } from "../kit/Card";
import { KeyTable } from "../kit/KeyTable";
import { Empty } from "../kit/States";
import { Copyable } from "../kit/Words";
import { count } from "../kit/words";
import styles from "./RunPage.module.css";

/** What the run read and what it made. */
export function RunInputs({ run }: { run: Run }) {
  if (run.datasets.length + run.model_inputs.length + run.model_outputs.length === 0)
    return (
      <Empty title="No input and no output is recorded">
        <p>Clients record the datasets a run read with log_input, and the models it made with log_model.</p>
      </Empty>
    );
  return (
    <div className={styles["columns"]}>
      {run.datasets.map((dataset) => (
        <Dataset key={`${dataset.name} ${dataset.digest}`} dataset={dataset} />
      ))}
      <Models title="Models made" ids={run.model_outputs.map((output) => output.model_id)} />
      <Models title="Models read" ids={run.model_inputs} />
    </div>
  );
}

function Dataset({ dataset }: { dataset: DatasetInput }) {
  const context = dataset.tags["mlflow.data.context"];
  const columns = columnsOf(dataset.schema);
  const facts = { ...(context ? { "Used for": context } : {}), Digest: dataset.digest, Source: dataset.source };
  return (
    <Card title={dataset.name} count={columns.length > 0 ? `${count(columns.length)} columns` : undefined} flush>
      <KeyTable
        label={`Dataset ${dataset.name}`}
        empty=""
        rows={[
          ...Object.entries(facts).map(([key, text]) => ({ key, text, value: text })),
          ...Object.entries(readObject(dataset.profile)).map(([key, value]) => ({
            key,
            text: "",
            value: plain(value),
          })),
          ...columns.map(({ name, type }) => ({ key: name, text: type, value: <code>{type}</code> })),
        ]}
      />
    </Card>
  );
}

function Models({ title, ids }: { title: string; ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <Card title={title} count={count(ids.length)} flush>
      <KeyTable
        label={title}
        empty=""
        rows={ids.map((id, i) => ({ key: `${i + 1}`, text: id, value: <Copyable text={id} label="model id" /> }))}
      />
    </Card>
  );
}

/** Schemas and profiles are written by clients: anything may stand there. */
function readObject(json: string | undefined): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(json ?? "{}");
    return typeof found === "object" && found !== null && !Array.isArray(found)
      ? (found as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

function columnsOf(schema: string | undefined): { name: string; type: string }[] {
  const columns = readObject(schema)["mlflow_colspec"];
  if (!Array.isArray(columns)) return [];
  return columns.map((column: Record<string, unknown>) => ({
    name: String(column?.["name"] ?? ""),
    type: String(column?.["type"] ?? ""),
  }));
}

function plain(value: unknown): string {
  return typeof value === "number" ? count(value) : typeof value === "string" ? value : JSON.stringify(value);
}
