// Runs in groups by what they have in one field. A group shows its metrics in short, and opens to its runs.
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ask } from "../api/client";
import { type Run, type RunGroup, type RunGroups, type RunPage, type RunQuery, toNumber } from "../api/tracking";
import { IconButton } from "../kit/Button";
import { Grid, type GridColumn } from "../kit/Grid";
import { FaultView } from "../kit/States";
import { count, counted, number } from "../kit/words";
import { fieldOf, inGrammar, wantedFields } from "./fields";
import { type Arrangement, useArranged } from "./RunsTable";
import type { Selection } from "./selection";
import styles from "./RunsPage.module.css";

const runsShown = 100;
const metricsSummarised = 50;

type Row =
  | { kind: "group"; group: RunGroup; open: boolean }
  | { kind: "run"; run: Run }
  | { kind: "note"; text: string; filter?: string };

export function GroupedRuns({
  label,
  by,
  query,
  selection,
  arrangement,
}: {
  label: string;
  /** The field, as the address has it. */
  by: string;
  query: RunQuery;
  selection: Selection;
  arrangement: Arrangement;
}) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const metrics = wantedFields(arrangement.columns).filter((id) => id.startsWith("metrics."));
  const field = fieldOf(by);
  const name = field.kind ? inGrammar(field.kind, field.key) : `attributes.${groupAttributes[by] ?? by}`;
  const found = useQuery({
    queryKey: ["run-groups", query.experiment_ids, query.filter, query.view, by, metrics],
    queryFn: ({ signal }) =>
      ask<RunGroups>("/api/v1/runs/groups", {
        body: {
          experiment_ids: query.experiment_ids,
          filter: query.filter,
          view: query.view,
          by: name,
          metrics: metrics.slice(0, metricsSummarised).map((id) => fieldOf(id).key),
        },
        signal,
      }),
    placeholderData: (before) => before,
  });
  const groups = found.data?.groups ?? [];
  const opened = groups.filter((group) => open.has(keyOf(group)));
  const members = useQueries({
    queries: opened.map((group) => {
      const body = { ...query, filter: conditionOf(query.filter, name, group.value), page_size: runsShown };
      return {
        queryKey: ["runs-of-group", body],
        queryFn: ({ signal }: { signal: AbortSignal }) => ask<RunPage>("/api/v1/runs/search", { body, signal }),
      };
    }),
  });
  const { columns, pinned, rowHeight } = useArranged(arrangement, { ...selection, toggleAll: undefined });
  if (found.error) return <FaultView error={found.error} retry={() => void found.refetch()} />;

  const rows: Row[] = groups.flatMap((group): Row[] => {
    const head: Row = { kind: "group", group, open: open.has(keyOf(group)) };
    const place = opened.indexOf(group);
    if (place < 0) return [head];
    const page = members[place]?.data;
    if (!page) return [head, { kind: "note", text: members[place]?.error?.message ?? "…" }];
    const more = page.total - page.items.length;
    const runs: Row[] = page.items.map((run) => ({ kind: "run", run }));
    const filter = conditionOf(query.filter, name, group.value);
    return [head, ...runs, ...(more > 0 ? [{ kind: "note" as const, text: `${count(more)} more`, filter }] : [])];
  });
  const toggle = (group: RunGroup) => {
    const next = new Set(open);
    if (!next.delete(keyOf(group))) next.add(keyOf(group));
    setOpen(next);
  };
  const left = (found.data?.total ?? 0) - groups.length;
  if (left > 0) rows.push({ kind: "note", text: `${counted(left, "smaller group")} more` });
  return (
    <Grid
      label={label}
      rowCount={found.data ? rows.length : 12}
      rowHeight={rowHeight}
      columns={columns.map((column) => forRows(column, toggle))}
      pinned={pinned}
      rowAt={(index) => rows[index]}
      onView={ignore}
      sort={arrangement.sort}
      onSort={arrangement.onSort}
      onResize={arrangement.onResize}
      onOpen={(row) =>
        row.kind === "group"
          ? toggle(row.group)
          : row.kind === "run" && void navigate({ to: "/runs/$runId", params: { runId: row.run.id }, search: {} })
      }
      onToggle={(row) => (row.kind === "run" ? selection.toggle(row.run) : row.kind === "group" && toggle(row.group))}
      isSelected={(row) => row.kind === "run" && selection.runs.has(row.run.id)}
    />
  );
}

/** Attributes that runs can be grouped by, as the search grammar calls them. */
export const groupAttributes: Record<string, string> = { status: "status", user: "user_id", name: "run_name" };

const ignore = () => undefined;

function keyOf(group: RunGroup): string {
  return group.value === undefined ? "" : `=${group.value}`;
}

function conditionOf(filter: string | null | undefined, name: string, value: string | undefined): string {
  const own = value === undefined ? `${name} IS NULL` : `${name} = '${value.replaceAll("'", "''")}'`;
  return filter ? `(${filter}) AND ${own}` : own;
}

function forRows(column: GridColumn<Run>, toggle: (group: RunGroup) => void): GridColumn<Row> {
  return {
    ...column,
    render: (row) => {
      if (row.kind === "run") return column.render(row.run);
      if (row.kind === "note") return column.id === "name" ? <Note row={row} /> : "";
      if (column.id === "select")
        return (
          <IconButton
            icon={row.open ? "chevron" : "right"}
            label={`${row.open ? "Close" : "Open"} ${row.group.value ?? "runs without a value"}`}
            aria-expanded={row.open}
            tabIndex={-1}
            onClick={() => toggle(row.group)}
          />
        );
      return column.id === "name" ? <GroupName group={row.group} /> : <Summary id={column.id} group={row.group} />;
    },
  };
}

function GroupName({ group }: { group: RunGroup }) {
  return (
    <span className={styles["group"]}>
      <b title={group.value}>{group.value === undefined ? <i>none</i> : group.value === "" ? "“”" : group.value}</b>
      <small>{counted(group.runs, "run")}</small>
    </span>
  );
}

function Summary({ id, group }: { id: string; group: RunGroup }) {
  const field = fieldOf(id);
  const found = field.kind === "metrics" ? group.metrics[field.key] : undefined;
  if (!found) return "";
  const range = `${number(toNumber(found.lowest))} to ${number(toNumber(found.highest))}`;
  return (
    <span className={styles["summary"]} title={`Mean of ${counted(found.runs, "run")}, from ${range}`}>
      <small>mean</small> {number(toNumber(found.mean))}
    </span>
  );
}

function Note({ row }: { row: { text: string; filter?: string } }) {
  if (row.filter === undefined) return <span className={styles["none"]}>{row.text}</span>;
  return (
    <Link to="." search={(before: object) => ({ ...before, q: row.filter, group: undefined }) as never} tabIndex={-1}>
      {row.text}: show all
    </Link>
  );
}
