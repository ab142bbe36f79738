/** What one view asks of Python: gestures on the graph that is shown, and the clipboard. */
import { useEffect, useRef, type ClipboardEvent } from "react";
import { copyText } from "./copy_text";
import { clipboardText, lastCopied, looksLikeFragment, remember } from "./space_editor_clipboard";
import { elementId, type Answer, type Element } from "./space_editor_data";
import type { Direction } from "./space_editor_keys";
import { ownEdges, ownNodes } from "./space_editor_selection";
import type { Session } from "./space_editor_session";
import type { ViewState } from "./space_editor_state";

const STEP = 16; // pixels that a key moves a node
const STEPS: Readonly<Record<Direction, [dx: number, dy: number]>> = { left: [-STEP, 0], right: [STEP, 0], up: [0, -STEP], down: [0, STEP] };

export type Hand = ReturnType<typeof useHand>;

export function useHand(view: ViewState, session: Session, attached: boolean) {
  const { graph, graphName, ids, elements, focused } = view;
  const selectNew = useRef<ReadonlySet<string> | null>(null);

  // What a gesture has added is selected as soon as Python's drawing shows it.
  useEffect(() => {
    const before = selectNew.current;
    if (before === null) return;
    const added = graph.nodes.map((n) => elementId({ node: n.name })).filter((id) => !before.has(id));
    if (added.length === 0) return;
    selectNew.current = null;
    view.setSelected(added);
    view.setCursor(added[0] ?? null);
  }, [graph]);

  async function ask(type: string, args: object = {}): Promise<Answer | null> {
    return attached ? session.ask(type, args) : null;
  }

  async function gesture(type: string, args: object = {}, edge: [string, string] | null = null): Promise<boolean> {
    const answer = await ask(type, args);
    if (answer === null) return false;
    if (answer.refused !== undefined) {
      view.refuse(answer.refused, edge);
      return false;
    }
    view.setRefusal(null);
    view.say(answer.done ?? "");
    return true;
  }

  /** A gesture on the graph that is shown; `adds`: what it adds will be selected. */
  function act(type: string, args: object = {}, edge: [string, string] | null = null, adds = false): void {
    if (adds) selectNew.current = ids;
    void gesture(type, { graph: graphName, ...args }, edge).then((done) => {
      if (!done) selectNew.current = null;
    });
  }

  /** The selection, or else what the cursor is on. */
  const held = (): readonly Element[] => (elements.length > 0 ? elements : focused === null ? [] : [focused]);

  function cyclePick(): void {
    if (focused === null || !("node" in focused)) return;
    const node = view.nodeNamed(focused.node);
    if (node?.inputs === undefined) return;
    const next = ((node.pick ?? 0) + 1) % (Math.max(node.inputs, 1) + 1);
    act("set_field", { node: node.name, field: "pick", value: next === 0 ? "" : String(next) });
  }

  function toggleOptional(): void {
    if (focused === null || !("edge" in focused)) return;
    const [source, target] = focused.edge;
    const edge = graph.edges.find((e) => e.source === source && e.target === target);
    const back = view.nodeNamed(target)?.pick ? "picked" : "always";
    if (edge !== undefined) act("set_presence", { edge: [focused.edge], presence: edge.presence === "optional" ? back : "optional" });
  }

  function remove(): void {
    const gone = held();
    if (gone.length === 0) return;
    act("remove", { nodes: ownNodes(gone), edges: ownEdges(gone) });
    view.refocus();
  }

  function nudge(to: Direction): void {
    const names = ownNodes(held());
    const [dx, dy] = STEPS[to];
    const points = Object.fromEntries(graph.nodes.filter((n) => names.includes(n.name)).map((n) => [n.name, [n.x + dx, n.y + dy]]));
    if (names.length > 0) act("move", { points });
  }

  /** A gesture that makes more of the nodes that are selected. */
  function withNodes(type: "duplicate" | "group"): void {
    const nodes = ownNodes(held());
    if (nodes.length > 0) act(type, { nodes }, null, true);
  }

  async function copy(): Promise<void> {
    const nodes = ownNodes(elements);
    const answer = nodes.length === 0 ? null : await ask("copy", { graph: graphName, nodes });
    if (answer === null) return;
    if (answer.refused !== undefined) return view.refuse(answer.refused);
    const text = JSON.stringify(answer.fragment);
    remember(text);
    const onClipboard = await copyText(text);
    view.refocus();
    view.say(`${nodes.length === 1 ? "1 node" : `${nodes.length} nodes`} copied${onClipboard ? "" : " for editors on this page"}`);
  }

  /** The event of Ctrl V: it holds the clipboard without asking for leave. */
  function paste(event: ClipboardEvent): void {
    if (event.target instanceof globalThis.Element && event.target.closest("input, textarea") !== null) return;
    const text = clipboardText(event);
    const fragment = looksLikeFragment(text) ? text : lastCopied();
    event.preventDefault();
    if (fragment === "") return view.refuse("Nothing was pasted. The clipboard holds no nodes of a space; copy some first.");
    act("paste", { fragment }, null, true);
  }

  return { ask, act, gesture, cyclePick, toggleOptional, remove, nudge, withNodes, copy, paste };
}
