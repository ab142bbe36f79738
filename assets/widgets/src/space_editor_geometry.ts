/** Geometry of the canvas, in pixels, y downwards. Pure. */
import type { DrawnGraph, Element, Point } from "./space_editor_data";
import type { Direction } from "./space_editor_keys";

export interface Box {
  x: number; // of the centre
  y: number;
  width: number;
  height: number;
}

/** Path data through all points with rounded corners. */
export function roundedPath(points: readonly Point[], radius: number): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let data = `M${fix(first[0])} ${fix(first[1])}`;
  rest.forEach((at, i) => {
    const before = points[i]!;
    const after = points[i + 2];
    if (after === undefined) {
      data += `L${fix(at[0])} ${fix(at[1])}`;
      return;
    }
    const r = Math.min(radius, distance(before, at) / 2, distance(at, after) / 2);
    const [ax, ay] = towards(at, before, r);
    const [bx, by] = towards(at, after, r);
    data += `L${fix(ax)} ${fix(ay)}Q${fix(at[0])} ${fix(at[1])} ${fix(bx)} ${fix(by)}`;
  });
  return data;
}

/** Path data of an arrowhead whose tip is the end of the line. */
export function arrowhead(points: readonly Point[]): string {
  const tip = points[points.length - 1];
  const before = points[points.length - 2];
  if (tip === undefined || before === undefined) return "";
  const length = distance(before, tip) || 1;
  const [ux, uy] = [(tip[0] - before[0]) / length, (tip[1] - before[1]) / length];
  const corner = (back: number, side: number) => `${fix(tip[0] - back * ux - side * uy)} ${fix(tip[1] - back * uy + side * ux)}`;
  return `M${fix(tip[0])} ${fix(tip[1])}L${corner(9, 4.4)}L${corner(7.4, 0)}L${corner(9, -4.4)}z`;
}

/** The line, ending `gap` before its last point. */
export function shortened(points: readonly Point[], gap: number): Point[] {
  const tip = points[points.length - 1];
  const before = points[points.length - 2];
  if (tip === undefined || before === undefined) return [...points];
  return [...points.slice(0, -1), towards(tip, before, Math.min(gap, distance(tip, before)))];
}

const LABEL_HEIGHT = 28;

/** A place for a label on its line, off all boxes if there is one: best in the middle of a long level piece. */
export function labelPlace(points: readonly Point[], width = 0, boxes: readonly Box[] = []): Point {
  const tries: { at: Point; worth: number }[] = [];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const level = Math.abs(a[1] - b[1]) < 0.5;
    const length = distance(a, b);
    for (const share of SHARES) {
      const at: Point = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
      const outside = level ? Math.max(0, width - length) : width * 0.3;
      const covered = boxes.filter((box) => overlaps(at, width, box)).length;
      tries.push({ at, worth: length * (level ? 1 : 0.4) - outside - Math.abs(share - 0.5) * 20 - covered * 2000 });
    }
  }
  return tries.reduce<{ at: Point; worth: number }>((best, one) => (one.worth > best.worth ? one : best), { at: points[0] ?? [0, 0], worth: -Infinity }).at;
}

const SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];

function overlaps([x, y]: Point, width: number, box: Box): boolean {
  return Math.abs(x - box.x) < (width + box.width) / 2 + 3 && Math.abs(y - box.y) < (LABEL_HEIGHT + box.height) / 2 + 3;
}

/** A place for every label: off the nodes, and off the labels that have one already. */
export function labelPlaces(ways: ReadonlyMap<string, readonly Point[]>, widths: ReadonlyMap<string, number>, nodes: readonly Box[]): Map<string, Point> {
  const taken = [...nodes];
  const found = new Map<string, Point>();
  for (const [id, points] of ways) {
    const width = widths.get(id) ?? 0;
    const [x, y] = labelPlace(points, width, taken);
    found.set(id, [x, y]);
    if (width > 0) taken.push({ x, y, width, height: LABEL_HEIGHT });
  }
  return found;
}

export interface Spot {
  element: Element;
  x: number;
  y: number;
}

/** Where the cursor can stand: the middle of every node, the label of every edge. */
export function spots(graph: DrawnGraph, labels: ReadonlyMap<string, Point>, key: (element: Element) => string): Spot[] {
  const nodes = graph.nodes.map(({ name, x, y }): Spot => ({ element: { node: name }, x, y }));
  const edges = graph.edges.map(({ source, target, label }): Spot => {
    const element: Element = { edge: [source, target] };
    const [x, y] = labels.get(key(element)) ?? label;
    return { element, x, y };
  });
  return [...nodes, ...edges];
}

/** The nearest spot in a direction: what lies straight ahead counts as nearer than what lies aside. */
export function neighbour<T extends { x: number; y: number }>(from: { x: number; y: number }, to: Direction, among: readonly T[]): T | null {
  const [dx, dy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[to] as [number, number];
  let best: T | null = null;
  let least = Infinity;
  for (const spot of among) {
    const [x, y] = [spot.x - from.x, spot.y - from.y];
    const ahead = x * dx + y * dy;
    if (ahead < 4) continue;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    const far = ahead + 2.2 * aside;
    if (far < least) {
      least = far;
      best = spot;
    }
  }
  return best;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) / length) * by, from[1] + ((to[1] - from[1]) / length) * by];
}

function fix(value: number): number {
  return Math.round(value * 10) / 10;
}
