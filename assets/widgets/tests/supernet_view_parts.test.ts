import { describe, expect, test } from "vitest";
import { optionColour } from "../src/supernet_view_colour";
import { supernetKey } from "../src/supernet_view_keys";
import { headPath, lineLook, livingLines, pickedLook } from "../src/supernet_view_line";
import { Moments, nearestPlace, placeOf, warningsBegin } from "../src/supernet_view_moments";
import { bandPath, epochTicks, lastEpoch, linePath, sampled, samples, stackedAreas } from "../src/supernet_view_paths";
import { neighbour, spots } from "../src/supernet_view_places";
import { LIVE, replayed, type Replay } from "../src/replay";
import { Shares, spoken } from "../src/supernet_view_shares";
import type { Line, Moment, MomentsMessage } from "../src/supernet_view_data";
import { DECISIONS, GRAPH, momentOf } from "./supernet_example";

const numbers = (moments: readonly Moment[]) => moments.map(({ number }) => number);
const message = (stride: number, ...all: number[]): MomentsMessage => ({ type: "moments", stride, moments: all.map((n) => momentOf(n)) });

describe("the moments of a page", () => {
  test("come in order, and what comes twice counts once", () => {
    const moments = new Moments();
    moments.take(message(1, 0, 1));
    moments.take(message(1, 0, 1, 2));
    expect(numbers(moments.all)).toEqual([0, 1, 2]);
    expect(moments.next).toBe(3);
  });
  test("take nothing past a gap, and say so", () => {
    const moments = new Moments();
    moments.take(message(1, 0));
    expect(moments.take(message(1, 3, 4))).toBe(false);
    expect(numbers(moments.all)).toEqual([0]);
  });
  test("are thinned when Python says so, and always keep the last", () => {
    const moments = new Moments();
    moments.take(message(1, 0, 1, 2, 3));
    expect(moments.take(message(2, 4, 5))).toBe(true);
    expect(numbers(moments.all)).toEqual([0, 2, 4, 5]);
    moments.take(message(2, 6, 7));
    expect(numbers(moments.all)).toEqual([0, 2, 4, 6, 7]);
  });
  test("of a view that came late are the same as of one that was there from the start", () => {
    const [early, late] = [new Moments(), new Moments()];
    for (let n = 0; n < 9; n++) early.take(message(n < 5 ? 1 : 2, n));
    late.take(message(2, 0, 2, 4, 6));
    late.take(message(2, 8));
    expect(numbers(early.all)).toEqual(numbers(late.all));
  });
  test("are the same array until there are new ones", () => {
    const moments = new Moments();
    moments.take(message(1, 0));
    const before = moments.all;
    moments.take(message(1, 0));
    expect(moments.all).toBe(before);
  });
  test("are found by number, by epoch, and where warnings begin", () => {
    const all = [momentOf(0), momentOf(2), momentOf(4, 0.9, { warning: { bold: "b", text: "t" } }), momentOf(6, 0.9, { warning: { bold: "b", text: "t" } })];
    expect([null, 0, 3, 4, 99].map((number) => placeOf(all, number))).toEqual([3, 0, 1, 2, 3]);
    expect([0, 3.4, 4.2, 99].map((epoch) => nearestPlace(all, epoch))).toEqual([0, 1, 2, 3]);
    expect(warningsBegin(all)).toEqual([2]);
  });
});

describe("a replay", () => {
  const at = (place: number, more: Partial<Replay> = {}): Replay => ({ ...LIVE, live: false, place, ...more });
  test("that is live starts from the beginning", () => expect(replayed(LIVE, { do: "play" }, 5)).toEqual(at(0, { playing: true })));
  test("goes on from where it stands, and stops at a second press", () => {
    const playing = replayed(at(2), { do: "play" }, 5);
    expect(playing).toEqual(at(2, { playing: true }));
    expect(replayed(playing, { do: "play" }, 5)).toEqual(at(2));
  });
  test("is live when it arrives at the newest moment", () => {
    expect(replayed(at(2, { playing: true }), { do: "tick", by: 1 }, 5)).toEqual(at(3, { playing: true }));
    expect(replayed(at(3, { playing: true }), { do: "tick", by: 1 }, 5)).toEqual({ ...LIVE, place: 4 });
  });
  test("stays inside when it is stepped", () => {
    expect(replayed(at(1), { do: "step", by: -10 }, 5).place).toBe(0);
    expect(replayed(LIVE, { do: "step", by: -1 }, 5)).toEqual(at(3));
    expect(replayed(at(1), { do: "step", by: 10 }, 5)).toEqual(at(4));
  });
  test("of nothing does nothing", () => expect(replayed(LIVE, { do: "play" }, 0).playing).toBe(false));
});

describe("shares", () => {
  const shares = new Shares(DECISIONS, momentOf(0, 0.8));
  test("are cut out of the moment by decision", () => expect([0, 1, 2].map((i) => shares.of(i))).toEqual([[0.8, 0.2], [0.25, 0.75], [0.9, 0.1]]));
  test("name the leading option", () => expect(shares.leading(1)).toMatchObject({ place: 1, share: 0.75 }));
  test("of a decision that is not told are none", () => {
    const silent = new Shares(DECISIONS, momentOf(0, 0.8, { p: [-1, -1, 2500, 7500, 9000, 1000] }));
    expect([silent.of(0), silent.leading(0)]).toEqual([[], null]);
    expect(silent.of(1)).toEqual([0.25, 0.75]);
  });
  test("are spoken, the most likely first", () => {
    expect(spoken(DECISIONS[1] as never, shares.of(1))).toBe("1 → out: conv 3×3 75 %, skip 25 %");
    expect(spoken(DECISIONS[1] as never, [])).toBe("1 → out: not weighed");
  });
});

