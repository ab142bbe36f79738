/** The levels from the network down to the cell that is shown. Pure. */
import type { Drawing } from "./space_editor_data";

/** The part of a path whose graphs are still there; a cell that was removed or undone away leads back up. */
export function levelsThatExist(path: readonly string[], drawing: Drawing): string[] {
  const gone = path.findIndex((name) => drawing.graphs[name] === undefined);
  const kept = gone === -1 ? [...path] : path.slice(0, gone);
  return kept.length === 0 ? [""] : kept;
}

/** The path one level down; a cell that is on it already is gone back to. */
export function downLevel(path: readonly string[], cell: string): string[] {
  const at = path.indexOf(cell);
  return at === -1 ? [...path, cell] : path.slice(0, at + 1);
}

/** A network of one cell opens at the cell: there the decisions are. */
export function firstLevel(drawing: Drawing): string[] {
  const cells = Object.keys(drawing.graphs).filter((name) => name !== "" && drawing.graphs[name]!.instances > 0);
  return cells.length === 1 ? ["", cells[0]!] : [""];
}
