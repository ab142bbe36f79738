import { expect, test } from "vitest";
import { detachedBanner, detachedHeader } from "../src/detached";
import { RUNNING } from "./example";

test("the header says what was seen last and offers no command", () => {
  const header = detachedHeader(RUNNING.header, "14:32:08");
  expect(header.word).toBe("Not attached");
  expect(header.facts).toEqual([{ label: "Last seen", value: "trial 187 of 300, 14:32:08" }]);
  expect(header.buttons.every((button) => !button.enabled)).toBe(true);
  expect(header.progress).toBe(RUNNING.header.progress);
});

test("the banner says what is true of the search: it goes on, has ended, or was never started", () => {
  const text = (phase: typeof RUNNING.header.phase) => detachedBanner({ ...RUNNING.header, phase }).text;
  expect(text("running")).toBe("The search goes on in the background kernel, and nothing is lost.");
  expect(text("finished")).toBe("The search has ended, and nothing is lost.");
  expect(text("idle")).toBe("The search was not started.");
});
