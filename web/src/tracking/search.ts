import { ask, Fault } from "../api/client";
import type { ExperimentPage, Run, RunPage } from "../api/tracking";
import { addFinder } from "../shell/search";

const perKind = 6;

function like(text: string): string {
  return `'%${text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("%", "\\%")}%'`;
}

async function findExperiments(text: string, signal: AbortSignal) {
  const search = new URLSearchParams({ page_size: String(perKind), order_by: "last_update_time DESC" });
  if (text !== "") search.set("filter", `name ILIKE ${like(text)}`);
  const page = await ask<ExperimentPage>(`/api/v1/experiments?${search}`, { signal });
  return page.items.map((experiment) => ({
    icon: "experiments" as const,
    title: experiment.name,
    detail: "experiment",
    to: `/experiments/${experiment.id}`,
  }));
}

async function findRuns(text: string, signal: AbortSignal) {
  if (text === "") return [];
  if (/^[0-9a-f]{32}$/.test(text)) {
    const run = await ask<Run>(`/api/v1/runs/${text}`, { signal }).catch((error: unknown) => {
      if (error instanceof Fault && error.status === 404) return undefined;
      throw error;
    });
    return run ? [found(run)] : [];
  }
  const recent = await ask<ExperimentPage>("/api/v1/experiments?page_size=50&order_by=last_update_time+DESC", {
    signal,
  });
  const page = await ask<RunPage>("/api/v1/runs/search", {
    body: {
      experiment_ids: recent.items.map((experiment) => experiment.id),
      filter: `attributes.run_name ILIKE ${like(text)} OR attributes.run_id LIKE ${like(text)}`,
      page_size: perKind,
      fields: [],
    },
    signal,
  });
  return page.items.map(found);
}

function found(run: Run) {
  return { icon: "compare" as const, title: run.name, detail: run.id, to: `/runs/${run.id}` };
}

addFinder(findExperiments);
addFinder(findRuns);
