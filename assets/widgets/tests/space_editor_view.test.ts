import { describe, expect, test } from "vitest";
import { BLANK_DRAWING, type DrawnEdge, type DrawnGraph, type DrawnNode, type Drawing } from "../src/space_editor_data";
import { reopening } from "../src/space_editor_reopening";
import { shared } from "../src/space_editor_share";
import { extentOf, fitted, isInSight } from "../src/space_editor_view";

const node = (name: string, x: number, y: number, more: Partial<DrawnNode> = {}): DrawnNode => ({
  name, shown: name, kind: "merge", candidates: [], x, y, width: 44, height: 44, is_output: false, problem: "", ...more,
});
const edge = (source: string, target: string, more: Partial<DrawnEdge> = {}): DrawnEdge => ({
  source, target, shown: `${source} → ${target}`, presence: "always", words: "", candidates: [], plain: true, text: "", width: 0,
  points: [[22, 0], [178, 0]], label: [100, 0], ...more,
});
const graph = (nodes: DrawnNode[], edges: DrawnEdge[] = [], more: Partial<DrawnGraph> = {}): DrawnGraph => ({ ...BLANK_DRAWING.graphs[""]!, nodes, edges, ...more });

describe("what is in sight", () => {
  test("is all that is drawn: nodes, the way of an edge, its label and the words under a node that picks", () => {
    const way = edge("a", "b", { points: [[0, -22], [0, -90], [200, -90], [200, -22]], width: 120, label: [100, -90] });
    expect(extentOf(graph([node("a", 0, 0), node("b", 200, 0, { pick: 2 })], [way]), null, new Map())).toEqual({ left: -22, top: -104, right: 222, bottom: 54 });
    expect(extentOf(graph([]), null, new Map())).toBeNull();
  });

  test("follows the browser's ways where nodes stand where a user put them", () => {
    const found = extentOf(graph([node("a", 0, 0), node("b", 200, 0)], [edge("a", "b")]), new Map([["e:a:b", [[0, 22], [0, 300], [200, 300]]]]), new Map());
    expect(found!.bottom).toBe(300);
  });

  test.each([[300, 100], [900, 90], [60, 700]])("a drawing of %i x %i is shown whole, in the middle, and no larger than it may be", (width, height) => {
    const extent = { left: -20, top: 10, right: width - 20, bottom: height + 10 };
    const stage = { width: 680, height: 420 };
    const sight = fitted(extent, stage);
    expect(isInSight(extent, stage, sight)).toBe(true);
    expect(sight.zoom).toBeLessThanOrEqual(1.15);
    expect(sight.zoom * (extent.left + extent.right) / 2 + sight.x).toBeCloseTo((28 + 680 - 44) / 2);
  });

  test("a node half outside is not in sight", () => {
    const stage = { width: 680, height: 420 };
    expect(isInSight({ left: 0, top: 0, right: 690, bottom: 44 }, stage, { x: 0, y: 0, zoom: 1 })).toBe(false);
    expect(isInSight({ left: 0, top: 0, right: 690, bottom: 44 }, stage, { x: 0, y: 0, zoom: 0.9 })).toBe(true);
  });
});

describe("a new drawing beside the old one", () => {
  const old = { version: 1, graphs: { "": { nodes: [{ name: "a", x: 1 }, { name: "b", x: 2 }], edges: [{ source: "a", target: "b", points: [[1, 2]] }] } } };

  test("is the old one where nothing is new", () => {
    expect(shared(old, structuredClone(old))).toBe(old);
  });

  test("keeps what is as it was, also behind something new", () => {
    const next = structuredClone(old);
    next.version = 2;
    next.graphs[""].nodes.splice(0, 0, { name: "new", x: 0 });
    next.graphs[""].nodes[2]!.x = 9;
    const found = shared(old, next);
    expect(found).toEqual(next);
    expect(found.graphs[""].nodes[1]).toBe(old.graphs[""].nodes[0]);
    expect(found.graphs[""].nodes[2]).not.toBe(old.graphs[""].nodes[1]);
    expect(found.graphs[""].edges).toBe(old.graphs[""].edges);
  });

  test.each([[{ a: 1 }, { b: 1 }], [[1, 2], [1]], [{ a: 1, b: 2 }, { a: 1 }], [null, { a: 1 }], [[1], { 0: 1 }], [{ a: undefined }, { b: undefined }]])("%j is not %j", (before, now) => {
    expect(shared(before, now)).toEqual(now);
    expect(shared(before, now)).not.toBe(before);
  });
});

describe("the way back after a restart", () => {
  const drawing = (graphs: Record<string, DrawnGraph>): Drawing => ({ ...BLANK_DRAWING, graphs });

  test("is the code of the space and an editor on it", () => {
    expect(reopening("space = 1\n", drawing({ "": graph([node("a", 0, 0)]) }))).toBe("import nas_explorer as nas\nspace = 1\n\neditor = nas.SpaceEditor(space)\neditor\n");
  });

  test("puts nodes where they stood, and a name stays a text", () => {
    const code = reopening("space = 1\n", drawing({ cell: graph([node('"); evil("', 10.5, 20)], [], { routed: false }) }));
    expect(code).toContain('SpaceEditor(space, positions={\n    ("cell", "\\"); evil(\\""): (10.5, 20),\n})');
  });
});
