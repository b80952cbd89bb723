import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./Button";
import styles from "./Toasts.module.css";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  undo?: () => void;
}

let shown: readonly Toast[] = [];
let next = 0;
const watchers = new Set<() => void>();

function show(toasts: readonly Toast[]): void {
  shown = toasts;
  watchers.forEach((watcher) => watcher());
}

/** Says that something was done, with the way back where there is one. */
export function tell(text: string, undo?: () => void): void {
  add({ id: next++, text, bad: false, undo }, undo ? 10_000 : 5000);
}

export function tellFault(error: unknown): void {
  add({ id: next++, text: error instanceof Error ? error.message : String(error), bad: true }, 12_000);
}

function add(toast: Toast, lifeMs: number): void {
  show([...shown.slice(-3), toast]);
  setTimeout(() => drop(toast.id), lifeMs);
}

function drop(id: number): void {
  show(shown.filter((toast) => toast.id !== id));
}

export function Toasts() {
  const toasts = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => shown,
  );
  return (
    <div role="status" className={styles["toasts"]}>
      {toasts.map((toast) => (
        <div key={toast.id} className={toast.bad ? styles["bad"] : styles["toast"]}>
          <span>{toast.text}</span>
          {toast.undo && (
            <Button
              kind="quiet"
              onClick={() => {
                toast.undo?.();
                drop(toast.id);
              }}
            >
              Undo
            </Button>
          )}
          <IconButton icon="close" label="Dismiss" onClick={() => drop(toast.id)} />
        </div>
      ))}
    </div>
  );
}
