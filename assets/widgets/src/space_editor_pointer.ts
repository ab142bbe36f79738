/** What a pointer does on the canvas, told to the editor: drag nodes, draw and take edges elsewhere, drop an operation, select. */
import { useReactFlow, type Connection, type EdgeChange, type NodeChange } from "@xyflow/react";
import { useEffect, useRef, useState, type DragEvent, type MouseEvent } from "react";
import { elementOf, nodeId, type Element } from "./space_editor_data";
import type { CanvasEdge } from "./space_editor_edge";
import type { EditorModel } from "./space_editor_editor";
import { NO_PLACES, type Dragged } from "./space_editor_elements";
import type { CanvasNode } from "./space_editor_node";
import { PALETTE_DRAG } from "./space_editor_palette";

/** The handlers keep their identity: React Flow looks at all of its elements again when one of them changes. */
export function usePointer(editor: EditorModel) {
  const [dragged, setDragged] = useState<Dragged>(NO_PLACES);
  const { screenToFlowPosition } = useReactFlow();
  const now = useRef({ editor, dragged });
  now.current = { editor, dragged };

  // The new drawing has the places to which nodes were dragged.
  useEffect(() => setDragged(NO_PLACES), [editor.graph]);

  const handlers = useRef({
    nodesChanged: (changes: NodeChange<CanvasNode>[]) => {
      const moved = changes.flatMap((change) => (change.type === "position" && change.position !== undefined ? [change] : []));
      if (moved.length > 0) setDragged((before) => new Map([...before, ...moved.map(({ id, position }): [string, [number, number]] => [id, [position!.x, position!.y]])]));
      selectionChanged(now.current.editor, changes);
    },
    edgesChanged: (changes: EdgeChange<CanvasEdge>[]) => selectionChanged(now.current.editor, changes),
    dropped: () => {
      const { editor: at, dragged: places } = now.current;
      if (places.size === 0 || !at.attached) return setDragged(NO_PLACES);
      const moved = at.graph.nodes.flatMap((node) => {
        const corner = places.get(nodeId(node.name));
        return corner === undefined ? [] : [[node.name, [Math.round(corner[0] + node.width / 2), Math.round(corner[1] + node.height / 2)]]];
      });
      at.act("move", { points: Object.fromEntries(moved) });
    },
    connected: ({ source, target }: Connection) => {
      const [from, to] = [elementOf(source), elementOf(target)];
      if (source !== target && "node" in from && "node" in to) now.current.editor.act("connect", { source: from.node, target: to.node }, [from.node, to.node]);
    },
    reconnected: (old: CanvasEdge, { source, target }: Connection) => {
      const [from, to, element] = [elementOf(source), elementOf(target), elementOf(old.id)];
      if (!("node" in from) || !("node" in to) || !("edge" in element)) return;
      if (from.node === element.edge[0] && to.node === element.edge[1]) return;
      now.current.editor.act("reroute", { edge: [element.edge], source: from.node, target: to.node }, [from.node, to.node]);
    },
    left: () => now.current.editor.select([]),
    opened: (_: unknown, { data }: CanvasNode) => now.current.editor.open(data.node),
  }).current;

  const operationDropped = (event: DragEvent) => {
    const key = event.dataTransfer.getData(PALETTE_DRAG);
    if (key === "") return;
    event.preventDefault();
    const host = editor.host(elementUnder(event.clientX, event.clientY));
    if (host !== null) return editor.act("offer", { ...host, key });
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    editor.act("add_node", { key, at: [Math.round(x), Math.round(y)] }, null, true);
  };
  return { dragged, handlers, operationDropped };
}

function selectionChanged(editor: EditorModel, changes: readonly (NodeChange<CanvasNode> | EdgeChange<CanvasEdge>)[]): void {
  const picks = changes.flatMap((change) => (change.type === "select" ? [change] : []));
  if (picks.length === 0) return;
  const next = new Set(editor.latest.current);
  for (const { id, selected: on } of picks) (on ? next.add.bind(next) : next.delete.bind(next))(id);
  editor.select([...next].map(elementOf));
}

/** A press on the canvas gives the focus to the editor. The browser would scroll the notebook, and the click would land elsewhere. */
export function stayPut(event: MouseEvent, editor: EditorModel): void {
  if (event.target instanceof Element && event.target.closest("button, a, input") !== null) return;
  event.preventDefault();
  editor.refocus();
}

function elementUnder(x: number, y: number): Element | null {
  for (const found of document.elementsFromPoint(x, y)) {
    const id = found.closest<HTMLElement>("[data-edge]")?.dataset.edge ?? found.closest<HTMLElement>(".react-flow__node, .react-flow__edge")?.getAttribute("data-id");
    if (id !== undefined && id !== null) return elementOf(id);
  }
  return null;
}
