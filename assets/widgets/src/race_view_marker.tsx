/** A lane's mark: its form and colour, as at the end of its line. */
import type { JSX } from "react";
import type { Look, Marker } from "./race_view_data";

const FORMS: Readonly<Record<Marker, string>> = {
  circle: "M-4.5 0a4.5 4.5 0 109 0a4.5 4.5 0 10-9 0z",
  square: "M-4-4h8v8h-8z",
  triangle: "M0-5l5 8.7h-10z",
  diamond: "M0-5.4l5.2 5.4l-5.2 5.4l-5.2-5.4z",
  wedge: "M0 5l5-8.7h-10z",
  plus: "M-1.6-5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",
  cross: "M-3.6-3.6l7.2 7.2m0-7.2l-7.2 7.2",
};

export function Mark({ look }: { look: Pick<Look, "colour" | "marker"> }): JSX.Element {
  const open = look.marker === "cross";
  return <path className="rv-mark" d={FORMS[look.marker]} fill={open ? "none" : look.colour} stroke={open ? look.colour : "var(--bg)"} strokeWidth={open ? 2 : 1} />;
}

export function MarkIcon({ look }: { look: Pick<Look, "colour" | "marker"> }): JSX.Element {
  return (
    <svg className="rv-icon" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
      <Mark look={look} />
    </svg>
  );
}

export const DASHES: Readonly<Record<Look["dash"], string | undefined>> = { solid: undefined, dash: "6 4", dot: "2 3", dashdot: "7 3 2 3", longdash: "12 4" };
