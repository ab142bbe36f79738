/** Parts of a selection. Pure. */
import type { Element } from "./space_editor_data";

export function ownNodes(elements: readonly Element[]): string[] {
  return elements.flatMap((element) => ("node" in element ? [element.node] : []));
}

export function ownEdges(elements: readonly Element[]): [string, string][] {
  return elements.flatMap((element) => ("edge" in element ? [element.edge] : []));
}
