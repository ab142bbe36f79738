/** The growth of the tree as a replay: its state, its clock, and the `moment` trait that other views and cells share. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTrait, type ControlModel } from "./model";
import { LIVE, replayed, tickMs, type Replay, type ReplayAction } from "./supernet_view_replay";

const TICKS = 400; // a whole tree takes at most so many

/** While it plays the place is the view's own; wherever it comes to rest is told to Python, if Python is there. */
export function useGrowth(model: ControlModel, count: number, attached: boolean): [Replay, (action: ReplayAction) => void] {
  const moment = useTrait<number | null>(model, "moment", null);
  const [own, setOwn] = useState<Replay>(LIVE);
  const last = Math.max(0, count - 1);
  const replay = useMemo<Replay>(
    () => (own.playing ? own : { ...own, live: moment === null, place: moment === null ? last : Math.max(0, Math.min(moment, last)) }),
    [own, moment, last],
  );
  const latest = useRef({ replay, count, attached });
  useEffect(() => {
    latest.current = { replay, count, attached };
  }, [replay, count, attached]);

  const press = useCallback(
    (action: ReplayAction) => {
      const { replay: now, count: births, attached: live } = latest.current;
      const next = replayed(now, action, births);
      latest.current.replay = next;
      setOwn(next);
      if (next.playing) return;
      const told = next.live ? null : next.place;
      if (model.get("moment") === told) return;
      model.set("moment", told);
      if (live) model.save_changes();
    },
    [model],
  );
  useEffect(() => {
    if (!own.playing) return undefined;
    const tick = () => {
      const births = Math.max(1, Math.ceil(latest.current.count / TICKS));
      for (let i = 0; i < births; i++) press({ do: "tick" });
    };
    const timer = setInterval(tick, tickMs(own.speed));
    return () => clearInterval(timer);
  }, [own.playing, own.speed, press]);
  return [replay, press];
}
