/** The geometry of the curves over the epochs, in numbers only. */
import { ticks } from "./curve_path";
import type { Moment } from "./supernet_view_data";
import type { Shares } from "./supernet_view_shares";

/** Where the axis of the epochs ends: as planned, else at the last epoch so far. */
export function lastEpoch(planned: number | null, moments: readonly Moment[]): number {
  return Math.max(planned ?? 0, moments.at(-1)?.epoch ?? 0, 1);
}

/** About so many whole epochs on an axis up to `end`. */
export function epochTicks(end: number, count: number): number[] {
  return ticks({ low: 0, high: end }, Math.max(1, Math.min(count, end)));
}

/** The last moment of each of so many equal parts of the axis: more the eye does not tell apart. */
export function sampled(moments: readonly Moment[], parts: number, end: number): Moment[] {
  const found = new Map<number, Moment>();
  for (const moment of moments) found.set(Math.floor((moment.epoch / end) * parts), moment);
  return [...found.values()];
}

/** The areas of a decision's options, stacked from below, as path data; x from 0 to `width`, y from 0 (above) to `height`. */
export function stackedAreas(decision: number, known: readonly Shares[], end: number, size: Size): string[] {
  const columns = known.flatMap((all) => {
    const shares = all.of(decision);
    return shares.length === 0 ? [] : [{ x: ((all.moment?.epoch ?? 0) / end) * size.width, shares }];
  });
  const first = columns[0];
  if (first === undefined) return [];
  // A single moment is a line without width; from the start on it held what it was first seen to be.
  const all = first.x > 0 ? [{ x: 0, shares: first.shares }, ...columns] : columns;
  const below = all.map(() => 0);
  return first.shares.map((_, option) => {
    const lower = all.map(({ x }, i) => point(x, size.height * (1 - (below[i] as number))));
    all.forEach(({ shares }, i) => (below[i] = (below[i] as number) + (shares[option] as number)));
    const upper = all.map(({ x }, i) => point(x, size.height * (1 - (below[i] as number))));
    return `M${upper.join("L")}L${lower.reverse().join("L")}z`;
  });
}

export interface Size {
  width: number;
  height: number;
}

const point = (x: number, y: number) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;

export type Sample = readonly [epoch: number, value: number];

/** (epoch, value) of a named value at the moments that have it. */
export function samples(moments: readonly Moment[], name: string, factor: number): Sample[] {
  return moments.flatMap(({ epoch, values }) => (values[name] === undefined ? [] : [[epoch, values[name] * factor] as const]));
}

export function linePath(points: readonly Sample[], x: (value: number) => number, y: (value: number) => number): string {
  return points.length === 0 ? "" : `M${points.map(([epoch, value]) => point(x(epoch), y(value))).join("L")}`;
}

/** Path data of the band between two curves over the same epochs. */
export function bandPath(low: readonly Sample[], high: readonly Sample[], x: (value: number) => number, y: (value: number) => number): string {
  if (low.length === 0 || low.length !== high.length) return "";
  const there = high.map(([epoch, value]) => point(x(epoch), y(value)));
  const back = low.map(([epoch, value]) => point(x(epoch), y(value))).reverse();
  return `M${[...there, ...back].join("L")}z`;
}
