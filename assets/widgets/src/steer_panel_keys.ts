/** Which key does what among the options. */

export type Step = "left" | "right" | "up" | "down" | "first" | "last";
export type SteerKey = { do: "move"; to: Step } | { do: "pin" | "veto" | "add" | "open" | "undo" | "clear" | "help" };

const MOVES: Readonly<Record<string, Step>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};
const LETTERS: Readonly<Record<string, SteerKey>> = {
  p: { do: "pin" },
  v: { do: "veto" },
  a: { do: "add" },
  u: { do: "undo" },
  enter: { do: "open" },
  " ": { do: "open" },
};

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The action of a key press, or null when it is not ours. A field or button keeps all but Escape and "?" to itself. */
export function steerKey(press: Press, where: "cell" | "field" | "control" | "page"): SteerKey | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === "Escape") return { do: "clear" };
  if (where === "field") return null;
  if (press.key === "?") return { do: "help" };
  if (where === "control") return null;
  const to = MOVES[press.key];
  if (to !== undefined) return { do: "move", to };
  const letter = LETTERS[press.key.toLowerCase()];
  return letter !== undefined && (where === "cell" || letter.do === "undo") ? letter : null;
}

export interface Spot {
  row: number;
  column: number; // among the cells of the row
}

/** Where the keyboard goes from a cell; `widths` are the numbers of cells of the rows. */
export function movedSpot({ row, column }: Spot, to: Step, widths: readonly number[]): Spot {
  const last = Math.max(0, widths.length - 1);
  const at = to === "up" ? Math.max(0, row - 1) : to === "down" ? Math.min(last, row + 1) : row;
  const end = Math.max(0, (widths[at] ?? 1) - 1);
  const steps: Partial<Record<Step, number>> = { left: column - 1, right: column + 1, first: 0, last: end };
  return { row: at, column: Math.max(0, Math.min(end, steps[to] ?? column)) };
}

export const STEER_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["Tab", "next part, then out"],
  ["← → ↑ ↓", "move through the options"],
  ["Home End", "first and last option"],
  ["P", "pin the option"],
  ["V", "veto it"],
  ["A", "offer it again"],
  ["Enter", "all that can be done with it"],
  ["U", "undo the last edit"],
  ["Esc", "close this"],
  ["?", "this list"],
];
