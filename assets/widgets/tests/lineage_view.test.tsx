import { act, fireEvent, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import widget from "../src/lineage_view";
import { BLANK_TREE, type LineageDetail, type Tree } from "../src/lineage_view_data";
import { RUNNING } from "./example";
import { FakeManager, FakeModel } from "./fake_model";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const COUNT = 12;
/** Each from the one before, each better than all before, one alive. */
const TREE: Tree = {
  ...BLANK_TREE,
  parent: Array.from({ length: COUNT }, (_, i) => i - 1),
  began: Array.from({ length: COUNT }, (_, i) => 3 * i + 1),
  ended: Array.from({ length: COUNT }, (_, i) => 3 * i + 3),
  died: Array.from({ length: COUNT }, (_, i) => (i + 1 < COUNT ? 3 * i + 6 : -1)),
  value: Array.from({ length: COUNT }, (_, i) => 50 - i),
  generation: Array.from({ length: COUNT }, (_, i) => i),
  change: Array.from({ length: COUNT }, () => -1),
  population: 1,
  incumbents: Array.from({ length: COUNT }, (_, i) => [3 * i + 3, i] as [number, number]),
  events: 3 * COUNT + 1,
  axis: { low: 30, high: 60, ticks: [[40, "40"]], title: "validation error (%)", label: "validation error", unit: "%", minimize: true },
};
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle r="5"/></svg>';
const DETAIL: LineageDetail = {
  trial: 11,
  title: "One mutation",
  why: "A mutation of trial 10.",
  message: "",
  first: { trial: 10, word: "Parent", status: "finished", rank: "7" },
  second: { trial: 11, word: "Child", status: "finished", rank: "5" },
  pairs: [[SVG, SVG]],
  changes: [],
  rows: [{ label: "Validation error", first: "40.00 %", second: "39.00 %", change: "−1.00 %", tone: "better" }],
  worths: null,
};
const ends: (() => void)[] = [];

async function show(change: Record<string, unknown> = {}, control: Record<string, unknown> = {}) {
  const header = { ...RUNNING.header, title: "Lineage", phase: "finished", word: "Finished", buttons: [] };
  const stream = new FakeModel({ tree: TREE, header, banner: null, detail: DETAIL, announcement: "", ...change });
  const model = new FakeModel({ stream: "IPY_MODEL_s", selected: null, compared: null, moment: null, ...control });
  model.widget_manager = new FakeManager({ s: stream });
  const el = document.createElement("div");
  document.body.append(el);
  const end = await act(() => widget.render({ model, el }));
  ends.push(() => act(end));
  return { stream, model, el, end, root: el.querySelector<HTMLElement>(".nx")!, page: within(el) };
}
const key = (target: Element, name: string) => fireEvent.keyDown(target, { key: name });

beforeEach(() => {
  document.body.dataset.jpThemeLight = "true";
  globalThis.matchMedia ??= (() => ({ matches: false })) as unknown as typeof matchMedia;
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
});

describe("what is seen", () => {
  test("the tree has a name, the best, and its path as cards", async () => {
    const { page } = await show();
    expect(page.getByRole("listbox").getAttribute("aria-label")).toContain("12 born, best #11");
    expect(page.getAllByRole("button", { name: /^#\d+/ })).toHaveLength(COUNT);
    expect(page.getByText("A mutation of trial 10.")).toBeTruthy();
    expect(page.getByRole("row", { name: /Validation error 40.00 % 39.00 % −1.00 %/ })).toBeTruthy();
  });
  test("several changes have a table of what each is worth, one has none", async () => {
    const cells = [{ text: "−0.80 %", tone: "better" as const, title: "−0.80 %" }];
    const worths = { columns: ["Error"], rows: [{ words: "0→1 went from skip to conv 3×3", cells }], how: "They add up." };
    const { page, stream } = await show({ detail: { ...DETAIL, worths } });
    expect(page.getByRole("row", { name: "0→1 went from skip to conv 3×3 −0.80 %" })).toBeTruthy();
    expect(page.getByText("They add up.")).toBeTruthy();
    await act(async () => stream.set("detail", DETAIL));
    expect(page.queryByText("They add up.")).toBeNull();
  });
  test("a strategy without parents says so", async () => {
    const { page, el } = await show({ tree: { ...TREE, words: "random_search makes no architecture from another.", parent: TREE.parent.map(() => -1) } });
    expect(page.getByText("random_search makes no architecture from another.")).toBeTruthy();
    expect(page.getByRole("heading", { name: "Trials in the order of birth" })).toBeTruthy();
    expect(el.querySelector(".lv-path")).toBeNull();
  });
  test("an empty tree says that nothing has happened", async () => {
    const { page } = await show({ tree: {}, detail: null });
    expect(page.getByText("No trials yet.")).toBeTruthy();
    expect(page.getByText("Nothing to be seen yet")).toBeTruthy();
  });
});

describe("what is done", () => {
  test("a card selects its member, for Python and all other views", async () => {
    const { page, model } = await show();
    fireEvent.click(page.getByRole("button", { name: /^#3/ }));
    expect(model.get("selected")).toBe(3);
    expect(model.saved).toBe(1);
  });
  test("arrows walk the tree, C pins and Esc takes back", async () => {
    const { root, model } = await show();
    key(root, "ArrowUp");
    expect(model.get("selected")).toBe(10);
    key(root, "c");
    key(root, "Home");
    expect([model.get("compared"), model.get("selected")]).toEqual([10, 0]);
    key(root, "Escape");
    expect([model.get("compared"), model.get("selected")]).toEqual([null, 0]);
    key(root, "Escape");
    expect(model.get("selected")).toBeNull();
  });
  test("the slider goes back in time: what was not born is not there", async () => {
    const { page, model } = await show();
    const slider = page.getByRole("slider");
    act(() => void key(slider, "Home"));
    for (let i = 0; i < 3; i++) act(() => void key(slider, "ArrowRight"));
    expect(model.get("moment")).toBe(3);
    expect(page.getByRole("listbox").getAttribute("aria-label")).toContain("4 born, best #3");
    act(() => void key(slider, "End"));
    expect(model.get("moment")).toBeNull();
  });
  test("without Python nothing is told", async () => {
    const { page, model, stream } = await show();
    stream.comm_live = false;
    act(() => stream.fire("comm_live_update"));
    expect(page.getByText(/This view is not attached/)).toBeTruthy();
    fireEvent.click(page.getByRole("button", { name: /^#3/ }));
    expect(model.saved).toBe(0);
  });
});

test("every listener is taken away again", async () => {
  const { model, stream, end } = await show();
  act(end);
  ends.length = 0;
  expect([...model.listening, ...stream.listening]).toEqual([]);
});
