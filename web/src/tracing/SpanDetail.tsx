import { Card } from "../kit/Card";
import { KeyTable } from "../kit/KeyTable";
import { CopyButton } from "../kit/Words";
import { count, duration, exactTime } from "../kit/words";
import type { Span } from "./traces";
import styles from "./TracePage.module.css";

/** What one span was given, what it gave, and what else it says of itself. */
export function SpanDetail({ span }: { span: Span }) {
  return (
    <div className={styles["detail"]}>
      <Card title={span.name} count={span.kind.toLowerCase().replaceAll("_", " ")}>
        <p>
          {duration(span.endMs - span.startMs)}, from <time>{exactTime(span.startMs)}</time>
        </p>
        {span.failed && (
          <p role="alert" className={styles["message"]}>
            {span.message ?? "This span failed and does not say why."}
          </p>
        )}
      </Card>
      <Value title="Inputs" value={span.inputs} />
      <Value title="Outputs" value={span.outputs} />
      {span.attributes.length > 0 && (
        <Card title="Attributes" count={count(span.attributes.length)} flush>
          <KeyTable
            label="Attributes"
            empty=""
            rows={span.attributes.map(([key, value]) => ({ key, text: shown(value), value: shown(value) }))}
          />
        </Card>
      )}
      {span.events.map((event, i) => (
        <Card key={i} title={event.name} count={`after ${duration(event.atMs - span.startMs)}`} flush>
          <KeyTable
            label={event.name}
            empty="Nothing more is said."
            rows={event.attributes.map(([key, value]) => ({
              key,
              text: shown(value),
              value: <span className={styles["lines"]}>{shown(value)}</span>,
            }))}
          />
        </Card>
      ))}
    </div>
  );
}

function Value({ title, value }: { title: string; value: unknown }) {
  if (value === undefined || value === null) return null;
  const text = shown(value);
  return (
    <Card title={title} flush actions={<CopyButton text={text} label={`Copy ${title.toLowerCase()}`} />}>
      <pre className={styles["code"]} tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </Card>
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}
