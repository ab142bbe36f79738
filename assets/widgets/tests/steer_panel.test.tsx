import { act, fireEvent, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import widget from "../src/steer_panel";
import { asked, BLANK_OPTIONS, BLANK_STANDING, type Cell, type Options, type Row, type Standing } from "../src/steer_panel_data";
import { movedSpot, steerKey } from "../src/steer_panel_keys";
import { menuItems, placed } from "../src/steer_panel_menu";
import { RUNNING } from "./example";
import { FakeManager, FakeModel } from "./fake_model";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const LABELS = ["skip", "conv 3×3", "avg pool"];

function cell(index: number, change: Partial<Cell> = {}): Cell {
  const tile = { family: "conv", glyph: "op-c3", label: LABELS[index]!, edge: "" } as const;
  const words = `${LABELS[index]} on it: median 1.00 points below that of all trials; 95 % interval −2.00 to −0.50, 12 finished trials`;
  return { index, tile, state: "open", undo: false, text: "−1.00", n: "n = 12", words, bar: [-0.5, -0.9, -0.2], tone: "better", few: false, interval: "−2.00 to −0.50", best: 7, ...change };
}

function row(name: string, change: Partial<Row> = {}): Row {
  return { id: `cell/${name}`, place: name, when: [], cells: [0, 1, 2].map((index) => cell(index)), more: 0, ...change };
}

const OPTIONS: Options = { ...BLANK_OPTIONS, columns: [0, 1, 2].map((i) => cell(i).tile), place: "Edge", rows: [row("0→1"), row("0→2")], caption: "median error" };
const STANDING: Standing = {
  ...BLANK_STANDING,
  left: "9",
  of: "of 9 cells",
  off: "",
  budget: { text: "300 trials", value: "300", unit: "trials" },
  start: { asked: null, words: "the best, trial 4", codes: [2, 0] },
};
const ends: (() => void)[] = [];

async function show(standing: Partial<Standing> = {}, options: Options = OPTIONS) {
  const header = { ...RUNNING.header, title: "Steer" };
  const stream = new FakeModel({ header, banner: null, options, standing: { ...STANDING, ...standing }, announcement: "" });
  const model = new FakeModel({ stream: "IPY_MODEL_s", start: null });
  model.widget_manager = new FakeManager({ s: stream });
  const el = document.createElement("div");
  document.body.append(el);
  const end = await act(() => widget.render({ model, el }));
  ends.push(() => act(end));
  const at = (place: string) => el.querySelector<HTMLElement>(`[data-at="${place}"]`)!;
  const wishes = () => model.sent.filter((message) => (message as { type: string }).type === "edit");
  const answer = (place: string, ok: boolean, text = "") => act(() => model.fire("msg:custom", { type: "answer", place, ok, text }));
  return { stream, model, el, end, at, wishes, answer, root: el.querySelector<HTMLElement>(".nx")!, page: within(el) };
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

describe("an option", () => {
  test("says what it went with, how sure that is and of how many trials", async () => {
    const { at } = await show();
    expect(at("0 1").getAttribute("aria-label")).toContain("95 % interval −2.00 to −0.50, 12 finished trials");
    expect(at("0 1").textContent).toContain("n = 12");
    expect(at("0 1").querySelector(".st-bar > .sure")).not.toBeNull();
  });
  test("with few trials has no interval and is not called better", async () => {
    const few = row("0→1", { cells: [cell(0, { few: true, tone: "", bar: [-0.5, -0.5, -0.5] })] });
    const { at } = await show({}, { ...OPTIONS, columns: null, rows: [few] });
    expect(at("0 0").querySelector(".sure, .better")).toBeNull();
  });
  test.each([["p", "pin"], ["v", "veto"], ["a", "add"]])("%s asks Python to %s it", async (letter, kind) => {
    const { at, wishes } = await show();
    act(() => at("1 2").focus());
    key(at("1 2"), letter);
    expect(wishes()).toEqual([{ type: "edit", place: "row cell/0→2", kind, decision: "cell/0→2", option: 2 }]);
  });
  test("arrows move the focus", async () => {
    const { at } = await show();
    act(() => at("0 0").focus());
    for (const name of ["ArrowRight", "ArrowDown", "End"]) key(document.activeElement!, name);
    expect(document.activeElement).toBe(at("1 2"));
  });
  test("a click opens what can be done with it; Escape gives the focus back", async () => {
    const { at, page, wishes } = await show();
    fireEvent.click(at("0 1"));
    expect(page.getByRole("menu").getAttribute("aria-label")).toBe("conv 3×3 on 0→1");
    key(page.getByRole("menu"), "Escape");
    expect(page.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(at("0 1"));
    fireEvent.click(at("0 1"));
    fireEvent.click(page.getByRole("menuitem", { name: /Veto/ }));
    expect(wishes()).toEqual([{ type: "edit", place: "row cell/0→1", kind: "veto", decision: "cell/0→1", option: 1 }]);
  });
  test("the answer of Python stands below its row, and a second press waits for it", async () => {
    const { at, page, wishes, answer } = await show();
    act(() => at("0 0").focus());
    key(at("0 0"), "p");
    key(at("0 0"), "p");
    expect(wishes()).toHaveLength(1);
    await answer("row cell/0→1", false, "it is pinned already; undo that pin first");
    expect(page.getByRole("alert").textContent).toBe("it is pinned already; undo that pin first");
    key(at("0 0"), "Escape");
    expect(page.queryByRole("alert")).toBeNull();
  });
});

describe("beside the options", () => {
  test("undo and clear are off while nothing is in force", async () => {
    const { page, wishes, stream } = await show();
    fireEvent.click(page.getByRole("button", { name: "Undo last" }));
    expect(wishes()).toEqual([]);
    await act(async () => stream.set("standing", { ...STANDING, undo: "Pin 0→1 to skip", clear: true }));
    fireEvent.click(page.getByRole("button", { name: "Undo last" }));
    expect(wishes()).toEqual([{ type: "edit", place: "edits", kind: "undo" }]);
  });
  test("a clear is undone though nothing is in force, and what is offered is typed", async () => {
    const { page, wishes, answer } = await show({ undo: "Clear all edits", clear: false, offer: "layer0: conv_7x7" });
    fireEvent.click(page.getByRole("button", { name: "Clear all" }));
    expect(wishes()).toEqual([]);
    expect(page.getByRole("button", { name: "Undo last" }).title).toBe("Clear all edits");
    fireEvent.click(page.getByRole("button", { name: "Undo last" }));
    await answer("edits", true, "");
    fireEvent.change(page.getByRole("textbox", { name: "Offer" }), { target: { value: "channels: to 128" } });
    fireEvent.click(page.getByRole("button", { name: "Offer more" }));
    expect(wishes()).toEqual([
      { type: "edit", place: "edits", kind: "undo" },
      { type: "edit", place: "offer", kind: "offer", text: "channels: to 128" },
    ]);
  });
  test("a limit that is refused stays in its field, one that is taken goes", async () => {
    const { page, wishes, answer } = await show();
    const field = page.getByRole<HTMLInputElement>("textbox", { name: "Limit" });
    fireEvent.change(field, { target: { value: "weight <= 5" } });
    fireEvent.click(page.getByRole("button", { name: "Set the limit" }));
    expect(wishes()).toEqual([{ type: "edit", place: "limit", kind: "limit", text: "weight <= 5" }]);
    await answer("limit", false, "nobody knows 'weight'");
    expect(field.value).toBe("weight <= 5");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    key(field, "Enter");
    await answer("limit", true);
    expect(field.value).toBe("");
  });
  test("one to be tried next is put together from the best, row by row", async () => {
    const { at, page, wishes, answer } = await show();
    fireEvent.click(page.getByRole("button", { name: "Choose its options" }));
    expect(at("0 2").classList.contains("chosen")).toBe(true);
    fireEvent.click(at("1 1"));
    key(at("1 1"), " ");
    expect(at("1 0").classList.contains("chosen")).toBe(false);
    fireEvent.click(page.getByRole("button", { name: "Try it next" }));
    expect(wishes()).toEqual([{ type: "edit", place: "propose", kind: "propose", codes: [2, 1] }]);
    await answer("propose", true);
    expect(page.queryByRole("button", { name: "Try it next" })).toBeNull();
  });
  test("a better trial that comes meanwhile does not take the choices away; one that is asked for does", async () => {
    const { at, page, stream, model } = await show();
    fireEvent.click(page.getByRole("button", { name: "Choose its options" }));
    fireEvent.click(at("0 0"));
    await act(async () => stream.set("standing", { ...STANDING, start: { asked: null, words: "the best, trial 9", codes: [1, 1] } }));
    expect(at("0 0").classList.contains("chosen")).toBe(true);
    fireEvent.change(page.getByRole("textbox", { name: "Begin from trial" }), { target: { value: "#5" } });
    fireEvent.click(page.getByRole("button", { name: "Take it" }));
    expect(model.get("start")).toBe(5);
    await act(async () => stream.set("standing", { ...STANDING, start: { asked: 5, words: "trial 5", codes: [1, 2] } }));
    expect(at("0 1").classList.contains("chosen")).toBe(true);
  });
});

describe("when nothing can be steered", () => {
  test("after the end every way is off, and says why", async () => {
    const { at, page, wishes } = await show({ off: "The search has ended.", undo: "Pin 0→1 to skip", clear: true });
    act(() => at("0 0").focus());
    for (const name of ["p", "v", "u"]) key(at("0 0"), name);
    fireEvent.click(page.getByRole("button", { name: "Undo last" }));
    fireEvent.click(at("0 0"));
    fireEvent.click(page.getByRole("menuitem", { name: /Pin/ }));
    expect(wishes()).toEqual([]);
    expect(page.getByRole("menuitem", { name: /Pin/ }).textContent).toContain("The search has ended.");
  });
  test("without Python nothing is sent, and the view says so", async () => {
    const { at, page, wishes, stream } = await show({ undo: "Pin 0→1 to skip", clear: true });
    await act(async () => {
      stream.comm_live = false;
      stream.fire("comm_live_update");
    });
    act(() => at("0 0").focus());
    key(at("0 0"), "p");
    fireEvent.click(page.getByRole("button", { name: "Undo last" }));
    expect(wishes()).toEqual([]);
    expect(page.getByRole("alert").textContent).toContain("This view is not attached.");
  });
  test("the end of the view takes every listener with it", async () => {
    const { model, stream, end } = await show();
    await act(end);
    expect([...model.listening, ...stream.listening]).toEqual([]);
  });
});

test("keys keep to where they mean something", () => {
  const press = (name: string) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false });
  expect(steerKey(press("p"), "cell")).toEqual({ do: "pin" });
  expect(steerKey(press("p"), "page")).toBeNull();
  expect(steerKey(press("u"), "page")).toEqual({ do: "undo" });
  expect(steerKey(press("v"), "field")).toBeNull();
  expect(steerKey(press("Escape"), "field")).toEqual({ do: "clear" });
  expect(steerKey({ ...press("p"), ctrlKey: true }, "cell")).toBeNull();
});

test("the focus stays among the cells, whatever the rows' lengths", () => {
  expect(movedSpot({ row: 0, column: 4 }, "down", [5, 2])).toEqual({ row: 1, column: 1 });
  expect(movedSpot({ row: 1, column: 1 }, "right", [5, 2])).toEqual({ row: 1, column: 1 });
  expect(movedSpot({ row: 0, column: 0 }, "up", [5, 2])).toEqual({ row: 0, column: 0 });
});

test("a row is asked only where the options before ask for it", () => {
  const rows = [row("a"), row("b", { when: [[0, [1]]] }), row("c", { when: [[1, [0]]] })];
  expect(asked(rows, [1, 0, 0])).toEqual([true, true, true]);
  expect(asked(rows, [0, 0, 0])).toEqual([true, false, false]);
});

test("what can be done follows from the state of the option", () => {
  const names = (change: Partial<Cell>) => menuItems(cell(0, change), "", true).map(({ name, off }) => (off === "" ? name : `(${name})`));
  expect(names({})).toEqual(["pin", "veto", "like"]);
  expect(names({ state: "out" })).toEqual(["(pin)", "(veto)", "like"]);
  expect(names({ state: "vetoed", best: -1 })).toEqual(["add"]);
  expect(names({ state: "pinned", undo: true })).toEqual(["undo", "like"]);
  expect(names({ state: "pinned" })).toEqual(["(undo)", "like"]);
});

test("the menu stays inside of the widget", () => {
  const root = { left: 100, top: 50, width: 700, height: 400 };
  const menu = { left: 0, top: 0, width: 240, height: 120 };
  expect(placed({ left: 200, top: 100, width: 90, height: 60 }, menu, root)).toEqual({ left: 100, top: 114 });
  const corner = placed({ left: 760, top: 400, width: 30, height: 40 }, menu, root);
  expect(corner.left + menu.width).toBeLessThanOrEqual(root.width);
  expect(corner.top + menu.height).toBeLessThanOrEqual(350);
});
