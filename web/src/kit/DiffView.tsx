import type { DiffLine } from "./diff";
import styles from "./DiffView.module.css";

const signs: Record<DiffLine["kind"], string> = { same: " ", removed: "−", added: "+", gap: "" };
const mostLines = 5000;

/** Lines removed and added, told apart by sign and colour both. */
export function DiffView({ label, lines }: { label: string; lines: readonly DiffLine[] }) {
  return (
    <pre className={styles["diff"]} tabIndex={0} aria-label={label}>
      {lines.slice(0, mostLines).map((line, i) => (
        <span key={i} data-kind={line.kind}>
          <i>{signs[line.kind]}</i>
          {line.kind === "gap" && line.text === "" ? "⋯" : line.text}
          {"\n"}
        </span>
      ))}
      {lines.length > mostLines && `${lines.length - mostLines} more lines`}
    </pre>
  );
}
