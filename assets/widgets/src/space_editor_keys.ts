/** Which key does what while the focus is inside the editor. */
import type { KeyPress } from "./keys";

export type Direction = "left" | "right" | "up" | "down";

export type EditorKey =
  | { do: "move"; to: Direction; extend: boolean }
  | { do: "nudge"; to: Direction }
  | { do: "toggle"; index: number }
  | { do: EditorCommand };

export type EditorCommand =
  | "enter" | "escape" | "optional" | "pick" | "connect" | "reroute" | "remove" | "undo" | "redo" | "copy" | "duplicate" | "group"
  | "add" | "lay-out" | "select-all" | "find" | "help";

const ARROWS: Readonly<Record<string, Direction>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

const PLAIN: Readonly<Record<string, EditorCommand>> = {
  o: "optional",
  k: "pick",
  c: "connect",
  r: "reroute",
  d: "duplicate",
  g: "group",
  n: "add",
  l: "lay-out",
  "/": "find",
  Delete: "remove",
  Backspace: "remove",
};

const WITH_CONTROL: Readonly<Record<string, EditorCommand>> = { z: "undo", y: "redo", c: "copy", a: "select-all" };

export interface EditorKeyPress extends KeyPress {
  shiftKey: boolean;
}

/**
 * The action of a key press, or null when the key is not ours. On a control (button, list) most keys are its own; in a field where
 * one types all are but Escape.
 */
export function editorKey(press: EditorKeyPress, on: "canvas" | "control" | "field"): EditorKey | null {
  if (press.key === "Escape") return { do: "escape" };
  if (on === "field") return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.ctrlKey || press.metaKey) {
    if (press.altKey) return null;
    const command = key === "z" && press.shiftKey ? "redo" : WITH_CONTROL[key];
    return command === undefined ? null : { do: command };
  }
  if (press.key === "?") return { do: "help" };
  if (on === "control") return null;
  const to = ARROWS[press.key];
  if (to !== undefined) return press.altKey ? { do: "nudge", to } : { do: "move", to, extend: press.shiftKey };
  if (press.altKey) return null;
  if (key === "Enter" || key === " ") return { do: "enter" };
  if (/^[1-9]$/.test(key)) return { do: "toggle", index: Number(key) - 1 };
  const command = PLAIN[key];
  return command === undefined ? null : { do: command };
}

export const EDITOR_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["Tab", "next part, then out"],
  ["← ↑ → ↓", "move among nodes and edges; Shift adds to the selection"],
  ["Enter", "open the cell of the selected node"],
  ["Esc", "clear, close, or go up one level"],
  ["1 – 9", "switch candidate n of the selected edge or node"],
  ["O K", "edge may be absent; how many inputs a node picks"],
  ["C", "connect: then arrows and Enter"],
  ["R", "take the edge's end elsewhere: arrows and Enter; R again its start"],
  ["N D G", "add a node, duplicate, group into a cell"],
  ["/", "find an operation"],
  ["Alt ← →", "move a node by a step"],
  ["L", "lay out again"],
  ["Del", "remove"],
  ["Ctrl Z", "undo; with Shift redo"],
  ["Ctrl C V", "copy nodes, paste them in any editor"],
  ["?", "this list"],
];
