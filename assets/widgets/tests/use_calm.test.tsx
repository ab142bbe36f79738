import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useCalm } from "../src/use_calm";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a list that grows is taken over a few times a second, and is whole in the end", () => {
  const all = Array.from({ length: 20 }, (_, i) => ({ i }));
  const { result, rerender } = renderHook(({ list }) => useCalm(list), { initialProps: { list: all.slice(0, 1) } });
  let taken = 0;
  for (let n = 2; n <= 17; n++) {
    const before = result.current;
    act(() => vi.advanceTimersByTime(100));
    rerender({ list: all.slice(0, n) });
    if (result.current !== before) taken += 1;
  }
  expect(taken).toBeLessThan(8);
  act(() => vi.advanceTimersByTime(400));
  expect(result.current).toHaveLength(17);
});

test("a step back is taken over at once", () => {
  const all = [1, 2, 3, 4];
  const { result, rerender } = renderHook(({ list }) => useCalm(list), { initialProps: { list: all } });
  rerender({ list: all.slice(0, 2) });
  expect(result.current).toEqual([1, 2]);
});
