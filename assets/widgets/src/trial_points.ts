/** The dots of a search's plot at any moment: a choice out of those of all trials, which Python tells once. */
import { decoded, type Columns, type Figure, type Packed } from "./plotly";

/** The trait, as nas_explorer/widgets/dashboard_moments.py makes it. */
export interface TrialPoints {
  events: number; // how many were known when it was made: good for any moment until then
  x: Packed | number[];
  y: Packed | number[];
  customdata: Packed | number[]; // the numbers of the trials
  known: Packed | number[]; // since so many events
}

/** An empty dict is what there is before anybody has looked back. */
export function arePoints(value: unknown): value is TrialPoints {
  return typeof value === "object" && value !== null && "known" in value;
}

/** Those that were known, in their order. */
export function pointsAt(points: TrialPoints, events: number): Columns {
  const [known, x, y, trials] = [decoded(points.known), decoded(points.x), decoded(points.y), decoded(points.customdata)];
  let count = 0;
  for (let i = 0; i < known.length; i += 1) if (known[i]! <= events) count += 1;
  const chosen = { x: new Float32Array(count), y: new Float32Array(count), customdata: new Int32Array(count) };
  for (let [i, to] = [0, 0]; to < count; i += 1) {
    if (known[i]! > events) continue;
    [chosen.x[to], chosen.y[to], chosen.customdata[to]] = [x[i]!, y[i]!, trials[i]!];
    to += 1;
  }
  return chosen;
}

/** The figure of a moment of the past with its dots in it, which are its first trace. */
export function withPoints(figure: Figure, points: TrialPoints, events: number): Figure {
  const [trials, ...others] = figure.data;
  return { ...figure, data: [{ ...(trials as object), ...pointsAt(points, events) }, ...others] };
}
