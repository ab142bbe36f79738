/** The replay of one view: its state, its clock, and the `snapshot` trait that other views and cells share. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTrait, type ControlModel } from "./model";
import type { Moment } from "./supernet_view_data";
import { placeOf } from "./supernet_view_moments";
import { LIVE, replayed, tickMs, type Replay, type ReplayAction } from "./supernet_view_replay";

/** While it plays the place is the view's own; wherever it comes to rest is told to Python, if Python is there. */
export function usePlayer(model: ControlModel, moments: readonly Moment[], attached: boolean): [Replay, (action: ReplayAction) => void] {
  const snapshot = useTrait<number | null>(model, "snapshot", null);
  const [own, setOwn] = useState<Replay>(LIVE);
  const replay = useMemo<Replay>(
    () => (own.playing ? own : { ...own, live: snapshot === null, place: Math.max(0, placeOf(moments, snapshot)) }),
    [own, snapshot, moments],
  );
  const latest = useRef({ replay, moments, attached });
  useEffect(() => {
    latest.current = { replay, moments, attached };
  }, [replay, moments, attached]);

  const press = useCallback(
    (action: ReplayAction) => {
      const { replay: now, moments: known, attached: live } = latest.current;
      const next = replayed(now, action, known.length);
      latest.current.replay = next;
      setOwn(next);
      if (next.playing) return;
      const told = next.live ? null : (known[next.place]?.number ?? null);
      if (model.get("snapshot") === told) return;
      model.set("snapshot", told);
      if (live) model.save_changes();
    },
    [model],
  );
  useEffect(() => {
    if (!own.playing) return undefined;
    const timer = setInterval(() => press({ do: "tick" }), tickMs(own.speed));
    return () => clearInterval(timer);
  }, [own.playing, own.speed, press]);
  return [replay, press];
}
