/**
 * The replay of a dashboard: the `moment` trait is where it rests; while it plays, it shows moments that Python has made ahead. So are
 * the moment below the pointer and those one step away, which are on the screen as soon as they are pressed, and all that come next
 * while the pointer or the focus is on "Play".
 */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { MomentsAhead, type MomentsMessage } from "./dashboard_moments";
import { Overlay } from "./dashboard_overlay";
import { lastAtMost, timelineOf, type Timeline, type TimelineTrait } from "./dashboard_timeline";
import { useTrait, type ControlModel, type Model } from "./model";
import { replayed, type Replay, type ReplayAction } from "./replay";
import { setTrait, useReplay } from "./replay_player";
import { useQuiet } from "./use_quiet";

const TICKS = 1000; // a whole run takes at most so many
const AHEAD = 128; // moments asked for before they are due
const QUIET_MS = 150; // a place that stands so long is likely to be left by a step

export interface DashboardPlayer {
  line: Timeline;
  replay: Replay;
  press: (action: ReplayAction) => void;
  near: (place: number) => void; // the pointer is over a moment
  ready: (on: boolean) => void; // and on "Play"
  shown: Model; // what the panels draw
}

/** `choice` tells what the user has chosen to see: moments that were made for another choice are not shown. */
export function useDashboardReplay(model: ControlModel, stream: Model, choice: string, attached: boolean): DashboardPlayer {
  const trait = useTrait<TimelineTrait | null>(stream, "timeline", null);
  const line = useMemo(() => timelineOf(trait), [trait]);
  const moment = useTrait<number | null>(model, "moment", null);
  const count = line.events.length;
  const newest = line.events[count - 1] ?? 0;
  const told = moment === null || moment >= newest ? null : lastAtMost(line.events, moment);
  const stride = Math.max(1, Math.ceil(count / TICKS));
  const overlay = useMemo(() => new Overlay(stream), [stream]);
  const ahead = useMemo(() => new MomentsAhead((message) => model.send(message)), [model]);
  const at = useRef({ place: 0, line, stride });

  const tell = useCallback(
    (place: number | null) => setTrait(model, "moment", place === null ? null : (line.events[place] ?? null), attached),
    [model, line, attached],
  );
  const reach = useCallback(() => reached(at.current.line, at.current.place, at.current.stride, ahead), [ahead]);
  const [replay, press] = useReplay({ count, told, tell, stride, reach });
  const [heard, setHeard] = useState(0);
  const [pointed, near] = useState<number | null>(null);
  const [aboutToPlay, ready] = useState(false);
  const start = replayed(replay, { do: "play" }, count).place;
  const quiet = useQuiet(replay.place, QUIET_MS);
  useLayoutEffect(() => {
    at.current = { place: replay.place, line, stride };
  }, [replay.place, line, stride]);

  useEffect(() => {
    const listen = (message: { type?: string }) => {
      if (message.type === "moments" && ahead.take(message as MomentsMessage)) setHeard((before) => before + 1);
    };
    stream.on("msg:custom", listen);
    return () => stream.off("msg:custom", listen);
  }, [stream, ahead]);

  const events = replay.playing ? (line.events[replay.place] ?? 0) : told === null ? newest : (moment ?? newest);
  const showing = useTrait(stream, "events", 0);
  useLayoutEffect(() => {
    ahead.choose(choice);
    if (replay.playing && attached) ahead.want(comingUp(line, replay.place, stride));
    else if (aboutToPlay && attached) ahead.want(comingUp(line, start, stride, TICKS));
    else if (attached) ahead.want(likely(line, pointed, replay.live || !quiet ? null : replay.place));
    const arrived = replay.live && !replay.playing ? showing >= events : showing === events;
    const content = ahead.get(events);
    if (arrived && !replay.playing) overlay.show(null);
    else if (content !== null) overlay.show(content, replay.playing);
  }, [aboutToPlay, ahead, attached, choice, events, heard, line, overlay, pointed, quiet, replay.live, replay.place, replay.playing, showing, start, stride]);
  return { line, replay, press, near, ready, shown: overlay };
}

/** The events of the moments that come next, this one first; the last is the newest, which the stream itself shows. */
function comingUp(line: Timeline, place: number, stride: number, most = AHEAD): number[] {
  const coming: number[] = [];
  for (let next = place; next < line.events.length - 1 && coming.length < most; next += stride) coming.push(line.events[next]!);
  return coming;
}

/** The events of the moments that the next press may ask for; the newest is always there. */
function likely({ events }: Timeline, pointed: number | null, resting: number | null): number[] {
  const places = [...(pointed === null ? [] : [pointed]), ...(resting === null ? [] : [resting - 1, resting + 1])];
  return places.filter((place) => place >= 0 && place < events.length - 1).map((place) => events[place]!);
}

/** How far it can be played at once. */
function reached(line: Timeline, place: number, stride: number, ahead: MomentsAhead): number {
  if (place < line.events.length - 1 && ahead.get(line.events[place] ?? 0) === null) return place;
  let at = place;
  while (at < line.events.length - 1) {
    const next = at + stride;
    if (next < line.events.length - 1 && ahead.get(line.events[next]!) === null) break;
    at = next;
  }
  return at;
}
