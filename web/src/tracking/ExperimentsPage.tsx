import { useInfiniteQuery, useQueries } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { ask } from "../api/client";
import type { Experiment, ExperimentPage, ExperimentsCounts } from "../api/tracking";
import { Button } from "../kit/Button";
import { Choice, TextField } from "../kit/Field";
import { Grid } from "../kit/Grid";
import { Empty, FaultView, Snippets } from "../kit/States";
import { count, counted } from "../kit/words";
import { useNarrow } from "../shell/narrow";
import { Page } from "../shell/Page";
import { columnsOf } from "./experimentColumns";
import { NewExperiment } from "./NewExperiment";
import { snippets } from "./NoRuns";
import styles from "./ExperimentsPage.module.css";

const route = getRouteApi("/experiments");
const pageSize = 200;
const countsAtOnce = 50;
const orders: Record<string, string> = { name: "name", updated: "last_update_time", created: "creation_time" };

export function ExperimentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = useNarrow();
  const [making, setMaking] = useState(false);
  const [view, setView] = useState({ first: 0, end: 0 });
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const sort = search.sort ?? "-updated";
  const listing = useInfiniteQuery({
    queryKey: ["experiments", search.q, sort, search.view],
    queryFn: ({ pageParam, signal }) =>
      ask<ExperimentPage>(`/api/v1/experiments?${listingOf(search.q, sort, search.view, pageParam)}`, { signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_page_token,
    refetchInterval: 10_000,
  });
  const items = listing.data?.pages.flatMap((page) => page.items) ?? [];
  const total = listing.data?.pages[0]?.total;
  const counts = useCounts(items, view);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = listing;
  const onView = useCallback((first: number, end: number) => setView({ first, end }), []);
  useEffect(() => {
    if (view.end > items.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [view.end, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const sortId = sort.replace(/^-/, "");
  return (
    <Page
      fills
      title="Experiments"
      actions={
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          New experiment
        </Button>
      }
    >
      <div className={styles["bar"]}>
        <NameFilter value={search.q ?? ""} onChange={(q) => change({ q: q === "" ? undefined : q })} />
        <span className={styles["count"]} role="status">
          {total === undefined ? "" : search.q ? `${count(total)} match` : counted(total, "experiment")}
        </span>
        <Choice
          label="Which experiments"
          options={[
            { value: "active", label: "In use" },
            { value: "deleted", label: "Bin" },
          ]}
          value={search.view ?? "active"}
          onChange={(chosen) => change({ view: chosen === "active" ? undefined : chosen })}
        />
      </div>
      <div className={styles["table"]}>
        {listing.error ? (
          <FaultView error={listing.error} retry={() => void listing.refetch()} />
        ) : total === 0 ? (
          <NoExperiments filtered={search.q !== undefined} bin={search.view === "deleted"} />
        ) : (
          <Grid
            label="Experiments"
            rowCount={total ?? 12}
            rowHeight={44}
            columns={columnsOf(narrow, counts)}
            pinned={1}
            rowAt={(index) => items[index]}
            onView={onView}
            sort={{ id: sortId, descending: sort.startsWith("-") }}
            onSort={(id) => change({ sort: sortId === id && sort.startsWith("-") ? id : `-${id}` })}
            onOpen={(item) =>
              void navigate({ to: "/experiments/$experimentId", params: { experimentId: item.id }, search: {} })
            }
          />
        )}
      </div>
      {making && <NewExperiment onClose={() => setMaking(false)} />}
    </Page>
  );
}

function NameFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 200);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextField
      label="Filter by name"
      hideLabel
      type="search"
      placeholder="Filter by name"
      className={styles["filter"]}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function NoExperiments({ filtered, bin }: { filtered: boolean; bin: boolean }) {
  if (filtered) return <Empty icon="search" title="No experiment has that in its name" />;
  if (bin) return <Empty icon="bin" title="The bin is empty" />;
  return (
    <Empty icon="experiments" title="No experiment yet">
      <p>An experiment gathers the runs of one question. The first run that is logged makes it.</p>
      <Snippets snippets={snippets("first steps")} />
    </Empty>
  );
}

function listingOf(q: string | undefined, sort: string, view: string | undefined, token: string): URLSearchParams {
  const search = new URLSearchParams({ page_size: String(pageSize) });
  search.set(
    "order_by",
    `${orders[sort.replace(/^-/, "")] ?? "last_update_time"} ${sort.startsWith("-") ? "DESC" : "ASC"}`,
  );
  if (q)
    search.set("filter", `name ILIKE '%${q.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("%", "\\%")}%'`);
  if (view) search.set("view", view);
  if (token) search.set("page_token", token);
  return search;
}

/** How many runs those in view have; asked for apart, so that the names are there at once. */
function useCounts(items: readonly Experiment[], view: { first: number; end: number }) {
  const first = Math.floor(view.first / countsAtOnce);
  const groups = [first, first + 1].map((group) =>
    items.slice(group * countsAtOnce, (group + 1) * countsAtOnce).map((item) => item.id),
  );
  const found = useQueries({
    queries: groups.map((ids) => ({
      queryKey: ["experiment-counts", ids],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask<ExperimentsCounts>("/api/v1/experiments/counts", { body: { ids }, signal }),
      enabled: ids.length > 0,
      refetchInterval: 10_000,
    })),
  });
  return new Map(found.flatMap((answer) => Object.entries(answer.data?.counts ?? {})));
}
