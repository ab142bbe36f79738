import { act, fireEvent, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import widget from "../src/race_view";
import { BLANK_PLOT, type Lane, type Plot, type RaceRow, type RaceTable } from "../src/race_view_data";
import { RUNNING } from "./example";
import { FakeManager, FakeModel } from "./fake_model";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const lane = (name: string, end: number, random = false): Lane => ({
  name,
  random,
  colour: random ? "var(--s0)" : "var(--op-conv)",
  dash: random ? "dash" : "solid",
  marker: random ? "cross" : "circle",
  state: "finished",
  note: "",
  x: [1, 10, 20, 30],
  middle: [9, 5, end + 1, end],
  low: [8, 4, end, end],
  high: [10, 6, end + 2, end + 1],
});
const PLOT: Plot = {
  ...BLANK_PLOT,
  what: "regret",
  metric: "error",
  clock: "trials",
  whats: [["regret", "Regret"], ["best", "Best so far"]],
  clocks: [["trials", "Trials"], ["seconds", "Simulated seconds"]],
  metrics: [["error", "validation error"]],
  title: "Regret over trials",
  caption: "Lines are medians over 4 searches, bands their quartiles.",
  seeds: 4,
  x_title: "trials",
  y_title: "regret (%)",
  log_fits: true,
  x_axes: [{ low: 0, high: 30, ticks: [[0, "0"], [30, "30"]], is_log: false }, { low: 1, high: 30, ticks: [[1, "1"]], is_log: true }],
  y_axes: [{ low: 0, high: 10, ticks: [[5, "5"]], is_log: false }, { low: 0.1, high: 10, ticks: [[1, "1"]], is_log: true }],
  lanes: [lane("evolution", 2), lane("tpe", 1), lane("random_search", 3, true)],
  moments: { events: [1, 2, 3], spots: [0, 10, 30], reach: [[0, 0, 0], [10, 20, 10], [null, null, null]], end: 30 },
};
const row = (name: string, place: string, random = false, change: Partial<RaceRow> = {}): RaceRow => ({
  ...lane(name, 1, random),
  place,
  middle: "1.00",
  spread: "0.50 – 1.50",
  mean: "1.10",
  interval: "0.90 – 1.30",
  seeds: [0, 0.5, 1, 1],
  tick: 0.5,
  trials: "30",
  speed_up: "",
  beats: "",
  verdict: random ? "baseline" : "better",
  ...change,
});
const TABLE: RaceTable = { word: "regret (%)", ends: ["0", "3"], random: 0.7, rows: [row("tpe", "1"), row("evolution", "2"), row("random_search", "3", true)] };
const BANNER = { kind: "info", bold: "tpe is ahead.", text: "tpe beats random_search from trial 12 on.", details: null, actions: [] };
const ends: (() => void)[] = [];

async function show(change: Record<string, unknown> = {}, control: Record<string, unknown> = {}, phase = "finished") {
  const header = { ...RUNNING.header, title: "Race", phase, word: phase, buttons: [] };
  const content = { plot: PLOT, table: TABLE, header, banner: BANNER, facts: [{ label: "Metric", value: "error (%)" }], notes: [], offers: ["bananas"], verdict: "", announcement: "" };
  const stream = new FakeModel({ ...content, ...change });
  const model = new FakeModel({ stream: "IPY_MODEL_s", what: "", metric: "", clock: "", moment: null, hidden: false, guess: null, ...control });
  model.widget_manager = new FakeManager({ s: stream });
  const el = document.createElement("div");
  document.body.append(el);
  const end = await act(() => widget.render({ model, el }));
  ends.push(() => act(end));
  return { stream, model, el, end, root: el.querySelector<HTMLElement>(".nx")!, page: within(el) };
}
const points = (el: Element) => [...el.querySelectorAll("path[data-lane]")].map((path) => path.getAttribute("data-points"));
const bands = (el: Element) => el.querySelectorAll(".rv-band").length;
const names = (el: Element) => [...el.querySelectorAll("tr[data-lane]")].map((line) => line.getAttribute("data-lane"));

beforeEach(() => {
  document.body.dataset.jpThemeLight = "true";
  globalThis.matchMedia ??= (() => ({ matches: false })) as unknown as typeof matchMedia;
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
});

describe("what is seen", () => {
  test("lines with their names, random dashed, bands of the best and of random", async () => {
    const { el, page } = await show();
    expect(page.getByRole("img", { name: /tpe is ahead/ })).toBeTruthy();
    expect(points(el)).toEqual(["4", "4", "4"]);
    expect(el.querySelector('path[data-lane="random_search"]')?.getAttribute("stroke-dasharray")).toBe("6 4");
    expect([...el.querySelectorAll(".rv-name")].map((name) => name.textContent)).toEqual(["evolution", "tpe", "random_search"]);
    expect(bands(el)).toBe(2);
    expect(page.getByRole("checkbox", { name: "tpe" })).toHaveProperty("checked", true);
    expect(page.getByRole("checkbox", { name: "evolution" })).toHaveProperty("checked", false);
  });
  test("bands are switched one by one", async () => {
    const { el, page } = await show();
    await act(() => fireEvent.click(page.getByRole("checkbox", { name: "evolution" })));
    expect(bands(el)).toBe(3);
    await act(() => fireEvent.click(page.getByRole("checkbox", { name: "tpe" })));
    expect(bands(el)).toBe(2);
  });
  test("the table is in the order of places; while the race runs its rows stay where they are", async () => {
    const done = await show();
    expect(names(done.el)).toEqual(["tpe", "evolution", "random_search"]);
    const under = await show({}, {}, "running");
    expect(names(under.el)).toEqual(["evolution", "tpe", "random_search"]);
  });
  test("a lane that stopped says why, in its row and at its line", async () => {
    const stopped = { state: "stopped" as const, note: "it raised ZeroDivisionError" };
    const { el, page } = await show({
      plot: { ...PLOT, lanes: [{ ...PLOT.lanes[0]!, ...stopped }, PLOT.lanes[2]!] },
      table: { ...TABLE, rows: [row("evolution", "1", false, stopped)] },
    });
    expect(page.getByText("Stopped: it raised ZeroDivisionError")).toBeTruthy();
    expect(el.querySelector(".rv-name")?.textContent).toBe("evolution stopped");
  });
  test("names are text", async () => {
    const { el } = await show({ plot: { ...PLOT, lanes: [lane("<img src=x>", 1)] } });
    expect(el.querySelector("img")).toBeNull();
    expect(el.querySelector(".rv-name")?.textContent).toBe("<img src=x>");
  });
  test("before anything was sent it stands, with its axes", async () => {
    const { page } = await show({ plot: {}, table: {}, header: {}, banner: null, facts: [] });
    expect(page.getByText("No search has begun yet.")).toBeTruthy();
  });
});

describe("back in time", () => {
  test("lines go as far as they went then, and Python hears how many events were known", async () => {
    const { el, model, page } = await show();
    await act(() => fireEvent.keyDown(page.getByRole("slider"), { key: "ArrowLeft" }));
    expect(points(el)).toEqual(["2", "3", "2"]);
    expect(model.get("moment")).toBe(2);
    await act(() => fireEvent.keyDown(page.getByRole("slider"), { key: "End" }));
    expect(points(el)).toEqual(["4", "4", "4"]);
    expect(model.get("moment")).toBeNull();
  });
  test("a cell may set the moment, too", async () => {
    const { el, model } = await show();
    await act(() => model.set("moment", 1));
    expect(points(el)).toEqual(["0", "0", "0"]);
    expect(el.querySelector(".rv")?.getAttribute("data-place")).toBe("0");
  });
});

describe("choices", () => {
  test("values and clock are asked of Python", async () => {
    const { model, page } = await show();
    await act(() => fireEvent.change(page.getByRole("combobox", { name: "Clock" }), { target: { value: "seconds" } }));
    await act(() => fireEvent.change(page.getByRole("combobox", { name: "Values" }), { target: { value: "best" } }));
    expect([model.get("clock"), model.get("what"), model.saved]).toEqual(["seconds", "best", 2]);
  });
  test("axes are switched by button and by key, and a value that is no regret has no logarithm", async () => {
    const { root, page, stream } = await show();
    const pressed = (name: string) => page.getByRole("button", { name }).getAttribute("aria-pressed");
    expect([pressed("Logarithmic clock"), pressed("Logarithmic values")]).toEqual(["false", "true"]);
    await act(() => fireEvent.keyDown(root, { key: "x" }));
    await act(() => fireEvent.keyDown(root, { key: "y" }));
    expect([pressed("Logarithmic clock"), pressed("Logarithmic values")]).toEqual(["true", "false"]);
    await act(() => stream.set("plot", { ...PLOT, log_fits: false }));
    expect(page.getByRole("button", { name: "Logarithmic values" }).getAttribute("aria-disabled")).toBe("true");
  });
  test("a strategy is added by its name, once one is chosen and the race does not run", async () => {
    const { model, page, stream } = await show();
    const add = page.getByRole("button", { name: "Add strategy" });
    await act(() => fireEvent.click(add));
    await act(() => fireEvent.change(page.getByRole("combobox", { name: "Strategy to add" }), { target: { value: "bananas" } }));
    await act(() => fireEvent.click(add));
    expect(model.sent.filter((message) => (message as { type: string }).type === "add")).toEqual([{ type: "add", strategy: "bananas" }]);
    await act(() => stream.set("offers", []));
    expect(add.getAttribute("aria-disabled")).toBe("true");
  });
  test("as many seeds more as typed, or as many again; nonsense is not sent", async () => {
    const { model, page } = await show();
    const [more, count] = [page.getByRole("button", { name: "More seeds" }), page.getByRole("spinbutton")];
    await act(() => fireEvent.click(more));
    for (const typed of ["7", "0", "1.5", "1e9"]) {
      await act(() => fireEvent.change(count, { target: { value: typed } }));
      await act(() => fireEvent.click(more));
    }
    expect(model.sent.filter((message) => (message as { type: string }).type === "seeds")).toEqual([
      { type: "seeds", count: 4 },
      { type: "seeds", count: 7 },
    ]);
  });
  test("files are asked of Python", async () => {
    const { model, page } = await show();
    await act(() => fireEvent.click(page.getByRole("button", { name: "CSV" })));
    expect(model.sent).toContainEqual({ type: "export", kind: "csv" });
  });
});

describe("predict first", () => {
  test("nothing is told before a guess: no line, no table, no finding", async () => {
    const { el, model, page } = await show({}, { hidden: true });
    expect(points(el)).toEqual([]);
    expect(names(el)).toEqual([]);
    expect(el.textContent).not.toContain("tpe is ahead");
    expect(page.getByRole("checkbox", { name: "tpe" })).toHaveProperty("checked", false); // the best would be
    await act(() => fireEvent.click(page.getByRole("button", { name: "evolution" })));
    expect(model.get("guess")).toBe("evolution");
    expect(points(el)).toHaveLength(3);
  });
  test("the outcome is told, and one may ask again", async () => {
    const { model, page } = await show({ verdict: "You guessed tpe: place 1 of 3." }, { hidden: true, guess: "tpe" });
    expect(page.getAllByText(/You guessed tpe: place 1 of 3./).length).toBeGreaterThan(0);
    await act(() => fireEvent.click(page.getByRole("button", { name: "Ask again" })));
    expect([model.get("hidden"), model.get("guess")]).toEqual([true, null]);
    await act(() => fireEvent.click(page.getByRole("button", { name: "Show without a guess" })));
    expect(model.get("hidden")).toBe(false);
  });
});

test("every listener is taken away", async () => {
  const { stream, model, end } = await show();
  expect(stream.listening.length).toBeGreaterThan(0);
  await act(end);
  ends.pop();
  expect([...stream.listening, ...model.listening]).toEqual([]);
});
test("a view without Python says so and keeps its lines", async () => {
  const { stream, el, model, page } = await show();
  await act(() => {
    stream.comm_live = false;
    stream.fire("comm_live_update");
  });
  expect(page.getByText("This view is not attached.")).toBeTruthy();
  expect(points(el)).toHaveLength(3);
  await act(() => fireEvent.click(page.getByRole("button", { name: "SVG" })));
  expect(model.sent).not.toContainEqual({ type: "export", kind: "svg" });
});
