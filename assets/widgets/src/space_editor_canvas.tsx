/** The graph that is shown, with everything a pointer does on it. Keys are the root's; they move the cursor here. */
import {
  Background,
  BackgroundVariant,
  ConnectionMode,
  ReactFlow,
  ViewportPortal,
  useReactFlow,
  type Connection,
  type EdgeChange,
  type NodeChange,
  type Viewport,
} from "@xyflow/react";
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type DragEvent, type JSX, type MouseEvent, type RefObject } from "react";
import { RefusalCallout } from "./space_editor_banners";
import { edgeId, elementId, elementOf, nodeId, type DrawnGraph, type Element, type Point } from "./space_editor_data";
import { SpaceEdge, spokenEdge, type CanvasEdge } from "./space_editor_edge";
import type { EditorModel } from "./space_editor_editor";
import { arrowhead, labelPlaces, spots, type Box } from "./space_editor_geometry";
import { SpaceNode, spokenNode, type CanvasNode } from "./space_editor_node";
import { PALETTE_DRAG } from "./space_editor_palette";
import { routes, straight } from "./space_editor_route";

const NODE_TYPES = { space: SpaceNode };
const EDGE_TYPES = { space: SpaceEdge };
const FIT = { padding: { top: "28px", right: "56px", bottom: "36px", left: "28px" } as const, maxZoom: 1.15, minZoom: 0.35, duration: 0 };

