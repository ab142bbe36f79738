/** What Python tells the editor: the traits of nas_explorer/widgets/space_editor_stream.py, and the messages that answer gestures. */
import type { Family } from "./stream";

export type Point = [x: number, y: number];

/** [number of the operation in Drawing.operations, does it stand there now] */
export type Candidate = [operation: number, on: boolean];

export interface Parameter {
  name: string;
  text: string; // as typed: "3, 5" is a choice
  given: boolean; // or the default
}

export interface DrawnOperation {
  name: string;
  cell: boolean;
  family: Family;
  glyph: string;
  label: string;
  details: string;
  params: Parameter[];
}

export interface PaletteEntry extends DrawnOperation {
  group: string;
  key: string;
}

export interface DrawnNode {
  name: string;
  shown: string;
  kind: "input" | "merge" | "operation" | "choice" | "cell";
  candidates: Candidate[];
  x: number; // of the centre
  y: number;
  width: number;
  height: number;
  is_output: boolean;
  problem: string;
  // all but inputs:
  label?: string;
  subtitle?: string;
  merge?: string;
  pick?: number | null;
  inputs?: number;
  picked?: number;
  repeat?: string;
  repeat_words?: string;
  shared?: boolean;
  channels?: string;
  stride?: string;
  cell?: string;
}

export interface DrawnEdge {
  source: string;
  target: string;
  shown: string;
  presence: "always" | "optional" | "picked" | "loose" | "fallback";
  words: string;
  candidates: Candidate[];
  plain: boolean;
  text: string;
  width: number; // of the label
  points: Point[];
  label: Point;
}

export interface DrawnGraph {
  title: string;
  nodes: DrawnNode[];
  edges: DrawnEdge[];
  width: number;
  height: number;
  routed: boolean;
  too_many: number;
  instances: number;
  most_edges: string; // its limit, "" for none
}

export interface StripBlock {
  node: string;
  label: string;
  kind: "cell" | "operation";
  cell: string;
  repeat: string;
  shape: string;
  reduces: boolean;
}

export interface Drawing {
  version: number;
  name: string;
  undo: string;
  redo: string;
  graphs: Record<string, DrawnGraph>;
  operations: DrawnOperation[];
  strip: StripBlock[];
  scales: Record<"channels" | "width" | "depth" | "resolution", string>; // as typed: "16, 32" is a choice
}

export interface FactBar {
  from: number; // shares of the whole extent, 0 to 1
  to: number;
  limit: number | null;
}

export interface FactCell {
  label: string;
  value: string;
  note: string;
  tone: "" | "ok" | "warn" | "err";
  bar: FactBar | null;
  limit: string; // the kind of limit that can be set here, "" for none
  limit_text: string;
  devices: string[]; // whose latency can be shown here
  device: string; // "" while none is chosen
}

export interface Facts {
  version: number;
  cells: FactCell[];
  findings: string[]; // what is unfinished, dead or decides nothing
  refining: boolean;
}

/** What a candidate costs in the whole network, beside the cheapest at its place; "" while nobody knows. */
export interface CandidateCost {
  parameters: string;
  macs: string;
}

export interface Answer {
  type: "answer";
  view: string;
  number: number;
  version: number;
  done?: string;
  refused?: string;
  fragment?: unknown;
  costs?: CandidateCost[];
  why?: string; // no table can score the space, so an estimator has to be chosen
  estimators?: { name: string; summary: string }[];
  svg?: string;
}

export const BLANK_DRAWING: Drawing = {
  version: 0,
  name: "",
  undo: "",
  redo: "",
  graphs: { "": { title: "Network", nodes: [], edges: [], width: 0, height: 0, routed: true, too_many: 0, instances: 0, most_edges: "" } },
  operations: [],
  strip: [],
  scales: { channels: "", width: "", depth: "", resolution: "" },
};

export const BLANK_FACTS: Facts = { version: 0, cells: [], findings: [], refining: false };

/** An element of a graph: a node by its name, or an edge by its ends. */
export type Element = { node: string } | { edge: [source: string, target: string] };

export function elementId(element: Element): string {
  return "node" in element ? nodeId(element.node) : edgeId(element.edge[0], element.edge[1]);
}

/** Ids for React Flow, which puts them into selectors: any name is allowed in a space, so no sign may end one. */
export function nodeId(name: string): string {
  return `n:${encodeURIComponent(name)}`;
}

export function edgeId(source: string, target: string): string {
  return `e:${encodeURIComponent(source)}:${encodeURIComponent(target)}`;
}

export function elementOf(id: string): Element {
  const [kind, ...names] = id.split(":").map(decodeURIComponent);
  return kind === "n" ? { node: names[0] ?? "" } : { edge: [names[0] ?? "", names[1] ?? ""] };
}
