/** Which key does what while the focus is inside the widget. */
import type { ReplayAction } from "./replay";
import { REPLAY_STEPS } from "./replay_keys";

export type RowMove = "up" | "down" | "page-up" | "page-down" | "first" | "last";

export type KeyAction =
  | { do: "run-or-pause" }
  | { do: "move"; to: RowMove }
  | { do: "replay"; action: ReplayAction }
  | { do: "select" }
  | { do: "clear" }
  | { do: "help" };

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const MOVES: Readonly<Record<string, RowMove>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  PageUp: "page-up",
  PageDown: "page-down",
  Home: "first",
  End: "last",
};

const SLIDER_KEYS: Readonly<Record<string, ReplayAction>> = { ...REPLAY_STEPS, " ": { do: "play" } };
const REPLAY_KEYS: Readonly<Record<string, ReplayAction>> = {
  ",": { do: "step", by: -1 },
  ".": { do: "step", by: 1 },
  p: { do: "play" },
  l: { do: "live" },
};

/**
 * The action of a key press, or null when the key is not ours. `where` has the focus: a control (button, list, summary) keeps most
 * keys to itself, the slider goes through time.
 */
export function keyAction(press: KeyPress, where: "slider" | "control" | "page"): KeyAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === "Escape") return { do: "clear" };
  if (press.key === "?") return { do: "help" };
  if (where === "control") return null;
  const action = (where === "slider" ? SLIDER_KEYS[press.key] : undefined) ?? REPLAY_KEYS[press.key.toLowerCase()];
  if (action !== undefined) return { do: "replay", action };
  if (press.key === " ") return { do: "run-or-pause" };
  if (press.key === "Enter") return { do: "select" };
  const to = MOVES[press.key];
  return to === undefined ? null : { do: "move", to };
}

/** Where the row cursor lands; stays inside the `count` rows. */
export function movedRow(from: number, to: RowMove, count: number, page: number): number {
  const steps: Record<RowMove, number> = { up: -1, down: 1, "page-up": -page, "page-down": page, first: -count, last: count };
  return Math.max(0, Math.min(count - 1, from + steps[to]));
}

export const KEY_LIST: readonly (readonly [keys: string, does: string])[] = [
  ["Tab", "next part, then out"],
  ["Space", "pause or resume the search"],
  ["↑ ↓", "move through the trials"],
  ["Page ↑ ↓", "move by a page"],
  ["Home End", "newest and oldest row"],
  ["Enter", "select the trial"],
  [", .", "one trial back in time, on"],
  ["P", "play or stop the replay"],
  ["L", "live: the newest moment"],
  ["Esc", "clear the selection, close this"],
  ["?", "this list"],
];
