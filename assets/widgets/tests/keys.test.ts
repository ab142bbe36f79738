import { expect, test } from "vitest";
import { keyAction, movedRow } from "../src/keys";

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("space pauses, but on a button it presses the button", () => {
  expect(keyAction(press(" "), "page")).toEqual({ do: "run-or-pause" });
  expect(keyAction(press(" "), "control")).toBeNull();
});
test("arrows move through the trials, but not while a list is open", () => {
  expect(keyAction(press("ArrowDown"), "page")).toEqual({ do: "move", to: "down" });
  expect(keyAction(press("ArrowDown"), "control")).toBeNull();
});
test("escape and ? work everywhere in the widget", () => {
  expect(keyAction(press("Escape"), "control")).toEqual({ do: "clear" });
  expect(keyAction(press("?"), "control")).toEqual({ do: "help" });
});
test("the browser's and the system's shortcuts are left alone", () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) expect(keyAction(press(" ", held), "page")).toBeNull();
});
test("no single key stops a search", () => {
  for (const key of ["s", "S", "Delete", "Backspace", "q", "d"]) expect(keyAction(press(key), "page")).toBeNull();
});
test("the row cursor stays inside the table", () => {
  expect(movedRow(0, "up", 5, 7)).toBe(0);
  expect(movedRow(3, "page-down", 5, 7)).toBe(4);
  expect(movedRow(3, "first", 5, 7)).toBe(0);
  expect(movedRow(1, "last", 5, 7)).toBe(4);
});