export function Canvas({ editor }: { editor: EditorModel }): JSX.Element {
  const { graph, graphName, drawing, selected, cursor, mode } = editor;
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const stage = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<ReadonlyMap<string, Point>>(NO_PLACES);
  const chosen = useMemo(() => new Set(selected), [selected]);

  // The new drawing has the places to which nodes were dragged.
  useEffect(() => setDragged(NO_PLACES), [graph]);
  const ways = useMemo(() => ownWays(graph), [graph]);
  const labels = useMemo(() => ownLabels(graph, ways), [graph, ways]);

  const more = useRef(editor);
  more.current = editor;
  const nodeCache = useRef(new Map<string, CanvasNode>());
  const nodes = useMemo((): CanvasNode[] => {
    const aim = mode?.to;
    return graph.nodes.map((node) => {
      const id = nodeId(node.name);
      const [x, y] = dragged.get(id) ?? [node.x - node.width / 2, node.y - node.height / 2];
      const isSelected = chosen.has(id);
      const data = { node, operations: drawing.operations, aimed: aim === node.name };
      const tab = id === cursor ? 0 : -1;
      const old = nodeCache.current.get(id);
      // The same object as before where nothing changed: only then does React leave the node alone while others are dragged.
      if (old !== undefined && old.data.node === node && old.data.aimed === data.aimed && old.selected === isSelected && old.position.x === x && old.position.y === y && old.domAttributes?.tabIndex === tab)
        return old;
      const made: CanvasNode = {
        id,
        type: "space",
        position: { x, y },
        width: node.width,
        height: node.height,
        // Without it React Flow forgets where the handles are, and takes all edges of the node away for a frame.
        measured: { width: node.width, height: node.height },
        selected: isSelected,
        connectable: true,
        data,
        ariaRole: "button",
        ariaLabel: spokenNode(node, drawing.operations, isSelected),
        domAttributes: { tabIndex: tab, "aria-pressed": isSelected, "data-name": node.name } as never,
      };
      nodeCache.current.set(id, made);
      return made;
    });
  }, [graph, drawing.operations, dragged, chosen, cursor, mode]);

  const edges = useMemo((): CanvasEdge[] => {
    const boxes = new Map(graph.nodes.map((node): [string, Box] => [node.name, boxOf(node, dragged)]));
    return graph.edges.map((edge) => {
      const id = edgeId(edge.source, edge.target);
      const moves = dragged.has(nodeId(edge.source)) || dragged.has(nodeId(edge.target));
      const points = moves ? straight(boxes.get(edge.source)!, boxes.get(edge.target)!) : (ways?.get(id) ?? edge.points);
      const isSelected = chosen.has(id);
      return {
        id,
        type: "space",
        source: nodeId(edge.source),
        target: nodeId(edge.target),
        selected: isSelected,
        zIndex: isSelected ? 1 : 0, // its ends can be taken hold of where others lie over them
        data: { edge, operations: drawing.operations, points, label: moves ? null : (labels.get(id) ?? edge.label) },
        ariaRole: "button",
        ariaLabel: spokenEdge(edge, drawing.operations, isSelected),
        domAttributes: { tabIndex: id === cursor ? 0 : -1, "aria-pressed": isSelected, "data-edge-name": `${edge.source}→${edge.target}`, style: grips(points) } as never,
      };
    });
  }, [graph, drawing.operations, ways, labels, dragged, chosen, cursor]);

  useImperativeHandle(editor.canvas, () => ({
    spots: () => spots(graph, labels, elementId),
    reveal: (id) => reveal(stage.current, id),
    fit: () => void flow.fitView(FIT),
    zoom: (by) => void (by === 1 ? flow.zoomIn() : flow.zoomOut()),
  }), [graph, labels, flow]);

  // A new level is shown whole. While one draws the view stays, unless something would lie outside of it.
  const level = useRef<string | null>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (level.current !== graphName || !isInSight(graph, stage.current, flow.getViewport())) void flow.fitView(FIT);
      level.current = graphName;
    });
    return () => cancelAnimationFrame(frame);
  }, [graphName, graph, flow]);
  useFitOnResize(stage, flow.fitView);

  const nodesChanged = (changes: NodeChange<CanvasNode>[]) => {
    const moved = changes.flatMap((change) => (change.type === "position" && change.position !== undefined ? [change] : []));
    if (moved.length > 0) setDragged((before) => new Map([...before, ...moved.map(({ id, position }): [string, Point] => [id, [position!.x, position!.y]])]));
    selectionChanged(changes);
  };
  const selectionChanged = (changes: (NodeChange<CanvasNode> | EdgeChange<CanvasEdge>)[]) => {
    const picks = changes.flatMap((change) => (change.type === "select" ? [change] : []));
    if (picks.length === 0) return;
    const next = new Set(more.current.latest.current);
    for (const { id, selected: on } of picks) (on ? next.add.bind(next) : next.delete.bind(next))(id);
    more.current.select([...next].map(elementOf));
  };

  const dropped = () => {
    if (dragged.size === 0 || !editor.attached) return setDragged(NO_PLACES);
    const points = Object.fromEntries(
      graph.nodes.flatMap((node) => {
        const at = dragged.get(nodeId(node.name));
        return at === undefined ? [] : [[node.name, [Math.round(at[0] + node.width / 2), Math.round(at[1] + node.height / 2)]]];
      }),
    );
    editor.act("move", { points });
  };
  const connect = ({ source, target }: Connection) => {
    const ends = [elementOf(source), elementOf(target)].map((element) => ("node" in element ? element.node : "")) as [string, string];
    editor.act("connect", { source: ends[0], target: ends[1] }, ends);
  };
  const reconnect = (old: CanvasEdge, { source, target }: Connection) => {
    const [from, to] = [elementOf(source), elementOf(target)];
    const element = elementOf(old.id);
    if (!("node" in from) || !("node" in to) || !("edge" in element)) return;
    if (from.node === element.edge[0] && to.node === element.edge[1]) return;
    editor.act("reroute", { edge: [element.edge], source: from.node, target: to.node }, [from.node, to.node]);
  };
  const drop = (event: DragEvent) => {
    const key = event.dataTransfer.getData(PALETTE_DRAG);
    if (key === "") return;
    event.preventDefault();
    const under = elementUnder(event.clientX, event.clientY);
    const host = editor.host(under);
    if (host !== null) return editor.act("offer", { ...host, key });
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    editor.act("add_node", { key, at: [Math.round(x), Math.round(y)] }, null, true);
  };

  return (
    <div
      ref={stage}
      className={`se-stage${mode === null ? "" : " aiming"}`}
      onDragOver={(event) => event.dataTransfer.types.includes(PALETTE_DRAG) && event.preventDefault()}
      onDrop={drop}
      onMouseDown={(event) => stayPut(event, editor)}
    >
      <div
        className="se-app"
        role="application"
        aria-roledescription="cell graph"
        aria-label={`${graph.title}: ${graph.nodes.length} nodes, ${graph.edges.length} edges. Arrows move, Enter selects, question mark lists the keys.`}
        tabIndex={cursor === null ? 0 : -1}
        onFocus={(event) => event.target === event.currentTarget && cursor === null && editor.run("enter")}
      >
        <ReactFlow<CanvasNode, CanvasEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onNodesChange={nodesChanged}
          onEdgesChange={selectionChanged}
          onNodeDragStop={dropped}
          onSelectionDragStop={dropped}
          onConnect={connect}
          onReconnect={reconnect}
          onPaneClick={() => editor.select([])}
          onNodeDoubleClick={(_, { data }) => editor.open(data.node)}
          connectionMode={ConnectionMode.Loose}
          connectionRadius={34}
          connectOnClick
          autoPanOnConnect={false} // a graph that just fits has nodes at the border: it would run away under the pointer
          edgesReconnectable={editor.attached}
          nodesDraggable={editor.attached}
          nodesConnectable={editor.attached}
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
          onlyRenderVisibleElements={graph.nodes.length > 120}
          fitViewOptions={FIT}
        >
          <Background variant={BackgroundVariant.Dots} gap={16} size={1.2} />
          <ViewportPortal>
            <Ghost editor={editor} />
          </ViewportPortal>
        </ReactFlow>
      </div>
      {graph.too_many > 0 && <p className="se-empty">This graph has {graph.too_many.toLocaleString("en")} nodes, too many to draw. Its code is on the Code tab.</p>}
      {graph.too_many === 0 && graph.nodes.length === 0 && <p className="se-empty">Nothing is drawn here yet. Press N to add a node.</p>}
      {mode !== null && <ModeHint editor={editor} />}
      {editor.refusal !== null && mode === null && <RefusalCallout refusal={editor.refusal} close={editor.dismiss} />}
    </div>
  );
}

