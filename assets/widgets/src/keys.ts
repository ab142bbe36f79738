/** Which key does what while the focus is inside the widget. */

export type RowMove = "up" | "down" | "page-up" | "page-down" | "first" | "last";

export type KeyAction = { do: "run-or-pause" } | { do: "move"; to: RowMove } | { do: "select" } | { do: "clear" } | { do: "help" };

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

/** The action of a key press, or null when the key is not ours; on a control (button, list, summary) most keys are its own. */
export function keyAction(press: KeyPress, onControl: boolean): KeyAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === "Escape") return { do: "clear" };
  if (press.key === "?") return { do: "help" };
  if (onControl) return null;
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
  ["Esc", "clear the selection, close this"],
  ["?", "this list"],
];
