import { useSyncExternalStore } from "react";

const query = matchMedia("(max-width: 860px)");

/** Whether the window is as narrow as a telephone's. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      query.addEventListener("change", watcher);
      return () => query.removeEventListener("change", watcher);
    },
    () => query.matches,
  );
}
