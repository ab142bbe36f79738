/** The replay bar of the supernet view: an axis of epochs, marked where a warning begins. */
import { useCallback, useMemo, type JSX } from "react";
import { tickText } from "./curve_path";
import type { Replay, ReplayAction } from "./replay";
import { ReplayBar } from "./replay_bar";
import type { Mark } from "./replay_marks";
import type { Moment } from "./supernet_view_data";
import { nearestPlace, warningsBegin } from "./supernet_view_moments";
import { epochTicks } from "./supernet_view_paths";

interface Props {
  moments: readonly Moment[];
  replay: Replay;
  end: number;
  still: boolean;
  press: (action: ReplayAction) => void;
}

export function EpochBar({ moments, replay, end, still, press }: Props): JSX.Element {
  const now = moments[replay.place];
  const ticks = useMemo(() => {
    const at = epochTicks(end, 5);
    return at.map((tick) => ({ at: tick, words: tickText(tick, at) }));
  }, [end]);
  const marks = useMemo<Mark[]>(() => warningsBegin(moments).map((begin) => ({ at: (moments[begin] as Moment).epoch, kind: "warn" })), [moments]);
  return (
    <ReplayBar
      name="Epoch"
      unit="moment"
      count={moments.length}
      replay={replay}
      press={press}
      still={still}
      end={end}
      at={useCallback((place: number) => moments[place]?.epoch ?? 0, [moments])}
      placeAt={useCallback((epoch: number) => nearestPlace(moments, epoch), [moments])}
      ticks={ticks}
      here={now === undefined ? "" : epochText(now.epoch)}
      words={now === undefined ? "no moment yet" : `epoch ${epochText(now.epoch)}, moment ${replay.place + 1} of ${moments.length}`}
      marks={marks}
    />
  );
}

function epochText(epoch: number): string {
  return Number.isInteger(epoch) ? String(epoch) : epoch.toFixed(1);
}
