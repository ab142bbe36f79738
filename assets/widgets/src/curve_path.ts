/** The geometry of the "best so far" curve: ticks, ranges and step paths, in numbers only. */
import type { Curve, Point } from "./stream";

export interface Range {
  low: number;
  high: number;
}

/** The largest of 1, 2, 5 times a power of ten that cuts `span` into at least about `count` parts. */
export function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}

/** The round numbers inside a range, both ends included where they are round. */
export function ticks({ low, high }: Range, count: number): number[] {
  if (!(high > low)) return [low];
  const step = niceStep(high - low, count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The range widened to round numbers, so that the axis grows in steps and not with every point. */
export function niceRange({ low, high }: Range, count: number): Range {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const step = niceStep(span, count);
  const bottom = Math.floor(low / step + 1e-9) * step;
  const top = Math.ceil(high / step - 1e-9) * step;
  return { low: round(bottom), high: round(top > bottom ? top : bottom + step) };
}

const round = (value: number) => Number(value.toPrecision(12));

const FORMATS = Array.from({ length: 21 }, (_, decimals) => new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));

/** A tick as text: only the decimals that its neighbours need, thousands with a comma, a real minus. */
export function tickText(value: number, all: number[]): string {
  const decimals = Math.max(...all.map((tick) => (String(tick).split(".")[1] ?? "").length));
  const digits = FORMATS[Math.min(decimals, FORMATS.length - 1)]!.format(Math.abs(value)); // a format made anew takes longer than a chart
  return value < 0 ? `−${digits}` : digits;
}

// The first guesses may be ten times worse than all that follows; they run off the chart instead of flattening it.
const SETTLED_AFTER = 0.03;

/** The values that the chart must show: all that held after the first 3 % of the axis, and the optimum where it is known. */
export function valueRange(curve: Curve): Range | null {
  const settled = SETTLED_AFTER * curve.x_max;
  const values = [curve.search, curve.random].flatMap((series) => {
    const after = series.filter(([x], i) => x >= settled || (series[i + 1]?.[0] ?? Infinity) > settled);
    return after.map(([, y]) => y);
  });
  if (values.length === 0) return null;
  if (curve.optimum !== null) values.push(curve.optimum);
  return { low: Math.min(...values), high: Math.max(...values) };
}

export type Scale = (value: number) => number;

export function linearScale({ low, high }: Range, from: number, to: number): Scale {
  const factor = high > low ? (to - from) / (high - low) : 0;
  return (value) => from + (value - low) * factor;
}

/** Path data of a curve that holds each value until the next one, and the last one until `end`. */
export function stepPath(points: Point[], end: number, x: Scale, y: Scale): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const px = (value: number) => Math.round(value * 10) / 10;
  const start = `M${px(x(first[0]))} ${px(y(first[1]))}`;
  const steps = rest.map(([at, value]) => `H${px(x(at))}V${px(y(value))}`).join("");
  return `${start}${steps}H${px(x(Math.max(end, points.at(-1)?.[0] ?? end)))}`;
}

/** Two heights pushed apart to at least `gap`, each as near to its place as that allows. */
export function apart(a: number, b: number, gap: number): [number, number] {
  const missing = gap - Math.abs(a - b);
  if (missing <= 0) return [a, b];
  const push = missing / 2;
  return a <= b ? [a - push, b + push] : [a + push, b - push];
}
