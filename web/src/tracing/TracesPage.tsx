import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ask } from "../api/client";
import type { ExperimentPage } from "../api/tracking";
import { Select, TextField } from "../kit/Field";
import { Grid, type GridColumn } from "../kit/Grid";
import { Empty, FaultView, Snippets } from "../kit/States";
import { When } from "../kit/Words";
import { count, duration } from "../kit/words";
import { useNarrow } from "../shell/narrow";
import { Page } from "../shell/Page";
import { TraceState } from "./TraceState";
import { durationMs, oneLine, searchTraces, tokensOf, type TraceHead } from "./traces";
import styles from "./TracesPage.module.css";

const route = getRouteApi("/traces");
const mostExperiments = 100;

export function TracesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = useNarrow();
  const [text, setText] = useState(search.q ?? "");
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  useEffect(() => {
    if (text === (search.q ?? "")) return;
    const timer = setTimeout(() => change({ q: text || undefined }), 450);
    return () => clearTimeout(timer);
  }, [text]);
  const experiments = useQuery({
    queryKey: ["experiments", "of-traces"],
    queryFn: ({ signal }) =>
      ask<ExperimentPage>(`/api/v1/experiments?page_size=${mostExperiments}&order_by=last_update_time+DESC`, {
        signal,
      }),
  });
  const names = new Map(experiments.data?.items.map((item) => [item.id, item.name]));
  const ids = search.experiment ? [search.experiment] : [...names.keys()];
  const listing = useInfiniteQuery({
    queryKey: ["traces", ids, search.q],
    queryFn: ({ pageParam, signal }) => searchTraces(ids, search.q ?? "", pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_page_token || undefined,
    enabled: ids.length > 0,
    refetchInterval: 10_000,
  });
  const traces = listing.data?.pages.flatMap((page) => page.traces ?? []) ?? [];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = listing;
  const failure = experiments.error ?? listing.error;
  return (
    <Page fills title="Traces">
      <div className={styles["bar"]}>
        <Select
          label="Experiment"
          options={[{ value: "", label: "All experiments" }, ...[...names].map(([value, label]) => ({ value, label }))]}
          value={search.experiment ?? ""}
          onChange={(experiment) => change({ experiment: experiment || undefined })}
        />
        <TextField
          label="Filter traces"
          hideLabel
          className={styles["filter"]}
          placeholder="status = 'ERROR' AND execution_time > 1000"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className={styles["count"]} role="status">
          {listing.data && `${count(traces.length)}${hasNextPage ? " and more" : ""}`}
        </span>
      </div>
      <div className={styles["table"]}>
        {failure ? (
          <FaultView error={failure} retry={() => void listing.refetch()} />
        ) : listing.data && traces.length === 0 ? (
          <NoTraces filtered={search.q !== undefined} />
        ) : (
          <Grid
            label="Traces"
            rowCount={listing.data ? traces.length + (hasNextPage ? 1 : 0) : 15}
            rowHeight={44}
            columns={columnsOf(names, narrow)}
            pinned={1}
            rowAt={(index) => traces[index]}
            onView={(_, end) => {
              if (end > traces.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
            }}
            onOpen={(trace) =>
              void navigate({ to: "/traces/$traceId", params: { traceId: trace.trace_id }, search: {} })
            }
          />
        )}
      </div>
    </Page>
  );
}

function columnsOf(experiments: ReadonlyMap<string, string>, narrow: boolean): GridColumn<TraceHead>[] {
  return [
    {
      id: "request",
      title: "Request",
      width: narrow ? 200 : 400,
      render: (trace) => (
        <Link to="/traces/$traceId" params={{ traceId: trace.trace_id }} tabIndex={-1} className={styles["request"]}>
          {oneLine(trace.request_preview) || trace.trace_id}
        </Link>
      ),
    },
    {
      id: "response",
      title: "Response",
      width: 320,
      render: (trace) => <span>{oneLine(trace.response_preview)}</span>,
    },
    { id: "state", title: "State", width: 110, render: (trace) => <TraceState state={trace.state} /> },
    {
      id: "time",
      title: "Started",
      width: 110,
      render: (trace) => <When ms={trace.request_time ? Date.parse(trace.request_time) : undefined} />,
    },
    {
      id: "duration",
      title: "Duration",
      width: 110,
      align: "end",
      render: (trace) => {
        const ms = durationMs(trace.execution_duration);
        return <span>{ms === undefined ? "–" : duration(ms)}</span>;
      },
    },
    {
      id: "tokens",
      title: "Tokens",
      width: 90,
      align: "end",
      render: (trace) => {
        const tokens = tokensOf(trace);
        return <span>{tokens === undefined ? "–" : count(tokens)}</span>;
      },
    },
    {
      id: "experiment",
      title: "Experiment",
      width: 180,
      render: (trace) => <span>{experiments.get(trace.trace_location?.mlflow_experiment?.experiment_id ?? "")}</span>,
    },
  ];
}

function NoTraces({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty icon="search" title="No trace matches" />;
  return (
    <Empty icon="traces" title="No trace yet">
      <p>A trace shows what one request did, step by step: retrieval, model calls, tools, and what each took.</p>
      <Snippets
        snippets={{
          Python: `import mlflow

mlflow.set_tracking_uri("${location.origin}")
mlflow.set_experiment("assistant")

@mlflow.trace
def answer(question):
    return f"You asked: {question}"

answer("How many taxis drive in Chicago?")`,
          OpenTelemetry: `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${location.origin}/v1/traces
export OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_TRACES_HEADERS=x-mlflow-experiment-id=0`,
        }}
      />
    </Empty>
  );
}
