/** The replay bar of a race: its axis is the race's clock, where the searches stood in the mean. */
import { memo, useMemo, type JSX } from "react";
import type { Plot } from "./race_view_data";
import type { Replay, ReplayAction } from "./replay";
import { ReplayBar } from "./replay_bar";

interface Props {
  plot: Plot;
  replay: Replay;
  still: boolean;
  press: (action: ReplayAction) => void;
}

export const RaceBar = memo(function RaceBar({ plot, replay, still, press }: Props): JSX.Element {
  const { moments } = plot;
  const spot = moments.spots[replay.place] ?? 0;
  const ticks = useMemo(() => roundTicks(moments.end), [moments.end]);
  const placeAt = (wanted: number) => nearestPlace(moments.spots, wanted);
  const words = moments.events.length === 0 ? "nothing yet" : `${number(spot)} ${plot.x_title} a search in the mean, ${moments.events[replay.place]} events`;
  return (
    <ReplayBar
      name="Moment"
      unit="moment"
      count={moments.events.length}
      replay={replay}
      press={press}
      still={still}
      end={moments.end}
      at={(place) => moments.spots[place] ?? 0}
      placeAt={placeAt}
      ticks={ticks}
      here={number(spot)}
      words={words}
    />
  );
});

/** The last moment that stood at or before a spot of the axis. */
export function nearestPlace(spots: readonly number[], wanted: number): number {
  let [low, high] = [0, spots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spots[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function roundTicks(end: number): { at: number; words: string }[] {
  const rough = end / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((lead) => lead * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => ({ at: i * step, words: number(i * step) }));
}

const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 1 : 0 });
