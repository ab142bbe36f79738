/** An option as a small tile or as a sign inside a drawing: the colour of its family and its glyph always together. */
import type { JSX } from "react";
import { glyphOf } from "./glyphs";
import type { Family } from "./stream";
import { optionColour, signColour } from "./supernet_view_colour";
import type { Option } from "./supernet_view_data";

const OPERATIONS: ReadonlySet<string> = new Set(["conv", "conv1", "sep", "pool", "skip", "none", "attn", "dense"]);

export function isOperation({ family }: Option): boolean {
  return OPERATIONS.has(family);
}

/** The glyph of an operation, or the first letters of a value. */
export function sign(option: Option): JSX.Element {
  if (isOperation(option)) return glyphOf({ family: option.family as Family, glyph: option.glyph, label: option.label, edge: "" });
  const words = option.label.length <= 3 ? option.label : option.glyph;
  return (
    <text x="8" y="12" textAnchor="middle" fontSize={words.length > 2 ? 8 : 11} fontWeight="600" fill="currentColor">
      {words}
    </text>
  );
}

/** Inside an SVG, its upper left corner at (x, y). */
export function Sign({ option, x, y, side }: { option: Option; x: number; y: number; side: number }): JSX.Element {
  return (
    <svg x={x} y={y} width={side} height={side} viewBox="0 0 16 16" style={{ color: signColour(option) }} aria-hidden="true">
      {sign(option)}
    </svg>
  );
}

export function Tile({ option, title = option.label }: { option: Option; title?: string }): JSX.Element {
  return (
    <span className="op" style={{ "--o": signColour(option) } as Record<string, string>} title={title}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {sign(option)}
      </svg>
    </span>
  );
}

/** All options side by side, each as wide as it is likely. */
export function Bar({ options, shares, x, y, width, height }: BarProps): JSX.Element {
  if (shares.length === 0) return <rect x={x} y={y} width={width} height={height} rx="1.5" fill="var(--sub-2)" />;
  const room = width - GAP * (shares.length - 1);
  let at = x;
  return (
    <>
      {options.map((option, i) => {
        const part = room * (shares[i] ?? 0);
        const left = at;
        at += part + GAP;
        return <rect key={i} x={left} y={y} width={part} height={height} rx="1.5" fill={optionColour(option)} />;
      })}
    </>
  );
}

const GAP = 0.8;

interface BarProps {
  options: readonly Option[];
  shares: readonly number[];
  x: number;
  y: number;
  width: number;
  height: number;
}
