/** The race as a replay: places are moments, and the `moment` trait, which cells share, counts events. */
import { useCallback, useEffect, useRef } from "react";
import { useTrait, type ControlModel } from "./model";
import type { Moments } from "./race_view_data";
import type { Replay, ReplayAction } from "./replay";
import { setTrait, useReplay } from "./replay_player";

const TICKS = 60; // a whole race takes about so many, 15 s at speed 1
const TOLD_MS = 300; // while it plays, the table follows so often

/** The newest moment at which no more than so many events were known. */
export function placeOf(moments: Moments, events: number): number {
  let place = 0;
  while (place + 1 < moments.events.length && moments.events[place + 1]! <= events) place += 1;
  return place;
}

export function useRaceReplay(model: ControlModel, moments: Moments, attached: boolean): [Replay, (action: ReplayAction) => void] {
  const moment = useTrait<number | null>(model, "moment", null);
  const latest = useRef({ moments, attached });
  useEffect(() => {
    latest.current = { moments, attached };
  }, [moments, attached]);
  const tell = useCallback(
    (place: number | null) => {
      const { moments: now, attached: live } = latest.current;
      setTrait(model, "moment", place === null ? null : (now.events[place] ?? null), live);
    },
    [model],
  );
  const count = moments.events.length;
  const told = moment === null ? null : placeOf(moments, moment);
  const [replay, press] = useReplay({ count, told, tell, stride: Math.max(1, Math.round(count / TICKS)) });

  const place = useRef(0);
  place.current = replay.place;
  useEffect(() => {
    if (!replay.playing) return undefined;
    const timer = setInterval(() => tell(place.current), TOLD_MS);
    return () => clearInterval(timer);
  }, [replay.playing, tell]);
  return [replay, press];
}
