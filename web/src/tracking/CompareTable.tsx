import { Link } from "@tanstack/react-router";
import { type Run, toNumber } from "../api/tracking";
import { colorOf } from "../kit/color";
import { Checkbox } from "../kit/Field";
import { count, duration, number } from "../kit/words";
import { type CompareRow, rowsOf } from "./compareRows";
import { Status } from "./Status";
import styles from "./ComparePage.module.css";

/** Runs side by side: what differs stands out, and nothing else has to be shown. */
export function CompareTable({
  runs,
  onlyDifferent,
  onOnly,
}: {
  runs: readonly Run[];
  onlyDifferent: boolean;
  onOnly: (only: boolean) => void;
}) {
  const groups = rowsOf(runs).map((group) => ({
    ...group,
    rows: onlyDifferent ? group.rows.filter((row) => row.differs) : group.rows,
  }));
  return (
    <>
      <div className={styles["bar"]}>
        <Checkbox
          label="Only what differs"
          checked={onlyDifferent}
          onChange={(event) => onOnly(event.target.checked)}
        />
      </div>
      <div className={styles["scroll"]} tabIndex={0} role="region" aria-label="Runs side by side">
        <table className={styles["table"]}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Field</span>
              </th>
              {runs.map((run) => (
                <th key={run.id} scope="col">
                  <span className={styles["head"]}>
                    <i style={{ background: colorOf(run.id) }} />
                    <Link to="/runs/$runId" params={{ runId: run.id }}>
                      {run.name}
                    </Link>
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Status</th>
              {runs.map((run) => (
                <td key={run.id}>
                  <Status status={run.status} />
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">Duration</th>
              {runs.map((run) => (
                <td key={run.id}>{run.end_ms === undefined ? "–" : duration(run.end_ms - run.start_ms)}</td>
              ))}
            </tr>
          </tbody>
          {groups.map((group) => (
            <tbody key={group.title}>
              <tr className={styles["group"]}>
                <th scope="rowgroup">
                  {group.title} {count(group.rows.length)}
                </th>
                {runs.map((run) => (
                  <td key={run.id} />
                ))}
              </tr>
              {group.rows.map((row) => (
                <Row key={row.key} row={row} runs={runs} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </>
  );
}

function Row({ row, runs }: { row: CompareRow; runs: readonly Run[] }) {
  return (
    <tr data-different={(row.differs && row.kind !== "metrics") || undefined}>
      <th scope="row">{row.key}</th>
      {runs.map((run, i) => (
        <td key={run.id}>
          {row.values[i] === undefined ? (
            <span className={styles["none"]}>–</span>
          ) : (
            <Value row={row} run={run} i={i} />
          )}
        </td>
      ))}
    </tr>
  );
}

function Value({ row, run, i }: { row: CompareRow; run: Run; i: number }) {
  if (row.kind !== "metrics") return row.values[i];
  const value = toNumber(run.metrics[row.key]!.value);
  if (row.highest !== i && row.lowest !== i) return number(value);
  return (
    <>
      <b>{number(value)}</b>
      <small>{row.highest === i ? "highest" : "lowest"}</small>
    </>
  );
}
