import { describe, expect, test } from "vitest";
import { BLANK_TREE, type Tree } from "../src/lineage_view_data";
import { lineageKey } from "../src/lineage_view_keys";
import { axisEnd, birthTicks, drawing, nearest, scales } from "../src/lineage_view_places";
import { gain, lineOf, living, measured, momentAt, moved, randomStart, spokenMember, standing } from "../src/lineage_view_tree";

/**
 * A population of two, one trial after the other, three events each from 1 on:
 *
 *   0   1
 *   |   | \
 *   3   2  4
 *       |
 *       5 (failed)
 */
const TREE: Tree = {
  ...BLANK_TREE,
  parent: [-1, -1, 1, 0, 1, 2],
  began: [1, 4, 7, 10, 13, 16],
  ended: [3, 6, 9, 12, 15, 18],
  died: [9, 12, 15, 18, -1, -1],
  value: [9, 8, 6, 7, 6.5, null],
  generation: [0, 0, 1, 1, 1, 2],
  change: [-1, -1, 0, -1, -1, -1],
  changes: [
    {
      place: "0→1",
      before: { family: "skip", glyph: "op-skip", label: "skip", edge: "" },
      after: { family: "conv", glyph: "op-c3", label: "conv 3×3", edge: "" },
      more: 0,
      words: "0→1 skip to conv 3×3",
    },
  ],
  population: 2,
  incumbents: [
    [3, 0],
    [6, 1],
    [9, 2],
  ],
  events: 19,
  axis: { low: 5, high: 8.5, ticks: [[6, "6"]], title: "validation error (%)", label: "validation error", unit: "%", minimize: true },
};
const NOW = momentAt(TREE, 5);
const SIZE = { width: 600, height: 400 };

describe("a moment", () => {
  test("is what was known before the next birth", () => {
    expect(momentAt(TREE, 1)).toEqual({ place: 1, events: 7, best: 1, line: [1] });
    expect(momentAt(TREE, 2)).toEqual({ place: 2, events: 10, best: 2, line: [1, 2] });
    expect(NOW.events).toBe(19);
    expect(momentAt(BLANK_TREE, 0)).toEqual({ place: 0, events: 0, best: null, line: [] });
  });

  test("tells the living from the dead, the failed and those not born yet", () => {
    const then = momentAt(TREE, 3);
    expect([0, 1, 2, 3, 4].map((trial) => standing(TREE, trial, then.events))).toEqual(["dead", "dead", "alive", "alive", "unborn"]);
    expect(standing(TREE, 5, NOW.events)).toBe("failed");
    expect(standing(TREE, 4, 14)).toBe("running");
    expect(standing({ ...TREE, population: 0 }, 2, 19)).toBe("dead");
    expect(living(TREE, then)).toEqual([2, 3]);
    expect(living(BLANK_TREE, momentAt(BLANK_TREE, 0))).toBeNull();
  });
});

test("the line of a member goes back to the random start", () => {
  expect(lineOf(TREE, 5)).toEqual([1, 2, 5]);
  expect(randomStart(TREE)).toEqual([0, 1]);
  expect(randomStart({ ...TREE, parent: [-1, -1] })).toBeNull();
});

test("better values stand higher, and what is off the axis or failed on the lowest line", () => {
  const to = scales(TREE, "value", 5, SIZE);
  expect(to.y(2)).toBeLessThan(to.y(3));
  expect(to.y(0)).toBe(to.gutter);
  expect(to.y(5)).toBe(to.gutter);
  const up = scales({ ...TREE, axis: { ...TREE.axis, minimize: false } }, "value", 5, SIZE);
  expect(up.y(2)).toBeGreaterThan(up.y(3));
  const deep = scales(TREE, "generation", 5, SIZE);
  expect(deep.y(5)).toBeLessThan(deep.y(2));
  expect(deep.y(0)).toBe(deep.y(1));
});

test("every member is drawn once, in the path of its standing", () => {
  const drawn = drawing(TREE, NOW, scales(TREE, "value", 5, SIZE));
  const marks = (path: string) => path.split("M").length - 1;
  expect(NOW.line).toEqual([1, 2]);
  expect([drawn.dead, drawn.alive, drawn.failed, drawn.running].map(marks)).toEqual([2, 1, 1, 0]);
  expect(marks(drawn.line)).toBe(1);
  expect(marks(drawn.links)).toBe(3);
});

test("the mouse finds the nearest member that was born then", () => {
  const to = scales(TREE, "value", 5, SIZE);
  expect(nearest(TREE, NOW, to, [to.x(3) + 2, to.y(3) - 2])).toBe(3);
  expect(nearest(TREE, momentAt(TREE, 2), to, [to.x(3), to.y(3)])).toBeNull();
  expect(nearest(TREE, NOW, to, [0, 0])).toBeNull();
});

test("arrows walk to parent, child and those born before and after, and no further than the moment", () => {
  expect(moved(TREE, NOW, 2, "parent")).toBe(1);
  expect(moved(TREE, NOW, 1, "parent")).toBe(1);
  expect(moved(TREE, NOW, 1, "child")).toBe(2);
  expect(moved(TREE, momentAt(TREE, 1), 1, "child")).toBe(1);
  expect(moved(TREE, NOW, 0, "earlier")).toBe(0);
  expect(moved(TREE, momentAt(TREE, 3), 3, "later")).toBe(3);
  expect(moved(TREE, NOW, 3, "newest")).toBe(5);
});

test("a gain is better or worse by the direction of the metric", () => {
  expect(gain(6, 8, TREE.axis)).toEqual({ words: "−2.00", tone: "better" });
  expect(gain(6, 8, { ...TREE.axis, minimize: false })).toEqual({ words: "−2.00", tone: "worse" });
  expect(gain(8, 8, TREE.axis)).toEqual({ words: "±0.00", tone: "" });
  expect(gain(null, 8, TREE.axis).words).toBe("");
  expect(measured(6.5, TREE.axis)).toBe("6.50 %");
  expect(measured(null, TREE.axis)).toBe("–");
});

test("a member is told in one sentence", () => {
  expect(spokenMember(TREE, 2, NOW)).toBe("#2, child of #1, 0→1 skip to conv 3×3, validation error 6.00 %, dead, best");
  expect(spokenMember(TREE, 0, NOW)).toBe("#0, random start, validation error 9.00 %, dead");
  expect(spokenMember(TREE, 5, NOW)).toBe("#5, child of #2, failed");
});

test("the axis grows in leaps while the search runs, and ends at the last trial after it", () => {
  expect([axisEnd(3, true), axisEnd(19, true), axisEnd(20, true)]).toEqual([20, 20, 30]);
  expect([axisEnd(120, false), axisEnd(0, false)]).toEqual([119, 1]);
  expect(birthTicks(119)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(birthTicks(3)).toEqual([0, 1, 2, 3]);
});

test("keys mean what the focused part needs, and no key with a modifier is ours", () => {
  const key = (name: string, where: "slider" | "control" | "tree", ctrlKey = false) =>
    lineageKey({ key: name, ctrlKey, metaKey: false, altKey: false }, where);
  expect(key("ArrowUp", "tree")).toEqual({ do: "move", to: "parent" });
  expect(key("ArrowUp", "slider")).toEqual({ do: "replay", action: { do: "step", by: 1 } });
  expect(key("ArrowUp", "control")).toBeNull();
  expect(key(" ", "control")).toBeNull();
  expect(key("c", "tree")).toEqual({ do: "pin" });
  expect(key("c", "tree", true)).toBeNull();
  expect(key("End", "slider")).toEqual({ do: "replay", action: { do: "live" } });
});
