import { Icon } from "./Icon";
import type { GridColumn, Sort } from "./Grid";
import styles from "./Grid.module.css";

const narrowest = 60;
const widest = 800;

export function HeaderCell<Row>({
  column,
  index,
  width,
  left,
  sort,
  onSort,
  onResizing,
  onResized,
}: {
  column: GridColumn<Row>;
  index: number;
  width: number;
  left?: number;
  sort?: Sort;
  onSort?: (id: string) => void;
  onResizing: (width: number) => void;
  onResized: (width: number) => void;
}) {
  const sorted = sort?.id === column.id ? (sort.descending ? "descending" : "ascending") : undefined;
  const label = (
    <>
      {column.caption && <small>{column.caption}</small>}
      <span>
        <b className={column.hidesTitle ? "visually-hidden" : undefined}>{column.title}</b>
        {sorted && <Icon name={sorted === "ascending" ? "up" : "down"} size={12} />}
      </span>
    </>
  );
  return (
    <div
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={sorted}
      className={styles[column.align === "end" ? "numberHead" : "head"]}
      style={left === undefined ? { width } : { width, transform: `translateX(${left}px)` }}
      data-moving={left !== undefined || undefined}
      title={column.caption ? `${column.caption}: ${column.title}` : column.title}
    >
      {column.head !== undefined ? (
        <span className={styles["headText"]}>{column.head}</span>
      ) : column.sortable && onSort ? (
        <button type="button" tabIndex={0} onClick={() => onSort(column.id)}>
          {label}
        </button>
      ) : (
        <span className={styles["headText"]}>{label}</span>
      )}
      {column.head === undefined && (
        <span
          className={styles["resizer"]}
          onPointerDown={(event) => {
            const start = event.clientX;
            const handle = event.currentTarget;
            const widthAt = (x: number) => Math.round(Math.max(narrowest, Math.min(widest, width + x - start)));
            handle.setPointerCapture(event.pointerId);
            handle.onpointermove = (move) => onResizing(widthAt(move.clientX));
            handle.onpointerup = (up) => {
              handle.onpointermove = handle.onpointerup = null;
              onResized(widthAt(up.clientX));
            };
          }}
        />
      )}
    </div>
  );
}

export function Cell<Row>({
  column,
  row,
  width,
  left,
}: {
  column: GridColumn<Row>;
  row: Row | undefined;
  width: number;
  left?: number;
}) {
  return (
    <div
      role="gridcell"
      className={styles[column.align === "end" ? "number" : "cell"]}
      style={left === undefined ? { width } : { width, transform: `translateX(${left}px)` }}
      data-moving={left !== undefined || undefined}
    >
      {row === undefined ? <span className={styles["coming"]} /> : column.render(row)}
    </div>
  );
}
