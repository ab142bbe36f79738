/** Where each decision of a graph stands, and which one an arrow key goes to from there. */
import type { Graph } from "./supernet_view_data";
import type { Direction } from "./supernet_view_keys";

export interface Spot {
  decision: number;
  x: number;
  y: number;
}

/** One spot a decision: its chip, or the middle of its line where it has none. */
export function spots(graph: Graph): Spot[] {
  const found = new Map<number, Spot>();
  for (const { decision, x, y } of graph.chips) found.set(decision, { decision, x, y });
  for (const { presence, spot } of graph.lines) {
    if (presence !== null && !found.has(presence.decision)) found.set(presence.decision, { decision: presence.decision, x: spot[0], y: spot[1] });
  }
  return [...found.values()];
}

const AHEAD: Readonly<Record<Direction, readonly [number, number]>> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

/** The nearest spot in that direction, where aside counts twice; the same one if there is none. */
export function neighbour(all: readonly Spot[], from: number, direction: Direction): number {
  const here = all.find(({ decision }) => decision === from);
  if (here === undefined) return all[0]?.decision ?? from;
  const [ax, ay] = AHEAD[direction];
  let best = from;
  let least = Infinity;
  for (const { decision, x, y } of all) {
    const ahead = (x - here.x) * ax + (y - here.y) * ay;
    const aside = Math.abs((x - here.x) * ay) + Math.abs((y - here.y) * ax);
    const cost = ahead + 2 * aside;
    if (decision === from || ahead <= 0.5 || cost >= least) continue;
    [best, least] = [decision, cost];
  }
  return best;
}
