// The one set of icons: 16 × 16, drawn with lines of 1.5 in the colour of the text.

const PATHS = {
  brand: "M3 4.5h4v4H3zM9 7.5h4v4H9zM7 6.5h1.5a.5.5 0 0 1 .5.5v2.5",
  package: "M2.5 5 8 2.25 13.5 5v6L8 13.75 2.5 11zM2.5 5 8 7.75 13.5 5M8 7.75v6",
  workflow: "M2.5 2.75h4v3.5h-4zM9.5 9.75h4v3.5h-4zM4.5 6.25V10a1.5 1.5 0 0 0 1.5 1.5h3.5",
  agent: "M8 7.25a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c0-2.5 2.2-4 5-4s5 1.5 5 4",
  file: "M4 2.25h5l3.5 3.5v8h-8.5zM9 2.25v3.5h3.5",
  folder: "M2.25 4.25v8h11.5v-6.5H8l-1.5-1.5z",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  search: "M7 11.25a4.25 4.25 0 1 0 0-8.5 4.25 4.25 0 0 0 0 8.5zM10.25 10.25l3.25 3.25",
  import: "M8 2.5v7M5 6.75l3 3 3-3M2.75 10.5v3h10.5v-3",
  export: "M8 9.75v-7M5 5.5l3-3 3 3M2.75 10.5v3h10.5v-3",
  copy: "M5.75 5.75h7.5v7.5h-7.5zM3.25 10.25h-.5v-7.5h7.5v.5",
  rename: "M5.5 4.5H2.25v7H5.5M10.5 4.5h3.25v7H10.5M8 2.5v11M6.5 2.5h3M6.5 13.5h3",
  trash: "M2.75 4.25h10.5M6 4.25v-1.5h4v1.5M4.25 4.25l.5 9h6.5l.5-9M6.75 7v3.75M9.25 7v3.75",
  undo: "M5.5 3 2.75 5.75 5.5 8.5M3 5.75h6.25a3.5 3.5 0 0 1 0 7H6",
  redo: "M10.5 3l2.75 2.75L10.5 8.5M13 5.75H6.75a3.5 3.5 0 0 0 0 7H10",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.25 3.25L13 5",
  warning: "M8 2.5l6 11H2zM8 6.5v3.25M8 11.5v.25",
  error: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.75V8.5M8 10.75V11",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5v3.75M8 5v.25",
  up: "M3.5 9.75 8 5.25l4.5 4.5",
  down: "M3.5 6.25 8 10.75l4.5-4.5",
  right: "M6.25 3.5l4.5 4.5-4.5 4.5",
  left: "M9.75 3.5 5.25 8l4.5 4.5",
  more:
    "M4 8a.5.5 0 1 1-1 0 .5.5 0 0 1 1 0zM8.5 8a.5.5 0 1 1-1 0 .5.5 0 0 1 1 0zM13 8a.5.5 0 1 1-1 0 .5.5 0 0 1 1 0z",
  star: "M8 2.25l1.75 3.75 4 .5-3 2.75.8 4L8 11.25l-3.55 2 .8-4-3-2.75 4-.5z",
  user: "M8 7.5A2.5 2.5 0 1 0 8 2.5a2.5 2.5 0 0 0 0 5zM3.25 13.5a4.75 4 0 0 1 9.5 0",
  leave: "M6.5 2.75h-3.5v10.5h3.5M9.5 5l3 3-3 3M12.25 8H6.25",
  key: "M5.25 13a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM7.25 8.25l5.5-5.5M10 5.5l2 2",
  history: "M3 3v3h3M3.25 6A5.25 5.25 0 1 1 2.75 8.5M8 5.25V8.5l2.25 1.25",
  open: "M9.25 2.75h4v4M13 3 7.75 8.25M11.75 9v4.25h-9v-9H7",
  edit: "M3 13l.75-3 7-7L13 5.25l-7 7z",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
  link:
    "M6.5 9.5l3-3M7 4.75l1.25-1.25a3 3 0 0 1 4.25 4.25L11.25 9M9 11.25 7.75 12.5A3 3 0 0 1 3.5 8.25L4.75 7",
  settings:
    "M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM6 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z",
  fit: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M5.5 6h5v4h-5z",
  arrange:
    "M2.25 6h3.5v4h-3.5zM10.25 2.25h3.5v4h-3.5zM10.25 9.75h3.5v4h-3.5zM5.75 8H8M10.25 4.25H8v7.5h2.25",
  keyboard: "M1.75 4h12.5v8H1.75zM4.25 6.5h.01M6.75 6.5h.01M9.25 6.5h.01M11.75 6.5h.01M5 9.5h6",
  play: "M4.5 3v10l8-5z",
  pause: "M5 3.5v9M11 3.5v9",
  stop: "M4 4h8v8H4z",
  question:
    "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.25 6.5a1.75 1.75 0 1 1 2.5 1.6c-.5.25-.75.6-.75 1.15M8 11.25v.25",
  fork: "M5 2.5v11M5 9.5c4 0 6-1.5 6-5M11 4.5v-2",
} as const;

/** The names of the icons. A new one is a line in this file. */
export type IconName = keyof typeof PATHS;

/** An icon; without a `label` it is hidden from screen readers, since text stands beside it. */
export function Icon({ name, label }: { name: IconName; label?: string }) {
  const named = label === undefined
    ? { "aria-hidden": "true" }
    : { role: "img", "aria-label": label };
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" {...named}>
      <path d={PATHS[name]} />
    </svg>
  );
}
