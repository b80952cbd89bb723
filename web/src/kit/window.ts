// Which rows and columns of a large table are in view. Rows have one height; columns have each their own width.
export interface Range {
  first: number;
  /** One behind the last. */
  end: number;
}

export function rowsInView(scrollTop: number, height: number, rowHeight: number, rowCount: number): Range {
  const first = Math.min(Math.max(0, Math.floor(scrollTop / rowHeight)), Math.max(0, rowCount - 1));
  return { first, end: Math.min(rowCount, first + Math.ceil(height / rowHeight) + 1) };
}

/** The left edges of the columns, and behind them the whole width. */
export function edgesOf(widths: readonly number[]): number[] {
  const edges = [0];
  for (const width of widths) edges.push(edges[edges.length - 1]! + width);
  return edges;
}

export function columnsInView(edges: readonly number[], scrollLeft: number, width: number): Range {
  const columns = edges.length - 1;
  let first = 0;
  while (first < columns && edges[first + 1]! <= scrollLeft) first++;
  let end = first;
  while (end < columns && edges[end]! < scrollLeft + width) end++;
  return { first, end };
}

/** The row that a key leads to from the active one; undefined where the key does not move. */
export function moveByKey(key: string, active: number, page: number, rowCount: number): number | undefined {
  const moves: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: rowCount - 1,
  };
  return Object.hasOwn(moves, key) ? moves[key] : undefined;
}
