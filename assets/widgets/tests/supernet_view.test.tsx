import { act, fireEvent, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BLANK } from "../src/stream";
import widget from "../src/supernet_view";
import type { Moment, SupernetStream } from "../src/supernet_view_data";
import { FakeManager, FakeModel } from "./fake_model";
import { DRAWING, momentOf } from "./supernet_example";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const ends: (() => void)[] = [];
const WARNED = momentOf(2, 0.9, { warning: { bold: "Likely collapse:", text: "skip leads." } });
const MOMENTS = [momentOf(0, 0.6), momentOf(1, 0.7), WARNED];

async function show(change: Partial<SupernetStream> = {}, control: Record<string, unknown> = {}, moments: Moment[] = MOMENTS) {
  const header = { ...BLANK.header, title: "Supernet", name: "cell · enas", word: "Running", phase: "running" };
  const stream = new FakeModel({ drawing: DRAWING, header, banner: null, count: moments.length, announcement: "", ...change });
  const model = new FakeModel({ stream: "IPY_MODEL_s", selected: "cell/0→1", snapshot: null, ...control });
  model.widget_manager = new FakeManager({ s: stream });
  const el = document.createElement("div");
  document.body.append(el);
  const end = await act(() => widget.render({ model, el }));
  ends.push(() => act(end));
  const tell = (stride: number, all: Moment[]) => act(() => stream.fire("msg:custom", { type: "moments", stride, moments: all }));
  if (moments.length > 0) tell(1, moments);
  return { stream, model, el, end, tell, root: el.querySelector<HTMLElement>(".nx")!, page: within(el) };
}

const key = (target: Element, name: string) => fireEvent.keyDown(target, { key: name });
const asked = (model: FakeModel) => model.sent.filter((message) => (message as { type: string }).type !== "hello");

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("the moments", () => {
  test("are asked for by a view that has none, and again if they do not come", async () => {
    const { model } = await show({ count: 5 }, {}, []);
    expect(asked(model)).toEqual([{ type: "lacks", first: 0 }]);
    act(() => vi.advanceTimersByTime(3200));
    expect(asked(model).length).toBeGreaterThan(1);
  });
  test("are shown as they come, the newest first of all", async () => {
    const { root, tell, page } = await show();
    expect(root.dataset.moment).toBe("2");
    tell(1, [momentOf(3, 0.25)]);
    expect(root.dataset.moment).toBe("3");
    expect(page.getByRole("option", { name: "in → 1: conv 3×3 75 %, skip 25 %" })).toBeTruthy();
  });
  test("that are missing in between are asked for", async () => {
    const { model, tell } = await show();
    act(() => vi.advanceTimersByTime(2000));
    model.sent.length = 0;
    tell(1, [momentOf(9)]);
    act(() => {
      vi.advanceTimersByTime(2000);
    });
    expect(asked(model)).toEqual([]); // the count says that there are no more
  });
});

describe("the keyboard", () => {
  test("steps through the moments, and Python hears where it rests", async () => {
    const { model, root, page } = await show();
    key(page.getByRole("slider"), "ArrowLeft");
    expect([root.dataset.moment, model.get("snapshot"), model.saved]).toEqual(["1", 1, 1]);
    key(page.getByRole("slider"), "Home");
    expect(model.get("snapshot")).toBe(0);
    key(root, "l");
    expect([root.dataset.moment, model.get("snapshot")]).toEqual(["2", null]);
  });
  test("plays, tells nothing meanwhile, and ends live", async () => {
    const { model, root } = await show();
    key(root, " ");
    expect([root.dataset.moment, model.get("snapshot"), model.saved]).toEqual(["0", null, 0]);
    act(() => vi.advanceTimersByTime(260));
    expect(root.dataset.moment).toBe("1");
    act(() => vi.advanceTimersByTime(2000));
    expect([root.dataset.moment, model.get("snapshot")]).toEqual(["2", null]);
  });
  test("moves among the decisions of the graph", async () => {
    const { model, page } = await show();
    key(page.getByRole("option", { selected: true }), "ArrowRight");
    expect(model.get("selected")).toBe("cell/1→2");
    expect(page.getByRole("heading", { name: "1 → out" })).toBeTruthy();
    key(page.getByRole("option", { selected: true }), "ArrowUp");
    expect(model.get("selected")).toBe("cell/0→2.on");
  });
  test("opens and closes the list of keys", async () => {
    const { root, page } = await show();
    key(root, "?");
    expect(page.getByRole("dialog", { name: "Keys" })).toBeTruthy();
    key(root, "Escape");
    expect(page.queryByRole("dialog")).toBeNull();
  });
});

describe("what is said", () => {
  test("is the warning of the moment that is shown, and of no other", async () => {
    const { root, page } = await show();
    expect(root.textContent).toContain("Likely collapse: skip leads.");
    key(page.getByRole("slider"), "ArrowLeft");
    expect(root.textContent).not.toContain("Likely collapse");
  });
  test("is what went wrong with the search before that", async () => {
    const banner = { kind: "err" as const, bold: "The search failed:", text: "NaN.", details: null, actions: [] };
    const { root } = await show({ banner });
    expect(root.textContent).toContain("The search failed:");
    expect(root.textContent).not.toContain("Likely collapse");
  });
  test("is the way back once Python is gone; the moments stay", async () => {
    const { stream, model, root, page } = await show();
    stream.comm_live = false;
    act(() => stream.fire("comm_live_update"));
    expect(root.textContent).toContain("This view is not attached.");
    const saved = model.saved;
    key(page.getByRole("slider"), "ArrowLeft");
    expect([root.dataset.moment, model.saved]).toEqual(["1", saved]);
  });
});

test("a cell that sets the snapshot moves the view, even to one that was thinned out", async () => {
  const { model, root } = await show();
  act(() => model.set("snapshot", 0));
  expect(root.dataset.moment).toBe("0");
  act(() => model.set("snapshot", 77));
  expect(root.dataset.moment).toBe("2");
});

test("nothing is left behind", async () => {
  const { stream, model, end } = await show();
  act(end);
  ends.length = 0;
  expect([...stream.listening, ...model.listening]).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
