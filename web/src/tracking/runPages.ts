// The rows of a table of runs: fetched by pages around what is in view, as the listing stood when it was first asked for,
// and kept current by news of the server. Rows never move by themselves; new ones are announced.
import { keepPreviousData, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { ask, Fault } from "../api/client";
import type { ExperimentNews } from "../api/records";
import type { Run, RunPage, RunQuery, RunsFound } from "../api/tracking";
import { useRunNews } from "../shell/live";

export const pageSize = 100;
const pagesAtOnce = 4;

export interface RunRows {
  total: number | undefined;
  fault: Fault | undefined;
  error: unknown;
  isLoading: boolean;
  /** Runs that were made since, and are not among the rows. */
  fresh: number;
  rowAt: (index: number) => Run | undefined;
  onView: (first: number, end: number) => void;
  refresh: () => void;
}

export function useRunPages(asked: RunQuery): RunRows {
  const experimentId = asked.experiment_ids[0]!;
  const client = useQueryClient();
  const [view, setView] = useState({ first: 0, end: 0 });
  const [round, setRound] = useState(0);
  const [fresh, setFresh] = useState(0);
  const base = useMemo(() => ({ ...asked, page_size: pageSize }), [JSON.stringify(asked)]);

  const first = useQuery({
    queryKey: ["runs", base, round],
    queryFn: ({ signal }) => ask<RunPage>("/api/v1/runs/search", { body: { ...base, offset: 0 }, signal }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const snapshot = first.data?.snapshot;
  const wanted = pagesFor(view, first.data?.total ?? 0);
  const others = useQueries({
    queries: wanted.map((page) => ({
      queryKey: ["runs", base, round, snapshot, page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask<RunPage>("/api/v1/runs/search", {
          body: { ...base, offset: page * pageSize, up_to: snapshot },
          signal,
        }),
      enabled: !first.isPlaceholderData && first.data !== undefined,
      staleTime: Infinity,
    })),
  });
  const pages = new Map<number, RunPage>();
  if (first.data) pages.set(0, first.data);
  wanted.forEach((page, i) => {
    const data = others[i]?.data;
    if (data) pages.set(page, data);
  });

  const refresh = useCallback(() => {
    setFresh(0);
    setRound((before) => before + 1);
    void client.invalidateQueries({ queryKey: ["run-fields", experimentId] });
  }, [client, experimentId]);

  useRunNews(experimentId, (news) => {
    if (news.created) {
      if (first.data?.total === 0) refresh();
      else setFresh((before) => before + news.created!);
    }
    void takeNews(news);
  });

  const takingNews = useRef(Promise.resolve());
  const takeNews = (news: ExperimentNews) => {
    takingNews.current = takingNews.current.then(async () => {
      const entries = client.getQueriesData<RunPage>({ queryKey: ["runs", base, round] });
      const shown = entries.flatMap(([, page]) => page?.items.map((run) => run.id) ?? []);
      const changed = news.runs ? new Set(news.runs) : undefined;
      const ids = shown.filter((id) => changed?.has(id) ?? true).slice(0, 1000);
      if (ids.length === 0) return;
      const found = await ask<RunsFound>("/api/v1/runs/lookup", { body: { ids } }).catch(() => undefined);
      const now = new Map(found?.runs.map((run) => [run.id, run]));
      for (const [key, page] of entries) {
        if (page) client.setQueryData(key, { ...page, items: page.items.map((run) => now.get(run.id) ?? run) });
      }
    });
    return takingNews.current;
  };

  return {
    total: first.data?.total,
    fault: first.error instanceof Fault ? first.error : undefined,
    error: first.error,
    isLoading: first.isPending,
    fresh,
    rowAt: (index) => pages.get(Math.floor(index / pageSize))?.items[index % pageSize],
    onView: useCallback((start: number, end: number) => setView({ first: start, end }), []),
    refresh,
  };
}

/** The pages that hold the rows in view and those nearby; the first is always there. */
export function pagesFor(view: { first: number; end: number }, total: number): number[] {
  const last = Math.floor(Math.max(0, total - 1) / pageSize);
  const from = Math.max(1, Math.floor((view.first - pageSize / 2) / pageSize));
  const to = Math.min(last, Math.floor((view.end + pageSize / 2) / pageSize));
  const pages = [];
  for (let page = from; page <= to && pages.length < pagesAtOnce; page++) pages.push(page);
  return pages;
}
