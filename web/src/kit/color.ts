// One colour per run, on every chart and page: a hash of its id picks from colours that people who see colour otherwise
// can tell apart too. Several runs may share a colour; on one chart they then differ by the dashes of the line.
const lightTheme = [
  "#0a6bc2",
  "#d1590f",
  "#12805a",
  "#a63a9b",
  "#b08400",
  "#c22f55",
  "#4b57c4",
  "#0b8793",
  "#77562e",
  "#5d6b78",
];
const darkTheme = [
  "#5fb0f5",
  "#f58b4c",
  "#48c795",
  "#dd83d3",
  "#dfb640",
  "#f47896",
  "#9aa3ff",
  "#46c4d0",
  "#c49c6c",
  "#a3b1bf",
];

export function colorIndex(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % lightTheme.length;
}

/** For style sheets and React: follows the theme by itself. */
export function colorOf(id: string): string {
  return colorAt(colorIndex(id));
}

/** A colour by its place, for things of which there are few and always the same. */
export function colorAt(place: number): string {
  const index = place % lightTheme.length;
  return `light-dark(${lightTheme[index]}, ${darkTheme[index]})`;
}

/** For canvases, which know nothing of themes. */
export function plainColorOf(id: string, dark: boolean): string {
  return (dark ? darkTheme : lightTheme)[colorIndex(id)]!;
}

/** How a line is dashed: whole for the first run of its colour, then ever otherwise. */
export function dashesOf(ids: readonly string[]): Map<string, number[]> {
  const patterns = [[], [6, 4], [2, 3], [10, 3, 2, 3]];
  const seen = new Map<number, number>();
  return new Map(
    ids.map((id) => {
      const index = colorIndex(id);
      const earlier = seen.get(index) ?? 0;
      seen.set(index, earlier + 1);
      return [id, patterns[earlier % patterns.length]!];
    }),
  );
}
