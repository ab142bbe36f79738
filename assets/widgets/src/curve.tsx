/** "Best so far": the search against random search on the same budget, and the best possible where a table tells it. */
import { memo, useId, useRef, type JSX } from "react";
import { apart, linearScale, niceRange, stepPath, tickText, ticks, valueRange, type Range, type Scale } from "./curve_path";
import type { Curve } from "./stream";
import { useWidth } from "./use_width";

const HEIGHT = 268;
const EDGE = { left: 46, right: 104, top: 10, bottom: 38 };
const LABEL_GAP = 15;

/** `frame` is a curve whose range is shown instead, so that a replay of its beginnings stands still. */
export const CurvePanel = memo(function CurvePanel({ curve, frame = null }: { curve: Curve; frame?: Curve | null }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host, 454);
  return (
    <section className="nx-curve" aria-label="Best so far">
      <div className="ph">
        <h4>Best so far</h4>
        <span className="sm t2 clip">{curve.label}</span>
      </div>
      <div ref={host} className="nx-curve-host">
        <svg width={width} height={HEIGHT} role="img" aria-label={curve.finding}>
          <Chart curve={curve} frame={frame} width={width} />
        </svg>
      </div>
    </section>
  );
});

function Chart({ curve, frame, width }: { curve: Curve; frame: Curve | null; width: number }): JSX.Element {
  const clip = useId();
  const values = valueRange(frame ?? curve);
  const rows = niceRange(values ?? { low: 0, high: 1 }, 4);
  const columns: Range = { low: 0, high: Math.max(1, (frame ?? curve).x_max) };
  const right = Math.max(EDGE.left + 60, width - EDGE.right);
  const x = linearScale(columns, EDGE.left, right);
  const y = linearScale(rows, HEIGHT - EDGE.bottom, EDGE.top);
  return (
    <>
      <Axes rows={rows} columns={columns} x={x} y={y} right={right} title={curve.x_label} named={values !== null} />
      {values !== null && (
        <>
          <clipPath id={clip}>
            <rect x={EDGE.left - 2} y={EDGE.top - 2} width={right - EDGE.left + 4} height={HEIGHT - EDGE.top - EDGE.bottom + 4} />
          </clipPath>
          {curve.optimum !== null && <Optimum at={y(curve.optimum)} right={right} text={curve.optimum_text} />}
          <line className="now" x1={x(curve.now)} x2={x(curve.now)} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} />
          <g clipPath={`url(#${clip})`} fill="none" strokeLinejoin="round">
            <path className="random" d={stepPath(curve.random, curve.now, x, y)} />
            <path className="search" d={stepPath(curve.search, curve.now, x, y)} />
          </g>
          <EndLabels curve={curve} x={x} y={y} />
        </>
      )}
    </>
  );
}

interface AxesProps {
  rows: Range;
  columns: Range;
  x: Scale;
  y: Scale;
  right: number;
  title: string;
  named: boolean; // false while there is no value that the numbers could stand for
}

function Axes({ rows, columns, x, y, right, title, named }: AxesProps): JSX.Element {
  const floor = HEIGHT - EDGE.bottom;
  const rowTicks = ticks(rows, 4);
  const columnTicks = ticks(columns, right - EDGE.left > 420 ? 5 : 3);
  return (
    <>
      {rowTicks.map((tick) => (
        <g key={tick}>
          <line className="gl" x1={EDGE.left} x2={right} y1={y(tick)} y2={y(tick)} />
          {named && (
            <text className="ax" x={EDGE.left - 7} y={y(tick) + 4} textAnchor="end">
              {tickText(tick, rowTicks)}
            </text>
          )}
        </g>
      ))}
      <line className="base" x1={EDGE.left} x2={right} y1={floor} y2={floor} />
      {columnTicks.map((tick) => (
        <g key={tick}>
          <line className="base" x1={x(tick)} x2={x(tick)} y1={floor} y2={floor + 4} />
          <text className="ax" x={x(tick)} y={floor + 16} textAnchor="middle">
            {tickText(tick, columnTicks)}
          </text>
        </g>
      ))}
      <text className="axt" x={(EDGE.left + right) / 2} y={floor + 32} textAnchor="middle">
        {title}
      </text>
    </>
  );
}

/** The best that the space holds. Its name stands at the left, where no curve has come down yet. */
function Optimum({ at, right, text }: { at: number; right: number; text: string }): JSX.Element {
  return (
    <>
      <line className="optimum" x1={EDGE.left} x2={right} y1={at} y2={at} />
      <text className="ax" x={EDGE.left + 4} y={at < EDGE.top + 16 ? at + 13 : at - 5}>
        {text}
      </text>
    </>
  );
}

function EndLabels({ curve, x, y }: { curve: Curve; x: Scale; y: Scale }): JSX.Element {
  const inside = (value: number) => Math.max(EDGE.top + 4, Math.min(HEIGHT - EDGE.bottom - 2, value));
  const search = curve.search.at(-1);
  const random = curve.random.at(-1);
  const own = inside(y(search?.[1] ?? 0));
  const [searchY, randomY] = random === undefined ? [own, own] : apart(own, inside(y(random[1])), LABEL_GAP);
  const left = x(curve.now) + 8;
  return (
    <>
      {search !== undefined && <circle className="end" cx={x(curve.now)} cy={own} r={3.5} />}
      {search !== undefined && (
        <text className="mine" x={left} y={searchY + 4}>
          {curve.search_text} search
        </text>
      )}
      {random !== undefined && (
        <text className="ax" x={left} y={randomY + 4}>
          {curve.random_text} random
        </text>
      )}
    </>
  );
}
