/** Plotly, the part of it that draws points and lines with WebGL: a third of the whole, and nothing else of it is used. */
import library from "plotly.js-gl2d-dist-min";
import { bytes } from "./dashboard_timeline";

/** A figure as Python's plotly writes it; columns are base64 of typed arrays, which plotly.js reads as they are. */
export interface Figure {
  data: unknown[];
  layout: Record<string, unknown>;
  then?: number; // of a moment of the past: how many events were known; its dots are a choice out of the stream's
  past?: "plays" | "rests"; // what the replay does at that moment: many come in quick succession, or it stands there, at least for a while
}

/** A column of numbers as plotly's Python side writes it. */
export interface Packed {
  dtype: string;
  bdata: string;
}

export type Columns = Record<string, Packed | ArrayLike<number>>;

export interface FigurePatch {
  data: Columns[];
  layout: { xaxis: object; yaxis: object; annotations: unknown[] };
}

/** A figure with another view in it, as nas_explorer/views/figure_patch.py has it. */
export function patched(figure: Figure, { data, layout }: FigurePatch): Figure {
  const { xaxis, yaxis } = figure.layout as { xaxis: object; yaxis: object };
  return {
    data: figure.data.map((trace, place) => ({ ...(trace as object), ...data[place] })),
    layout: { ...figure.layout, xaxis: { ...xaxis, ...layout.xaxis }, yaxis: { ...yaxis, ...layout.yaxis }, annotations: layout.annotations },
  };
}

const ARRAYS = { f4: Float32Array, f8: Float64Array, i1: Int8Array, i2: Int16Array, i4: Int32Array } as const;
const unpacked = new WeakMap<Packed, ArrayLike<number>>();

/** The numbers of a column; of a packed one they are kept, as the moments of a replay have most columns in common. */
export function decoded(column: Packed | ArrayLike<number> | undefined): ArrayLike<number> {
  if (column === undefined || !("bdata" in column)) return column ?? [];
  let numbers = unpacked.get(column);
  if (numbers === undefined) {
    const made = ARRAYS[column.dtype as keyof typeof ARRAYS];
    if (made === undefined) throw new Error(`a column is of ${Object.keys(ARRAYS).join(", ")}, got ${column.dtype}`);
    numbers = new made(bytes(column.bdata).buffer as ArrayBuffer);
    unpacked.set(column, numbers);
  }
  return numbers;
}

export interface Axis {
  _offset: number; // of its start from the graph's edge, in pixels
  _length: number;
  l2p(value: number): number;
}

/** What plotly keeps on the element that it has drawn into, as far as we look at it. */
export interface Graph {
  _fullData: { x: ArrayLike<number>; y: ArrayLike<number>; customdata?: ArrayLike<number> }[];
  _fullLayout: { xaxis: Axis; yaxis: Axis; width: number; height: number; font: { family: string } };
}

export interface Plotly {
  react(host: HTMLElement, data: unknown[], layout: unknown, config: unknown): Promise<unknown>;
  purge(host: HTMLElement): void;
  Plots: { resize(host: HTMLElement): Promise<unknown> | undefined };
}

export const plotly = library as Plotly;
