import { useNavigate } from "@tanstack/react-router";
import type { Run } from "../api/tracking";
import { Grid, type GridColumn, type Sort } from "../kit/Grid";
import { useNarrow } from "../shell/narrow";
import { columnOf, nameColumns } from "./runColumns";
import type { RunRows } from "./runPages";
import type { Selection } from "./selection";

/** How a table of runs is arranged, whatever its rows are. */
export interface Arrangement {
  columns: readonly string[];
  /** Those of the columns that stay in view. */
  pinned: readonly string[];
  widths: ReadonlyMap<string, number>;
  dense: boolean;
  sort: Sort | undefined;
  onSort: (id: string) => void;
  onResize: (id: string, width: number) => void;
}

export function RunsTable({
  label,
  rows,
  selection,
  arrangement,
}: {
  label: string;
  rows: RunRows;
  selection: Selection;
  arrangement: Arrangement;
}) {
  const navigate = useNavigate();
  const { columns, pinned, rowHeight } = useArranged(arrangement, selection);
  return (
    <Grid
      label={label}
      rowCount={rows.total ?? (rows.error ? 0 : 20)}
      rowHeight={rowHeight}
      columns={columns}
      pinned={pinned}
      rowAt={rows.rowAt}
      onView={rows.onView}
      sort={arrangement.sort}
      onSort={arrangement.onSort}
      onResize={arrangement.onResize}
      onOpen={(run) => void navigate({ to: "/runs/$runId", params: { runId: run.id }, search: {} })}
      onToggle={selection.toggle}
      isSelected={(run) => selection.runs.has(run.id)}
    />
  );
}

/** The columns of runs in the order in which they are shown, and how many of them, from the left, stay in view. */
export function useArranged(
  { columns, pinned, widths, dense }: Arrangement,
  selection: Selection,
): { columns: GridColumn<Run>[]; pinned: number; rowHeight: number } {
  const narrow = useNarrow();
  const widthOf = (id: string, usual: number) => widths.get(id) ?? usual;
  // A telephone has no room for more than the names.
  const fixed = narrow ? [] : columns.filter((column) => pinned.includes(column));
  const moving = columns.filter((column) => !fixed.includes(column));
  const all = selection.toggleAll && { checked: selection.isAll, toggle: selection.toggleAll };
  return {
    columns: [
      ...nameColumns(narrow, widthOf, selection.runs, selection.toggle, all),
      ...[...fixed, ...moving].map((column) => columnOf(column, widthOf)),
    ],
    pinned: 2 + fixed.length,
    rowHeight: dense ? 28 : narrow ? 44 : 38,
  };
}
