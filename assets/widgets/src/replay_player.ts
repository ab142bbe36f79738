/**
 * The clock of a replay. While it plays, the place is the view's own; wherever it comes to rest is told, so that other views and
 * cells of the notebook are in step.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ControlModel } from "./model";
import { LIVE, replayed, tickMs, type Replay, type ReplayAction } from "./replay";

export interface Player {
  count: number; // of moments there are
  told: number | null; // the place that everybody knows; null: the newest
  tell: (place: number | null) => void; // hears where it rests
  stride?: number; // moments of a tick, where there are very many
  reach?: () => number; // the last place that can be shown at once: the clock waits there
}

const LONGEST_MS = 250; // of a gap between two frames that is made up for; after a longer one the replay goes on from where it was

/** Where the replay stands, and what a press is answered with. */
export function useReplay({ count, told, tell, stride = 1, reach }: Player): [Replay, (action: ReplayAction) => void] {
  const [own, setOwn] = useState<Replay>(LIVE);
  const last = Math.max(0, count - 1);
  const replay = useMemo<Replay>(
    () => (own.playing ? own : { ...own, live: told === null, place: Math.max(0, Math.min(told ?? last, last)) }),
    [own, told, last],
  );
  const latest = useRef({ replay, count, tell, stride, reach });
  useEffect(() => {
    latest.current = { replay, count, tell, stride, reach };
  }, [replay, count, tell, stride, reach]);

  const press = useCallback((action: ReplayAction) => {
    const { replay: now, count: moments, tell: rests } = latest.current;
    const next = replayed(now, action, moments);
    latest.current.replay = next;
    setOwn(next);
    if (!next.playing) rests(next.live ? null : next.place);
  }, []);
  useEffect(() => {
    if (!own.playing) return undefined;
    let [frame, before, owed] = [0, performance.now(), 0];
    const tick = () => {
      frame = requestAnimationFrame(tick);
      const now = performance.now();
      owed += Math.min(now - before, LONGEST_MS) / tickMs(own.speed);
      before = now;
      const { replay: at, stride: step, reach: furthest } = latest.current;
      const due = Math.floor(owed) * step;
      const room = furthest === undefined ? due : Math.max(0, furthest() - at.place);
      if (due < 1) return;
      owed -= Math.floor(owed);
      if (room > 0) press({ do: "tick", by: Math.min(due, room) });
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [own.playing, own.speed, press]);
  return [replay, press];
}

/** Set a trait that a cell may set as well; without Python it moves this view alone. */
export function setTrait(model: ControlModel, name: string, value: unknown, attached: boolean): void {
  if (model.get(name) === value) return;
  model.set(name, value);
  if (attached) model.save_changes();
}
