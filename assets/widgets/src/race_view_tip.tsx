/** The values of all lanes where the pointer is, the best first. */
import type { JSX } from "react";
import type { Lane, Plot } from "./race_view_data";
import type { Scale } from "./race_view_lines";
import { MarkIcon } from "./race_view_marker";

interface Props {
  plot: Plot;
  counts: number[];
  at: number; // pixels
  x: Scale;
  right: number;
}

const WIDTH = 210;

export function RaceTip({ plot, counts, at, x, right }: Props): JSX.Element | null {
  const found = plot.lanes.flatMap((lane, i) => {
    const place = nearest(lane, counts[i]!, at, x);
    return place === null ? [] : [{ lane, at: lane.x[place]!, value: lane.middle[place]! }];
  });
  if (found.length === 0) return null;
  const sign = plot.less_is_better ? 1 : -1;
  found.sort((a, b) => sign * (a.value - b.value));
  return (
    <div className="rv-tip" style={{ left: at > right - WIDTH - 20 ? at - WIDTH - 14 : at + 14 }}>
      <div className="t2">
        {number(found[0]!.at)} {plot.x_title}
      </div>
      {found.slice(0, 10).map(({ lane, value }) => (
        <div key={lane.name} className="row">
          <MarkIcon look={lane} />
          <span className="clip grow">{lane.name}</span>
          <b>{number(value)}</b>
        </div>
      ))}
    </div>
  );
}

/** The last known point of a line at or before the pointer. */
function nearest(lane: Lane, count: number, at: number, x: Scale): number | null {
  let place: number | null = null;
  for (let i = 0; i < count && x(lane.x[i]!) <= at + 0.5; i++) place = i;
  return place;
}

const number = (value: number) => value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
