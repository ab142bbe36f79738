/** The lines of a race with their bands, each named at its end. */
import { memo, useId, useMemo, useRef, useState, type JSX, type PointerEvent } from "react";
import type { Axis, Lane, Plot } from "./race_view_data";
import { bandPath, keptApart, known, linePath, roomy, scale, type Scale } from "./race_view_lines";
import { DASHES, Mark } from "./race_view_marker";
import { useSize } from "./race_view_size";
import { RaceTip } from "./race_view_tip";

const EDGE = { left: 58, top: 14, bottom: 46 };
const LABEL_GAP = 17;
const LABEL_ROOM = { least: 92, most: 190, sign: 6.7 }; // pixels, and of one sign

export interface ChartProps {
  plot: Plot;
  reach: readonly (number | null)[] | null; // of each lane at the moment that is shown; null: all that there is
  logX: boolean;
  logY: boolean;
  bands: ReadonlySet<string>;
  seen: string | null; // the lane that the pointer is on, elsewhere
  hidden: boolean;
  finding: string;
}

export const RaceChart = memo(function RaceChart(props: ChartProps): JSX.Element {
  const { plot, reach, logX, logY, bands, seen, hidden, finding } = props;
  const host = useRef<HTMLDivElement>(null);
  const clip = useId();
  const { width, height } = useSize(host, { width: 700, height: 440 });
  const [pointed, point] = useState<number | null>(null);
  const room = labelRoom(plot.lanes, width);
  const right = Math.max(EDGE.left + 120, width - room);
  const floor = height - EDGE.bottom;
  const [xAxis, yAxis] = [plot.x_axes[logX ? 1 : 0], plot.y_axes[logY ? 1 : 0]];
  const x = useMemo(() => scale(xAxis, EDGE.left, right), [xAxis, right]);
  const y = useMemo(() => scale(yAxis, floor, EDGE.top), [yAxis, floor]);
  const counts = plot.lanes.map((lane, i) => known(lane, reach === null ? null : reach[i]));
  const moved = (event: PointerEvent<SVGSVGElement>) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    point(at >= EDGE.left - 4 && at <= right + 4 ? at : null);
  };
  const faded = (lane: Lane) => (seen !== null && seen !== lane.name ? "rv-lane faded" : "rv-lane");
  return (
    <div ref={host} className="rv-chart">
      <svg width={width} height={height} role="img" aria-label={finding} onPointerMove={moved} onPointerLeave={() => point(null)}>
        <Axes plot={plot} xAxis={xAxis} yAxis={yAxis} x={x} y={y} right={right} floor={floor} />
        {!hidden && (
          <>
            <clipPath id={clip}>
              <rect x={EDGE.left} y={EDGE.top - 8} width={right - EDGE.left + 8} height={floor - EDGE.top + 9} />
            </clipPath>
            <g clipPath={`url(#${clip})`}>
              {plot.lanes.map(
                (lane, i) => bands.has(lane.name) && <path key={lane.name} className="rv-band" fill={lane.colour} d={bandPath(lane, counts[i]!, x, y)} />,
              )}
              {plot.lanes.map((lane, i) => (
                <path
                  key={lane.name}
                  className={faded(lane)}
                  data-lane={lane.name}
                  data-points={counts[i]}
                  stroke={lane.colour}
                  strokeDasharray={DASHES[lane.dash]}
                  d={linePath(lane.x, lane.middle, counts[i]!, x, y)}
                />
              ))}
            </g>
            <Ends plot={plot} counts={counts} x={x} y={y} right={right} floor={floor} faded={faded} />
            {pointed !== null && <line className="rv-at" x1={pointed} x2={pointed} y1={EDGE.top} y2={floor} />}
          </>
        )}
      </svg>
      {!hidden && pointed !== null && <RaceTip plot={plot} counts={counts} at={pointed} x={x} right={right} />}
    </div>
  );
});

/** Names need so much beside the lines; never more than a third of the chart. */
function labelRoom(lanes: readonly Lane[], width: number): number {
  const longest = Math.max(0, ...lanes.map((lane) => lane.name.length + (lane.state === "stopped" ? 10 : 0)));
  return Math.min(Math.max(LABEL_ROOM.least, 34 + longest * LABEL_ROOM.sign), LABEL_ROOM.most, width / 3);
}

interface AxesProps {
  plot: Plot;
  xAxis: Axis;
  yAxis: Axis;
  x: Scale;
  y: Scale;
  right: number;
  floor: number;
}

function Axes({ plot, xAxis, yAxis, x, y, right, floor }: AxesProps): JSX.Element {
  const middle = (EDGE.top + floor) / 2;
  return (
    <>
      {yAxis.ticks.map(([value, words]) => (
        <g key={value}>
          <line className="gl" x1={EDGE.left} x2={right} y1={y(value)} y2={y(value)} />
          <text className="ax" x={EDGE.left - 8} y={y(value) + 4} textAnchor="end">
            {words}
          </text>
        </g>
      ))}
      <line className="base" x1={EDGE.left} x2={right} y1={floor} y2={floor} />
      {roomy(xAxis.ticks, x, 40).map(([value, words]) => (
        <g key={value}>
          <line className="base" x1={x(value)} x2={x(value)} y1={floor} y2={floor + 4} />
          <text className="ax" x={x(value)} y={floor + 18} textAnchor="middle">
            {words}
          </text>
        </g>
      ))}
      <text className="axt" x={(EDGE.left + right) / 2} y={floor + 38} textAnchor="middle">
        {plot.x_title}
      </text>
      <text className="axt" transform={`translate(14 ${middle}) rotate(-90)`} textAnchor="middle">
        {plot.y_title}
      </text>
    </>
  );
}

interface EndsProps {
  plot: Plot;
  counts: number[];
  x: Scale;
  y: Scale;
  right: number;
  floor: number;
  faded: (lane: Lane) => string;
}

/** Marks where the lines end, and their names in a column beside them, kept apart. */
function Ends({ plot, counts, x, y, right, floor, faded }: EndsProps): JSX.Element {
  const drawn = plot.lanes.map((lane, i) => ({ lane, count: counts[i]! })).filter(({ count }) => count > 0);
  const ends = drawn.map(({ lane, count }) => ({ lane, x: x(lane.x[count - 1]!), y: y(lane.middle[count - 1]!) }));
  const named = ends.slice(0, Math.floor((floor - EDGE.top) / LABEL_GAP));
  const heights = keptApart(named.map((end) => end.y), LABEL_GAP, EDGE.top, floor);
  const column = Math.min(right, Math.max(EDGE.left, ...ends.map((end) => end.x))) + 16;
  return (
    <>
      {ends.map(({ lane, x: at, y: height }) => (
        <g key={lane.name} className={faded(lane)} transform={`translate(${at} ${height})`}>
          <Mark look={lane} />
        </g>
      ))}
      {named.map(({ lane, x: at, y: height }, i) => (
        <g key={lane.name} className={faded(lane)}>
          <path className="rv-leader" stroke={lane.colour} d={`M${at + 6} ${height}L${column} ${heights[i]}`} />
          <text className="rv-name" x={column + 5} y={heights[i]! + 4}>
            {lane.name}
            {lane.state === "stopped" && <tspan className="rv-stopped"> stopped</tspan>}
          </text>
        </g>
      ))}
    </>
  );
}
