import { describe, expect, test } from "vitest";
import { apart, linearScale, niceRange, niceStep, stepPath, tickText, ticks, valueRange } from "../src/curve_path";
import { RUNNING } from "./example";

describe("ticks", () => {
  test.each([
    [300, 3, 100],
    [7, 4, 1],
    [0.03, 4, 0.005],
    [1000, 3, 200],
  ])("a span of %s in about %s parts steps by %s", (span, count, step) => expect(niceStep(span, count)).toBeCloseTo(step, 12));

  test("stand on round numbers, both ends included", () => expect(ticks({ low: 14, high: 24 }, 4)).toEqual([14, 16, 18, 20, 22, 24]));
  test("carry no rounding dirt", () => expect(ticks({ low: 0, high: 0.3 }, 3)).toEqual([0, 0.1, 0.2, 0.3]));
  test("of an empty range are its one value", () => expect(ticks({ low: 5, high: 5 }, 3)).toEqual([5]));

  test("show the decimals that their neighbours need, and a real minus", () => {
    expect(tickText(1, [0.5, 1, 1.5])).toBe("1.0");
    expect(tickText(12000, [12000])).toBe("12,000");
    expect(tickText(-2, [-2])).toBe("−2");
  });
});

describe("the value axis", () => {
  test("grows to round numbers", () => expect(niceRange({ low: 15.71, high: 16.93 }, 4)).toEqual({ low: 15.6, high: 17 }));
  test("has room even when all values are the same", () => {
    const { low, high } = niceRange({ low: 10, high: 10 }, 4);
    expect(low).toBeLessThanOrEqual(10);
    expect(high).toBeGreaterThan(low);
  });
  test("leaves out what held only in the first 3 % of the budget, so that a bad first guess flattens nothing", () => {
    const range = valueRange({ ...RUNNING.curve, optimum: null, random: [], search: [[1, 90], [2, 16.9], [136, 15.7]] });
    expect(range).toEqual({ low: 15.7, high: 16.9 });
  });
  test("shows early values while there are no others", () => {
    expect(valueRange({ ...RUNNING.curve, optimum: null, random: [], search: [[1, 90]] })).toEqual({ low: 90, high: 90 });
  });
  test("includes the optimum", () => expect(valueRange(RUNNING.curve)?.low).toBe(15.1));
  test("is unknown before the first trial", () => expect(valueRange({ ...RUNNING.curve, search: [], random: [] })).toBeNull());
});

describe("a step path", () => {
  const same = (value: number) => value;
  test("holds each value until the next and the last until now", () => {
    expect(stepPath([[1, 9], [4, 7]], 10, same, same)).toBe("M1 9H4V7H10");
  });
  test("never runs back when it is longer than now", () => expect(stepPath([[1, 9], [20, 7]], 10, same, same)).toBe("M1 9H20V7H20"));
  test("of nothing is nothing", () => expect(stepPath([], 10, same, same)).toBe(""));
});

test("a scale maps the ends of a range to the ends of the axis", () => {
  const y = linearScale({ low: 14, high: 24 }, 200, 10);
  expect([y(14), y(24), y(19)]).toEqual([200, 10, 105]);
});

test("labels that would touch are pushed apart evenly and keep their order", () => {
  expect(apart(100, 104, 14)).toEqual([95, 109]);
  expect(apart(104, 100, 14)).toEqual([109, 95]);
  expect(apart(0, 50, 14)).toEqual([0, 50]);
});
