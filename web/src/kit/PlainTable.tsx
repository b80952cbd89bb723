import type { ReactNode } from "react";
import styles from "./PlainTable.module.css";

/** A table of few rows. What can be done with a row stands at its end. */
export function PlainTable({
  label,
  head,
  rows,
  empty = "Nothing yet.",
}: {
  label: string;
  /** What is said where there are no rows. */
  empty?: string;
  head: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[]; actions?: ReactNode }[];
}) {
  const hasActions = rows.some((row) => row.actions !== undefined);
  if (rows.length === 0) return <p className={styles["empty"]}>{empty}</p>;
  return (
    <div className={styles["scroll"]} tabIndex={0} role="region" aria-label={label}>
      <table className={styles["table"]}>
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {hasActions && (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              {row.cells.map((cell, i) =>
                i === 0 ? (
                  <th key={i} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={i}>{cell}</td>
                ),
              )}
              {hasActions && (
                <td>
                  <span className={styles["actions"]}>{row.actions}</span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
