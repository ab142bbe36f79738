import { describe, expect, test } from "vitest";
import { lastAtMost, NO_TIMELINE, placeOfEnded, placeOfTrial, stopWords, timelineOf } from "../src/dashboard_timeline";
import { thinned, type Mark } from "../src/replay_marks";
import { packed, TIMELINE } from "./example";

const LINE = timelineOf(TIMELINE);
const TIMELINE_OF_EDITS = packed([0, 1, 1, 5, 5, 1]);

describe("the time axis", () => {
  test("comes as columns of numbers", () => {
    expect([...LINE.events]).toEqual([0, 4, 7, 10, 11, 14]);
    expect([...LINE.trials]).toEqual([-1, 0, 1, 2, -1, 3]);
  });
  test("is marked where something happened", () => {
    expect(LINE.marks).toEqual([
      { at: 2, kind: "best", words: "trial 1: the best so far" },
      { at: 3, kind: "fail", words: "trial 2 failed" },
      { at: 3, kind: "pause", words: "a pause" },
    ]);
  });
  test("says what the user changed", () => {
    const edited = timelineOf({ ...TIMELINE, kinds: TIMELINE_OF_EDITS, edits: ["Pin 0→1 to conv 3×3", "Undo: Pin 0→1 to conv 3×3"] });
    expect(edited.marks).toEqual([
      { at: 3, kind: "edit", words: "Pin 0→1 to conv 3×3" },
      { at: 3, kind: "edit", words: "Undo: Pin 0→1 to conv 3×3" },
    ]);
    expect(stopWords(edited, 4)).toBe("3 of 4 trials, Undo: Pin 0→1 to conv 3×3");
    expect(thinned(edited.marks, 8)).toEqual([{ at: 3, kind: "edit", count: 2, words: "2 edits\nPin 0→1 to conv 3×3\nUndo: Pin 0→1 to conv 3×3" }]);
  });
  test("finds the stop before a number of events that is none", () => {
    expect([0, 3, 4, 9, 99].map((events) => lastAtMost(LINE.events, events))).toEqual([0, 0, 1, 2, 5]);
  });
  test("finds the stop of a number of ended trials, and of one trial", () => {
    expect([-3, 0, 0.6, 2, 3, 4, 50].map((ended) => placeOfEnded(LINE, ended))).toEqual([0, 0, 1, 2, 3, 5, 5]);
    expect([0, 3, 7].map((trial) => placeOfTrial(LINE, trial))).toEqual([1, 5, null]);
  });
  test("is read out", () => {
    expect(stopWords(LINE, 0)).toBe("0 of 4 trials, the beginning");
    expect(stopWords(LINE, 3)).toBe("3 of 4 trials, trial 2 failed");
    expect(stopWords(LINE, 5)).toBe("4 of 4 trials, trial 3 ended");
    expect(stopWords(NO_TIMELINE, 0)).toBe("nothing yet");
  });
});

test("of a thousand marks so many are drawn as can be told apart, what is rare on top", () => {
  const many: Mark[] = Array.from({ length: 1000 }, (_, at) => ({ at, kind: at % 2 ? "fail" : "best" }));
  const drawn = thinned([{ at: 10, kind: "edit" }, ...many], 1000);
  expect(drawn.length).toBeLessThan(330);
  expect(drawn.at(-1)).toEqual({ at: 10, kind: "edit" });
  expect(drawn[0]?.kind).toBe("best");
});
