/** The drawing as React Flow's nodes and edges. What has not changed is the very same object as before, and is not drawn again. */
import { useMemo, useRef } from "react";
import { edgeId, nodeId, type Candidate, type DrawnGraph, type DrawnNode, type DrawnOperation, type Point } from "./space_editor_data";
import { spokenEdge, type CanvasEdge } from "./space_editor_edge";
import { labelPlaces, type Box } from "./space_editor_geometry";
import { spokenNode, type CanvasNode } from "./space_editor_node";
import { routes, straight } from "./space_editor_route";

/** Corners of the nodes that are being dragged, by their ids. */
export type Dragged = ReadonlyMap<string, Point>;
export const NO_PLACES: Dragged = new Map();

interface Shown {
  graph: DrawnGraph;
  operations: readonly DrawnOperation[];
  dragged: Dragged;
  chosen: ReadonlySet<string>;
  cursor: string | null;
  aim: string | null; // the node that an edge drawn by keys would end in
}

export interface Ways {
  ways: ReadonlyMap<string, Point[]> | null; // between nodes that the user has placed; null where Python's layout holds
  labels: ReadonlyMap<string, Point>;
}

export function useWays(graph: DrawnGraph): Ways {
  return useMemo(() => {
    if (graph.routed) return { ways: null, labels: NO_PLACES };
    const boxes = new Map(graph.nodes.map((node): [string, Box] => [node.name, node]));
    const ways = routes(boxes, graph.edges.map(({ source, target }) => ({ id: edgeId(source, target), source, target })));
    const widths = new Map(graph.edges.map(({ source, target, width }): [string, number] => [edgeId(source, target), width]));
    return { ways, labels: labelPlaces(ways, widths, graph.nodes) };
  }, [graph]);
}

export function useNodes({ graph, operations, dragged, chosen, cursor, aim }: Shown): CanvasNode[] {
  const cache = useRef(new Map<string, CanvasNode>());
  return useMemo(() => {
    const made = graph.nodes.map((node) => {
      const id = nodeId(node.name);
      const [x, y] = dragged.get(id) ?? [node.x - node.width / 2, node.y - node.height / 2];
      const [isSelected, isCursor, aimed] = [chosen.has(id), id === cursor, aim === node.name];
      const old = cache.current.get(id);
      const isOld = old !== undefined && old.data.node === node && old.data.aimed === aimed && old.selected === isSelected
        && old.position.x === x && old.position.y === y && old.domAttributes?.tabIndex === (isCursor ? 0 : -1) && sameOperations(node.candidates, old.data.operations, operations);
      return isOld ? old : canvasNode(node, operations, { id, x, y, isSelected, isCursor, aimed });
    });
    cache.current = new Map(made.map((node) => [node.id, node]));
    return made;
  }, [graph, operations, dragged, chosen, cursor, aim]);
}

interface NodeState {
  id: string;
  x: number;
  y: number;
  isSelected: boolean;
  isCursor: boolean;
  aimed: boolean;
}

function canvasNode(node: DrawnNode, operations: readonly DrawnOperation[], { id, x, y, isSelected, isCursor, aimed }: NodeState): CanvasNode {
  return {
    id,
    type: "space",
    position: { x, y },
    width: node.width,
    height: node.height,
    // Without it React Flow forgets where the handles are, and takes all edges of the node away for a frame.
    measured: { width: node.width, height: node.height },
    selected: isSelected,
    connectable: true,
    data: { node, operations, aimed },
    ariaRole: "button",
    ariaLabel: spokenNode(node, operations),
    domAttributes: { tabIndex: isCursor ? 0 : -1, "aria-pressed": isSelected, "data-name": node.name } as never,
  };
}

export function useEdges({ graph, operations, dragged, chosen, cursor }: Shown, { ways, labels }: Ways): CanvasEdge[] {
  const cache = useRef(new Map<string, CanvasEdge>());
  return useMemo(() => {
    const boxes = new Map(graph.nodes.map((node): [string, Box] => [node.name, boxOf(node, dragged)]));
    const made = graph.edges.map((edge): CanvasEdge => {
      const id = edgeId(edge.source, edge.target);
      const moves = dragged.has(nodeId(edge.source)) || dragged.has(nodeId(edge.target));
      const points = moves ? straight(boxes.get(edge.source)!, boxes.get(edge.target)!) : (ways?.get(id) ?? edge.points);
      const label = moves ? null : (labels.get(id) ?? edge.label);
      const [isSelected, isCursor] = [chosen.has(id), id === cursor];
      const old = cache.current.get(id);
      const isOld = old?.data !== undefined && old.data.edge === edge && old.data.points === points && old.data.label === label
        && old.selected === isSelected && old.domAttributes?.tabIndex === (isCursor ? 0 : -1) && sameOperations(edge.candidates, old.data.operations, operations);
      if (isOld) return old;
      return {
        id,
        type: "space",
        source: nodeId(edge.source),
        target: nodeId(edge.target),
        selected: isSelected,
        zIndex: isSelected ? 1 : 0, // its ends can be taken hold of where others lie over them
        data: { edge, operations, points, label },
        ariaRole: "button",
        ariaLabel: spokenEdge(edge, operations),
        domAttributes: { tabIndex: isCursor ? 0 : -1, "aria-pressed": isSelected, "data-edge-name": `${edge.source}→${edge.target}`, style: grips(points) } as never,
      };
    });
    cache.current = new Map(made.map((edge) => [edge.id, edge]));
    return made;
  }, [graph, operations, ways, labels, dragged, chosen, cursor]);
}

/** Whether the numbers of these candidates mean what they meant. */
function sameOperations(candidates: readonly Candidate[], before: readonly DrawnOperation[], now: readonly DrawnOperation[]): boolean {
  return before === now || candidates.every(([number]) => before[number] === now[number]);
}

/** Where an edge's two ends can be taken hold of, for the style sheet. */
function grips(points: readonly Point[]): Record<string, string> {
  const [[startX, startY], [endX, endY]] = [points[0]!, points[points.length - 1]!];
  return { "--start-x": `${startX}px`, "--start-y": `${startY}px`, "--end-x": `${endX}px`, "--end-y": `${endY}px` };
}

function boxOf(node: Box & { name: string }, dragged: Dragged): Box {
  const at = dragged.get(nodeId(node.name));
  return at === undefined ? node : { x: at[0] + node.width / 2, y: at[1] + node.height / 2, width: node.width, height: node.height };
}