describe("an edge", () => {
  const [first, , skip] = GRAPH.lines as [Line, Line, Line];
  test("is as wide as its leading operation is likely", () => {
    const width = (share: number) => lineLook(first, new Shares(DECISIONS, momentOf(0, share))).width;
    expect(width(1)).toBeCloseTo(9.5);
    expect(width(0.75)).toBeCloseTo(7.5);
  });
  test("that may be missing is as faint as it is unlikely, but never gone", () => {
    const opacity = (there: number) => lineLook(skip, new Shares(DECISIONS, momentOf(0, 0.5, { p: [5000, 5000, 5000, 5000, there, 10_000 - there] }))).opacity;
    expect(opacity(9000)).toBeCloseTo(0.9);
    expect(opacity(0)).toBeCloseTo(0.14);
  });
  test("is in the derived architecture if its option is", () => {
    expect(pickedLook(skip, new Shares(DECISIONS, momentOf(0)), 2)).not.toBeNull();
    expect(pickedLook(skip, new Shares(DECISIONS, momentOf(0, 0.5, { pick: [0, 1, 1] })), 2)).toBeNull();
  });
  test("lives if something comes through it from an input to the output", () => {
    const none = DECISIONS.map((decision, i) => (i === 0 ? { ...decision, options: decision.options.map((o, j) => (j === 0 ? { ...o, family: "none" } : o)) } : decision));
    expect(livingLines(GRAPH, new Shares(DECISIONS, momentOf(0)))).toEqual(new Set(GRAPH.lines));
    expect(livingLines(GRAPH, new Shares(none, momentOf(0, 0.9)))).toEqual(new Set([skip])); // 1 gets nothing, so what leaves it is dead
  });
  test("ends in a head that points its way", () => expect(headPath([10, 20, 90], 0)).toBe("M10 20L14 10L6 10z"));
});

describe("arrow keys on the graph", () => {
  const all = spots(GRAPH);
  test("find every decision, by its chip or its line", () => expect(all.map(({ decision }) => decision)).toEqual([0, 1, 2]));
  test("go to the nearest that way, or stay", () => {
    expect(neighbour(all, 0, "right")).toBe(1);
    expect(neighbour(all, 0, "up")).toBe(2);
    expect(neighbour(all, 1, "left")).toBe(0);
    expect(neighbour(all, 0, "left")).toBe(0);
  });
});

describe("curves", () => {
  const moments = [momentOf(0, 0.5), momentOf(1, 1)];
  const known = moments.map((moment) => new Shares(DECISIONS, moment));
  test("stack the options from below, and hold the first back to the start", () => {
    const areas = stackedAreas(0, known, 2, { width: 20, height: 10 });
    expect(areas).toEqual(["M0 5L10 5L20 0L20 10L10 10L0 10z", "M0 0L10 0L20 0L20 0L10 5L0 5z"]);
  });
  test("of nothing are nothing", () => {
    expect(stackedAreas(0, [], 2, { width: 20, height: 10 })).toEqual([]);
    expect([linePath([], Number, Number), bandPath([], [], Number, Number)]).toEqual(["", ""]);
  });
  test("keep the last moment of each part of the axis, the newest always", () => {
    const many = Array.from({ length: 10 }, (_, i) => momentOf(i));
    expect(numbers(sampled(many, 1000, 50))).toEqual(numbers(many));
    expect(numbers(sampled(many, 5, 50))).toEqual([8, 9]);
  });
  test("leave out moments without a value", () => {
    const gap = [momentOf(0), momentOf(1, 0.5, { values: {} }), momentOf(2)];
    expect(samples(gap, "train_loss", 2).map(([epoch]) => epoch)).toEqual([1, 3]);
    expect(linePath([[0, 1], [2, 3]], Number, Number)).toBe("M0 1L2 3");
    expect(bandPath([[0, 1], [2, 3]], [[0, 2], [2, 4]], Number, Number)).toBe("M0 2L2 4L2 3L0 1z");
  });
  test("end where the search will, or has", () => {
    expect([lastEpoch(10, []), lastEpoch(null, moments), lastEpoch(1, moments)]).toEqual([10, 2, 2]);
    expect(epochTicks(2, 5)).toEqual([0, 1, 2]);
  });
});

describe("keys", () => {
  const key = (name: string) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false });
  test("step anywhere but on the graph, where they move", () => {
    expect(supernetKey(key("ArrowLeft"), "slider")).toEqual({ do: "replay", action: { do: "step", by: -1 } });
    expect(supernetKey(key("ArrowLeft"), "graph")).toEqual({ do: "move", to: "left" });
    expect(supernetKey(key("PageDown"), "root")).toEqual({ do: "replay", action: { do: "step", by: -10 } });
  });
  test("are left to a button that has the focus, and to the browser with Ctrl", () => {
    expect(supernetKey(key(" "), "control")).toBeNull();
    expect(supernetKey({ ...key("l"), ctrlKey: true }, "root")).toBeNull();
    expect(supernetKey(key("x"), "root")).toBeNull();
  });
});

test("the second option of a family is paler than the first, and values take the accent", () => {
  const option = { label: "", family: "sep", glyph: "", size: "", tone: 0 };
  expect(optionColour(option)).toBe("var(--op-sep)");
  expect(optionColour({ ...option, tone: 1 })).toBe("color-mix(in srgb, var(--op-sep) 72%, var(--bg))");
  expect(optionColour({ ...option, family: "value" })).toBe("var(--brand)");
});
