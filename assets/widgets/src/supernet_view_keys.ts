/** Which key does what in the supernet view. */
import type { KeyPress } from "./keys";
import type { ReplayAction } from "./replay";
import { REPLAY_STEPS } from "./replay_keys";

export type SupernetKey = { do: "replay"; action: ReplayAction } | { do: "move"; to: Direction } | { do: "clear" } | { do: "help" };
export type Direction = "left" | "right" | "up" | "down";

const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** `where` has the focus: on the graph arrows move among decisions, on a control most keys are its own, elsewhere they step. */
export function supernetKey(press: KeyPress, where: "graph" | "slider" | "control" | "root"): SupernetKey | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === "Escape") return { do: "clear" };
  if (press.key === "?") return { do: "help" };
  if (press.key.toLowerCase() === "l") return { do: "replay", action: { do: "live" } };
  if (where === "control") return null;
  if (press.key === " ") return { do: "replay", action: { do: "play" } };
  const direction = DIRECTIONS[press.key];
  if (where === "graph" && direction !== undefined) return { do: "move", to: direction };
  const action = REPLAY_STEPS[press.key];
  return action === undefined ? null : { do: "replay", action };
}

export const SUPERNET_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["Tab", "next part, then out"],
  ["← →", "one moment back, on"],
  ["Page ↑ ↓", "ten moments"],
  ["Home End", "the first, the newest"],
  ["Space", "play or stop the replay"],
  ["L", "live: the newest moment"],
  ["← ↑ ↓ →", "on the graph: to the next edge"],
  ["Esc", "close this"],
  ["?", "this list"],
];
