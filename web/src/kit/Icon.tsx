// Line icons on a 16 px grid, drawn here: a set from elsewhere would weigh more than all pages together use of it.
const paths = {
  experiments: "M6 2h4M7 2v4.2L3.3 12.6A1 1 0 0 0 4.2 14h7.6a1 1 0 0 0 .9-1.4L9 6.2V2M5 10h6",
  traces: "M2 3.5h7M4 8h8M7 12.5h7",
  settings: "M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M10.5 3v3M5.5 10v3",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM14 14l-3.5-3.5",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  plus: "M8 3v10M3 8h10",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  check: "M3 8.5l3.2 3.2L13 4.5",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
  right: "M6 3.5L10.5 8 6 12.5",
  chevron: "M4 6l4 4 4-4",
  rows: "M2 3h12M2 6.3h12M2 9.7h12M2 13h12",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  moon: "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z",
  screen: "M2 3h12v8H2zM6 14h4",
  bin: "M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.8v4M9.3 6.8v4",
  restore: "M3 7.5A5 5 0 1 1 4.5 11M3 3.5v4h4",
  pin: "M5.5 2h5M6.5 2v4.5L4 9h8L9.5 6.5V2M8 9v5",
  compare: "M2 12l3.5-5 3 3L14 3M10.5 3H14v3.5",
  file: "M4 1.5h5.5L12.5 4.5v10h-8.5zM9.5 1.5v3h3",
  folder: "M1.5 3.5h4.5l1.5 2h7v7.5h-13z",
  download: "M8 2v8M4.5 6.5L8 10l3.5-3.5M3 13.5h10",
  edit: "M10.5 2.5l3 3L6 13H3v-3zM9 4l3 3",
  warn: "M8 2L1.5 13.5h13zM8 6.5v3.2M8 11.6h.01",
  empty: "M2 9l2-6h8l2 6v4.5H2zM2 9h3.5l1 2h3l1-2H14",
  filter: "M2 3.5h12M4.5 8h7M6.5 12.5h3",
  model: "M8 1.5l5.5 3.2v6.6L8 14.5l-5.5-3.2V4.7zM2.5 4.7L8 8l5.5-3.3M8 8v6.5",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2 1.3",
  user: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14a5.5 5.5 0 0 1 11 0",
  tag: "M2 2h6l6 6-6 6-6-6zM5 5h.01",
  reset: "M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 2.4 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
