/** What Python's follower thread writes: the traits of `DashboardStream`, in the same order. Small JSON values, each replaced whole. */

import type { TimelineTrait } from "./dashboard_timeline";
import type { Figure } from "./plotly";
import type { TrialPoints } from "./trial_points";

export type Phase =
  | "idle"
  | "starting"
  | "running"
  | "pausing"
  | "paused"
  | "stopping"
  | "finished"
  | "stopped"
  | "failed"
  | "waiting"
  | "detached";

export type CommandName = "start" | "pause" | "resume" | "stop" | "attach" | "dismiss";

export interface Fact {
  label: string;
  value: string;
}

export interface CommandButton {
  name: CommandName;
  label: string;
  kind: "plain" | "primary" | "danger";
  enabled: boolean;
}

export interface Header {
  title: string;
  name: string;
  run: string;
  phase: Phase;
  word: string;
  facts: Fact[];
  progress: number | null; // 0 to 1; null when the end is not known
  progress_text: string;
  buttons: CommandButton[];
  reattach: string; // the line that attaches again from a cell
  inside?: boolean; // whether there are shared weights to look into
  lineage?: boolean; // whether its trials come one after the other
  steer?: boolean; // whether it can be steered from here
}

export interface Banner {
  kind: "err" | "warn" | "ok" | "info" | "note";
  bold: string;
  text: string;
  details: string | null;
  actions: { name: CommandName; label: string }[];
}

export interface Metric {
  name: string;
  label: string;
}

export interface Pareto {
  count: string;
  off_chart: string;
  hypervolume: string;
  random_hypervolume: string;
  hypervolume_hint: string;
  metrics: Metric[];
  finding: string;
  empty: boolean;
  points_total: number;
  columns: string[];
  front: [number, ...string[]][]; // trial number, then one value a column
}

export type Point = [x: number, y: number];

export interface Curve {
  label: string;
  x_label: string;
  x_max: number;
  search: Point[];
  random: Point[];
  optimum: number | null;
  search_text: string;
  random_text: string;
  optimum_text: string;
  now: number;
  finding: string;
}

export type Family = "conv" | "conv1" | "sep" | "pool" | "skip" | "none" | "attn" | "dense";

export interface Operation {
  family: Family;
  glyph: string;
  label: string;
  edge: string;
}

export interface TrialRow {
  trial: number;
  status: "finished" | "failed" | "running";
  front: boolean;
  ops: number[]; // places in the stream's `tiles`
  values: string[];
  message: string;
}

export interface TrialTable {
  columns: { label: string }[];
  rows: TrialRow[];
  total: number;
  offset: number;
  page: number;
  selected_row: TrialRow | null;
}

export interface Detail {
  trial: number;
  title: string;
  front: boolean;
  status: TrialRow["status"];
  rank: { value: string; of: string; what: string; percentile: string } | null;
  diagrams: { title: string; svg: string }[];
  facts: Fact[];
  text: string;
  message: string;
  why: string; // it was proposed; empty where the log does not say
}

export interface DashboardStream {
  figure: Partial<Figure>;
  header: Header;
  banner: Banner | null;
  pareto: Pareto;
  curve: Curve;
  table: TrialTable;
  tiles: Operation[]; // every operation that a row has shown; it only grows
  detail: Detail | null;
  plan: Fact[];
  events: number;
  announcement: string;
  points: TrialPoints | null; // the dots of all trials, once somebody looks back
  timeline: TimelineTrait | null; // the stops of a replay; null before the first look
  inside: string | null; // the model of the supernet view, once somebody has asked for it
  lineage: string | null; // of the lineage view
  steer: string | null; // and of the steering panel
}

/** What stands there before the first batch has come. */
export const BLANK: DashboardStream = {
  figure: {},
  header: {
    title: "Search",
    name: "",
    run: "",
    phase: "starting",
    word: "Starting",
    facts: [],
    progress: null,
    progress_text: "",
    buttons: [],
    reattach: "",
  },
  banner: null,
  pareto: {
    count: "",
    off_chart: "",
    hypervolume: "",
    random_hypervolume: "",
    hypervolume_hint: "",
    metrics: [],
    finding: "No trials yet.",
    empty: true,
    points_total: 0,
    columns: [],
    front: [],
  },
  curve: {
    label: "",
    x_label: "trial",
    x_max: 1,
    search: [],
    random: [],
    optimum: null,
    search_text: "",
    random_text: "",
    optimum_text: "",
    now: 0,
    finding: "No trials yet.",
  },
  table: { columns: [], rows: [], total: 0, offset: 0, page: 50, selected_row: null },
  tiles: [],
  detail: null,
  plan: [],
  events: 0,
  announcement: "",
  points: null,
  timeline: null,
  inside: null,
  lineage: null,
  steer: null,
};
