/** The graph that is shown. Keys are the root's; they move the cursor here. */
import { Background, BackgroundVariant, ConnectionMode, ReactFlow, useReactFlow, useStore } from "@xyflow/react";
import { useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type JSX } from "react";
import { createPortal } from "react-dom";
import { RefusalCallout } from "./space_editor_banners";
import { elementId } from "./space_editor_data";
import { LabelLayer, SpaceEdge, type CanvasEdge } from "./space_editor_edge";
import type { EditorModel } from "./space_editor_editor";
import { useEdges, useNodes, useWays } from "./space_editor_elements";
import { spots } from "./space_editor_geometry";
import { Ghost, ModeHint } from "./space_editor_ghost";
import { SpaceNode, type CanvasNode } from "./space_editor_node";
import { PALETTE_DRAG } from "./space_editor_palette";
import { stayPut, usePointer } from "./space_editor_pointer";
import { useSight } from "./space_editor_sight";
import { extentOf } from "./space_editor_view";

const NODE_TYPES = { space: SpaceNode };
const EDGE_TYPES = { space: SpaceEdge };
const MULTI = ["Meta", "Control"];
const MANY_NODES = 120; // past it, only those in sight are on the page

export function Canvas({ editor }: { editor: EditorModel }): JSX.Element {
  const { graph, graphName, drawing, selected, cursor, mode, attached } = editor;
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const stage = useRef<HTMLDivElement>(null);
  const { dragged, handlers, operationDropped } = usePointer(editor);
  const taps = useStore(({ connectionClickStartHandle }) => connectionClickStartHandle !== null);

  const chosen = useMemo(() => new Set(selected), [selected]);
  const shown = { graph, operations: drawing.operations, dragged, chosen, cursor, aim: mode?.to ?? null };
  const ways = useWays(graph);
  const nodes = useNodes(shown);
  const edges = useEdges(shown, ways);
  const { fit, bringIn } = useSight(stage, graphName, useMemo(() => extentOf(graph, ways.ways, ways.labels), [graph, ways]));

  const [layer, setLayer] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => setLayer(stage.current?.querySelector<HTMLElement>(".react-flow__edgelabel-renderer") ?? null), []);

  useImperativeHandle(editor.canvas, () => ({
    spots: () => spots(graph, ways.labels, elementId),
    reveal: ({ element, x, y }) => {
      bringIn(x, y);
      focusOn(stage.current, elementId(element));
    },
    fit,
    zoom: (by) => void (by === 1 ? flow.zoomIn() : flow.zoomOut()),
  }));

  return (
    <div
      ref={stage}
      className={`se-stage${mode === null ? "" : " aiming"}${taps ? " tapping" : ""}`}
      onDragOver={(event) => event.dataTransfer.types.includes(PALETTE_DRAG) && event.preventDefault()}
      onDrop={operationDropped}
      onMouseDown={(event) => stayPut(event, editor)}
    >
      <LabelLayer value={layer}>
        <ReactFlow<CanvasNode, CanvasEdge>
          className="se-app"
          aria-roledescription="cell graph"
          aria-label={`${graph.title}: ${graph.nodes.length} nodes, ${graph.edges.length} edges. Arrows move, Enter selects, question mark lists the keys.`}
          tabIndex={cursor === null ? 0 : -1}
          onFocus={(event) => event.target === event.currentTarget && cursor === null && editor.run("enter")}
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onNodesChange={handlers.nodesChanged}
          onEdgesChange={handlers.edgesChanged}
          onNodeDragStop={handlers.dropped}
          onSelectionDragStop={handlers.dropped}
          onConnect={handlers.connected}
          onReconnect={handlers.reconnected}
          onPaneClick={handlers.left}
          onNodeDoubleClick={handlers.opened}
          connectionMode={ConnectionMode.Loose}
          connectionRadius={34}
          connectOnClick
          autoPanOnConnect={false} // a graph that just fits has nodes at the border: it would run away under the pointer
          edgesReconnectable={attached}
          nodesDraggable={attached}
          nodesConnectable={attached}
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          panActivationKeyCode={null}
          zoomActivationKeyCode={null}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={MULTI}
          zoomOnScroll={false}
          preventScrolling={false}
          zoomOnDoubleClick={false}
          minZoom={0.15}
          maxZoom={2}
          nodeDragThreshold={3}
          onlyRenderVisibleElements={graph.nodes.length > MANY_NODES}
        >
          <Background variant={BackgroundVariant.Dots} gap={16} size={1.2} />
          {layer !== null && createPortal(<Ghost editor={editor} />, layer)}
        </ReactFlow>
      </LabelLayer>
      {graph.too_many > 0 && <p className="se-empty">This graph has {graph.too_many.toLocaleString("en")} nodes, too many to draw. Its code is on the Code tab.</p>}
      {graph.too_many === 0 && graph.nodes.length === 0 && <p className="se-empty">Nothing is drawn here yet. Press N to add a node.</p>}
      {mode !== null && <ModeHint editor={editor} />}
      {editor.refusal !== null && mode === null && <RefusalCallout refusal={editor.refusal} close={editor.dismiss} />}
    </div>
  );
}

/** Give the cursor's element the focus, so that screen readers follow. */
function focusOn(stage: HTMLElement | null, id: string): void {
  requestAnimationFrame(() => {
    const element = stage?.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"], .react-flow__edge[data-id="${id}"]`);
    element?.focus({ preventScroll: true });
  });
}
