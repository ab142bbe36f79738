/** One chart over the epochs, cut at the moment that is shown: nothing on it was not known then. */
import { memo, useMemo, useRef, type JSX } from "react";
import { linearScale, niceRange, tickText, ticks, type Range } from "./curve_path";
import type { Chart, Moment, Series } from "./supernet_view_data";
import { bandPath, epochTicks, linePath, samples, type Sample } from "./supernet_view_paths";
import { useWidth } from "./use_width";

const HEIGHT = 104;
const EDGE = { left: 42, right: 14, top: 8, bottom: 22 };
const ROWS = 2; // about so many steps on an axis so low

interface Props {
  chart: Chart;
  moments: readonly Moment[]; // up to the one that is shown
  end: number;
  height?: number;
}

/** The title of a chart, and its lines by mark, name and newest value. */
export function ChartHead({ chart, moments }: { chart: Chart; moments: readonly Moment[] }): JSX.Element {
  return (
    <div className="sv-head">
      <h4>
        {chart.title}
        {chart.unit === "" ? "" : <span className="t2"> {chart.unit}</span>}
      </h4>
      <span className="sv-keys">
        {chart.series.map((series) => (
          <Key key={series.name} chart={chart} series={series} moments={moments} />
        ))}
      </span>
    </div>
  );
}

/** One line's mark and name, of the main one the newest value, too; in warning colour past the limit. */
function Key({ chart, series, moments }: { chart: Chart; series: Series; moments: readonly Moment[] }): JSX.Element | null {
  const value = moments.findLast(({ values }) => values[series.name] !== undefined)?.values[series.name];
  if (value === undefined) return null;
  const shown = value * chart.factor;
  const past = chart.limit !== null && shown > chart.limit;
  return (
    <span className="sv-key xs t2">
      <svg className={`sv-line ${series.look}`} width="14" height="8" aria-hidden="true">
        <path d="M0 4H14" />
      </svg>
      {series.label}
      {series.look !== "second" && <b className={past ? "b num warnc" : "b num ink"}>{valueText(shown)}</b>}
    </span>
  );
}

interface Drawn {
  series: Series;
  points: Sample[];
  low: Sample[];
  high: Sample[];
}

export const ChartDrawing = memo(function ChartDrawing({ chart, moments, end, height = HEIGHT }: Props): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host, 300);
  const drawn = useMemo(() => chart.series.map((series) => drawnSeries(series, moments, chart.factor)), [chart, moments]);
  const all = drawn.flatMap(({ points, low, high }) => [...points, ...low, ...high].map(([, value]) => value));
  const rows: Range = rangeOf(chart, all);
  const right = Math.max(EDGE.left + 40, width - EDGE.right);
  const x = linearScale({ low: 0, high: end }, EDGE.left, right);
  const y = linearScale(rows, height - EDGE.bottom, EDGE.top);
  const rowTicks = ticks(rows, ROWS);
  const columnTicks = epochTicks(end, 3);
  return (
    <div ref={host} className="sv-chart">
      <svg width={width} height={height} role="img" aria-label={finding(chart, drawn)}>
        {rowTicks.map((tick) => (
          <g key={tick}>
            <line className="gl" x1={EDGE.left} x2={right} y1={y(tick)} y2={y(tick)} />
            <text className="ax" x={EDGE.left - 6} y={y(tick) + 4} textAnchor="end">
              {tickText(tick, rowTicks)}
            </text>
          </g>
        ))}
        {columnTicks.map((tick) => (
          <text key={tick} className="ax" x={x(tick)} y={height - 6} textAnchor="middle">
            {tickText(tick, columnTicks)}
          </text>
        ))}
        {chart.limit !== null && <line className="limit" x1={EDGE.left} x2={right} y1={y(chart.limit)} y2={y(chart.limit)} />}
        {drawn.map(({ series, points, low, high }) => (
          <g key={series.name} className={`sv-line ${series.look}`}>
            <path className="band" d={bandPath(low, high, x, y)} />
            <path d={linePath(points, x, y)} fill="none" />
            {points.length > 0 && <circle cx={x((points.at(-1) as Sample)[0])} cy={y((points.at(-1) as Sample)[1])} r={3} />}
          </g>
        ))}
      </svg>
    </div>
  );
});

function drawnSeries(series: Series, moments: readonly Moment[], factor: number): Drawn {
  const of = (name: string) => (name === "" ? [] : samples(moments, name, factor));
  return { series, points: of(series.name), low: of(series.low), high: of(series.high) };
}

function rangeOf(chart: Chart, values: readonly number[]): Range {
  const [low, high] = chart.bounds ?? [Infinity, -Infinity];
  const all = [...values, low, high].filter(Number.isFinite);
  if (all.length === 0) return { low: 0, high: 1 };
  const range = { low: Math.min(...all), high: Math.max(...all) };
  return chart.bounds !== null && range.low === low && range.high === high ? range : niceRange(range, ROWS);
}

/** One sentence for whoever cannot see it. */
function finding({ title, unit }: Chart, drawn: readonly Drawn[]): string {
  const words = drawn.flatMap(({ series, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [`${series.label} ${valueText(last[1])} ${unit}`.trim()];
  });
  return words.length === 0 ? `${title}: nothing measured yet` : `${title} over the epochs: now ${words.join(", ")}`;
}

/** Three digits that count. */
export function valueText(value: number): string {
  const size = Math.abs(value);
  const text = size >= 100 ? size.toFixed(0) : size >= 10 ? size.toFixed(1) : size.toFixed(size >= 1 ? 2 : 3);
  return value < 0 ? `−${text}` : text;
}
