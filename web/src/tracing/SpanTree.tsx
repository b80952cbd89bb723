import { useState } from "react";
import { colorAt } from "../kit/color";
import { Icon } from "../kit/Icon";
import { duration } from "../kit/words";
import { colorPlace, type Span } from "./traces";
import styles from "./TracePage.module.css";

/** The spans as a tree, each with a bar for when it worked. */
export function SpanTree({
  spans,
  chosen,
  onChoose,
}: {
  spans: readonly Span[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const start = Math.min(...spans.map((span) => span.startMs));
  const whole = Math.max(...spans.map((span) => span.endMs)) - start || 1;
  const shown = visible(spans, closed);
  const toggle = (id: string, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(id);
    else next.add(id);
    setClosed(next);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = shown.findIndex((span) => span.id === chosen);
    const here = shown[at];
    if (event.key === "ArrowDown" && shown[at + 1]) onChoose(shown[at + 1]!.id);
    else if (event.key === "ArrowUp" && shown[at - 1]) onChoose(shown[at - 1]!.id);
    else if (event.key === "ArrowRight" && here) toggle(here.id, true);
    else if (event.key === "ArrowLeft" && here) toggle(here.id, false);
    else return;
    event.preventDefault();
  };
  return (
    <div
      role="tree"
      aria-label="Spans"
      tabIndex={0}
      aria-activedescendant={chosen ? `span-${chosen}` : undefined}
      className={styles["tree"]}
      onKeyDown={onKeyDown}
    >
      {shown.map((span) => (
        <div
          key={span.id}
          id={`span-${span.id}`}
          role="treeitem"
          aria-level={span.depth + 1}
          aria-selected={span.id === chosen}
          aria-expanded={span.hasChildren ? !closed.has(span.id) : undefined}
          className={styles["span"]}
          onClick={() => onChoose(span.id)}
        >
          <span className={styles["name"]} style={{ paddingLeft: span.depth * 16 }}>
            <span
              className={styles["turn"]}
              onClick={(event) => {
                event.stopPropagation();
                if (span.hasChildren) toggle(span.id, closed.has(span.id));
              }}
            >
              {span.hasChildren && <Icon name={closed.has(span.id) ? "right" : "chevron"} size={12} />}
            </span>
            <i style={{ background: colorAt(colorPlace(span.kind)) }} title={span.kind} />
            <span className={styles["title"]} data-failed={span.failed || undefined}>
              {span.name}
            </span>
            {span.failed && (
              <span className={styles["failed"]} title={span.message ?? "Failed"}>
                <Icon name="warn" size={14} />
                <span className="visually-hidden">failed</span>
              </span>
            )}
          </span>
          <span className={styles["track"]}>
            <i
              data-failed={span.failed || undefined}
              style={{
                left: `${((span.startMs - start) / whole) * 100}%`,
                width: `${((span.endMs - span.startMs) / whole) * 100}%`,
                background: colorAt(colorPlace(span.kind)),
              }}
            />
          </span>
          <small>{duration(span.endMs - span.startMs)}</small>
        </div>
      ))}
    </div>
  );
}

function visible(spans: readonly Span[], closed: ReadonlySet<string>): Span[] {
  let hiddenBelow = Infinity;
  return spans.filter((span) => {
    if (span.depth > hiddenBelow) return false;
    hiddenBelow = closed.has(span.id) ? span.depth : Infinity;
    return true;
  });
}
