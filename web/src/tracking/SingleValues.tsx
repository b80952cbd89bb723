import type { Line } from "../kit/chart/lines";
import { colorOf } from "../kit/color";
import { number } from "../kit/words";
import styles from "./SingleValues.module.css";

/** A metric that each run measured once, which no line can show: the values themselves, with bars where there are several. */
export function SingleValues({ lines }: { lines: readonly Line[] }) {
  const measured = lines.filter((line) => line.ys.length > 0).map((line) => ({ line, value: line.ys[0]! }));
  const only = measured[0];
  if (measured.length === 1 && only)
    return (
      <p className={styles["one"]} title={String(only.value)}>
        {number(only.value)}
      </p>
    );
  const most = Math.max(
    ...measured.map(({ value }) => (Number.isFinite(value) ? Math.abs(value) : 0)),
    Number.MIN_VALUE,
  );
  return (
    <div className={styles["many"]} tabIndex={0} role="region" aria-label="Values">
      <table>
        <tbody>
          {measured
            .sort((a, b) => b.value - a.value)
            .map(({ line, value }) => (
              <tr key={line.id}>
                <th scope="row" title={line.label}>
                  {line.label}
                </th>
                <td className={styles["bar"]} aria-hidden="true">
                  <i
                    style={{
                      width: `${Number.isFinite(value) ? (Math.abs(value) / most) * 100 : 0}%`,
                      background: colorOf(line.id),
                    }}
                  />
                </td>
                <td className={styles["value"]}>{number(value)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
