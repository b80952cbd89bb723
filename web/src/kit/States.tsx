import type { ReactNode } from "react";
import { useState } from "react";
import { Fault } from "../api/client";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";
import { CopyButton } from "./Words";
import styles from "./States.module.css";

/** What stands where something is about to: the same size, so that nothing moves when it comes. */
export function Skeleton({ width, height = 12 }: { width: number | string; height?: number }) {
  return <span className={styles["skeleton"]} style={{ width, height }} aria-hidden="true" />;
}

export function SkeletonLines({ lines = 6 }: { lines?: number }) {
  return (
    <div className={styles["lines"]} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} width={`${90 - ((line * 37) % 50)}%`} />
      ))}
    </div>
  );
}

/** Why something cannot be shown, and what to do about it. */
export function FaultView({ error, retry }: { error: unknown; retry?: () => void }) {
  const fault = error instanceof Fault ? error : undefined;
  return (
    <div role="alert" className={styles["state"]}>
      <span className={styles["bad"]}>
        <Icon name="warn" size={28} />
      </span>
      <h2>{fault?.message ?? "This page has a defect."}</h2>
      <p>{fault ? fault.hint : error instanceof Error ? error.message : String(error)}</p>
      {fault && fault.code !== "offline" && <code className={styles["code"]}>{fault.code}</code>}
      {retry && (
        <Button icon="reset" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Empty({ icon = "empty", title, children }: { icon?: IconName; title: string; children?: ReactNode }) {
  return (
    <div className={styles["state"]}>
      <span className={styles["sign"]}>
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** The same thing said to several clients, one at a time, ready to be copied. */
export function Snippets({ snippets }: { snippets: Record<string, string> }) {
  const names = Object.keys(snippets);
  const [chosen, choose] = useState(names[0]!);
  const text = snippets[chosen]!;
  return (
    <figure className={styles["snippets"]}>
      <figcaption>
        {names.map((name) => (
          <button key={name} type="button" aria-pressed={name === chosen} onClick={() => choose(name)}>
            {name}
          </button>
        ))}
        <CopyButton text={text} />
      </figcaption>
      <pre tabIndex={0} aria-label={`Example in ${chosen}`}>
        {text}
      </pre>
    </figure>
  );
}
