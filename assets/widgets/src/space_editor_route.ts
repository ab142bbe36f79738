/**
 * Ways for edges between nodes that stand anywhere: level and upright pieces, never through a node that the edge does not end in.
 *
 * A shortest path on the lines that run between the nodes; every bend costs, and so does a line that another edge runs on.
 */
import type { Point } from "./space_editor_data";
import type { Box } from "./space_editor_geometry";

export interface RouteEdge {
  id: string;
  source: string;
  target: string;
}

const CLEAR = 14; // pixels between a node and an edge that passes
const BEND = 34; // a bend costs as much as so many pixels
const SHARED = 1.6; // a pixel on a line that another edge takes costs so much more

/** The way of every edge by its id. Overlapping nodes may leave no way: then it is the straight line. */
export function routes(boxes: ReadonlyMap<string, Box>, edges: readonly RouteEdge[]): Map<string, Point[]> {
  const grid = new Grid([...boxes.values()]);
  const found = new Map<string, Point[]>();
  const span = ({ source, target }: RouteEdge) => Math.abs((boxes.get(target)?.x ?? 0) - (boxes.get(source)?.x ?? 0));
  for (const edge of [...edges].sort((a, b) => span(a) - span(b) || (a.id < b.id ? -1 : 1))) {
    const [source, target] = [boxes.get(edge.source), boxes.get(edge.target)];
    if (source === undefined || target === undefined) continue;
    found.set(edge.id, grid.way(source, target) ?? straight(source, target));
  }
  return found;
}

/** From outline to outline. */
export function straight(source: Box, target: Box): Point[] {
  return [leaving(source, target), leaving(target, source)];
}

function leaving(from: Box, to: Box): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const scale = 1 / Math.max(Math.abs(dx) / (from.width / 2), Math.abs(dy) / (from.height / 2), 1e-6);
  return [from.x + dx * Math.min(scale, 1), from.y + dy * Math.min(scale, 1)];
}

/** Does a level or upright piece run through a box, `clear` pixels around it included? */
export function runsThrough(a: Point, b: Point, box: Box, clear = 0): boolean {
  const [hw, hh] = [box.width / 2 + clear, box.height / 2 + clear];
  const [low, high] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [top, bottom] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  return high > box.x - hw + 0.01 && low < box.x + hw - 0.01 && bottom > box.y - hh + 0.01 && top < box.y + hh - 0.01;
}

class Grid {
  private xs: number[];
  private ys: number[];
  private taken = new Map<number, number>();

  constructor(private boxes: Box[]) {
    this.xs = lines(boxes.flatMap(({ x, width }) => [x, x - width / 2 - CLEAR, x + width / 2 + CLEAR]));
    this.ys = lines(boxes.flatMap(({ y, height }) => [y, y - height / 2 - CLEAR, y + height / 2 + CLEAR]));
  }

  way(source: Box, target: Box): Point[] | null {
    const others = this.boxes.filter((box) => box !== source && box !== target);
    const [width, count] = [this.xs.length, this.xs.length * this.ys.length];
    const start = this.at(source);
    const goal = this.at(target);
    // A state is a crossing and how it was reached: 0 level, 1 upright.
    const cost = new Float64Array(count * 2).fill(Infinity);
    const from = new Int32Array(count * 2).fill(-1);
    const heap = new Heap();
    for (const axis of [0, 1]) {
      cost[start * 2 + axis] = 0;
      heap.push(start * 2 + axis, 0);
    }
    while (heap.size > 0) {
      const state = heap.pop();
      const [cell, axis] = [state >> 1, state & 1];
      if (cell === goal) return this.line(state, from, source, target);
      const [i, j] = [cell % width, Math.floor(cell / width)];
      for (const [di, dj] of STEPS) {
        const [ni, nj] = [i + di, j + dj];
        if (ni < 0 || nj < 0 || ni >= width || nj >= this.ys.length) continue;
        const [a, b]: [Point, Point] = [[this.xs[i]!, this.ys[j]!], [this.xs[ni]!, this.ys[nj]!]];
        if (others.some((box) => runsThrough(a, b, box, 4))) continue;
        const step = dj === 0 ? 0 : 1;
        const next = (nj * width + ni) * 2 + step;
        const length = Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
        const busy = this.taken.get(piece(cell, nj * width + ni)) ?? 0;
        const total = cost[state]! + length * (1 + SHARED * busy) + (step === axis ? 0 : BEND);
        if (total < cost[next]! - 1e-9) {
          cost[next] = total;
          from[next] = state;
          heap.push(next, total + Math.abs(this.xs[ni]! - target.x) + Math.abs(this.ys[nj]! - target.y));
        }
      }
    }
    return null;
  }

