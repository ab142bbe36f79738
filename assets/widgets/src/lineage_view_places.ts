/** Where the members of the tree stand on the chart, and the paths that draw them. No DOM in here. */
import type { Tree } from "./lineage_view_data";
import { standing, type Moment, type Standing } from "./lineage_view_tree";
import type { Point } from "./stream";

export type Height = "value" | "generation";

export interface Size {
  width: number;
  height: number;
}

export const EDGE = { left: 52, right: 18, top: 30, bottom: 68 };
export const GUTTER = 20; // below the lowest tick: for what is worse than the axis shows, and for what failed

/** Functions from trial and height to pixels. `last` is the trial at the right end. */
export interface Scales {
  x(trial: number): number;
  y(trial: number): number;
  level(value: number): number;
  gutter: number;
  radius: number; // of a member
}

export function scales(tree: Tree, height: Height, last: number, size: Size): Scales {
  const low = size.height - EDGE.bottom;
  const room = size.width - EDGE.left - EDGE.right - 20;
  const deepest = Math.max(1, ...tree.generation);
  const level = (value: number) => {
    if (height === "generation") return EDGE.top + (1 - value / deepest) * (low - EDGE.top);
    const share = (value - tree.axis.low) / (tree.axis.high - tree.axis.low);
    return EDGE.top + (tree.axis.minimize ? share : 1 - share) * (low - EDGE.top);
  };
  const gutter = low + GUTTER;
  return {
    x: (trial) => EDGE.left + 10 + (room * trial) / Math.max(1, last),
    y: (trial) => {
      if (height === "generation") return level(tree.generation[trial] ?? 0);
      const value = tree.value[trial] ?? null;
      return value === null || value < tree.axis.low || value > tree.axis.high ? gutter : level(value);
    },
    level,
    gutter,
    radius: last > 600 ? 2 : last > 250 ? 2.75 : 3.5,
  };
}

/** The trial at the right end of the axis: the last, or some room ahead while the tree still grows, so that it rarely jumps. */
export function axisEnd(count: number, growing: boolean): number {
  if (!growing) return Math.max(1, count - 1);
  let end = 20;
  while (end < count + 1) end = Math.ceil(end * 1.5);
  return end;
}

/** Ticks of births, at most about eight, in steps of 1, 2 or 5. */
export function birthTicks(last: number, most = 8): number[] {
  const rough = last / most;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, rough))));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}

const whole = (value: number) => Math.round(value * 10) / 10;

/** Path data from a parent to its child, level at both ends. */
export function curve([x1, y1]: Point, [x2, y2]: Point): string {
  const middle = whole((x1 + x2) / 2);
  return `M${whole(x1)} ${whole(y1)}C${middle} ${whole(y1)} ${middle} ${whole(y2)} ${whole(x2)} ${whole(y2)}`;
}

/** Path data of a circle. */
export function disc(x: number, y: number, radius: number): string {
  return `M${whole(x - radius)} ${whole(y)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

/** A cross for what failed. */
export function cross(x: number, y: number, half: number): string {
  return `M${whole(x - half)} ${whole(y - half)}l${2 * half} ${2 * half}m0 ${-2 * half}l${-2 * half} ${2 * half}`;
}

export interface Drawing {
  links: string;
  line: string; // of the best
  dead: string;
  alive: string;
  running: string;
  failed: string;
}

/** Few long paths and not thousands of elements, so that a step through a thousand trials is drawn at once. */
export function drawing(tree: Tree, moment: Moment, to: Scales): Drawing {
  const links: string[] = [];
  const members: Record<Standing, string[]> = { unborn: [], running: [], failed: [], alive: [], dead: [] };
  const lined = new Set(moment.line);
  const at = (trial: number): Point => [to.x(trial), to.y(trial)];
  for (let trial = 0; trial <= moment.place && trial < tree.parent.length; trial++) {
    const state = standing(tree, trial, moment.events);
    const parent = tree.parent[trial] ?? -1;
    if (state === "unborn") continue;
    if (parent >= 0 && state !== "running" && !(lined.has(trial) && lined.has(parent))) links.push(curve(at(parent), at(trial)));
    if (lined.has(trial)) continue;
    const [x, y] = state === "running" ? [to.x(trial), to.gutter] : at(trial);
    members[state].push(state === "failed" ? cross(x, y, to.radius - 0.5) : disc(x, y, to.radius));
  }
  const joined = (paths: string[]) => paths.join("");
  return {
    links: joined(links),
    line: linePath(moment.line, to),
    dead: joined(members.dead),
    alive: joined(members.alive),
    running: joined(members.running),
    failed: joined(members.failed),
  };
}

/** Path data through a line of ancestors. */
export function linePath(line: readonly number[], to: Scales): string {
  const at = (trial: number): Point => [to.x(trial), to.y(trial)];
  return line.slice(1).map((trial, i) => curve(at(line[i] as number), at(trial))).join("");
}

/** The member nearest to a point of the chart, within `reach` pixels; null if there is none. */
export function nearest(tree: Tree, moment: Moment, to: Scales, [x, y]: Point, reach = 16): number | null {
  let found: number | null = null;
  let best = reach * reach;
  for (let trial = 0; trial <= moment.place && trial < tree.parent.length; trial++) {
    const state = standing(tree, trial, moment.events);
    if (state === "unborn") continue;
    const dy = (state === "running" ? to.gutter : to.y(trial)) - y;
    const distance = (to.x(trial) - x) ** 2 + dy ** 2;
    if (distance <= best) [found, best] = [trial, distance];
  }
  return found;
}
