import { type ReactNode, useState } from "react";
import { TextField } from "./Field";
import styles from "./KeyTable.module.css";

export interface KeyRow {
  key: string;
  /** What is searched, beside the key. */
  text: string;
  value: ReactNode;
  /** Whether the value is a number. */
  isNumber?: boolean;
}

const searchedFrom = 12;

/** Names and what they stand for; with many, a box to find some. */
export function KeyTable({ label, rows, empty }: { label: string; rows: readonly KeyRow[]; empty: string }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = rows.filter((row) => row.key.toLowerCase().includes(wanted) || row.text.toLowerCase().includes(wanted));
  if (rows.length === 0) return <p className={styles["empty"]}>{empty}</p>;
  return (
    <>
      {rows.length >= searchedFrom && (
        <div className={styles["search"]}>
          <TextField
            label={`Find in ${label.toLowerCase()}`}
            hideLabel
            type="search"
            placeholder="Find"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      )}
      <div className={styles["scroll"]} tabIndex={0} role="region" aria-label={label}>
        <table className={styles["table"]}>
          <tbody>
            {found.map((row) => (
              <tr key={row.key}>
                <th scope="row" title={row.key}>
                  {row.key}
                </th>
                <td className={row.isNumber ? styles["number"] : undefined}>{row.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {found.length === 0 && <p className={styles["empty"]}>Nothing has “{text}” in its name or value.</p>}
      </div>
    </>
  );
}
