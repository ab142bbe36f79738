/** What Python's follower thread writes: the traits of `SupernetStream`, in the same order, and the moments that come as messages. */
import type { Banner, Header } from "./stream";

export interface Option {
  label: string;
  family: string; // of operations, or "value" and "off" for what is none
  glyph: string;
  size: string;
  tone: number; // options of its family that stand before it
}

export interface Decision {
  id: string;
  label: string;
  short: string;
  kind: "operation" | "inputs" | "presence" | "value";
  options: Option[];
  graph: number;
}

export interface Presence {
  decision: number;
  options: number[];
}

export interface Line {
  path: string;
  tip: [x: number, y: number, degrees: number];
  spot: [x: number, y: number];
  source: number;
  target: number;
  operation: number | null; // the decision that gives its colour
  presence: Presence | null; // null: always there
}

export interface Chip {
  decision: number;
  style: "full" | "small" | "pill" | "row";
  x: number; // of its centre
  y: number;
  width: number;
  height: number;
}

export interface PlacedName {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  beside: boolean;
}

export interface Graph {
  title: string;
  width: number;
  height: number;
  nodes: PlacedName[];
  lines: Line[];
  chips: Chip[];
}

export interface Series {
  name: string;
  label: string;
  look: "brand" | "second" | "skip";
  low: string;
  high: string;
}

export interface Chart {
  key: string;
  title: string;
  unit: string;
  series: Series[];
  factor: number;
  bounds: [low: number, high: number] | null;
  limit: number | null;
}

/** What stays as it is for the whole search. */
export interface Drawing {
  decisions: Decision[];
  graphs: Graph[];
  charts: Chart[];
  noun: string;
  epochs: number | null;
}

export interface Trust {
  tone: "err" | "warn" | "ok" | "";
  word: string;
  text: string;
  tau: number | null;
  shown: string;
  interval: [low: number, high: number] | null;
  words: string;
}

/** One snapshot of the search; never changes. */
export interface Moment {
  number: number;
  epoch: number;
  values: Readonly<Record<string, number>>;
  p: readonly number[]; // ten thousandths, one an option of every decision; -1: not told
  entropy: readonly number[]; // bits, one a decision; -1: not told
  pick: readonly number[]; // the derived option of every decision; -1: not asked
  trust: Trust | null;
  rank: { rank: string; of: string; value: string; label: string } | null;
  warning: { bold: string; text: string } | null;
}

export interface MomentsMessage {
  type: "moments";
  stride: number;
  moments: Moment[];
}

export interface SupernetStream {
  drawing: Drawing;
  header: Header;
  banner: Banner | null;
  count: number;
  announcement: string;
}

export const BLANK_DRAWING: Drawing = { decisions: [], graphs: [], charts: [], noun: "cells", epochs: null };
