/** What Python's follower thread writes for the race view: the traits of `RaceStream`, in the same order. */
import type { Banner, Fact, Header } from "./stream";
import { BLANK } from "./stream";

export type Marker = "cross" | "circle" | "square" | "triangle" | "diamond" | "wedge" | "plus";
export type Choices = readonly (readonly [name: string, words: string])[];

/** How a lane is drawn wherever it stands: random search grey, dashed, a cross. */
export interface Look {
  name: string;
  random: boolean;
  colour: string;
  dash: "solid" | "dash" | "dot" | "dashdot" | "longdash";
  marker: Marker;
}

/** A line as far as it goes by now; `low` and `high` are empty where there is no band. */
export interface Lane extends Look {
  state: "waiting" | "running" | "finished" | "stopped";
  note: string;
  x: number[];
  middle: number[];
  low: number[];
  high: number[];
}

export interface Axis {
  low: number;
  high: number;
  ticks: [value: number, words: string][];
  is_log: boolean;
}

/** What a replay needs to know: the moments in order, the last is now. */
export interface Moments {
  events: number[]; // how many were known then
  spots: number[]; // where the race stood on its clock
  reach: (number | null)[][]; // a moment, a lane: up to where its line went; null: to the end
  end: number; // of the slider's axis
}

export interface Plot {
  what: string;
  metric: string;
  clock: string;
  whats: Choices;
  clocks: Choices;
  metrics: Choices;
  title: string;
  caption: string;
  seeds: number; // of every lane
  x_title: string;
  y_title: string;
  less_is_better: boolean;
  log_fits: boolean; // whether a logarithmic axis of values makes sense
  x_axes: [linear: Axis, log: Axis];
  y_axes: [linear: Axis, log: Axis];
  lanes: Lane[];
  moments: Moments;
}

export interface RaceRow extends Look {
  place: string;
  middle: string;
  spread: string;
  mean: string;
  interval: string;
  seeds: number[]; // final values, as shares of the strip
  tick: number | null;
  trials: string;
  speed_up: string;
  beats: string;
  verdict: "better" | "worse" | "unclear" | "baseline" | "stopped" | "";
  state: Lane["state"];
  note: string;
}

export interface RaceTable {
  word: string; // what the numbers are
  ends: [low: string, high: string]; // of the strip of seeds
  random: number | null; // median of random search on it
  rows: RaceRow[];
}

export interface RaceStream {
  plot: Plot;
  table: RaceTable;
  header: Header;
  banner: Banner | null;
  facts: Fact[];
  notes: string[];
  offers: string[]; // strategies that may come to the race now
  verdict: string; // what became of the guess
  announcement: string;
}

const BLANK_AXIS: Axis = { low: 0, high: 1, ticks: [], is_log: false };

export const BLANK_PLOT: Plot = {
  what: "",
  metric: "",
  clock: "",
  whats: [],
  clocks: [],
  metrics: [],
  title: "",
  caption: "",
  seeds: 0,
  x_title: "",
  y_title: "",
  less_is_better: true,
  log_fits: false,
  x_axes: [BLANK_AXIS, BLANK_AXIS],
  y_axes: [BLANK_AXIS, BLANK_AXIS],
  lanes: [],
  moments: { events: [], spots: [], reach: [], end: 1 },
};

export const BLANK_TABLE: RaceTable = { word: "", ends: ["", ""], random: null, rows: [] };
export const BLANK_HEADER: Header = { ...BLANK.header, title: "Race" };
