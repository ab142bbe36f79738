/** The geometry of a race's lines: scales, what was known at a moment, paths, and labels that do not overlap. Numbers only. */
import type { Axis, Lane } from "./race_view_data";

export type Scale = (value: number) => number;

/** From an axis to pixels; what lies beyond the axis stands at its edge. */
export function scale(axis: Axis, from: number, to: number): Scale {
  const share = axis.is_log
    ? (value: number) => Math.log(Math.max(value, axis.low) / axis.low) / Math.log(axis.high / axis.low)
    : (value: number) => (value - axis.low) / (axis.high - axis.low || 1);
  return (value) => from + Math.max(0, Math.min(1, share(value))) * (to - from);
}

/** How many points of a line were known when all its searches had come to `reach`; null: all of them. */
export function known(lane: Pick<Lane, "x">, reach: number | null | undefined): number {
  if (reach === null || reach === undefined) return lane.x.length;
  let [low, high] = [0, lane.x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lane.x[middle]! <= reach) low = middle + 1;
    else high = middle;
  }
  return low;
}

const px = (value: number) => Math.round(value * 10) / 10;

/** Path data of the first `count` points. */
export function linePath(xs: readonly number[], ys: readonly number[], count: number, x: Scale, y: Scale): string {
  let path = "";
  for (let i = 0; i < count; i++) path += `${i === 0 ? "M" : "L"}${px(x(xs[i]!))} ${px(y(ys[i]!))}`;
  return path;
}

/** Path data of the area between two lines; nothing where there is no band. */
export function bandPath(lane: Lane, count: number, x: Scale, y: Scale): string {
  if (lane.low.length === 0 || count === 0) return "";
  let path = linePath(lane.x, lane.high, count, x, y);
  for (let i = count - 1; i >= 0; i--) path += `L${px(x(lane.x[i]!))} ${px(y(lane.low[i]!))}`;
  return `${path}Z`;
}

/** Heights moved as little as needed: at least `gap` between two, all from `low` to `high`, in the order that they have. */
export function keptApart(heights: readonly number[], gap: number, low: number, high: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]! || a - b);
  const at = order.map((i) => heights[i]!);
  for (let round = 0; round < at.length; round++)
    for (let i = 0; i + 1 < at.length; i++) {
      const lacking = gap - (at[i + 1]! - at[i]!);
      if (lacking > 1e-9) [at[i], at[i + 1]] = [at[i]! - lacking / 2, at[i + 1]! + lacking / 2];
    }
  for (let i = at.length - 1; i >= 0; i--) at[i] = Math.min(at[i]!, i + 1 < at.length ? at[i + 1]! - gap : high);
  for (let i = 0; i < at.length; i++) at[i] = Math.max(at[i]!, i > 0 ? at[i - 1]! + gap : low);
  const places = new Array<number>(heights.length);
  order.forEach((original, i) => (places[original] = at[i]!));
  return places;
}

/** Ticks that have room: the last of the axis always, and of the others as many as stand `gap` pixels apart. */
export function roomy(ticks: Axis["ticks"], to: Scale, gap: number): Axis["ticks"] {
  const kept: Axis["ticks"] = [];
  for (const tick of [...ticks].reverse()) {
    const before = kept.at(-1);
    if (before === undefined || Math.abs(to(before[0]) - to(tick[0])) >= gap) kept.push(tick);
  }
  return kept.reverse();
}

const WIDTH = 44; // dots beside each other on a strip

/**
 * The final values of all seeds as dots on a strip, those of one place above each other: path data of points for a round stroke.
 * The path is in a box of `width` by `height`.
 */
export function dotsPath(shares: readonly number[], width: number, height: number): string {
  const columns = new Map<number, number>();
  for (const share of shares) {
    const column = Math.round(share * WIDTH);
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  let path = "";
  for (const [column, count] of columns) {
    const step = Math.min(5, (height - 6) / Math.max(1, count - 1));
    for (let i = 0; i < count; i++) path += `M${px((column / WIDTH) * width)} ${px(height / 2 + (i - (count - 1) / 2) * step)}h0`;
  }
  return path;
}
