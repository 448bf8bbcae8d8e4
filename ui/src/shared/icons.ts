/**
 * The shapes of the icons: paths on a grid of 16, drawn as strokes of 1.5. Own drawings.
 *
 * Invariant: no two states or actions share a shape, so that colour is never alone.
 */
export const icons = {
  // places and things
  transfers: "M8 13V3.5M4 7l4-4 4 4M3 13h10",
  library: "M2.5 3.5h11v9h-11zM5.5 3.5v9M10.5 3.5v9M2.5 8h3M10.5 8h3",
  destinations: "M2.5 8h6.5M6.5 5.2 9.3 8l-2.8 2.8M8 2.5h5.5v11H8",
  server: "M2.5 2.8h11v4.4h-11zM2.5 8.8h11v4.4h-11zM5 5h.01M5 11h.01M8.5 5h2.5M8.5 11h2.5",
  tus: "M4.5 12.2a2.9 2.9 0 0 1-.2-5.8 3.9 3.9 0 0 1 7.5.5 2.7 2.7 0 0 1 .2 5.3M8 13.5v-5M6 10.2l2-2 2 2",
  bucket: "M2.8 4.2c0-1 2.3-1.7 5.2-1.7s5.2.7 5.2 1.7-2.3 1.7-5.2 1.7-5.2-.7-5.2-1.7ZM2.8 4.2l1.4 8.2c.1.7 1.8 1.1 3.8 1.1s3.7-.4 3.8-1.1l1.4-8.2",
  link: "M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-1 1M9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l1-1",
  star: "M8 2.2l1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6Z",
  unknown: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.2 6.2a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2M8 11.2h.01",
  receipt: "M3.5 2.5h9v11.2l-2.2-1.4-2.3 1.4-2.3-1.4-2.2 1.4zM6 5.6h4M6 8.4h4",
  shield: "M8 2 13 3.8v4.1c0 3-2.1 5-5 6.1-2.9-1.1-5-3.1-5-6.1V3.8ZM5.8 8l1.6 1.7 2.9-3.2",
  film: "M2 4h12v8H2zM4.5 4v8M11.5 4v8M2 6.7h2.5M2 9.3h2.5M11.5 6.7H14M11.5 9.3H14",
  folder: "M2 12.5v-9h4l1.5 2H14v7z",
  /** Keeps the place of a shape where there is none. */
  none: "",
  plus: "M8 3v10M3 8h10",
  minus: "M3.5 8h9",
  more: "M3.5 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1ZM8 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1ZM12.5 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1Z",
  chevron: "M6 3.5 10.5 8 6 12.5",
  back: "M9.5 3.5 5 8l4.5 4.5",
  high: "M4 8.2 8 4.2l4 4M4 12.7l4-4 4 4",
  low: "M4 3.3l4 4 4-4M4 7.8l4 4 4-4",
  first: "M3.5 3h9M8 13.5V6.2M4.5 9.5 8 6l3.5 3.5",
  last: "M3.5 13h9M8 2.5v7.3M4.5 6.5 8 10l3.5-3.5",
  grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  settings: "M2.5 4.5h5M11.5 4.5h2M9.5 6.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6ZM2.5 11.5h2M8.5 11.5h5M6.5 13.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z",
  grid: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  list: "M2.5 4h1M6 4h7.5M2.5 8h1M6 8h7.5M2.5 12h1M6 12h7.5",
  sort: "M5 3v10M2.5 10.5 5 13l2.5-2.5M9 4h5M9 7.5h3.5M9 11h2",
  down: "M4 6.2 8 10.2l4-4",
  rename: "M3 13h2.2l7.3-7.3-2.2-2.2L3 10.8zM8.8 5l2.2 2.2",
  trash: "M3 4.5h10M6.2 4.5v-1.7h3.6v1.7M4.3 4.5l.6 8.7h6.2l.6-8.7M6.8 7v3.7M9.2 7v3.7",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  paste: "M5.5 3.5h-2v10h9v-10h-2M5.5 2.5h5v2.2h-5z",
  keyboard: "M1.8 4h12.4v8.2H1.8zM4.2 6.6h.01M6.7 6.6h.01M9.3 6.6h.01M11.8 6.6h.01M5 9.7h6",
  // states
  queue: "M3 4h10M3 8h10M3 12h5",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3 14 14",
  up: "M8 13V3M3.8 7.2 8 3l4.2 4.2",
  gauge: "M2.8 12a6 6 0 1 1 10.4 0M8 9.5 10.8 6.3",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.3 1.6",
  offline: "M2 6.4a9.6 9.6 0 0 1 4-2.1M9.2 4a9.6 9.6 0 0 1 4.8 2.4M4.6 9.2a5.6 5.6 0 0 1 4-1.5M8 12.4h.01M3 2.5l10.5 11",
  key: "M5.5 11.8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8.4 8.8H14M11.6 8.8v2.6",
  hourglass: "M4 2.5h8M4 13.5h8M5 2.5c0 3 6 5 6 8v3M11 2.5c0 3-6 5-6 8v3",
  unplugged: "M5.5 2.5v3M10.5 2.5v3M4 5.5h8v2a4 4 0 0 1-3 3.8M8 11.5v2.3M2.5 2.5l11 11",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  cross: "M4 4l8 8M12 4l-8 8",
  scan: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M4.5 8h7",
  undo: "M3 3.5v4h4M3.3 7.2A5.3 5.3 0 1 1 3.5 10",
  stop: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM3.8 3.8l8.4 8.4",
  skip: "M3 12.5a5 5 0 0 1 10 0M10.6 10.4 13 12.7l1.8-2.8M8 4.5h.01",
  check: "M3 8.5 6.5 12 13 4.5",
  // actions and notices
  play: "M5 3.2v9.6L12.8 8Z",
  retry: "M13 3v3.6H9.4M12.7 6.4A5.3 5.3 0 1 0 13.2 9",
  warning: "M8 2.5 14.5 13.5h-13ZM8 6.5v3.2M8 11.6h.01",
  note: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.4V11M8 5h.01",
  // the player
  loop: "M4 5h8.5v4M10.5 3l2 2-2 2M12 11H3.5V7M5.5 13l-2-2 2-2",
  captions: "M2 3.5h12v9H2zM4.8 8h3M9.8 8h1.4M4.8 10.2h1.4M8.2 10.2h3",
  picture: "M2 3.5h12v9H2zM8 8h4v2.5H8z",
  camera: "M2 5h3l1-1.8h4L11 5h3v8H2zM8 11.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z",
} as const;

export type IconName = keyof typeof icons;