  private at({ x, y }: Box): number {
    return nearest(this.ys, y) * this.xs.length + nearest(this.xs, x);
  }

  private line(end: number, from: Int32Array, source: Box, target: Box): Point[] {
    const cells: number[] = [];
    for (let state = end; state !== -1; state = from[state]!) if (cells[cells.length - 1] !== state >> 1) cells.push(state >> 1);
    cells.reverse();
    for (let i = 1; i < cells.length; i++) {
      const key = piece(cells[i - 1]!, cells[i]!);
      this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
    }
    const width = this.xs.length;
    const points = cells.map((cell): Point => [this.xs[cell % width]!, this.ys[Math.floor(cell / width)]!]);
    return trimmed(simplified(points), source, target);
  }
}

const STEPS = [[1, 0], [-1, 0], [0, 1], [0, -1]] as const;

function piece(a: number, b: number): number {
  return Math.min(a, b) * 1_000_003 + Math.max(a, b);
}

function lines(values: number[]): number[] {
  const sorted = [...new Set(values.map((value) => Math.round(value)))].sort((a, b) => a - b);
  return sorted.length === 0 ? [0] : sorted;
}

function nearest(among: number[], value: number): number {
  let best = 0;
  for (let i = 1; i < among.length; i++) if (Math.abs(among[i]! - value) < Math.abs(among[best]! - value)) best = i;
  return best;
}

function simplified(points: Point[]): Point[] {
  return points.filter((at, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined || after === undefined) return true;
    return !((before[0] === at[0] && at[0] === after[0]) || (before[1] === at[1] && at[1] === after[1]));
  });
}

/** The ends cut back from the middles of the two nodes to their outlines. */
function trimmed(points: Point[], source: Box, target: Box): Point[] {
  const cut = (middle: Box, next: Point): Point => {
    if (Math.abs(next[1] - middle.y) < 1) return [middle.x + Math.sign(next[0] - middle.x) * (middle.width / 2), next[1]];
    return [next[0], middle.y + Math.sign(next[1] - middle.y) * (middle.height / 2)];
  };
  if (points.length < 2) return straight(source, target);
  const [second, last] = [points[1]!, points[points.length - 2]!];
  return [cut(source, second), ...points.slice(1, -1), cut(target, last)];
}

class Heap {
  private items: [value: number, rank: number][] = [];
  get size(): number {
    return this.items.length;
  }
  push(value: number, rank: number): void {
    const items = this.items;
    items.push([value, rank]);
    for (let i = items.length - 1; i > 0; ) {
      const above = (i - 1) >> 1;
      if (items[above]![1] <= items[i]![1]) break;
      [items[above], items[i]] = [items[i]!, items[above]!];
      i = above;
    }
  }
  pop(): number {
    const items = this.items;
    const top = items[0]!;
    const last = items.pop()!;
    if (items.length > 0) {
      items[0] = last;
      for (let i = 0; ; ) {
        let low = 2 * i + 1;
        if (low >= items.length) break;
        if (low + 1 < items.length && items[low + 1]![1] < items[low]![1]) low++;
        if (items[i]![1] <= items[low]![1]) break;
        [items[i], items[low]] = [items[low]!, items[i]!];
        i = low;
      }
    }
    return top[0];
  }
}
