/** Which key does what in the lineage view. */
import type { KeyPress } from "./keys";
import type { Move } from "./lineage_view_tree";
import type { ReplayAction } from "./replay";
import { REPLAY_STEPS } from "./replay_keys";

export type LineageKey =
  | { do: "move"; to: Move }
  | { do: "replay"; action: ReplayAction }
  | { do: "pin" } // hold this one against the next
  | { do: "best" }
  | { do: "clear" }
  | { do: "help" };

const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: "earlier",
  ArrowRight: "later",
  ArrowUp: "parent",
  ArrowDown: "child",
  Home: "first",
  End: "newest",
};

/** `where` has the focus: the slider steps through time, a control keeps most keys to itself, elsewhere arrows walk the tree. */
export function lineageKey(press: KeyPress, where: "slider" | "control" | "tree"): LineageKey | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === "Escape") return { do: "clear" };
  if (press.key === "?") return { do: "help" };
  const letter = press.key.toLowerCase();
  if (letter === "l") return { do: "replay", action: { do: "live" } };
  if (letter === "b") return { do: "best" };
  if (letter === "c") return { do: "pin" };
  if (where === "control") return null;
  if (press.key === " ") return { do: "replay", action: { do: "play" } };
  const move = MOVES[press.key];
  if (where === "tree" && move !== undefined) return { do: "move", to: move };
  const action = REPLAY_STEPS[press.key];
  return action === undefined ? null : { do: "replay", action };
}

export const LINEAGE_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["← →", "the one born before, after"],
  ["↑ ↓", "its parent, its first child"],
  ["Home End", "the first, the newest"],
  ["B", "the best"],
  ["C", "pin this one; then choose another"],
  ["Page ↑ ↓", "ten births on, back in time"],
  ["Space", "play or stop the growth"],
  ["L", "live: everything that is known"],
  ["Esc", "unpin, clear, close this"],
  ["?", "this list"],
];
