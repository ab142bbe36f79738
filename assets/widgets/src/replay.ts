/** Playing something that was recorded again: where it stands, how fast, and what each press does. No timer in here. */

export interface Replay {
  place: number; // of the moment that is shown
  live: boolean; // follows the newest
  playing: boolean;
  speed: number;
}

export type ReplayAction =
  | { do: "play" } // or pause
  | { do: "step"; by: number }
  | { do: "go"; to: number }
  | { do: "first" }
  | { do: "live" }
  | { do: "speed"; to: number }
  | { do: "tick"; by: number };

export const SPEEDS: readonly number[] = [1, 2, 4, 8, 16];
export const LIVE: Replay = { place: 0, live: true, playing: false, speed: 1 };
const MOMENTS_A_SECOND = 4; // at speed 1

export function tickMs(speed: number): number {
  return 1000 / (MOMENTS_A_SECOND * speed);
}

/** The state after a press, or after a tick of the clock, when there are `count` moments. */
export function replayed(now: Replay, action: ReplayAction, count: number): Replay {
  const last = Math.max(0, count - 1);
  const at = now.live ? last : Math.min(now.place, last);
  const still = { ...now, live: false, playing: false };
  switch (action.do) {
    case "play":
      if (now.playing) return still;
      return { ...now, live: false, playing: count > 1, place: at >= last ? 0 : at };
    case "step":
      return { ...still, place: clamped(at + action.by, last) };
    case "go":
      return { ...still, place: clamped(action.to, last) };
    case "first":
      return { ...still, place: 0 };
    case "live":
      return { ...now, live: true, playing: false, place: last };
    case "speed":
      return { ...now, speed: action.to };
    case "tick":
      if (!now.playing) return now;
      return at + action.by >= last ? { ...now, live: true, playing: false, place: last } : { ...now, place: at + action.by };
  }
}

const clamped = (place: number, last: number) => Math.max(0, Math.min(last, place));
