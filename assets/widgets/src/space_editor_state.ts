/** What one view knows by itself: level, selection, cursor, mode and tab. Nobody else sees it, and Python is not asked. */
import { useMemo, useRef, useState } from "react";
import { BLANK_DRAWING, elementId, elementOf, type DrawnGraph, type DrawnNode, type Drawing, type Element } from "./space_editor_data";
import type { Spot } from "./space_editor_geometry";
import { downLevel, firstLevel, levelsThatExist } from "./space_editor_path";

/** Drawing an edge without a pointer: arrows choose the node, Enter draws. */
export type Mode = { kind: "connect"; from: string; to: string } | { kind: "reroute"; edge: [string, string]; end: "source" | "target"; to: string };

export interface Refusal {
  text: string;
  graph: string;
  edge: [source: string, target: string] | null; // drawn red and dashed while the words are there
}

/** What the canvas can do for the others. */
export interface CanvasHandle {
  spots(): Spot[];
  reveal(spot: Spot): void;
  fit(): void;
  zoom(by: 1 | -1): void;
}

export type ViewState = ReturnType<typeof useViewState>;

export function useViewState(drawing: Drawing, refocus: () => void) {
  const [path, setPath] = useState<string[]>(() => firstLevel(drawing));
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [mode, setMode] = useState<Mode | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [tab, setTab] = useState<"graph" | "code">("graph");
  const [keysOpen, setKeysOpen] = useState(false);
  const [said, say] = useState("");
  const canvas = useRef<CanvasHandle | null>(null);
  const finder = useRef<HTMLInputElement | null>(null);

  const levels = useMemo(() => levelsThatExist(path, drawing), [path, drawing]);
  const graphName = levels[levels.length - 1] ?? "";
  const graph: DrawnGraph = drawing.graphs[graphName] ?? BLANK_DRAWING.graphs[""]!;
  const ids = useMemo(() => idsOf(graph), [graph]);
  const chosen = useMemo(() => selected.filter((id) => ids.has(id)), [selected, ids]);
  const elements = useMemo(() => chosen.map(elementOf), [chosen]);
  const single: Element | null = elements.length === 1 ? elements[0]! : null;
  const focused: Element | null = cursor !== null && ids.has(cursor) ? elementOf(cursor) : single;

  // React Flow tells of one change in several calls before React draws again, so what is selected now stands here.
  const latest = useRef<readonly string[]>(chosen);
  latest.current = chosen;

  function select(next: readonly Element[]): void {
    const nextIds = next.map(elementId);
    latest.current = nextIds;
    setSelected(nextIds);
    if (nextIds.length > 0) setCursor(nextIds[nextIds.length - 1]!);
  }

  function go(next: string[]): void {
    setPath(next);
    setSelected([]);
    setCursor(null);
    setMode(null);
    setRefusal(null);
    refocus();
  }

  function open(node: DrawnNode): void {
    if (node.cell !== undefined && node.cell !== "" && drawing.graphs[node.cell] !== undefined) go(downLevel(levels, node.cell));
  }

  const nodeNamed = (name: string): DrawnNode | undefined => graph.nodes.find((node) => node.name === name);
  const refuse = (text: string, edge: [string, string] | null = null) => setRefusal({ text, graph: graphName, edge });

  return {
    drawing, graph, graphName, levels, ids, selected: chosen, latest, elements, single, focused, cursor, mode, refusal, tab, keysOpen, said,
    canvas, finder, setSelected, setCursor, setMode, setRefusal, setTab, setKeysOpen, say, select, go, open, nodeNamed, refuse, refocus,
  };
}

function idsOf(graph: DrawnGraph): ReadonlySet<string> {
  return new Set([...graph.nodes.map(({ name }) => elementId({ node: name })), ...graph.edges.map(({ source, target }) => elementId({ edge: [source, target] }))]);
}
