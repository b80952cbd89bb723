import { useState, useSyncExternalStore } from "react";
import { IconButton } from "./Button";
import { exactTime, relativeTime } from "./words";
import styles from "./Words.module.css";

// One clock for all times in view: they move on together, every ten seconds.
let now = Date.now();
const watchers = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  watchers.forEach((watcher) => watcher());
}, 10_000);

export function useNow(): number {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => now,
  );
}

/** How long ago; hovering shows the exact instant in the viewer's zone. */
export function When({ ms }: { ms: number | undefined }) {
  const current = useNow();
  if (ms === undefined || ms <= 0) return <span className={styles["none"]}>–</span>;
  return (
    <time dateTime={new Date(ms).toISOString()} title={exactTime(ms)}>
      {relativeTime(ms, Math.max(current, ms))}
    </time>
  );
}

/** An id or another text that people carry elsewhere. */
export function Copyable({ text, shown = text, label }: { text: string; shown?: string; label: string }) {
  return (
    <span className={styles["copyable"]}>
      <code title={text}>{shown}</code>
      <CopyButton text={text} label={`Copy ${label}`} />
    </span>
  );
}

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      icon={copied ? "check" : "copy"}
      label={copied ? "Copied" : label}
      className={styles["copy"]}
      onClick={async () => {
        await copyText(text);
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      }}
    />
  );
}

/** The clipboard is closed to pages that came over plain http from another machine; selecting and copying is not. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const holder = document.createElement("textarea");
  holder.value = text;
  holder.className = "visually-hidden";
  document.body.append(holder);
  holder.select();
  document.execCommand("copy");
  holder.remove();
}
