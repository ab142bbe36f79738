/** Going about the graph without a pointer: the cursor among nodes and edges, and edges drawn by arrows and Enter. */
import { elementId, elementOf, type Element } from "./space_editor_data";
import { neighbour, type Spot } from "./space_editor_geometry";
import type { Hand } from "./space_editor_hand";
import type { Direction } from "./space_editor_keys";
import type { ViewState } from "./space_editor_state";

export function walkOf(view: ViewState, hand: Hand) {
  const { mode, cursor, selected, focused } = view;
  const spots = (): Spot[] => view.canvas.current?.spots() ?? [];
  const shown = (name: string) => view.nodeNamed(name)?.shown ?? "";

  function moveTo(to: Direction, extend: boolean): void {
    const all = spots();
    if (all.length === 0) return;
    if (mode !== null) return aimTo(to, all);
    const here = all.find((spot) => elementId(spot.element) === cursor);
    const next = here === undefined ? all[0]! : neighbour(here, to, all);
    if (next === null) return;
    const id = elementId(next.element);
    view.setCursor(id);
    view.canvas.current?.reveal(next);
    view.setSelected(extend ? [...new Set([...selected, ...(cursor === null ? [] : [cursor]), id])] : [id]);
  }

  /** Choose the node in which the edge that is being drawn will end. */
  function aimTo(to: Direction, all: readonly Spot[]): void {
    if (mode === null) return;
    const nodes = all.filter(({ element }) => "node" in element && !(mode.kind === "connect" && element.node === mode.from));
    const here = all.find(({ element }) => isNode(element, mode.to));
    const next = here === undefined ? nodes[0] : neighbour(here, to, nodes);
    if (next === null || next === undefined || !("node" in next.element)) return;
    view.setMode({ ...mode, to: next.element.node });
    view.say(`to ${shown(next.element.node)}`);
  }

  function enter(): void {
    if (mode !== null) return commit();
    if (cursor === null) return moveTo("right", false);
    if (!selected.includes(cursor) || selected.length > 1) return view.setSelected([cursor]);
    const element = elementOf(cursor);
    const node = "node" in element ? view.nodeNamed(element.node) : undefined;
    if (node !== undefined) view.open(node);
  }

  function commit(): void {
    if (mode === null) return;
    view.setMode(null);
    if (mode.kind === "connect") return hand.act("connect", { source: mode.from, target: mode.to }, [mode.from, mode.to]);
    const [source, target] = mode.end === "target" ? [mode.edge[0], mode.to] : [mode.to, mode.edge[1]];
    hand.act("reroute", { edge: [mode.edge], source, target }, [source, target]);
  }

  function beginConnect(): void {
    if (focused === null || !("node" in focused)) return view.say("Select a node first, then C connects from it.");
    const from = focused.node;
    const all = spots();
    const nodes = all.filter(({ element }) => "node" in element && element.node !== from);
    const here = all.find(({ element }) => isNode(element, from));
    const first = (here === undefined ? null : neighbour(here, "right", nodes)) ?? nodes[0];
    if (first === undefined || !("node" in first.element)) return view.say("There is no other node to connect to; N adds one.");
    view.setMode({ kind: "connect", from, to: first.element.node });
    view.say(`Connect from ${shown(from)} to ${shown(first.element.node)}: arrows choose, Enter draws, Escape leaves.`);
  }

  /** R takes the end of the edge elsewhere, R again its start. */
  function beginReroute(): void {
    if (mode?.kind === "reroute") {
      const end = mode.end === "target" ? "source" : "target";
      view.setMode({ ...mode, end, to: mode.edge[end === "target" ? 1 : 0] });
      return view.say(`Take the ${end === "target" ? "end" : "start"} of the edge elsewhere.`);
    }
    if (focused === null || !("edge" in focused)) return view.say("Select an edge first, then R takes its end elsewhere.");
    view.setMode({ kind: "reroute", edge: focused.edge, end: "target", to: focused.edge[1] });
    view.say("Take the end of the edge elsewhere: arrows choose, R changes to its start, Enter draws, Escape leaves.");
  }

  /** One step out of whatever one is in. */
  function escape(): void {
    if (view.keysOpen) return closeKeys();
    if (mode !== null) return view.setMode(null);
    if (view.refusal !== null) return view.setRefusal(null);
    if (view.tab === "code") return view.setTab("graph");
    if (selected.length > 0) return view.setSelected([]);
    if (view.levels.length > 1) view.go(view.levels.slice(0, -1));
    else view.refocus();
  }

  function closeKeys(): void {
    view.setKeysOpen(false);
    view.refocus();
  }

  return { moveTo, enter, beginConnect, beginReroute, escape, closeKeys };
}

function isNode(element: Element, name: string): boolean {
  return "node" in element && element.node === name;
}
