import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo } from "react";
import { ask } from "../api/client";
import type { Experiment, RunFields, RunQuery, View } from "../api/tracking";
import { IconButton } from "../kit/Button";
import { Choice } from "../kit/Field";
import { FaultView, SkeletonLines } from "../kit/States";
import { Tabs } from "../kit/Tabs";
import { count, counted } from "../kit/words";
import { Page } from "../shell/Page";
import type { ChartState } from "./ChartControls";
import { ColumnChooser } from "./ColumnChooser";
import { FilterBox } from "./FilterBox";
import { orderOf, readList, readWidths, usualColumns, wantedFields, writeList, writeWidths } from "./fields";
import { GroupChooser } from "./GroupChooser";
import { GroupedRuns } from "./GroupedRuns";
import { NoRuns } from "./NoRuns";
import { useRunPages } from "./runPages";
import { type Arrangement, RunsTable } from "./RunsTable";
import { useSelection } from "./selection";
import { SelectionBar } from "./SelectionBar";
import styles from "./RunsPage.module.css";

const route = getRouteApi("/experiments/$experimentId");
const ExperimentCharts = lazy(() => import("./ExperimentCharts").then((f) => ({ default: f.ExperimentCharts })));

export function RunsPage() {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const change = useCallback(
    (part: Partial<typeof search>) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  );

  const experiment = useQuery({
    queryKey: ["experiment", experimentId],
    queryFn: ({ signal }) => ask<Experiment>(`/api/v1/experiments/${encodeURIComponent(experimentId)}`, { signal }),
  });
  const fields = useQuery({
    queryKey: ["run-fields", experimentId],
    queryFn: ({ signal }) =>
      ask<RunFields>(`/api/v1/experiments/${encodeURIComponent(experimentId)}/fields`, { signal }),
    enabled: experiment.isSuccess,
  });
  const columns = useMemo(
    () => (search.cols === undefined ? usualColumns(fields.data) : readList(search.cols)),
    [search.cols, fields.data],
  );
  const query: RunQuery = {
    experiment_ids: [experimentId],
    filter: search.q,
    order_by: orderOf(search.sort),
    view: search.view as View | undefined,
    fields: wantedFields(columns),
  };
  const rows = useRunPages(query);
  const selection = useSelection(query, rows.total);
  const widths = useMemo(() => readWidths(search.w), [search.w]);
  const pinned = readList(search.pin ?? "");
  const sortId = search.sort?.replace(/^-/, "");
  const arrangement: Arrangement = {
    columns,
    pinned,
    widths,
    dense: search.dense === "1",
    sort: sortId === undefined ? undefined : { id: sortId, descending: search.sort!.startsWith("-") },
    onSort: (id) => change({ sort: sortId !== id ? `-${id}` : search.sort?.startsWith("-") ? id : undefined }),
    onResize: (id, width) => change({ w: writeWidths(new Map(widths).set(id, width)) }),
  };
  const afterChange = () => {
    selection.clear();
    rows.refresh();
    void client.invalidateQueries({ queryKey: ["experiment-counts"] });
    void client.invalidateQueries({ queryKey: ["run-groups"] });
  };

  if (experiment.error) return <FaultView error={experiment.error} retry={() => void experiment.refetch()} />;
  const name = experiment.data?.name ?? "";
  const label = `Runs of ${name}`;
  const badFilter = rows.fault?.status === 400 ? rows.fault : undefined;
  const isCharts = search.tab === "charts";
  return (
    <Page
      fills
      title={name === "" ? "Experiment" : name}
      heading={name === "" ? "…" : name}
      crumbs={[{ title: "Experiments", to: "/experiments" }]}
      actions={
        <Choice
          label="Which runs"
          options={[
            { value: "active", label: "In use" },
            { value: "deleted", label: "Bin" },
          ]}
          value={search.view ?? "active"}
          onChange={(view) => {
            selection.clear();
            change({ view: view === "active" ? undefined : view });
          }}
        />
      }
    >
      <Tabs
        label="Parts of the experiment"
        chosen={search.tab ?? "table"}
        tabs={[
          { id: "table", title: "Table" },
          { id: "charts", title: "Charts" },
        ]}
      />
      <div className={styles["bar"]}>
        <FilterBox
          value={search.q ?? ""}
          fields={fields.data}
          fault={badFilter}
          onChange={(q) => change({ q: q === "" ? undefined : q })}
        />
        <span className={styles["count"]} role="status">
          {rows.total === undefined ? "" : search.q ? `${count(rows.total)} match` : counted(rows.total, "run")}
        </span>
        {!isCharts && (
          <>
            <GroupChooser value={search.group} fields={fields.data} onChange={(group) => change({ group })} />
            <ColumnChooser
              columns={columns}
              pinned={pinned}
              fields={fields.data}
              onChange={(next) => change({ cols: writeList(next) })}
              onPin={(next) => change({ pin: next.length === 0 ? undefined : writeList(next) })}
              onReset={() => change({ cols: undefined, w: undefined, pin: undefined })}
            />
            <IconButton
              icon="rows"
              label="Dense rows"
              aria-pressed={arrangement.dense}
              onClick={() => change({ dense: arrangement.dense ? undefined : "1" })}
            />
          </>
        )}
      </div>
      {rows.fresh > 0 && !isCharts && (
        <button type="button" className={styles["fresh"]} onClick={rows.refresh}>
          {counted(rows.fresh, "new run")} · show
        </button>
      )}
      <div className={styles["table"]}>
        {rows.error && !badFilter ? (
          <FaultView error={rows.error} retry={rows.refresh} />
        ) : rows.total === 0 && !search.q && !rows.error ? (
          <NoRuns experiment={name} bin={search.view === "deleted"} />
        ) : isCharts ? (
          <Suspense fallback={<SkeletonLines lines={8} />}>
            <ExperimentCharts query={query} fields={fields.data} state={search as ChartState} onChange={change} />
          </Suspense>
        ) : search.group ? (
          <GroupedRuns label={label} by={search.group} query={query} selection={selection} arrangement={arrangement} />
        ) : (
          <RunsTable label={label} rows={rows} selection={selection} arrangement={arrangement} />
        )}
        {rows.total === 0 && search.q && (
          <p className={styles["nothing"]} role="status">
            No run matches.{" "}
            <Link to="." search={(before: object) => ({ ...before, q: undefined }) as never}>
              Clear the filter
            </Link>
          </p>
        )}
      </div>
      {selection.runs.size > 0 && (
        <SelectionBar
          runs={[...selection.runs.values()]}
          columns={columns}
          bin={search.view === "deleted"}
          onClear={selection.clear}
          onChanged={afterChange}
        />
      )}
    </Page>
  );
}
