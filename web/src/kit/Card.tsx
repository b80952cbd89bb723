import type { ReactNode } from "react";
import { useId } from "react";
import styles from "./Card.module.css";

/** A part of a page with a title of its own. */
export function Card({
  title,
  count,
  actions,
  children,
  flush,
}: {
  title: string;
  count?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** What is inside reaches to the edges. */
  flush?: boolean;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles["card"]}>
      <header>
        <h2 id={id}>
          {title} {count !== undefined && <span>{count}</span>}
        </h2>
        {actions && <div className={styles["actions"]}>{actions}</div>}
      </header>
      <div className={flush ? styles["flush"] : styles["body"]}>{children}</div>
    </section>
  );
}
