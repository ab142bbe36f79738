/** The operation glyphs by id, drawn in the colour of their family. A colour never stands alone: the glyph tells the operation too. */
import type { JSX } from "react";
import type { Family, Operation, Point } from "./stream";

/** An n by n grid of squares, `side` wide, one every `step`, from `start`: how a convolution's kernel looks. */
function grid(n: number, start: number, step: number, side: number): string {
  const at = (i: number) => Number((start + i * step).toFixed(2));
  const cells = Array.from({ length: n * n }, (_, i) => `M${at(i % n)} ${at(Math.floor(i / n))}h${side}v${side}h-${side}z`);
  return cells.join("");
}

function dots(radius: number, centres: Point[]): JSX.Element {
  return (
    <g fill="currentColor">
      {centres.map(([x, y]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r={radius} />
      ))}
    </g>
  );
}

const SEPARABLE = <path fill="currentColor" d="M2 2.5h8v2.6H2zM2 6.7h8v2.6H2zM2 10.9h8v2.6H2zM11.8 6.2h3v3.6h-3z" />;

const GLYPHS: Readonly<Record<string, JSX.Element>> = {
  "op-c3": <path fill="currentColor" d={grid(3, 2, 4.5, 3)} />,
  "op-c1": (
    <>
      <rect x="2.75" y="2.75" width="10.5" height="10.5" rx="2" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path fill="currentColor" d="M6 6h4v4H6z" />
    </>
  ),
  "op-c5": <path fill="currentColor" d={grid(5, 1.6, 2.7, 1.9)} />,
  "op-sep": SEPARABLE,
  "op-dil": <path fill="currentColor" d={grid(3, 1.2, 5.6, 2.4)} />,
  "op-pool": (
    <>
      <path fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" d="M2 3.5h12l-4 9.2H6z" />
      <path stroke="currentColor" strokeWidth="1.5" d="M5.6 7.2h4.8" />
    </>
  ),
  "op-maxp": (
    <>
      <path fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" d="M2 3.5h12l-4 9.2H6z" />
      <path fill="currentColor" d="M8 5.4l2.3 3.6H5.7z" />
    </>
  ),
  "op-skip": (
    <>
      <path fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" d="M2.5 11.5C3 4.2 11 2.8 13 9.6" />
      <path fill="currentColor" d="M10.2 9.4l5-1.1-1.6 4.9z" />
      <circle cx="2.6" cy="11.8" r="1.7" fill="currentColor" />
    </>
  ),
  "op-none": (
    <>
      <circle cx="8" cy="8" r="5.3" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.6 1.9" />
      <path stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" d="M4.6 11.4l6.8-6.8" />
    </>
  ),
  "op-attn": (
    <>
      <path stroke="currentColor" strokeWidth="1.1" d="M3.5 3.5L12.5 12.5M3.5 12.5L12.5 3.5M3.5 3.5H12.5M3.5 12.5H12.5" />
      {dots(2, [[3.5, 3.5], [12.5, 3.5], [3.5, 12.5], [12.5, 12.5]])}
    </>
  ),
  "op-dense": (
    <>
      <path stroke="currentColor" d="M3.5 3L12.5 5.5M3.5 3L12.5 10.5M3.5 8L12.5 5.5M3.5 8L12.5 10.5M3.5 13L12.5 5.5M3.5 13L12.5 10.5" />
      {dots(1.7, [[3.5, 3], [3.5, 8], [3.5, 13], [12.5, 5.5], [12.5, 10.5]])}
    </>
  ),
  "op-dw": SEPARABLE,
  "op-act": <path fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" d="M2 11.5h6l5.5-7" />,
};

const FAMILY_GLYPH: Readonly<Record<Family, string>> = {
  conv: "op-c3",
  conv1: "op-c1",
  sep: "op-sep",
  pool: "op-pool",
  skip: "op-skip",
  none: "op-none",
  attn: "op-attn",
  dense: "op-dense",
};

/** The drawing of a glyph; an unknown one takes its family's, and an unknown family the first letter of the operation. */
export function glyphOf(operation: Operation): JSX.Element {
  const known = GLYPHS[operation.glyph] ?? GLYPHS[FAMILY_GLYPH[operation.family]];
  if (known !== undefined) return known;
  return (
    <text x="8" y="12" textAnchor="middle" fontSize="11" fontWeight="600" fill="currentColor">
      {operation.label.slice(0, 1)}
    </text>
  );
}

/** One operation as a small coloured tile. */
export function OperationTile({ operation }: { operation: Operation }): JSX.Element {
  const family = operation.family in FAMILY_GLYPH ? operation.family : "none";
  return (
    <span className={`op o-${family}`} title={`${operation.edge} ${operation.label}`.trim()}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {glyphOf(operation)}
      </svg>
    </span>
  );
}
