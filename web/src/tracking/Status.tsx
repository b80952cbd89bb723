import type { RunStatus } from "../api/tracking";
import styles from "./Status.module.css";

const words: Record<RunStatus, string> = {
  running: "Running",
  scheduled: "Scheduled",
  finished: "Finished",
  failed: "Failed",
  killed: "Stopped",
};

const shapes: Record<RunStatus, string> = {
  running: "M7 1.5A5.5 5.5 0 1 1 1.5 7",
  scheduled: "M7 3.5V7l2.2 1.4M7 12.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11z",
  finished: "M2.5 7.5l3 3 6-6.5",
  failed: "M3 3l8 8M11 3l-8 8",
  killed: "M3.5 3.5h7v7h-7z",
};

/** What a run is doing, by shape, colour and word. */
export function Status({ status }: { status: RunStatus }) {
  return (
    <span className={styles["status"]} data-status={status}>
      <svg
        width="14"
        height="14"
        viewBox="0 0 14 14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        aria-hidden="true"
      >
        <path d={shapes[status]} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      {words[status]}
    </span>
  );
}
