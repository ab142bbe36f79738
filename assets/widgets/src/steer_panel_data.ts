/** What Python's follower thread writes: the traits of `SteerStream`, in the same order. Small JSON values, each replaced whole. */
import { BLANK, type Family, type Header } from "./stream";

export interface Tile {
  family: Family | ""; // empty: no operation; its label is all there is
  glyph: string;
  label: string;
  edge: string;
}

export type CellState = "open" | "pinned" | "vetoed" | "out"; // out: beside a pinned one

export interface Cell {
  index: number; // of the option in its decision
  tile: Tile;
  state: CellState;
  undo: boolean; // "undo" would take back what was done to it
  text: string; // the difference, or the probability
  n: string;
  words: string; // the whole in a sentence
  bar: [value: number, low: number, high: number] | null; // from -1 to 1; of a probability from 0 to 1
  tone: "better" | "worse" | "unsure" | "";
  few: boolean; // trials, too few to be sure of anything
  interval: string;
  best: number; // the trial with the best value, -1 where there is none
}

export interface Row {
  id: string;
  place: string;
  when: [parent: number, options: number[]][]; // asked if one of these holds; always, if there is none
  cells: Cell[];
  more: number; // options that are not shown
}

export interface Options {
  columns: Tile[] | null; // the options that all decisions share
  place: string;
  rows: Row[];
  caption: string;
  more: number; // decisions that are not shown
  chances: boolean; // the numbers are probabilities
}

export interface EditLine {
  at: string;
  kind: string;
  text: string;
  from: string;
  on: boolean; // in force
}

export interface Standing {
  left: string;
  of: string;
  fitting: string;
  edits: EditLine[];
  undo: string; // what would be taken back; empty: nothing
  clear: boolean; // an edit is in force
  offer: string; // an example of what more may be offered; empty: nothing
  budget: { text: string; value: string; unit: string };
  limits: string[];
  waiting: number; // architectures proposed by hand
  off: string; // why it cannot be steered now; else empty
  one_by_one: boolean; // architectures are tried one after the other; false where weights are shared
  start: { asked: number | null; words: string; codes: number[] }; // what a proposal by hand begins from
  twin: string;
}

/** What an edit asks of Python; `place` names where the answer is to be read. */
export type Wish =
  | { kind: "pin" | "veto" | "add"; decision: string; option: number }
  | { kind: "limit" | "budget" | "offer"; text: string }
  | { kind: "propose"; codes: number[] }
  | { kind: "undo" | "clear" };

export interface Answer {
  place: string;
  ok: boolean;
  text: string;
}

export const BLANK_HEADER: Header = { ...BLANK.header, title: "Steer" };

export const BLANK_OPTIONS: Options = { columns: null, place: "Decision", rows: [], caption: "", more: 0, chances: false };

export const BLANK_STANDING: Standing = {
  left: "",
  of: "",
  fitting: "",
  edits: [],
  undo: "",
  clear: false,
  offer: "",
  budget: { text: "", value: "", unit: "trials" },
  limits: [],
  waiting: 0,
  off: "The first look is under way.",
  one_by_one: true,
  start: { asked: null, words: "", codes: [] },
  twin: "",
};

/** Which rows an architecture with these options is asked for; parents stand before children. */
export function asked(rows: readonly Row[], codes: readonly number[]): boolean[] {
  const found: boolean[] = [];
  for (const row of rows) {
    const on = row.when.some(([parent, options]) => found[parent] === true && options.includes(codes[parent] ?? -1));
    found.push(row.when.length === 0 || on);
  }
  return found;
}
