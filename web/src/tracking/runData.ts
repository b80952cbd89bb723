// One run and what hangs on it, kept current while it is looked at.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Experiment, Run } from "../api/tracking";
import { tell, tellFault } from "../kit/Toasts";
import { useRunNews } from "../shell/live";

export function useRun(runId: string) {
  const client = useQueryClient();
  const run = useQuery({
    queryKey: ["run", runId],
    queryFn: ({ signal }) => ask<Run>(`/api/v1/runs/${encodeURIComponent(runId)}`, { signal }),
  });
  const experimentId = run.data?.experiment_id;
  const experiment = useQuery({
    queryKey: ["experiment", experimentId],
    queryFn: ({ signal }) => ask<Experiment>(`/api/v1/experiments/${experimentId}`, { signal }),
    enabled: experimentId !== undefined,
  });
  useRunNews(experimentId, (news) => {
    if (news.runs && !news.runs.includes(runId)) return;
    void client.invalidateQueries({ queryKey: ["run", runId] });
    void client.invalidateQueries({
      queryKey: ["histories"],
      predicate: ({ queryKey }) => namesRun(queryKey[1], runId),
    });
  });
  return { run, experiment };
}

function namesRun(ids: unknown, runId: string): boolean {
  return Array.isArray(ids) && ids.includes(runId);
}

interface Change {
  rename?: string;
  tags?: Record<string, string>;
  removeTag?: string;
  to?: "bin" | "use";
}

/** Changes a run and shows it changed; says why where it could not be. */
export function useRunChange(runId: string) {
  const client = useQueryClient();
  return useMutation<void, Error, Change>({
    mutationFn: async (change) => {
      const path = `/api/v1/runs/${encodeURIComponent(runId)}`;
      if (change.rename !== undefined) await ask(path, { method: "PATCH", body: { name: change.rename } });
      if (change.tags !== undefined) await ask(`${path}/log`, { body: { metrics: [], params: {}, tags: change.tags } });
      if (change.removeTag !== undefined)
        await ask(`${path}/tags?key=${encodeURIComponent(change.removeTag)}`, { method: "DELETE" });
      if (change.to === "bin") await ask(path, { method: "DELETE" });
      if (change.to === "use") await ask(`${path}/restore`, { method: "POST" });
    },
    onError: tellFault,
    onSettled: () => client.invalidateQueries({ queryKey: ["run", runId] }),
  });
}

export function useRunBin(runId: string) {
  const change = useRunChange(runId);
  const client = useQueryClient();
  return (to: "bin" | "use") =>
    change.mutate(
      { to },
      {
        onSuccess: () => {
          void client.invalidateQueries({ queryKey: ["runs"] });
          tell(to === "bin" ? "The run is in the bin." : "The run is restored.", () =>
            change.mutate({ to: to === "bin" ? "use" : "bin" }),
          );
        },
      },
    );
}
