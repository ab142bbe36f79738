/** What one view knows by itself: level, selection, cursor and mode. What it does goes to Python as gestures. */
import { useEffect, useMemo, useRef, useState, type ClipboardEvent } from "react";
import { copyText } from "./copy_text";
import { clipboardText, lastCopied, looksLikeFragment, remember } from "./space_editor_clipboard";
import { BLANK_DRAWING, elementId, elementOf, type Answer, type DrawnGraph, type DrawnNode, type Drawing, type Element } from "./space_editor_data";
import { neighbour, type Spot } from "./space_editor_geometry";
import type { Direction, EditorCommand, EditorKey } from "./space_editor_keys";
import { downLevel, levelsThatExist } from "./space_editor_path";
import { ownEdges, ownNodes } from "./space_editor_selection";
import type { Session } from "./space_editor_session";

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
  reveal(id: string): void;
  fit(): void;
  zoom(by: 1 | -1): void;
}

export type EditorModel = ReturnType<typeof useEditor>;

export function useEditor(drawing: Drawing, session: Session, attached: boolean, refocus: () => void) {
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
  const selectNew = useRef<ReadonlySet<string> | null>(null);

  const levels = useMemo(() => levelsThatExist(path, drawing), [path, drawing]);
  const graphName = levels[levels.length - 1] ?? "";
  const graph: DrawnGraph = drawing.graphs[graphName] ?? BLANK_DRAWING.graphs[""]!;
  const ids = useMemo(() => new Set([...graph.nodes.map((n) => elementId({ node: n.name })), ...graph.edges.map((e) => elementId({ edge: [e.source, e.target] }))]), [graph]);
  const chosen = useMemo(() => selected.filter((id) => ids.has(id)), [selected, ids]);
  const elements = useMemo(() => chosen.map(elementOf), [chosen]);
  const single: Element | null = elements.length === 1 ? elements[0]! : null;

  // What a gesture has added is selected as soon as Python's drawing shows it.
  useEffect(() => {
    const before = selectNew.current;
    if (before === null) return;
    const added = graph.nodes.map((n) => elementId({ node: n.name })).filter((id) => !before.has(id));
    if (added.length === 0) return;
    selectNew.current = null;
    setSelected(added);
    setCursor(added[0] ?? null);
  }, [graph]);

  async function ask(type: string, args: object = {}): Promise<Answer | null> {
    return attached ? session.ask(type, args) : null;
  }

  async function gesture(type: string, args: object = {}, edge: [string, string] | null = null): Promise<boolean> {
    const answer = await ask(type, args);
    if (answer === null) return false;
    if (answer.refused !== undefined) {
      setRefusal({ text: answer.refused, graph: graphName, edge });
      return false;
    }
    setRefusal(null);
    say(answer.done ?? "");
    return true;
  }

  /** A gesture on the graph that is shown; `adds`: what it adds will be selected. */
  function act(type: string, args: object = {}, edge: [string, string] | null = null, adds = false): void {
    if (adds) selectNew.current = ids;
    void gesture(type, { graph: graphName, ...args }, edge).then((done) => {
      if (!done) selectNew.current = null;
    });
  }

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

  const nodeNamed = (name: string): DrawnNode | undefined => graph.nodes.find((node) => node.name === name);
  const focusElement: Element | null = cursor !== null && ids.has(cursor) ? elementOf(cursor) : single;

  function host(element: Element | null): object | null {
    if (element === null) return null;
    return "node" in element ? { node: element.node } : { edge: [element.edge] };
  }

  function open(node: DrawnNode): void {
    if (node.cell !== undefined && node.cell !== "" && drawing.graphs[node.cell] !== undefined) go(downLevel(levels, node.cell));
  }

  function moveTo(to: Direction, extend: boolean): void {
    const all = canvas.current?.spots() ?? [];
    if (all.length === 0) return;
    if (mode !== null) {
      const nodes = all.filter((spot) => "node" in spot.element && !(mode.kind === "connect" && spot.element.node === mode.from));
      const here = all.find((spot) => "node" in spot.element && spot.element.node === mode.to);
      const next = here === undefined ? nodes[0] : neighbour(here, to, nodes);
      if (next !== null && next !== undefined && "node" in next.element) {
        setMode({ ...mode, to: next.element.node });
        say(`to ${nodeNamed(next.element.node)?.shown ?? ""}`);
      }
      return;
    }
    const here = all.find((spot) => elementId(spot.element) === cursor);
    const next = here === undefined ? all[0]! : neighbour(here, to, all);
    if (next === null) return;
    const id = elementId(next.element);
    setCursor(id);
    canvas.current?.reveal(id);
    setSelected(extend ? [...new Set([...chosen, ...(cursor === null ? [] : [cursor]), id])] : [id]);
  }

  function enter(): void {
    if (mode !== null) return commitMode();
    if (cursor === null) return moveTo("right", false);
    if (!chosen.includes(cursor) || chosen.length > 1) return setSelected([cursor]);
    const element = elementOf(cursor);
    if ("node" in element) {
      const node = nodeNamed(element.node);
      if (node !== undefined) open(node);
    }
  }

  function commitMode(): void {
    if (mode === null) return;
    setMode(null);
    if (mode.kind === "connect") act("connect", { source: mode.from, target: mode.to }, [mode.from, mode.to]);
    else {
      const [source, target] = mode.end === "target" ? [mode.edge[0], mode.to] : [mode.to, mode.edge[1]];
      act("reroute", { edge: [mode.edge], source, target }, [source, target]);
    }
  }

  function beginConnect(): void {
    if (focusElement === null || !("node" in focusElement)) return say("Select a node first, then C connects from it.");
    const from = focusElement.node;
    const all = canvas.current?.spots() ?? [];
    const nodes = all.filter((spot) => "node" in spot.element && spot.element.node !== from);
    const here = all.find((spot) => "node" in spot.element && spot.element.node === from);
    const first = (here === undefined ? null : neighbour(here, "right", nodes)) ?? nodes[0];
    if (first === undefined || !("node" in first.element)) return;
    setMode({ kind: "connect", from, to: first.element.node });
    say(`Connect from ${nodeNamed(from)?.shown ?? ""} to ${nodeNamed(first.element.node)?.shown ?? ""}: arrows choose, Enter draws, Escape leaves.`);
  }

  function beginReroute(): void {
    if (focusElement === null || !("edge" in focusElement)) return say("Select an edge first, then R takes its end elsewhere.");
    setMode({ kind: "reroute", edge: focusElement.edge, end: "target", to: focusElement.edge[1] });
    say("Take the edge elsewhere: arrows choose, Enter draws, Escape leaves.");
  }

  function escape(): void {
    if (keysOpen) return closeKeys();
    if (mode !== null) return setMode(null);
    if (refusal !== null) return setRefusal(null);
    if (tab === "code") return setTab("graph");
    if (chosen.length > 0) return setSelected([]);
    if (levels.length > 1) go(levels.slice(0, -1));
    else refocus();
  }

  function cyclePick(): void {
    if (focusElement === null || !("node" in focusElement)) return;
    const node = nodeNamed(focusElement.node);
    if (node?.inputs === undefined) return;
    const next = ((node.pick ?? 0) + 1) % (Math.max(node.inputs, 1) + 1);
    act("set_field", { node: node.name, field: "pick", value: next === 0 ? "" : String(next) });
  }

  function toggleOptional(): void {
    if (focusElement === null || !("edge" in focusElement)) return;
    const [source, target] = focusElement.edge;
    const edge = graph.edges.find((e) => e.source === source && e.target === target);
    const back = nodeNamed(target)?.pick ? "picked" : "always";
    if (edge !== undefined) act("set_presence", { edge: [focusElement.edge], presence: edge.presence === "optional" ? back : "optional" });
  }

  function remove(): void {
    const gone = elements.length > 0 ? elements : focusElement === null ? [] : [focusElement];
    if (gone.length === 0) return;
    act("remove", { nodes: ownNodes(gone), edges: ownEdges(gone) });
    refocus();
  }

  function nudge(to: Direction): void {
    const names = ownNodes(elements.length > 0 ? elements : focusElement === null ? [] : [focusElement]);
    const [dx, dy] = { left: [-16, 0], right: [16, 0], up: [0, -16], down: [0, 16] }[to] as [number, number];
    const points = Object.fromEntries(graph.nodes.filter((n) => names.includes(n.name)).map((n) => [n.name, [n.x + dx, n.y + dy]]));
    if (names.length > 0) act("move", { points });
  }

  async function copy(): Promise<void> {
    const nodes = ownNodes(elements);
    const answer = nodes.length === 0 ? null : await ask("copy", { graph: graphName, nodes });
    if (answer === null) return;
    if (answer.refused !== undefined) return setRefusal({ text: answer.refused, graph: graphName, edge: null });
    const text = JSON.stringify(answer.fragment);
    remember(text);
    const onClipboard = await copyText(text);
    refocus();
    say(`${nodes.length === 1 ? "1 node" : `${nodes.length} nodes`} copied${onClipboard ? "" : " for editors on this page"}`);
  }

  /** The event of Ctrl V: it holds the clipboard without asking for leave. */
  function paste(event: ClipboardEvent): void {
    if (event.target instanceof Element && event.target.closest("input, textarea") !== null) return;
    const text = clipboardText(event);
    const fragment = looksLikeFragment(text) ? text : lastCopied();
    event.preventDefault();
    if (fragment === "") return setRefusal({ text: "Nothing was pasted. The clipboard holds no nodes of a space; copy some first.", graph: graphName, edge: null });
    act("paste", { fragment }, null, true);
  }

  function closeKeys(): void {
    setKeysOpen(false);
    refocus();
  }

  const nodesChosen = ownNodes(elements);
  const COMMANDS: Readonly<Record<EditorCommand, () => void>> = {
    enter,
    escape,
    optional: toggleOptional,
    pick: cyclePick,
    connect: beginConnect,
    reroute: beginReroute,
    remove,
    undo: () => void gesture("undo"),
    redo: () => void gesture("redo"),
    copy: () => void copy(),
    duplicate: () => (nodesChosen.length > 0 ? act("duplicate", { nodes: nodesChosen }, null, true) : undefined),
    group: () => (nodesChosen.length > 0 ? act("group", { nodes: nodesChosen }, null, true) : undefined),
    add: () => act("add_node", {}, null, true),
    "lay-out": () => act("lay_out"),
    "select-all": () => setSelected([...ids]),
    find: () => finder.current?.focus(),
    help: () => (keysOpen ? closeKeys() : setKeysOpen(true)),
  };

  /** Whether the key was ours. */
  function press(key: EditorKey, repeated: boolean): boolean {
    if (tab === "code" && !["escape", "undo", "redo", "help"].includes(key.do)) return false;
    if (key.do === "move") moveTo(key.to, key.extend);
    else if (key.do === "nudge") nudge(key.to);
    else if (key.do === "toggle") {
      const at = host(focusElement);
      if (at !== null) act("toggle", { ...at, index: key.index });
    } else if (!repeated || key.do === "undo" || key.do === "redo") COMMANDS[key.do]();
    return true;
  }

  return {
    drawing, graph, graphName, levels, selected: chosen, latest, elements, single, cursor, mode, refusal, tab, keysOpen, said, canvas, finder, attached,
    notice: tab === "code" ? refusal : null,
    ask, act, gesture, select, refocus, open, go, host, press, paste, closeKeys, nodeNamed, say,
    run: (command: EditorCommand) => COMMANDS[command](),
    setTab: (next: "graph" | "code") => setTab(next),
    showKeys: () => setKeysOpen(true),
    dismiss: () => {
      setRefusal(null);
      refocus();
    },
    refuse: (text: string) => setRefusal({ text, graph: graphName, edge: null }),
  };
}

/** A network of one cell opens at the cell: there the decisions are. */
function firstLevel(drawing: Drawing): string[] {
  const cells = Object.keys(drawing.graphs).filter((name) => name !== "" && drawing.graphs[name]!.instances > 0);
  return cells.length === 1 ? ["", cells[0]!] : [""];
}
