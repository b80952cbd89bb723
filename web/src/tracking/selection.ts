// Which runs of a table are selected, wherever in it they stand.
import { useState } from "react";
import { ask } from "../api/client";
import type { Run, RunPage, RunQuery } from "../api/tracking";
import { tell, tellFault } from "../kit/Toasts";
import { count } from "../kit/words";

export const mostSelected = 1000;

export interface Selection {
  runs: ReadonlyMap<string, Run>;
  isAll: boolean;
  toggle: (run: Run) => void;
  toggleAll?: () => void;
  clear: () => void;
}

/** The query and the total are of what the table shows. */
export function useSelection(query: RunQuery, total: number | undefined): Selection {
  const [runs, setRuns] = useState<ReadonlyMap<string, Run>>(new Map());
  const isAll = runs.size > 0 && runs.size >= Math.min(total ?? 0, mostSelected);
  const clear = () => setRuns(new Map());
  const selectAll = async () => {
    try {
      const page = await ask<RunPage>("/api/v1/runs/search", { body: { ...query, page_size: mostSelected } });
      setRuns(new Map(page.items.map((run) => [run.id, run])));
      if (page.total > mostSelected)
        tell(`The first ${count(mostSelected)} of ${count(page.total)} runs are selected.`);
    } catch (error) {
      tellFault(error);
    }
  };
  return {
    runs,
    isAll,
    clear,
    toggle: (run) => {
      const next = new Map(runs);
      if (!next.delete(run.id)) next.set(run.id, run);
      setRuns(next);
    },
    toggleAll: () => (isAll ? clear() : void selectAll()),
  };
}
