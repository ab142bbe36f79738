/** The tree at one moment: who stands how, who comes from whom, and in which words. No DOM in here. */
import type { Axis, Tree } from "./lineage_view_data";
import { valueText } from "./supernet_view_chart";

/** What was known when trial `place` had been born and the next one had not. */
export interface Moment {
  place: number;
  events: number;
  best: number | null;
  line: number[]; // from the oldest ancestor of the best to the best
}

export function momentAt(tree: Tree, place: number): Moment {
  const events = place + 1 < tree.began.length ? (tree.began[place + 1] ?? tree.events) : tree.events;
  const best = tree.incumbents.findLast(([event]) => event < events)?.[1] ?? null;
  return { place, events, best, line: best === null ? [] : lineOf(tree, best) };
}

/** A trial's ancestors by the first parent of each, the oldest first, and itself at the end. */
export function lineOf(tree: Tree, trial: number): number[] {
  const line = [trial];
  for (let parent = tree.parent[trial] ?? -1; parent >= 0; parent = tree.parent[parent] ?? -1) line.push(parent);
  return line.reverse();
}

export type Standing = "unborn" | "running" | "failed" | "alive" | "dead";

export function standing(tree: Tree, trial: number, events: number): Standing {
  if ((tree.began[trial] ?? Infinity) >= events) return "unborn";
  const ended = tree.ended[trial] ?? -1;
  if (ended < 0 || ended >= events) return "running";
  if (tree.value[trial] === null) return "failed";
  const died = tree.died[trial] ?? -1;
  return tree.population > 0 && (died < 0 || died >= events) ? "alive" : "dead";
}

export type Move = "earlier" | "later" | "parent" | "child" | "first" | "newest";

/** Where the selection lands; it stays where there is nothing in that direction. */
export function moved(tree: Tree, moment: Moment, from: number, to: Move): number {
  const last = Math.min(moment.place, tree.parent.length - 1);
  const stay = Math.max(0, Math.min(from, last));
  switch (to) {
    case "earlier":
      return Math.max(0, stay - 1);
    case "later":
      return Math.min(last, stay + 1);
    case "first":
      return 0;
    case "newest":
      return Math.max(0, last);
    case "parent":
      return (tree.parent[stay] ?? -1) >= 0 ? (tree.parent[stay] as number) : stay;
    case "child": {
      const child = tree.parent.indexOf(stay);
      return child >= 0 && child <= last ? child : stay;
    }
  }
}

/** Births of the random start, [first, last]; null where no child has been born yet. */
export function randomStart(tree: Tree): [number, number] | null {
  const child = tree.parent.findIndex((parent) => parent >= 0);
  return tree.population > 0 && child > 0 ? [0, child - 1] : null;
}

/** The trials that are alive, [oldest, youngest]: aging lets no gap arise but by trials that still run. */
export function living(tree: Tree, moment: Moment): [number, number] | null {
  let [first, last]: [number, number] = [-1, -1];
  for (let trial = 0; trial <= moment.place; trial++) {
    if (standing(tree, trial, moment.events) !== "alive") continue;
    if (first < 0) first = trial;
    last = trial;
  }
  return first < 0 ? null : [first, last];
}

export function measured(value: number | null, axis: Axis): string {
  if (value === null) return "–";
  return `${axis.unit === "%" ? value.toFixed(2) : valueText(value)} ${axis.unit}`.trim().replace("-", "−");
}

/** The change from a parent's value, with its sign and whether it is for the better. */
export function gain(value: number | null, before: number | null, axis: Axis): { words: string; tone: "better" | "worse" | "" } {
  if (value === null || before === null) return { words: "", tone: "" };
  const change = value - before;
  if (Math.abs(change) < 0.005 && axis.unit === "%") return { words: "±0.00", tone: "" };
  const size = axis.unit === "%" ? Math.abs(change).toFixed(2) : valueText(Math.abs(change));
  return { words: `${change < 0 ? "−" : "+"}${size}`, tone: change === 0 ? "" : change < 0 === axis.minimize ? "better" : "worse" };
}

/** A member in one sentence, for tooltips and for whoever cannot see the chart. */
export function spokenMember(tree: Tree, trial: number, moment: Moment): string {
  const parent = tree.parent[trial] ?? -1;
  const state = standing(tree, trial, moment.events);
  const change = tree.changes[tree.change[trial] ?? -1];
  const value = state === "running" ? null : (tree.value[trial] ?? null);
  const parts = [
    `#${trial}`,
    parent >= 0 ? `child of #${parent}` : tree.population > 0 ? "random start" : "",
    change?.words ?? "",
    value === null ? "" : `${tree.axis.label} ${measured(value, tree.axis)}`,
    state === "dead" && tree.population === 0 ? "" : state,
    trial === moment.best ? "best" : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
