/** The replay bar of the lineage view: an axis of births. */
import { useMemo, type JSX } from "react";
import { birthTicks } from "./lineage_view_places";
import type { Replay, ReplayAction } from "./replay";
import { ReplayBar } from "./replay_bar";

interface Props {
  count: number;
  last: number; // trial at the right end
  replay: Replay;
  still: boolean;
  press: (action: ReplayAction) => void;
}

const same = (place: number) => place;

export function GrowthBar({ count, last, replay, still, press }: Props): JSX.Element {
  const ticks = useMemo(() => birthTicks(last, 6).map((tick) => ({ at: tick, words: String(tick) })), [last]);
  return (
    <ReplayBar
      name="Births"
      unit="birth"
      count={count}
      replay={replay}
      press={press}
      still={still}
      end={Math.max(1, last)}
      at={same}
      placeAt={Math.round}
      ticks={ticks}
      here={String(replay.place)}
      words={count === 0 ? "nothing born yet" : `trial ${replay.place} born, ${count} in all`}
    />
  );
}
