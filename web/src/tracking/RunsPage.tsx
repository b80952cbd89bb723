import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { ask } from "../api/client";
import type { Experiment, Run, RunFields, View } from "../api/tracking";
import { IconButton } from "../kit/Button";
import { Choice } from "../kit/Field";
import { Grid } from "../kit/Grid";
import { FaultView } from "../kit/States";
import { count, counted } from "../kit/words";
import { Page } from "../shell/Page";
import { useNarrow } from "../shell/narrow";
import { ColumnChooser } from "./ColumnChooser";
import { FilterBox } from "./FilterBox";
import { orderOf, readList, usualColumns, writeList } from "./fields";
import { NoRuns } from "./NoRuns";
import { columnOf, nameColumns } from "./runColumns";
import { useRunPages } from "./runPages";
import { SelectionBar } from "./SelectionBar";
import styles from "./RunsPage.module.css";

const route = getRouteApi("/experiments/$experimentId");

export function RunsPage() {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const narrow = useNarrow();
  const [selection, setSelection] = useState<ReadonlyMap<string, Run>>(new Map());
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
  const rows = useRunPages(experimentId, {
    filter: search.q,
    order_by: orderOf(search.sort),
    view: search.view as View | undefined,
    fields: columns.filter((column) => column.includes(".")),
  });

  const widths = useMemo(() => readWidths(search.w), [search.w]);
  const widthOf = (id: string, usual: number) => widths.get(id) ?? usual;
  const toggle = (run: Run) => {
    const next = new Map(selection);
    if (!next.delete(run.id)) next.set(run.id, run);
    setSelection(next);
  };
  const selected = new Set(selection.keys());
  const sortId = search.sort?.replace(/^-/, "");
  const onSort = (id: string) =>
    change({ sort: sortId !== id ? `-${id}` : search.sort?.startsWith("-") ? id : undefined });
  const afterChange = () => {
    setSelection(new Map());
    rows.refresh();
    void client.invalidateQueries({ queryKey: ["experiment-counts"] });
  };

  if (experiment.error) return <FaultView error={experiment.error} retry={() => void experiment.refetch()} />;
  const name = experiment.data?.name ?? "";
  const isEmpty = rows.total === 0 && !search.q && !rows.error;
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
            setSelection(new Map());
            change({ view: view === "active" ? undefined : view });
          }}
        />
      }
    >
      <div className={styles["bar"]}>
        <FilterBox
          value={search.q ?? ""}
          fields={fields.data}
          fault={rows.fault?.status === 400 ? rows.fault : undefined}
          onChange={(q) => change({ q: q === "" ? undefined : q })}
        />
        <span className={styles["count"]} role="status">
          {rows.total === undefined ? "" : search.q ? `${count(rows.total)} match` : counted(rows.total, "run")}
        </span>
        <ColumnChooser
          columns={columns}
          fields={fields.data}
          onChange={(next) => change({ cols: writeList(next) })}
          onReset={() => change({ cols: undefined, w: undefined })}
        />
        <IconButton
          icon="rows"
          label="Dense rows"
          aria-pressed={search.dense === "1"}
          onClick={() => change({ dense: search.dense === "1" ? undefined : "1" })}
        />
      </div>
      {rows.fresh > 0 && (
        <button type="button" className={styles["fresh"]} onClick={rows.refresh}>
          {counted(rows.fresh, "new run")} · show
        </button>
      )}
      <div className={styles["table"]}>
        {rows.error && rows.fault?.status !== 400 ? (
          <FaultView error={rows.error} retry={rows.refresh} />
        ) : isEmpty ? (
          <NoRuns experiment={name} bin={search.view === "deleted"} />
        ) : (
          <Grid
            label={`Runs of ${name}`}
            rowCount={rows.total ?? (rows.error ? 0 : 20)}
            rowHeight={search.dense === "1" ? 28 : narrow ? 44 : 38}
            columns={[
              ...nameColumns(narrow, widthOf, selected, toggle),
              ...columns.map((column) => columnOf(column, widthOf)),
            ]}
            pinned={2}
            rowAt={rows.rowAt}
            onView={rows.onView}
            sort={sortId === undefined ? undefined : { id: sortId, descending: search.sort!.startsWith("-") }}
            onSort={onSort}
            onResize={(id, width) => change({ w: writeWidths(new Map(widths).set(id, width)) })}
            onOpen={(run) => void navigate({ to: "/runs/$runId", params: { runId: run.id }, search: {} })}
            onToggle={toggle}
            isSelected={(run) => selected.has(run.id)}
          />
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
      {selection.size > 0 && (
        <SelectionBar
          runs={[...selection.values()]}
          bin={search.view === "deleted"}
          onClear={() => setSelection(new Map())}
          onChanged={afterChange}
        />
      )}
    </Page>
  );
}

function readWidths(text: string | undefined): Map<string, number> {
  const pairs = readList(text ?? "").map((item) => {
    const at = item.lastIndexOf(":");
    return [item.slice(0, at), Number(item.slice(at + 1))] as const;
  });
  return new Map(pairs.filter(([id, width]) => id !== "" && width >= 40 && width <= 800));
}

function writeWidths(widths: ReadonlyMap<string, number>): string {
  return writeList([...widths].map(([id, width]) => `${id}:${width}`));
}