/** The edge that is being drawn by keys, and the one that was refused. */
function Ghost({ editor }: { editor: EditorModel }): JSX.Element | null {
  const { mode, refusal, graphName } = editor;
  const ends: [string, string] | null =
    mode?.kind === "connect"
      ? [mode.from, mode.to]
      : mode?.kind === "reroute"
        ? mode.end === "target" ? [mode.edge[0], mode.to] : [mode.to, mode.edge[1]]
        : refusal !== null && refusal.graph === graphName ? refusal.edge : null;
  const [source, target] = [ends === null ? undefined : editor.nodeNamed(ends[0]), ends === null ? undefined : editor.nodeNamed(ends[1])];
  if (source === undefined || target === undefined) return null;
  const points = arc(source, target);
  const [x, y] = points[1]!;
  const path = `M${points[0]!.join(" ")}Q${x} ${y} ${points[2]!.join(" ")}`;
  const middle: Point = [(points[0]![0] + 2 * x + points[2]![0]) / 4, (points[0]![1] + 2 * y + points[2]![1]) / 4];
  const refused = mode === null;
  return (
    <svg className={`se-ghost${refused ? " refused" : ""}`} aria-hidden="true">
      <path className="line" d={path} />
      <path className="head" d={arrowhead([points[1]!, points[2]!])} />
      {refused && (
        <g transform={`translate(${middle[0]} ${middle[1]})`}>
          <circle r="10" />
          <path className="cross" d="M-4 -4L4 4M4 -4L-4 4" />
        </g>
      )}
    </svg>
  );
}

function arc(source: Box, target: Box): Point[] {
  const back = target.x < source.x;
  const lift = Math.max(60, Math.abs(target.x - source.x) * 0.28);
  const from: Point = [source.x + (back ? -1 : 1) * source.width * 0.3, source.y - source.height / 2];
  const to: Point = [target.x + (back ? 1 : -1) * target.width * 0.3, target.y - target.height / 2];
  return [from, [(from[0] + to[0]) / 2, Math.min(from[1], to[1]) - lift], to];
}

