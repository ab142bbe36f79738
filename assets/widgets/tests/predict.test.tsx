import { act, fireEvent, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import widget from "../src/predict";
import { extent, firstDraft, held, moved, step, type Question } from "../src/predict_data";
import { FakeManager, FakeModel } from "./fake_model";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const QUESTION: Question = { kind: "choice", text: "Which wins?", options: ["random", "evolution"], least: 0, most: 1, unit: "", places: [], axis: "" };
const NUMBER: Question = { ...QUESTION, kind: "number", text: "How much?", options: [], most: 100, unit: "%" };
const CURVE: Question = { ...QUESTION, kind: "curve", text: "How does it go?", options: [], places: ["1", "2", "3"], axis: "epoch" };

let cleanup: () => void = () => undefined;
afterEach(() => act(() => cleanup()));

function shown(question: Question, more: Record<string, unknown> = {}) {
  const model = new FakeModel({ question, given: null, waiting: false, shown: {}, ...more });
  model.widget_manager = new FakeManager({});
  const el = document.createElement("div");
  document.body.append(el);
  act(() => {
    cleanup = widget.render({ model, el });
  });
  const guesses = () => model.sent.filter((message) => (message as { type: string }).type === "guess");
  return { model, look: within(el), el, guesses };
}

test("a guess is sent when it is made, and not before", () => {
  const { look, guesses } = shown(QUESTION);
  const button = look.getByRole("button", { name: "That is my guess" });
  fireEvent.click(button);
  expect(guesses()).toEqual([]);
  fireEvent.click(look.getByLabelText("evolution"));
  fireEvent.click(button);
  expect(guesses()).toEqual([{ type: "guess", value: "evolution" }]);
});

test("the truth stands beside the guess, and nothing can be changed any more", () => {
  const { look } = shown(QUESTION, { given: "random", shown: { truth: "evolution", sentence: "You said random; it is evolution." } });
  expect(look.getByText("your guess")).toBeTruthy();
  expect(look.getByText("the truth")).toBeTruthy();
  expect(look.getByText("You said random; it is evolution.")).toBeTruthy();
  expect(look.queryByRole("button")).toBeNull();
  expect((look.getByLabelText(/random/) as HTMLInputElement).disabled).toBe(true);
});

test("a number and its truth are told to a screen reader", () => {
  const { look, model, guesses } = shown(NUMBER);
  fireEvent.change(look.getByRole("slider", { name: "How much?" }), { target: { value: "30" } });
  fireEvent.click(look.getByRole("button"));
  expect(guesses()).toEqual([{ type: "guess", value: 30 }]);
  act(() => {
    model.set("given", 30);
    model.set("shown", { truth: 61.2, sentence: "" });
  });
  expect(look.getByRole("img", { name: "Your guess: 30 %. The truth: 61.2 %" })).toBeTruthy();
});

test("an order is changed by buttons that say what they move", () => {
  const { look, guesses } = shown({ ...QUESTION, kind: "ranking" });
  fireEvent.click(look.getByRole("button", { name: "Move evolution up" }));
  fireEvent.click(look.getByRole("button", { name: "That is my guess" }));
  expect(guesses()).toEqual([{ type: "guess", value: ["evolution", "random"] }]);
});

test("a point of a curve is moved by keys and stays within its ends", () => {
  const { look } = shown(CURVE);
  const point = () => look.getByRole("slider", { name: "epoch 2" });
  fireEvent.keyDown(point(), { key: "ArrowUp" });
  expect(Number(point().getAttribute("aria-valuenow"))).toBeCloseTo(0.51);
  fireEvent.keyDown(point(), { key: "End" });
  fireEvent.keyDown(point(), { key: "PageUp" });
  expect(point().getAttribute("aria-valuenow")).toBe("1");
});

test("what Python refuses is said, and every listener goes away again", () => {
  const { model, look } = shown(NUMBER);
  act(() => model.fire("msg:custom", { type: "refused", text: "a number is asked for" }));
  expect(look.getByText("a number is asked for")).toBeTruthy();
  act(() => cleanup());
  expect(model.listening).toEqual([]);
  cleanup = () => undefined;
});

test("drafts, steps and ends", () => {
  expect(firstDraft(QUESTION)).toBeNull();
  expect(firstDraft(NUMBER)).toBe(50);
  expect(step(NUMBER)).toBe(1);
  expect(step({ ...NUMBER, most: 1 })).toBeCloseTo(0.01);
  expect(held(250, NUMBER)).toBe(100);
  expect(held(33.4, NUMBER)).toBe(33);
  const list = ["a", "b"];
  expect(moved(list, 0, -1)).toBe(list);
  expect(moved(list, 0, 1)).toEqual(["b", "a"]);
  expect(extent(NUMBER, [120])).toEqual([0, 120]);
});
