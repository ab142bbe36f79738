/** The operation glyphs by id, in a square of 16 by 16: outlines that are filled or drawn by a pen. */
import type { Family, Operation } from "./stream";

export interface GlyphPart {
  d: string; // of an SVG path
  pen?: number; // the width of its line; filled without one
  cap?: "round";
  join?: "round";
  dash?: readonly number[];
}

/** An n by n grid of squares, `side` wide, one every `step`, from `start`: how a convolution's kernel looks. */
function grid(n: number, start: number, step: number, side: number): string {
  const at = (i: number) => Number((start + i * step).toFixed(2));
  const cells = Array.from({ length: n * n }, (_, i) => `M${at(i % n)} ${at(Math.floor(i / n))}h${side}v${side}h-${side}z`);
  return cells.join("");
}

function dot(x: number, y: number, radius: number): string {
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

const SEPARABLE: GlyphPart[] = [{ d: "M2 2.5h8v2.6H2zM2 6.7h8v2.6H2zM2 10.9h8v2.6H2zM11.8 6.2h3v3.6h-3z" }];
const FUNNEL: GlyphPart = { d: "M2 3.5h12l-4 9.2H6z", pen: 1.5, join: "round" };
const FRAME = "M4.75 2.75h6.5a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2h-6.5a2 2 0 0 1-2-2v-6.5a2 2 0 0 1 2-2z";

const GLYPHS: Readonly<Record<string, readonly GlyphPart[]>> = {
  "op-c3": [{ d: grid(3, 2, 4.5, 3) }],
  "op-c1": [{ d: FRAME, pen: 1.5 }, { d: "M6 6h4v4H6z" }],
  "op-c5": [{ d: grid(5, 1.6, 2.7, 1.9) }],
  "op-sep": SEPARABLE,
  "op-dil": [{ d: grid(3, 1.2, 5.6, 2.4) }],
  "op-pool": [FUNNEL, { d: "M5.6 7.2h4.8", pen: 1.5 }],
  "op-maxp": [FUNNEL, { d: "M8 5.4l2.3 3.6H5.7z" }],
  "op-skip": [
    { d: "M2.5 11.5C3 4.2 11 2.8 13 9.6", pen: 1.6, cap: "round" },
    { d: `M10.2 9.4l5-1.1-1.6 4.9z${dot(2.6, 11.8, 1.7)}` },
  ],
  "op-none": [
    { d: dot(8, 8, 5.3), pen: 1.5, dash: [2.6, 1.9] },
    { d: "M4.6 11.4l6.8-6.8", pen: 1.5, cap: "round" },
  ],
  "op-attn": [
    { d: "M3.5 3.5L12.5 12.5M3.5 12.5L12.5 3.5M3.5 3.5H12.5M3.5 12.5H12.5", pen: 1.1 },
    { d: [dot(3.5, 3.5, 2), dot(12.5, 3.5, 2), dot(3.5, 12.5, 2), dot(12.5, 12.5, 2)].join("") },
  ],
  "op-dense": [
    { d: "M3.5 3L12.5 5.5M3.5 3L12.5 10.5M3.5 8L12.5 5.5M3.5 8L12.5 10.5M3.5 13L12.5 5.5M3.5 13L12.5 10.5", pen: 1 },
    { d: [dot(3.5, 3, 1.7), dot(3.5, 8, 1.7), dot(3.5, 13, 1.7), dot(12.5, 5.5, 1.7), dot(12.5, 10.5, 1.7)].join("") },
  ],
  "op-dw": SEPARABLE,
  "op-act": [{ d: "M2 11.5h6l5.5-7", pen: 1.6, cap: "round", join: "round" }],
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

/** The family that gives an operation its colour; grey where nobody knows it. */
export const familyOf = ({ family }: Pick<Operation, "family">): Family => (family in FAMILY_GLYPH ? family : "none");

/** The parts of an operation's glyph, an unknown one's are its family's; of an unknown family a letter. */
export function partsOf({ glyph, family, label }: Pick<Operation, "glyph" | "family" | "label">): readonly GlyphPart[] | string {
  return GLYPHS[glyph] ?? GLYPHS[FAMILY_GLYPH[family]] ?? label.slice(0, 1);
}

export const operationName = ({ edge, label }: Operation) => `${edge} ${label}`.trim();