function ModeHint({ editor }: { editor: EditorModel }): JSX.Element | null {
  const { mode } = editor;
  if (mode === null) return null;
  const to = editor.nodeNamed(mode.to)?.shown ?? "";
  const what = mode.kind === "connect" ? `${editor.nodeNamed(mode.from)?.shown ?? ""} → ${to}` : `to ${to}`;
  return (
    <div className="se-hint" role="status">
      <b className="b">{what}</b> <kbd>←</kbd> <kbd>→</kbd> choose, <kbd>Enter</kbd> draws, <kbd>Esc</kbd> leaves
    </div>
  );
}

/** Where an edge's two ends can be taken hold of, for the style sheet. */
function grips(points: readonly Point[]): Record<string, string> {
  const [[startX, startY], [endX, endY]] = [points[0]!, points[points.length - 1]!];
  return { "--start-x": `${startX}px`, "--start-y": `${startY}px`, "--end-x": `${endX}px`, "--end-y": `${endY}px` };
}

/** Ways between nodes that the user has placed; null where Python's layout holds. */
function ownWays(graph: DrawnGraph): Map<string, Point[]> | null {
  if (graph.routed) return null;
  const boxes = new Map(graph.nodes.map((node): [string, Box] => [node.name, node]));
  return routes(boxes, graph.edges.map(({ source, target }) => ({ id: edgeId(source, target), source, target })));
}

function ownLabels(graph: DrawnGraph, ways: ReadonlyMap<string, Point[]> | null): ReadonlyMap<string, Point> {
  if (ways === null) return NO_PLACES;
  const widths = new Map(graph.edges.map(({ source, target, width }): [string, number] => [edgeId(source, target), width]));
  return labelPlaces(ways, widths, graph.nodes);
}

function boxOf(node: Box & { name: string }, dragged: ReadonlyMap<string, Point>): Box {
  const at = dragged.get(nodeId(node.name));
  return at === undefined ? node : { x: at[0] + node.width / 2, y: at[1] + node.height / 2, width: node.width, height: node.height };
}

/** A press on the canvas gives the focus to the editor. The browser would scroll the notebook, and the click would land elsewhere. */
function stayPut(event: MouseEvent, editor: EditorModel): void {
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

/** Give the cursor's element the focus, so that screen readers follow, and bring it into sight. */
function reveal(stage: HTMLElement | null, id: string): void {
  requestAnimationFrame(() => {
    const element = stage?.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"], .react-flow__edge[data-id="${id}"]`);
    element?.focus({ preventScroll: true });
  });
}

function isInSight(graph: DrawnGraph, stage: HTMLElement | null, { x, y, zoom }: Viewport): boolean {
  if (stage === null || graph.nodes.length === 0) return true;
  const across = graph.nodes.flatMap((node) => [node.x - node.width / 2, node.x + node.width / 2]);
  const down = graph.nodes.flatMap((node) => [node.y - node.height / 2, node.y + node.height / 2]);
  for (const { points } of graph.routed ? graph.edges : []) {
    across.push(...points.map(([px]) => px));
    down.push(...points.map(([, py]) => py));
  }
  const inside = (values: number[], offset: number, room: number) => Math.min(...values) * zoom + offset > -2 && Math.max(...values) * zoom + offset < room + 2;
  return inside(across, x, stage.clientWidth) && inside(down, y, stage.clientHeight);
}

function useFitOnResize(stage: RefObject<HTMLDivElement | null>, fitView: (options: typeof FIT) => unknown): void {
  useEffect(() => {
    const element = stage.current;
    if (element === null) return undefined;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (Math.abs(element.clientWidth - width) < 8) return;
      width = element.clientWidth;
      void fitView(FIT);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage, fitView]);
}

const NO_PLACES: ReadonlyMap<string, Point> = new Map();
const MULTI = ["Meta", "Control"];
