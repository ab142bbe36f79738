import { act, fireEvent, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/dashboard";
import type { MomentsMessage } from "../src/dashboard_moments";
import type { Figure } from "../src/plotly";
import { pointsAt, type TrialPoints } from "../src/trial_points";
import { RUNNING, row, TIMELINE } from "./example";
import { FakeManager, FakeModel, FakePlotly } from "./fake_model";

const drawing = vi.hoisted(() => ({ plotly: undefined as unknown as FakePlotly }));
vi.mock("../src/plotly", async (original) => ({
  ...(await original<object>()),
  get plotly() {
    return drawing.plotly;
  },
}));
vi.mock("plotly.js-gl2d-dist-min", () => ({ default: {} }));

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const FIGURE: Figure = { data: [{ name: "trials" }, { name: "front" }], layout: { xaxis: { range: [0, 1] }, yaxis: {}, annotations: [] } };
const base64 = (numbers: Float32Array | Int32Array) => btoa(String.fromCharCode(...new Uint8Array(numbers.buffer)));

/** The dots of the trials that had ended after so many events, as Python tells them. */
function points(events: number): TrialPoints {
  const numbers = Array.from({ length: endedAt(events) }, (_, trial) => trial);
  return {
    events,
    x: { dtype: "f4", bdata: base64(Float32Array.from(numbers)) },
    y: { dtype: "f4", bdata: base64(Float32Array.from(numbers)) },
    customdata: { dtype: "i4", bdata: base64(Int32Array.from(numbers)) },
    known: { dtype: "i4", bdata: base64(Int32Array.from(numbers.map((trial) => 3 * trial + 4))) },
  };
}
const endedAt = (events: number) => Math.max(0, Math.floor((events - 1) / 3));

/** What Python answers: each moment has as many rows and points as trials had ended. */
function answer(question: { key: string; events: number[] }): MomentsMessage {
  const ended = endedAt;
  const most = ended(question.events.at(-1)!);
  const numbers = Array.from({ length: most }, (_, trial) => trial);
  const pool: unknown[] = [null, RUNNING.curve, [{ label: "Error %" }], { xaxis: { range: [2, 3] }, yaxis: {}, annotations: [] }, ...numbers.map((trial) => row(trial))];
  const moments = question.events.map((events) => ({
    events,
    header: pool.push({ ...RUNNING.header, word: `Running then, ${ended(events)}`, buttons: [] }) - 1,
    banner: 0,
    pareto: pool.push({ ...RUNNING.pareto, count: `${ended(events)} cells` }) - 1,
    curve: 1,
    detail: 0,
    table: { total: ended(events), offset: 0, page: 50, columns: 2, rows: numbers.slice(0, ended(events)).map((trial) => 4 + trial), selected_row: 0 },
    figure: { data: [pool.push({ x: [] }) - 1, pool.push({ x: [events] }) - 1], layout: 3 },
  }));
  return { type: "moments", key: question.key, pool, moments };
}

const ends: (() => void)[] = [];

async function show(change: Record<string, unknown> = {}) {
  const stream = new FakeModel({ ...RUNNING, figure: FIGURE, timeline: TIMELINE, points: points(14), events: 14 });
  const model = new FakeModel({ stream: "IPY_MODEL_s", selected: null, x_metric: "latency_ms", y_metric: "validation_error", theme: "light", moment: null, ...change });
  model.widget_manager = new FakeManager({ s: stream });
  const el = document.createElement("div");
  document.body.append(el);
  const end = await act(() => widget.render({ model, el }));
  ends.push(() => act(end));
  const asked = () => model.sent.filter((message) => (message as { type: string }).type === "ahead") as { key: string; events: number[] }[];
  const tell = (message: MomentsMessage) => act(() => stream.fire("msg:custom", message));
  return { stream, model, el, asked, tell, end, root: el.querySelector<HTMLElement>(".nx")!, page: within(el) };
}
const key = (target: Element, name: string) => fireEvent.keyDown(target, { key: name });
const pass = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

beforeEach(() => {
  vi.useFakeTimers();
  drawing.plotly = new FakePlotly();
  document.body.dataset.jpThemeLight = "true";
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("stepping", () => {
  test("tells Python how many events were known, and Live that none is left out", async () => {
    const { model, page } = await show();
    const slider = page.getByRole("slider", { name: "Moment" });
    expect(slider.getAttribute("aria-valuetext")).toBe("4 of 4 trials, trial 3 ended");
    key(slider, "ArrowLeft");
    expect(model.get("moment")).toBe(11);
    expect(slider.getAttribute("aria-valuetext")).toBe("3 of 4 trials, a pause");
    key(slider, "Home");
    expect(model.get("moment")).toBe(0);
    fireEvent.click(page.getByRole("button", { name: "Live" }));
    expect(model.get("moment")).toBeNull();
  });
  test("works from anywhere by , and . where the arrows belong to the table", async () => {
    const { model, root } = await show({ moment: 7 });
    key(root, ",");
    expect(model.get("moment")).toBe(4);
    key(root, ".");
    key(root, ".");
    expect(model.get("moment")).toBe(10);
    key(root, "l");
    expect(model.get("moment")).toBeNull();
  });
  test("to a trial goes to where it had just ended; one that has not is refused", async () => {
    const { model, page } = await show();
    const field = page.getByRole("textbox", { name: "Jump to trial" });
    fireEvent.change(field, { target: { value: "1" } });
    key(field, "Enter");
    expect(model.get("moment")).toBe(7);
    fireEvent.change(field, { target: { value: "99" } });
    key(field, "Enter");
    expect([model.get("moment"), field.getAttribute("aria-invalid")]).toEqual([7, "true"]);
  });
  test("an empty field means the selected trial", async () => {
    const { model, page } = await show({ selected: 2 });
    key(page.getByRole("textbox", { name: "Jump to trial" }), "Enter");
    expect(model.get("moment")).toBe(10);
  });
  test("a moment that a cell has set between two stops stands at the one before", async () => {
    const { root } = await show({ moment: 8 });
    expect(root.dataset.place).toBe("2");
  });
});

describe("what the next press may ask for", () => {
  test("is asked for while the pointer is over it, and shown with the press", async () => {
    const { root, page, asked, tell, el } = await show();
    vi.spyOn(el.querySelector(".rp-rail")!, "getBoundingClientRect").mockReturnValue({ left: 100, width: 200 } as DOMRect);
    HTMLElement.prototype.setPointerCapture ??= () => undefined;
    const slider = page.getByRole("slider", { name: "Moment" });
    const over = { clientX: 150, button: 0, buttons: 0 }; // two trials had ended, of eight on the axis
    fireEvent.pointerMove(slider, over);
    expect(asked().map(({ events }) => events)).toEqual([[7]]);
    fireEvent.pointerMove(slider, over);
    expect(asked()).toHaveLength(1);
    tell(answer(asked()[0]!));
    expect(root.dataset.events).toBe("14");
    fireEvent.pointerDown(slider, { ...over, buttons: 1 });
    expect([root.dataset.events, root.querySelector(".nx-head .chip")?.textContent]).toEqual(["7", "Running then, 2"]);
  });
  test("is asked for a step away, once a moment has stood a little", async () => {
    const { root, asked, tell } = await show({ moment: 7 });
    expect(asked().map(({ events }) => events)).toEqual([[4, 10]]);
    tell(answer(asked()[0]!));
    key(root, ",");
    expect([asked().length, root.dataset.events]).toEqual([1, "4"]);
    pass(200);
    expect(asked().at(-1)?.events).toEqual([0, 7]);
  });
});

describe("playing", () => {
  test("asks ahead, waits for the answer, shows each moment, and ends live", async () => {
    const { model, root, page, asked, tell } = await show();
    fireEvent.click(page.getByRole("button", { name: "Play from here" }));
    expect(asked().map(({ events }) => events)).toEqual([[0, 4, 7, 10, 11]]);
    pass(900);
    expect([root.dataset.place, root.querySelector(".chip")?.textContent]).toEqual(["0", "Running"]);
    tell(answer(asked()[0]!));
    expect(root.querySelector(".nx-head .chip")?.textContent).toBe("Running then, 0");
    pass(300);
    expect([root.dataset.place, root.dataset.events]).toEqual(["1", "4"]);
    pass(250);
    expect(root.querySelectorAll(".nx-rows tbody tr")).toHaveLength(2);
    expect(page.getByText("2 cells · 31 off the chart")).toBeTruthy();
    expect(model.get("moment")).toBeNull();
    pass(1500);
    expect([root.dataset.place, model.get("moment")]).toEqual(["5", null]);
    expect(root.querySelector(".nx-head .chip")?.textContent).toBe("Running");
  });
  test("is made ahead from where it would begin while the pointer is on the button", async () => {
    const { page, asked, tell } = await show();
    const play = page.getByRole("button", { name: "Play from here" });
    fireEvent.pointerEnter(play);
    expect(asked().map(({ events }) => events)).toEqual([[0, 4, 7, 10, 11]]);
    tell(answer(asked()[0]!));
    fireEvent.pointerLeave(play);
    fireEvent.click(play);
    expect(asked()).toHaveLength(1);
  });
  test("draws of the points those that were known, in the frame that Python says", async () => {
    const { page, asked, tell } = await show();
    fireEvent.click(page.getByRole("button", { name: "Play from here" }));
    tell(answer(asked()[0]!));
    for (let i = 0; i < 16; i += 1) await act(async () => void (await vi.advanceTimersByTimeAsync(20)));
    const [graph] = drawing.plotly.graphs.values();
    expect(graph?.data).toEqual([
      { name: "trials", x: Float32Array.of(0), y: Float32Array.of(0), customdata: Int32Array.of(0) },
      { name: "front", x: [4] },
    ]);
  });
  test("lists the trials a few times a second when it is fast, and those of the moment where it rests", async () => {
    const { root, page, asked, tell } = await show();
    for (let i = 0; i < 4; i += 1) fireEvent.click(page.getByRole("button", { name: /^Speed/ }));
    fireEvent.click(page.getByRole("button", { name: "Play from here" }));
    tell(answer(asked()[0]!));
    const rows = () => root.querySelectorAll(".nx-rows tbody tr").length;
    pass(20);
    pass(20);
    expect([Number(root.dataset.place) > 0, rows()]).toEqual([true, 0]);
    const place = Number(root.dataset.place);
    fireEvent.click(page.getByRole("button", { name: "Stop the replay" }));
    expect(rows()).toBe(place);
  });
  test("keeps the commands of now", async () => {
    const { page, asked, tell } = await show();
    fireEvent.click(page.getByRole("button", { name: "Play from here" }));
    tell(answer(asked()[0]!));
    expect(page.getByRole("button", { name: "Pause" })).toBeTruthy();
  });
  test("rests where it is stopped, and shows that moment until Python does", async () => {
    const { stream, model, root, page, asked, tell } = await show();
    fireEvent.click(page.getByRole("button", { name: "Play from here" }));
    tell(answer(asked()[0]!));
    pass(550);
    fireEvent.click(page.getByRole("button", { name: "Stop the replay" }));
    expect([model.get("moment"), model.saved]).toEqual([7, 1]);
    expect(root.dataset.events).toBe("7");
    act(() => {
      stream.set("header", { ...RUNNING.header, word: "from Python" });
      stream.set("events", 7);
    });
    expect(root.querySelector(".nx-head .chip")?.textContent).toBe("from Python");
  });
  test("of another choice asks anew, and leaves the old answer alone", async () => {
    const { model, root, page, asked, tell } = await show();
    fireEvent.click(page.getByRole("button", { name: "Play from here" }));
    const [first] = asked();
    act(() => model.set("selected", 2));
    expect(asked()).toHaveLength(2);
    tell(answer(first!));
    pass(600);
    expect(root.dataset.place).toBe("0");
    tell(answer(asked()[1]!));
    pass(600);
    expect(root.dataset.place).not.toBe("0");
  });
  test("is off where nothing is to move by itself", async () => {
    vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: true }));
    const { page, root } = await show();
    expect(page.getByRole("button", { name: "Play from here" }).getAttribute("aria-disabled")).toBe("true");
    key(root, "p");
    expect(root.dataset.place).toBe("5");
    vi.unstubAllGlobals();
  });
  test("leaves nothing behind", async () => {
    const { stream, model, page, end } = await show();
    fireEvent.click(page.getByRole("button", { name: "Play from here" }));
    act(end);
    ends.length = 0;
    expect([...stream.listening, ...model.listening]).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the dots of a moment", () => {
  test("are those of the trials that had ended", () => {
    expect(pointsAt(points(14), 7)).toEqual({ x: Float32Array.of(0, 1), y: Float32Array.of(0, 1), customdata: Int32Array.of(0, 1) });
    expect(pointsAt({ events: 0, x: [], y: [], customdata: [], known: [] }, 0).x).toHaveLength(0);
  });
  test("are put into the figure of a moment that Python shows, whenever they come", async () => {
    const { stream } = await show({ moment: 7 });
    act(() => {
      stream.set("points", { ...points(4) });
      stream.set("figure", { ...FIGURE, then: 7 });
      stream.set("events", 7);
    });
    act(() => stream.set("points", points(14)));
    act(() => stream.set("figure", { ...FIGURE, then: 7 }));
    for (let i = 0; i < 16; i += 1) await act(async () => void (await vi.advanceTimersByTimeAsync(20)));
    const [graph] = drawing.plotly.graphs.values();
    expect((graph?.data[0] as { customdata: Int32Array }).customdata).toEqual(Int32Array.of(0, 1));
  });
});
