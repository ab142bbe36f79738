/** The line icons of buttons and banners, 16 pixels, in the colour of the text beside them. */
import type { JSX } from "react";

const ICONS = {
  play: <path d="M5 3.2l7.5 4.8L5 12.8z" fill="currentColor" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2.4" />,
  stop: <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />,
  err: <path d="M14 8A6 6 0 112 8a6 6 0 0112 0M8 4.8v3.8M8 11v.1" />,
  warn: <path d="M8 2.2l6.3 11.3H1.7zM8 6.5v3.2M8 11.6v.1" />,
  ok: <path d="M14 8A6 6 0 112 8a6 6 0 0112 0M5.2 8.2l2 2 3.6-4" />,
  info: <path d="M14 8A6 6 0 112 8a6 6 0 0112 0M8 7.2v4M8 4.9v.1" />,
  plug: <path d="M6 2.5v3M10 2.5v3M4.5 5.5h7v2.2a3.5 3.5 0 01-7 0zM8 11.2v2.6" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
  first: <path d="M11.5 3.5L7 8l4.5 4.5M4.5 3.5v9" />,
  left: <path d="M10 3.5L5.5 8l4.5 4.5" />,
  right: <path d="M6 3.5L10.5 8 6 12.5" />,
  down: <path d="M3.5 6L8 10.5 12.5 6" />,
  up: <path d="M8 13V3.5M3.8 7.5L8 3.3l4.2 4.2" />,
  undo: <path d="M5.5 3L2.5 6l3 3M2.8 6H10a3.5 3.5 0 010 7H6" />,
  redo: <path d="M10.5 3l3 3-3 3M13.2 6H6a3.5 3.5 0 000 7h4" />,
  plus: <path d="M8 3.5v9M3.5 8h9" />,
  minus: <path d="M3.5 8h9" />,
  fit: <path d="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3" />,
  share: <path d="M5.2 8a1.7 1.7 0 11-3.4 0 1.7 1.7 0 013.4 0M14.2 4a1.7 1.7 0 11-3.4 0 1.7 1.7 0 013.4 0M14.2 12a1.7 1.7 0 11-3.4 0 1.7 1.7 0 013.4 0M5.2 7.4l5.6-2.7M5.2 8.6l5.6 2.7" />,
  graph: <path d="M5.2 4a1.7 1.7 0 11-3.4 0 1.7 1.7 0 013.4 0M14.2 8a1.7 1.7 0 11-3.4 0 1.7 1.7 0 013.4 0M5.2 12a1.7 1.7 0 11-3.4 0 1.7 1.7 0 013.4 0M5.2 4.5l5.6 2.8M5.2 11.5l5.6-2.8" />,
  code: <path d="M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5" />,
  search: <path d="M11.2 7a4.2 4.2 0 11-8.4 0 4.2 4.2 0 018.4 0M10.2 10.2l3.3 3.3" />,
  trash: <path d="M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5" />,
  pin: <path d="M5.5 2.5h5M6.2 2.5v4L4.5 9h7L9.8 6.5v-4M8 9v4.5" />,
  save: <path d="M8 2.5v7M4.8 6.8L8 10l3.2-3.2M3 13h10" />,
} as const;

export type IconName = keyof typeof ICONS;

export function Icon({ name, tone = "" }: { name: IconName; tone?: string }): JSX.Element {
  return (
    <svg className={`ic ${tone}`.trim()} viewBox="0 0 16 16" aria-hidden="true">
      {ICONS[name]}
    </svg>
  );
}
