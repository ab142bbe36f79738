/** Python that opens a drawing again, for a page whose kernel has gone: the space as it is drawn, and where its nodes stand. Pure. */
import type { Drawing } from "./space_editor_data";

export function reopening(code: string, drawing: Drawing): string {
  const places = Object.entries(drawing.graphs).flatMap(([graph, { routed, nodes }]) =>
    routed ? [] : nodes.map(({ name, x, y }) => `    (${quoted(graph)}, ${quoted(name)}): (${x}, ${y}),`),
  );
  const positions = places.length === 0 ? "" : `, positions={\n${places.join("\n")}\n}`;
  return `import nas_explorer as nas\n${code.trimEnd()}\n\neditor = nas.SpaceEditor(space${positions})\neditor\n`;
}

/** JSON's escapes are Python's as well. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
