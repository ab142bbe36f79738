/** Every operation there is, by family. Drag one onto an edge, a node or the canvas; or press it for what is selected. */
import { useMemo, useState, type DragEvent, type JSX } from "react";
import { Icon } from "./icons";
import type { DrawnGraph, DrawnOperation, PaletteEntry } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";
import { Tile } from "./space_editor_tiles";

export const PALETTE_DRAG = "application/x-nas-explorer-operation";

interface Props {
  entries: readonly PaletteEntry[];
  graph: DrawnGraph;
  operations: readonly DrawnOperation[];
  editor: EditorModel;
}

/** The entries that a search finds: every word of it stands in the name, the words or the group. */
export function found(entries: readonly PaletteEntry[], search: string): PaletteEntry[] {
  const words = search.toLowerCase().replaceAll("×", "x").split(/\s+/).filter(Boolean);
  return entries.filter(({ key, label, group }) => {
    const text = `${key} ${label} ${group}`.toLowerCase().replaceAll("×", "x");
    return words.every((word) => text.includes(word));
  });
}

export function OperationPalette({ entries, graph, operations, editor }: Props): JSX.Element {
  const [search, setSearch] = useState("");
  const used = useMemo(() => usedLabels(graph, operations), [graph, operations]);
  const groups = useMemo(() => byGroup(found(entries, search)), [entries, search]);
  const choose = (entry: PaletteEntry) => {
    const at = editor.host(editor.single);
    if (at !== null) editor.act("offer", { ...at, key: entry.key });
    else editor.act("add_node", { key: entry.key }, null, true);
  };
  return (
    <nav className="se-palette" aria-label="Operations">
      <label className="se-find">
        <Icon name="search" />
        <input
          ref={editor.finder}
          type="search"
          placeholder="Find an operation"
          aria-label="Find an operation"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            const first = groups.values().next().value?.[0];
            if (event.key === "Enter" && first !== undefined) choose(first);
          }}
        />
      </label>
      <div className="se-families">
        {[...groups].map(([group, members]) => (
          <div key={group} role="group" aria-label={group}>
            <div className="se-family">{group}</div>
            {members.map((entry) => (
              <button
                key={entry.key}
                type="button"
                className="se-entry"
                draggable={editor.attached}
                aria-label={`Offer ${entry.label}${used.has(entry.label) ? ", used here" : ""}`}
                title={`${entry.label}: drag it onto an edge, or press it for what is selected`}
                onDragStart={(event: DragEvent) => event.dataTransfer.setData(PALETTE_DRAG, entry.key)}
                onClick={() => choose(entry)}
              >
                <Tile operation={entry} />
                <span className="clip">{entry.label}</span>
                {used.has(entry.label) && <span className="se-used" />}
              </button>
            ))}
          </div>
        ))}
        {groups.size === 0 && <p className="se-none">No operation is called that.</p>}
      </div>
      <p className="se-tip">
        Drag onto an edge, or select an edge and press <kbd>1</kbd>–<kbd>9</kbd>
      </p>
    </nav>
  );
}

function byGroup(entries: readonly PaletteEntry[]): Map<string, PaletteEntry[]> {
  const groups = new Map<string, PaletteEntry[]>();
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  return groups;
}

function usedLabels(graph: DrawnGraph, operations: readonly DrawnOperation[]): ReadonlySet<string> {
  const on = [...graph.nodes, ...graph.edges].flatMap(({ candidates }) => candidates.flatMap(([number, is]) => (is ? [operations[number]?.label ?? ""] : [])));
  return new Set(on);
}
