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

/** Which pieces of a grid's lines run through a box: how many boxes do, and the numbers of two of them. */
class Walls {
  private count: Uint8Array;
  private ids: Int32Array;

  constructor(size: number) {
    this.count = new Uint8Array(size);
    this.ids = new Int32Array(size * 2).fill(-1);
  }

  add(piece: number, box: number): void {
    const before = this.count[piece]!;
    if (before < 2) this.ids[piece * 2 + before] = box;
    this.count[piece] = Math.min(before + 1, 255);
  }

  /** Does any box but these two stand there? */
  blocks(piece: number, first: number, second: number): boolean {
    const count = this.count[piece]!;
    if (count === 0) return false;
    if (count > 2) return true;
    const [one, other] = [this.ids[piece * 2]!, this.ids[piece * 2 + 1]!];
    return (one !== first && one !== second) || (count === 2 && other !== first && other !== second);
  }
}

const WALL = 4; // pixels around a box that no line may enter

class Grid {
  private xs: number[];
  private ys: number[];
  private width: number;
  private walls: Walls;
  private taken: Uint16Array; // how many edges run along a piece
  private cost: Float64Array;
  private from: Int32Array;
  private touched: number[] = [];
  private heap = new Heap();

  constructor(private boxes: Box[]) {
    this.xs = lines(boxes.flatMap(({ x, width }) => [x, x - width / 2 - CLEAR, x + width / 2 + CLEAR]));
    this.ys = lines(boxes.flatMap(({ y, height }) => [y, y - height / 2 - CLEAR, y + height / 2 + CLEAR]));
    this.width = this.xs.length;
    const crossings = this.width * this.ys.length;
    this.walls = new Walls(crossings * 2);
    this.taken = new Uint16Array(crossings * 2);
    this.cost = new Float64Array(crossings * 2).fill(Infinity);
    this.from = new Int32Array(crossings * 2).fill(-1);
    boxes.forEach((box, number) => this.build(box, number));
  }

  /** A piece is named by the crossing at its left or upper end, and whether it is upright. */
  private build(box: Box, number: number): void {
    const [i0, i1] = between(this.xs, box.x - box.width / 2 - WALL, box.x + box.width / 2 + WALL);
    const [j0, j1] = between(this.ys, box.y - box.height / 2 - WALL, box.y + box.height / 2 + WALL);
    // A crossing outside is the end of a piece that comes in.
    for (let j = j0; j < j1; j++) for (let i = Math.max(0, i0 - 1); i < Math.min(i1, this.width - 1); i++) this.walls.add((j * this.width + i) * 2, number);
    for (let i = i0; i < i1; i++) for (let j = Math.max(0, j0 - 1); j < Math.min(j1, this.ys.length - 1); j++) this.walls.add((j * this.width + i) * 2 + 1, number);
  }

  way(source: Box, target: Box): Point[] | null {
    const [first, second] = [this.boxes.indexOf(source), this.boxes.indexOf(target)];
    const [start, goal] = [this.at(source), this.at(target)];
    const { xs, ys, width, cost, heap } = this;
    this.forget();
    // A state is a crossing and how it was reached: 0 level, 1 upright.
    for (const axis of [0, 1]) this.reach(start * 2 + axis, 0, -1, 0);
    while (heap.size > 0) {
      const state = heap.pop();
      const [cell, axis] = [state >> 1, state & 1];
      if (cell === goal) return this.line(state, source, target);
      const [i, j] = [cell % width, Math.floor(cell / width)];
      for (let step = 0; step < 4; step++) {
        const [ni, nj] = [i + STEPS[step * 2]!, j + STEPS[step * 2 + 1]!];
        if (ni < 0 || nj < 0 || ni >= width || nj >= ys.length) continue;
        const upright = ni === i ? 1 : 0;
        const piece = (Math.min(j, nj) * width + Math.min(i, ni)) * 2 + upright;
        if (this.walls.blocks(piece, first, second)) continue;
        const length = Math.abs(xs[i]! - xs[ni]!) + Math.abs(ys[j]! - ys[nj]!);
        const total = cost[state]! + length * (1 + SHARED * this.taken[piece]!) + (upright === axis ? 0 : BEND);
        const next = (nj * width + ni) * 2 + upright;
        if (total < cost[next]! - 1e-9) this.reach(next, total, state, Math.abs(xs[ni]! - target.x) + Math.abs(ys[nj]! - target.y));
      }
    }
    return null;
  }

  private reach(state: number, cost: number, from: number, left: number): void {
    this.cost[state] = cost;
    this.from[state] = from;
    this.touched.push(state);
    this.heap.push(state, cost + left);
  }

  private forget(): void {
    for (const state of this.touched) this.cost[state] = Infinity;
    this.touched = [];
    this.heap.clear();
  }

  private at({ x, y }: Box): number {
    return nearest(this.ys, y) * this.width + nearest(this.xs, x);
  }

  private line(end: number, source: Box, target: Box): Point[] {
    const cells: number[] = [];
    for (let state = end; state !== -1; state = this.from[state]!) if (cells[cells.length - 1] !== state >> 1) cells.push(state >> 1);
    cells.reverse();
    for (let i = 1; i < cells.length; i++) {
      const [a, b] = [Math.min(cells[i - 1]!, cells[i]!), Math.max(cells[i - 1]!, cells[i]!)];
      this.taken[a * 2 + (b - a === 1 ? 0 : 1)]!++;
    }
    const points = cells.map((cell): Point => [this.xs[cell % this.width]!, this.ys[Math.floor(cell / this.width)]!]);
    return trimmed(simplified(points), source, target);
  }
}

const STEPS = [1, 0, -1, 0, 0, 1, 0, -1];

/** The numbers [from, to) of the lines that run strictly between two values. */
function between(among: readonly number[], low: number, high: number): [from: number, to: number] {
  let from = 0;
  while (from < among.length && among[from]! <= low + 0.01) from++;
  let to = from;
  while (to < among.length && among[to]! < high - 0.01) to++;
  return [from, to];
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

/** The state of the least rank first. */
class Heap {
  private states: number[] = [];
  private ranks: number[] = [];

  get size(): number {
    return this.states.length;
  }

  clear(): void {
    this.states.length = this.ranks.length = 0;
  }

  push(state: number, rank: number): void {
    const { states, ranks } = this;
    let at = states.length;
    states.push(state);
    ranks.push(rank);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (ranks[above]! <= rank) break;
      states[at] = states[above]!;
      ranks[at] = ranks[above]!;
      at = above;
    }
    states[at] = state;
    ranks[at] = rank;
  }

  pop(): number {
    const { states, ranks } = this;
    const top = states[0]!;
    const [state, rank] = [states.pop()!, ranks.pop()!];
    const size = states.length;
    if (size === 0) return top;
    let at = 0;
    for (;;) {
      let low = 2 * at + 1;
      if (low >= size) break;
      if (low + 1 < size && ranks[low + 1]! < ranks[low]!) low++;
      if (rank <= ranks[low]!) break;
      states[at] = states[low]!;
      ranks[at] = ranks[low]!;
      at = low;
    }
    states[at] = state;
    ranks[at] = rank;
    return top;
  }
}
