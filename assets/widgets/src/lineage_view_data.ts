/** What Python's follower thread writes for the lineage view: the traits of `LineageStream`, in the same order. */
import type { Banner, Header, Operation } from "./stream";
import { BLANK } from "./stream";

/** An option where there is little room; a number or a word of its own has no family. */
export type OptionTile = Omit<Operation, "family"> & { family: Operation["family"] | "" };

/** What tells a child from its parent. */
export interface Change {
  place: string;
  before: OptionTile;
  after: OptionTile;
  more: number; // further decisions that differ
  words: string;
}

export interface Axis {
  low: number;
  high: number;
  ticks: [value: number, words: string][];
  title: string;
  label: string;
  unit: string;
  minimize: boolean;
}

/** A list a column, a row a trial. Events are counted: something of event 7 is known as soon as 8 events are. */
export interface Tree {
  parent: number[]; // -1: none
  began: number[];
  ended: number[]; // -1: runs
  died: number[]; // -1: alive, or never in a population
  value: (number | null)[]; // null: failed, or runs
  generation: number[];
  change: number[]; // a place in `changes`, -1: none
  changes: Change[];
  population: number; // 0: the strategy keeps none
  incumbents: [event: number, trial: number][];
  events: number;
  axis: Axis;
  words: string; // why there is no tree; else empty
  noun: string;
}

export interface Side {
  trial: number;
  word: string;
  status: "finished" | "failed" | "running";
  rank: string;
}

export type Tone = "better" | "worse" | "";

/** What each change is worth in every metric. */
export interface Worths {
  columns: string[];
  rows: { words: string; cells: { text: string; tone: Tone; title: string }[] }[];
  how: string;
}

export interface LineageDetail {
  trial: number;
  title: string;
  why: string;
  message: string;
  first: Side | null;
  second: Side;
  pairs: [first: string, second: string][]; // SVG
  changes: Pick<Change, "place" | "before" | "after">[];
  rows: { label: string; first: string; second: string; change: string; tone: Tone }[];
  worths: Worths | null; // null: one difference, very many, or none
}

export interface LineageStream {
  tree: Tree;
  header: Header;
  banner: Banner | null;
  detail: LineageDetail | null;
  announcement: string;
}

export const BLANK_TREE: Tree = {
  parent: [],
  began: [],
  ended: [],
  died: [],
  value: [],
  generation: [],
  change: [],
  changes: [],
  population: 0,
  incumbents: [],
  events: 0,
  axis: { low: 0, high: 1, ticks: [], title: "", label: "", unit: "", minimize: true },
  words: "",
  noun: "architectures",
};

export const BLANK_HEADER: Header = { ...BLANK.header, title: "Lineage" };
