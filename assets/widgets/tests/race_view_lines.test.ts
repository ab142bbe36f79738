import { describe, expect, test } from "vitest";
import { bandPath, dotsPath, keptApart, known, linePath, roomy, scale } from "../src/race_view_lines";
import { nearestPlace } from "../src/race_view_bar";
import { raceKey } from "../src/race_view_keys";
import { placeOf } from "../src/race_view_player";
import type { Axis, Lane } from "../src/race_view_data";

const LOG: Axis = { low: 0.1, high: 10, ticks: [], is_log: true };
const LINEAR: Axis = { low: 0, high: 10, ticks: [], is_log: false };
const LANE = { x: [1, 2, 4, 8], middle: [4, 3, 2, 0], low: [3, 2, 1, 0], high: [5, 4, 3, 1] } as Lane;
const plain = (value: number) => value;

describe("scales", () => {
  test("equal factors are equally long on a logarithmic axis, and what it cannot show stands at its edge", () => {
    const to = scale(LOG, 0, 100);
    expect([0.1, 1, 10, 0, 100].map((value) => Math.round(to(value)))).toEqual([0, 50, 100, 0, 100]);
  });
  test("a linear one may run downwards", () => expect(scale(LINEAR, 100, 0)(2.5)).toBe(75));
});

describe("what was known", () => {
  test("a line goes as far as all its searches had come; without an end it is whole", () => {
    expect([0, 1, 3.9, 4, 100].map((reach) => known(LANE, reach))).toEqual([0, 1, 2, 3, 4]);
    expect(known(LANE, null)).toBe(4);
  });
  test("its path ends there, and so does its band", () => {
    expect(linePath(LANE.x, LANE.middle, 2, plain, plain)).toBe("M1 4L2 3");
    expect(bandPath(LANE, 2, plain, plain)).toBe("M1 5L2 4L2 2L1 3Z");
    expect(bandPath({ ...LANE, low: [], high: [] }, 2, plain, plain)).toBe("");
    expect(linePath(LANE.x, LANE.middle, 0, plain, plain)).toBe("");
  });
  test("a moment is found by how many events were known, and by where the race stood", () => {
    const moments = { events: [2, 4, 6], spots: [0, 1, 3], reach: [], end: 3 };
    expect([0, 2, 5, 6, 99].map((events) => placeOf(moments, events))).toEqual([0, 0, 1, 2, 2]);
    expect([0, 0.9, 1, 2.9, 99].map((spot) => nearestPlace(moments.spots, spot))).toEqual([0, 0, 1, 1, 2]);
  });
});

describe("room", () => {
  test("labels keep their order and a gap, and stay inside", () => {
    const at = keptApart([50, 49, 51, 99], 10, 0, 100);
    const order = [1, 0, 2, 3].map((i) => at[i]!);
    for (let i = 1; i < order.length; i++) expect(order[i]! - order[i - 1]!).toBeGreaterThanOrEqual(10 - 1e-9);
    expect(Math.max(...at)).toBeLessThanOrEqual(100);
    expect(keptApart([], 10, 0, 100)).toEqual([]);
  });
  test("of crowded ticks the last stays", () => {
    const ticks: Axis["ticks"] = [[0, "0"], [4, "4"], [8, "8"], [10, "10"]];
    expect(roomy(ticks, scale(LINEAR, 0, 100), 45).map(([, words]) => words)).toEqual(["4", "10"]);
  });
  test("seeds of one value stand above each other around the middle", () => {
    expect(dotsPath([0.5, 0.5, 1], 88, 30)).toBe("M44 12.5h0M44 17.5h0M88 15h0");
    const many = dotsPath(Array.from({ length: 500 }, () => 0.2), 88, 30);
    const heights = [...many.matchAll(/ ([\d.]+)h0/g)].map((found) => Number(found[1]));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...heights)).toBeLessThanOrEqual(27);
  });
});

test("keys: arrows go through the moments, letters switch axes, a control keeps its own", () => {
  const press = (key: string) => ({ key, ctrlKey: false, metaKey: false, altKey: false });
  expect(raceKey(press("ArrowLeft"), "else")).toEqual({ do: "replay", action: { do: "step", by: -1 } });
  expect(raceKey(press("X"), "slider")).toEqual({ do: "log", axis: "x" });
  expect(raceKey(press(" "), "control")).toBeNull();
  expect(raceKey({ ...press("x"), ctrlKey: true }, "else")).toBeNull();
  expect(raceKey(press("?"), "control")).toEqual({ do: "help" });
});
