/** Which key does what in the race view. */
import type { KeyPress } from "./keys";
import type { ReplayAction } from "./replay";
import { REPLAY_STEPS } from "./replay_keys";

export type RaceKey = { do: "replay"; action: ReplayAction } | { do: "log"; axis: "x" | "y" } | { do: "clear" } | { do: "help" };

/** On the slider all keys of a replay; on another control its own; elsewhere arrows go through the moments, too. */
export function raceKey(press: KeyPress, where: "slider" | "control" | "else"): RaceKey | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === "Escape") return { do: "clear" };
  if (press.key === "?") return { do: "help" };
  if (where === "control") return null;
  const letter = press.key.toLowerCase();
  if (letter === "x" || letter === "y") return { do: "log", axis: letter };
  if (letter === "l") return { do: "replay", action: { do: "live" } };
  if (press.key === " ") return { do: "replay", action: { do: "play" } };
  const action = REPLAY_STEPS[press.key];
  return action === undefined ? null : { do: "replay", action };
}

export const RACE_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["← →", "one moment back, on"],
  ["Page ↑ ↓", "ten moments on, back"],
  ["Home End", "the beginning, now"],
  ["Space", "play or stop"],
  ["L", "live: everything that is known"],
  ["X Y", "logarithmic clock, values"],
  ["Esc", "close this"],
  ["?", "this list"],
];
