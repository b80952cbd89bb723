// A table of any length and width. Only what is in view exists. The part that is drawn stands still in the frame of the
// scroller (sticky) and is drawn anew for each position, so that however fast somebody scrolls no frame is blank.
import { type CSSProperties, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Cell, HeaderCell } from "./GridCells";
import { columnsInView, edgesOf, moveByKey, rowsInView } from "./window";
import styles from "./Grid.module.css";

export interface GridColumn<Row> {
  id: string;
  title: string;
  /** The title is for those who cannot see what the column is for. */
  hidesTitle?: boolean;
  /** Stands in the head in place of the title. */
  head?: ReactNode;
  /** What kind of thing the title names, said above it. */
  caption?: string;
  width: number;
  align?: "end";
  sortable?: boolean;
  render: (row: Row) => ReactNode;
}

export interface Sort {
  id: string;
  descending: boolean;
}

interface GridProps<Row> {
  label: string;
  rowCount: number;
  rowHeight: number;
  columns: readonly GridColumn<Row>[];
  /** So many columns, from the left, stay in view. */
  pinned: number;
  /** Undefined while the row is on its way. */
  rowAt: (index: number) => Row | undefined;
  onView: (first: number, end: number) => void;
  sort?: Sort;
  onSort?: (id: string) => void;
  onResize?: (id: string, width: number) => void;
  onOpen?: (row: Row) => void;
  onToggle?: (row: Row) => void;
  isSelected?: (row: Row) => boolean;
}

const headerHeight = 44;

export function Grid<Row>(props: GridProps<Row>) {
  const { columns, pinned, rowCount, rowHeight, rowAt, onView } = props;
  const host = useRef<HTMLDivElement>(null);
  const [frame, setFrame] = useState({ top: 0, left: 0, width: 0, height: 0 });
  const [active, setActive] = useState(-1);
  const [resizing, setResizing] = useState<{ id: string; width: number }>();

  const look = useCallback(() => {
    const element = host.current;
    if (!element) return;
    flushSync(() =>
      setFrame({
        top: element.scrollTop,
        left: element.scrollLeft,
        width: element.clientWidth,
        height: element.clientHeight,
      }),
    );
  }, []);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, [look]);

  const widthOf = (column: GridColumn<Row>) => (resizing?.id === column.id ? resizing.width : column.width);
  const fixed = columns.slice(0, pinned);
  const moving = columns.slice(pinned);
  const fixedWidth = fixed.reduce((sum, column) => sum + widthOf(column), 0);
  const edges = edgesOf(moving.map(widthOf));
  const movingWidth = edges[edges.length - 1]!;
  const rows = rowsInView(frame.top, frame.height - headerHeight, rowHeight, rowCount);
  const shown = columnsInView(edges, frame.left, Math.max(0, frame.width - fixedWidth));

  useEffect(() => {
    if (frame.height > 0) onView(rows.first, rows.end);
  }, [onView, rows.first, rows.end, frame.height]);

  const visible = moving.slice(shown.first, shown.end).map((column, i) => ({ column, left: edges[shown.first + i]! }));

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(rowCount - 1, index));
    const element = host.current!;
    setActive(next);
    const room = element.clientHeight - headerHeight;
    if (next * rowHeight < element.scrollTop) element.scrollTop = next * rowHeight;
    else if ((next + 1) * rowHeight > element.scrollTop + room) element.scrollTop = (next + 1) * rowHeight - room;
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== host.current) return;
    const page = Math.max(1, Math.floor((frame.height - headerHeight) / rowHeight) - 1);
    const to = moveByKey(event.key, active, page, rowCount);
    const row = active >= 0 ? rowAt(active) : undefined;
    if (to !== undefined) moveTo(to);
    else if (event.key === "Enter" && row !== undefined) props.onOpen?.(row);
    else if (event.key === " " && row !== undefined) props.onToggle?.(row);
    else return;
    event.preventDefault();
  };

  const rowsStyle = {
    "--row": `${rowHeight}px`,
    "--left": `${-frame.left}px`,
    transform: `translateY(${rows.first * rowHeight - frame.top}px)`,
  } as CSSProperties;

  const headerOf = (column: GridColumn<Row>, index: number, left?: number) => (
    <HeaderCell
      key={column.id}
      column={column}
      index={index}
      width={widthOf(column)}
      left={left}
      sort={props.sort}
      onSort={props.onSort}
      onResizing={(width) => setResizing({ id: column.id, width })}
      onResized={(width) => {
        setResizing(undefined);
        props.onResize?.(column.id, width);
      }}
    />
  );

  return (
    <div
      ref={host}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-activedescendant={active >= rows.first && active < rows.end ? `row-${active}` : undefined}
      tabIndex={0}
      className={styles["host"]}
      onScroll={look}
      onKeyDown={onKeyDown}
    >
      <div style={{ width: fixedWidth + movingWidth, height: headerHeight + rowCount * rowHeight }}>
        <div className={styles["frame"]} style={{ width: frame.width, height: frame.height }}>
          <div
            role="row"
            aria-rowindex={1}
            className={styles["header"]}
            style={{ "--left": `${-frame.left}px`, height: headerHeight } as CSSProperties}
          >
            {fixed.map((column, i) => headerOf(column, i))}
            <div role="none" className={styles["clip"]} data-shifted={frame.left > 0}>
              <div role="none" className={styles["moving"]}>
                {visible.map(({ column, left }, i) => headerOf(column, pinned + shown.first + i, left))}
              </div>
            </div>
          </div>
          <div role="none" className={styles["clipRows"]}>
            <div role="none" style={rowsStyle}>
              {Array.from({ length: Math.max(0, rows.end - rows.first) }, (_, i) => {
                const index = rows.first + i;
                const row = rowAt(index);
                return (
                  <div
                    key={index}
                    id={`row-${index}`}
                    role="row"
                    aria-rowindex={index + 2}
                    aria-selected={row !== undefined && props.isSelected ? props.isSelected(row) : undefined}
                    data-active={index === active || undefined}
                    className={styles["row"]}
                    onClick={() => setActive(index)}
                    onDoubleClick={() => row !== undefined && props.onOpen?.(row)}
                  >
                    {fixed.map((column) => (
                      <Cell key={column.id} column={column} row={row} width={widthOf(column)} />
                    ))}
                    <div role="none" className={styles["clip"]} data-shifted={frame.left > 0}>
                      <div role="none" className={styles["moving"]}>
                        {visible.map(({ column, left }) => (
                          <Cell key={column.id} column={column} row={row} width={widthOf(column)} left={left} />
                        ))}
                      </div>
                    </div>
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}
