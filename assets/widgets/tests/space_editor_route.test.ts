import { describe, expect, test } from "vitest";
import type { Point } from "../src/space_editor_data";
import { labelPlaces, type Box } from "../src/space_editor_geometry";
import { routes, runsThrough, straight } from "../src/space_editor_route";

/** A small generator, so that every run draws the same graphs. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => ((state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648);
}

function scattered(count: number, seed: number): Map<string, Box> {
  const random = randomFrom(seed);
  const boxes: Box[] = [];
  while (boxes.length < count) {
    const box = { x: Math.round(random() * 1400), y: Math.round(random() * 900), width: 44 + Math.round(random() * 80), height: 44 };
    const apart = boxes.every((other) => Math.abs(other.x - box.x) > (other.width + box.width) / 2 + 40 || Math.abs(other.y - box.y) > 90);
    if (apart) boxes.push(box);
  }
  return new Map(boxes.map((box, i) => [String(i), box]));
}

function pieces(points: readonly Point[]): [Point, Point][] {
  return points.slice(1).map((at, i) => [points[i]!, at]);
}

describe("ways between nodes that stand anywhere", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("never run through a node (drawing %i)", (seed) => {
    const boxes = scattered(18, seed);
    const random = randomFrom(seed + 100);
    const edges = Array.from({ length: 30 }, (_, i) => {
      const [a, b] = [Math.floor(random() * 18), Math.floor(random() * 18)];
      return { id: String(i), source: String(a), target: String(a === b ? (b + 1) % 18 : b) };
    });
    const found = routes(boxes, edges);
    for (const { id, source, target } of edges) {
      const points = found.get(id)!;
      expect(points.length).toBeGreaterThanOrEqual(2);
      for (const [a, b] of pieces(points))
        for (const [name, box] of boxes) if (name !== source && name !== target) expect(runsThrough(a, b, box), `edge ${source}→${target} through ${name}`).toBe(false);
    }
  });

  test("go straight where nothing is between", () => {
    const boxes = new Map<string, Box>([["a", { x: 50, y: 50, width: 44, height: 44 }], ["b", { x: 250, y: 50, width: 44, height: 44 }]]);
    expect(routes(boxes, [{ id: "e", source: "a", target: "b" }]).get("e")).toEqual([[72, 50], [228, 50]]);
  });

  test("two edges between the same rows do not lie on each other", () => {
    const boxes = new Map<string, Box>([0, 1, 2].map((i) => [String(i), { x: 50 + 150 * i, y: 50, width: 44, height: 44 }]));
    const found = routes(boxes, [{ id: "far", source: "0", target: "2" }, { id: "near", source: "0", target: "1" }]);
    expect(found.get("near")).toHaveLength(2);
    expect(found.get("far")!.some(([, y]) => y !== 50)).toBe(true);
  });

  test("sixty nodes and a hundred and twenty edges find their ways at once", () => {
    const boxes = new Map<string, Box>(Array.from({ length: 60 }, (_, i) => [String(i), { x: (i % 10) * 160, y: Math.floor(i / 10) * 130, width: 44, height: 44 }]));
    const edges = Array.from({ length: 120 }, (_, i) => ({ id: String(i), source: String(i % 59), target: String(Math.min(59, (i % 59) + 1 + (i % 4))) }));
    const began = performance.now();
    routes(boxes, edges);
    expect(performance.now() - began).toBeLessThan(1000); // loose, for a slow machine that does other things as well
  });

  test("the straight line runs from outline to outline", () => {
    const box = { x: 0, y: 0, width: 44, height: 44 };
    const [[left], [right]] = straight(box, { ...box, x: 100 }) as [Point, Point];
    expect(left).toBeCloseTo(22);
    expect(right).toBeCloseTo(78);
  });
});

test("labels stand off the nodes and off each other", () => {
  const nodes: Box[] = [{ x: 0, y: 0, width: 44, height: 44 }, { x: 300, y: 0, width: 44, height: 44 }];
  const ways = new Map<string, Point[]>([["a", [[22, 0], [278, 0]]], ["b", [[22, 4], [278, 4]]]]);
  const found = labelPlaces(ways, new Map([["a", 60], ["b", 60]]), nodes);
  expect(Math.abs(found.get("a")![0] - found.get("b")![0])).toBeGreaterThan(60);
});
