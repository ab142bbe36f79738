import { act, fireEvent, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/dashboard";
import type { DashboardStream, Phase } from "../src/stream";
import { RUNNING, row } from "./example";
import { FakeManager, FakeModel, FakePlotly, FakeSignal } from "./fake_model";

const drawing = vi.hoisted(() => ({ plotly: undefined as unknown as FakePlotly }));
vi.mock("../src/plotly", () => ({
  get plotly() {
    return drawing.plotly;
  },
}));

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const ends: (() => void)[] = [];

async function show(change: Partial<DashboardStream> = {}, control: Record<string, unknown> = {}) {
  const stream = new FakeModel({ ...RUNNING, ...change });
  const manager = new FakeManager({ s: stream });
  const model = new FakeModel({
    stream: "IPY_MODEL_s",
    selected: null,
    x_metric: "latency_ms",
    y_metric: "validation_error",
    theme: "light",
    ...control,
  });
  model.widget_manager = manager;
  return { stream, manager, model, ...(await view(model)) };
}

/** One more view of the same model. */
async function view(model: FakeModel) {
  const el = document.createElement("div");
  document.body.append(el);
  const end = await act(() => widget.render({ model, el }));
  ends.push(() => act(end));
  return { el, end, root: el.querySelector<HTMLElement>(".nx")!, page: within(el) };
}

const commands = (model: FakeModel) => model.sent.filter((message) => (message as { type: string }).type !== "hello");
const change = (model: FakeModel, name: string, value: unknown) => act(() => model.set(name, value));
const key = (target: Element, name: string) => fireEvent.keyDown(target, { key: name });

beforeEach(() => {
  drawing.plotly = new FakePlotly();
  document.body.dataset.jpThemeLight = "true";
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
});

describe("what is seen", () => {
  test.each<[Phase, string]>([
    ["running", "chip brand"],
    ["paused", "chip warn"],
    ["finished", "chip ok"],
    ["failed", "chip err"],
    ["idle", "chip"],
  ])("the state %s is a word beside its mark", async (phase, className) => {
    const { root } = await show({ header: { ...RUNNING.header, phase, word: `it is ${phase}` } });
    const chip = root.querySelector(".nx-head .chip")!;
    expect(chip.textContent).toBe(`it is ${phase}`);
    expect(chip.className.trim()).toBe(className);
  });

  test("the progress is read as words", async () => {
    const bar = (await show()).page.getByRole("progressbar");
    expect(bar.getAttribute("aria-valuetext")).toBe("trial 187 of 300");
    expect(bar.getAttribute("aria-valuenow")).toBe("62.3");
  });

  test("an unknown end has no progress value", async () => {
    const { page } = await show({ header: { ...RUNNING.header, progress: null } });
    expect(page.getByRole("progressbar").hasAttribute("aria-valuenow")).toBe(false);
  });

  test("before the first trial: the plan, and over the plot what to press", async () => {
    const { root } = await show({
      header: { ...RUNNING.header, phase: "idle" },
      pareto: { ...RUNNING.pareto, empty: true },
      plan: [{ label: "Seed", value: "1" }],
    });
    expect(root.querySelector(".nx-empty")?.textContent).toBe("No trials yetPress Start. Points appear here as trials end.");
    expect(root.querySelector(".plan")?.textContent).toBe("Seed1");
  });

  test("a Python side that has sent nothing yet shows as starting", async () => {
    const { root } = await show({ header: {}, pareto: {}, curve: {}, table: {} } as unknown as Partial<DashboardStream>);
    expect(root.querySelector(".chip")?.textContent).toBe("Starting");
  });

  test("the front is a table too, and every chart says its finding", async () => {
    const { page } = await show();
    expect(page.getByRole("img", { name: "16 cells on the front." })).toBeDefined();
    expect(page.getByRole("img", { name: "Best validation error 15.71 %." })).toBeDefined();
    const data = page.getByRole("region", { name: "Cells on the front", hidden: true });
    expect(data.querySelector("tbody")?.textContent).toBe("#13615.7152.1");
  });

  test("a failed trial says why across its value columns", async () => {
    const failed = row(142, { status: "failed", values: [], message: "loss became NaN in epoch 3" });
    const { root } = await show({ table: { ...RUNNING.table, rows: [failed] } });
    const cell = root.querySelector<HTMLTableCellElement>("tr.fail td:last-child")!;
    expect(cell.textContent).toBe("loss became NaN in epoch 3");
    expect(cell.colSpan).toBe(2);
  });

  test("the selected trial is pinned when it is not on this page", async () => {
    const { root } = await show({ table: { ...RUNNING.table, selected_row: row(12) } }, { selected: 12 });
    expect(root.querySelector(".nx-pinned tr")?.getAttribute("data-trial")).toBe("12");
  });

  test("an error is an alert, its raw text opens on demand, and Dismiss tells Python", async () => {
    const banner = {
      kind: "err" as const,
      bold: "Trial 142 failed:",
      text: "the loss became NaN.",
      details: "FloatingPointError",
      actions: [{ name: "dismiss" as const, label: "Dismiss" }],
    };
    const { page, root, model } = await show({ banner });
    expect(page.getByRole("alert").textContent).toContain("Trial 142 failed: the loss became NaN.");
    expect(root.querySelector("pre")).toBeNull();
    fireEvent.click(page.getByRole("button", { name: "Details" }));
    expect(root.querySelector("pre")?.textContent).toBe("FloatingPointError");
    fireEvent.click(page.getByRole("button", { name: "Dismiss" }));
    expect(commands(model)).toEqual([{ type: "command", name: "dismiss" }]);
  });

  test("Python's announcement is the one polite live region beside the copy buttons", async () => {
    const { root } = await show();
    const polite = [...root.querySelectorAll("[aria-live='polite']")].filter((element) => element.closest("button") === null);
    expect(polite.map((element) => element.textContent)).toEqual(["Running, trial 187 of 300."]);
  });
});

describe("text from Python is never markup", () => {
  const evil = '<img src=x onerror="window.hacked=1">';

  test("in any of its places", async () => {
    const { root } = await show({
      header: { ...RUNNING.header, title: evil, name: evil, word: evil, facts: [{ label: evil, value: evil }] },
      banner: { kind: "note", bold: evil, text: evil, details: evil, actions: [] },
      pareto: { ...RUNNING.pareto, count: evil, metrics: [{ name: "m", label: evil }], columns: [evil], front: [[1, evil]] },
      curve: { ...RUNNING.curve, label: evil, search_text: evil, optimum_text: evil, x_label: evil },
      table: { ...RUNNING.table, rows: [row(1, { values: [evil], ops: [0] })] },
      tiles: [{ family: "conv", glyph: evil, label: evil, edge: evil }],
      detail: {
        trial: 1,
        title: evil,
        front: false,
        status: "failed",
        rank: { value: evil, of: evil, what: evil, percentile: evil },
        diagrams: [{ title: evil, svg: evil }],
        facts: [{ label: evil, value: evil }],
        text: evil,
        message: evil,
        why: evil,
      },
      announcement: evil,
    });
    expect(root.querySelector("img, script, [onerror]")).toBeNull();
    expect(root.textContent).toContain(evil);
  });

  test("and a diagram comes in only as shapes", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>';
    const detail = { trial: 1, title: "Cell #1", front: true, status: "finished" as const, rank: null, facts: [], text: "", message: "", why: "" };
    const { root, stream } = await show({ detail: { ...detail, diagrams: [{ title: "cell", svg }] } });
    expect(root.querySelector(".nx-diagrams svg path")).not.toBeNull();
    change(stream, "detail", { ...detail, diagrams: [{ title: "cell", svg: svg.replace("<path", '<path onclick="x()"') }] });
    expect(root.querySelector(".nx-diagrams svg")).toBeNull();
    expect(root.querySelector(".nx-diagrams")?.textContent).toContain("could not be drawn");
  });
});

describe("gestures", () => {
  test("whatever takes the focus keeps JupyterLab's shortcuts away, or d d would delete the cell", async () => {
    const { root } = await show();
    for (const target of [root, root.querySelector("tr[data-trial='186']")!, root.querySelector("button")!, root.querySelector("select")!]) {
      act(() => (target as HTMLElement).focus());
      expect(target.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
    }
  });

  test("a button sends its command once, until the state has changed", async () => {
    const { page, model, stream } = await show();
    const pause = page.getByRole("button", { name: "Pause" });
    fireEvent.click(pause);
    fireEvent.click(pause);
    expect(commands(model)).toEqual([{ type: "command", name: "pause" }]);
    change(stream, "header", { ...RUNNING.header, phase: "pausing" });
    expect(pause.getAttribute("aria-disabled")).toBe("false");
  });

  test("a disabled button sends nothing but keeps the focus", async () => {
    const buttons = [{ name: "stop" as const, label: "Stop", kind: "danger" as const, enabled: false }];
    const { page, model } = await show({ header: { ...RUNNING.header, buttons } });
    const stop = page.getByRole("button", { name: "Stop" });
    stop.focus();
    fireEvent.click(stop);
    expect(commands(model)).toEqual([]);
    expect(document.activeElement).toBe(stop);
  });

  test("the second press of a double click does not reach the button that came in its place", async () => {
    const { page, model } = await show();
    fireEvent.click(page.getByRole("button", { name: "Pause" }), { detail: 2 });
    expect(commands(model)).toEqual([]);
  });

  test("a point of the plot and a row of the table select a trial", async () => {
    const { model, root } = await show();
    await vi.waitFor(() => expect(drawing.plotly.graphs.size).toBe(1));
    const plot = root.querySelector<HTMLElement>(".nx-figure")!;
    const axis = { _offset: 0, l2p: (value: number) => value };
    Object.assign(plot, { _fullLayout: { xaxis: axis, yaxis: axis }, _fullData: [{ x: [30], y: [40], customdata: [136] }] });
    fireEvent.pointerDown(plot, { clientX: 30, clientY: 40 });
    fireEvent.pointerUp(plot, { clientX: 30, clientY: 40 });
    expect(model.get("selected")).toBe(136);
    fireEvent.click(root.querySelector("tr[data-trial='186']")!);
    expect(model.get("selected")).toBe(186);
    expect(root.querySelector("tr.sel")?.getAttribute("data-trial")).toBe("186");
    expect(model.saved).toBe(2);
  });

  test("a selection that Python makes is shown", async () => {
    const { model, root } = await show();
    change(model, "selected", 185);
    expect(root.querySelector("tr.sel")?.getAttribute("data-trial")).toBe("185");
  });

  test("an axis is chosen from the metrics", async () => {
    const { page, model } = await show();
    fireEvent.change(page.getByRole("combobox", { name: "x axis" }), { target: { value: "validation_error" } });
    expect(model.get("x_metric")).toBe("validation_error");
  });

  test("a page of older trials is asked for", async () => {
    const { page, model } = await show();
    fireEvent.click(page.getByRole("button", { name: "Older trials" }));
    fireEvent.click(page.getByRole("button", { name: "Newer trials" }));
    expect(commands(model)).toEqual([{ type: "page", offset: 50 }]);
  });
});

describe("keys", () => {
  test("space pauses, and resumes what is paused", async () => {
    const { root, model, stream } = await show();
    key(root, " ");
    change(stream, "header", {
      ...RUNNING.header,
      phase: "paused",
      buttons: [{ name: "resume", label: "Resume", kind: "primary", enabled: true }],
    });
    key(root, " ");
    expect(commands(model).map((message) => (message as { name: string }).name)).toEqual(["pause", "resume"]);
  });

  test("a held space does not pause and resume in turns", async () => {
    const { root, model } = await show();
    fireEvent.keyDown(root, { key: " ", repeat: true });
    expect(commands(model)).toEqual([]);
  });

  test("space on a button is the button's", async () => {
    const { page, model } = await show();
    key(page.getByRole("button", { name: "Stop" }), " ");
    expect(commands(model)).toEqual([]);
  });

  test("arrows move through the rows, enter selects, escape clears", async () => {
    const { root, model } = await show();
    root.focus();
    key(root, "ArrowDown");
    expect(document.activeElement?.getAttribute("data-trial")).toBe("187");
    key(document.activeElement!, "ArrowDown");
    key(document.activeElement!, "Enter");
    expect(model.get("selected")).toBe(186);
    key(root, "Escape");
    expect(model.get("selected")).toBeNull();
  });

  test("? lists the keys, escape closes the list before it clears anything", async () => {
    const { root, page, model } = await show({}, { selected: 186 });
    key(root, "?");
    expect(document.activeElement).toBe(page.getByRole("dialog", { name: "Keys" }));
    key(document.activeElement!, "Escape");
    expect(page.queryByRole("dialog")).toBeNull();
    expect(document.activeElement).toBe(root);
    expect(model.get("selected")).toBe(186);
  });

  test("handled keys do not go on to the notebook, others do", async () => {
    const { root } = await show();
    const notebook = vi.fn();
    document.body.addEventListener("keydown", notebook);
    ends.push(() => document.body.removeEventListener("keydown", notebook));
    key(root, " ");
    expect(notebook).not.toHaveBeenCalled();
    key(root, "x");
    expect(notebook).toHaveBeenCalledTimes(1);
    expect(root.dataset.lmSuppressShortcuts).toBe("true");
  });

  test("a press on a part that takes no focus brings the keyboard into the widget", async () => {
    const { root } = await show();
    fireEvent.pointerDown(root.querySelector(".nx-head .chip")!);
    expect(document.activeElement).toBe(root);
  });

  test("a focused button that is redrawn away leaves the keyboard in the widget", async () => {
    const { page, root, stream } = await show();
    page.getByRole("button", { name: "Pause" }).focus();
    change(stream, "header", { ...RUNNING.header, phase: "stopped", buttons: [] });
    await vi.waitFor(() => expect(document.activeElement).toBe(root));
  });
});

describe("a table that is read holds still", () => {
  const grown = { ...RUNNING.table, rows: [row(190), ...RUNNING.table.rows], total: 190 };
  const first = (root: HTMLElement) => root.querySelector("tbody tr[tabindex]")?.getAttribute("data-trial");

  test("under the pointer, until it leaves", async () => {
    const { root, stream, page } = await show();
    const rows = root.querySelector(".nx-rows")!;
    fireEvent.pointerEnter(rows);
    change(stream, "table", grown);
    expect(first(root)).toBe("187");
    expect(page.getByRole("button", { name: "3 new trials" })).toBeDefined();
    fireEvent.pointerLeave(rows);
    expect(first(root)).toBe("190");
  });

  test("until the reader asks for the new ones", async () => {
    const { root, stream, page } = await show();
    fireEvent.pointerEnter(root.querySelector(".nx-rows")!);
    change(stream, "table", grown);
    fireEvent.click(page.getByRole("button", { name: "3 new trials" }));
    expect(first(root)).toBe("190");
  });
});

describe("a long table", () => {
  const many = { ...RUNNING.table, total: 50, rows: Array.from({ length: 50 }, (_, i) => row(80 - i)) };
  const listed = (root: HTMLElement) => Array.from(root.querySelectorAll(".nx-rows tbody tr"), (found) => Number(found.getAttribute("data-trial")));
  const scroll = (root: HTMLElement, rows: number) => {
    const scroller = root.querySelector<HTMLElement>(".nx-rows")!;
    scroller.scrollTop = rows * 31;
    fireEvent.scroll(scroller);
  };

  test("has the rows in view and a few around them in the page, at their places", async () => {
    const { root } = await show({ table: many });
    expect(listed(root)).toEqual(Array.from({ length: 11 }, (_, i) => 80 - i));
    scroll(root, 20);
    expect(listed(root)).toEqual(Array.from({ length: 15 }, (_, i) => 80 - 16 - i));
    const table = root.querySelector<HTMLElement>(".nx-rows table")!;
    expect([table.style.marginTop, table.style.marginBottom]).toEqual([`${16 * 31}px`, `${(50 - 31) * 31}px`]);
    expect(table.querySelector("tbody tr")?.getAttribute("aria-rowindex")).toBe(String(16 + 2));
    expect(table.querySelectorAll("tbody tr[tabindex='0']")).toHaveLength(1);
    scroll(root, 43);
    expect(listed(root).at(-1)).toBe(31);
  });

  test("keeps the row with the focus, and the keyboard reaches those that are not there", async () => {
    const { root } = await show({ table: many });
    root.focus();
    key(root, "ArrowDown");
    scroll(root, 30);
    expect([listed(root)[0], document.activeElement?.getAttribute("data-trial")]).toEqual([80, "80"]);
    key(document.activeElement!, "End");
    expect(document.activeElement?.getAttribute("data-trial")).toBe("31");
    act(() => root.focus());
    expect(listed(root)[0]).toBe(80 - 26);
  });

  test("of fewer rows than it was scrolled by shows them", async () => {
    const { root, stream } = await show({ table: many });
    scroll(root, 40);
    change(stream, "table", RUNNING.table);
    expect(listed(root)).toEqual([187, 186, 185]);
  });
});

describe("without Python", () => {
  const lose = (stream: FakeModel) =>
    act(() => {
      stream.comm_live = false;
      stream.fire("comm_live_update");
    });

  test("the view says so, keeps what it has, and names the line that attaches again", async () => {
    const { root, page, stream } = await show();
    lose(stream);
    expect(root.querySelector(".chip")?.textContent).toBe("Not attached");
    expect(page.getByRole("alert").textContent).toContain('Run nas.open("runs/evolution-1") in a cell to see it live.');
    expect(root.querySelector(".nx-body.dimmed")).not.toBeNull();
    expect(root.querySelectorAll(".nx-rows tbody tr")).toHaveLength(3);
  });

  test("gestures do nothing, and the figure is not mounted anew", async () => {
    const { root, model, stream } = await show();
    await vi.waitFor(() => expect(drawing.plotly.graphs.size).toBe(1));
    lose(stream);
    fireEvent.click(root.querySelector("tr[data-trial='186']")!);
    key(root, " ");
    expect(model.get("selected")).toBeNull();
    expect(commands(model)).toEqual([]);
    expect([...drawing.plotly.graphs.values()].map((graph) => graph.drawn)).toEqual([1]);
  });

  test("the line is copied", async () => {
    const { page, stream } = await show();
    lose(stream);
    const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await act(async () => fireEvent.click(page.getByRole("button", { name: "Copy the line" })));
    expect(writeText).toHaveBeenCalledWith('nas.open("runs/evolution-1")');
    expect(page.getByRole("button", { name: "Copied" })).toBeDefined();
  });

  test("a kernel that is shut down counts too, though its comm stays open and the page forgets it", async () => {
    const { manager, model } = await show();
    const kernel = { status: "idle", statusChanged: new FakeSignal() };
    manager.kernel = kernel;
    const { root } = await view(model);
    manager.kernel = null;
    act(() => {
      kernel.status = "dead";
      kernel.statusChanged.emit();
    });
    expect(root.querySelector(".chip")?.textContent).toBe("Not attached");
  });

  test("it goes live again when the comm does", async () => {
    const { root, stream } = await show();
    lose(stream);
    act(() => {
      stream.comm_live = true;
      stream.fire("comm_live_update");
    });
    expect(root.querySelector(".chip")?.textContent).toBe("Running");
  });

  test("a model that no kernel has says how to see it again", async () => {
    const { page } = await show({}, { stream: "IPY_MODEL_gone" });
    expect(page.getByRole("alert").textContent).toContain("Run the cell again");
  });
});

describe("views", () => {
  test("the theme of the page goes to Python, and its changes too", async () => {
    document.body.dataset.jpThemeLight = "false";
    const { model } = await show();
    expect(model.get("theme")).toBe("dark");
    await act(async () => {
      document.body.dataset.jpThemeLight = "true";
      await vi.waitFor(() => expect(model.get("theme")).toBe("light"));
    });
  });

  test("two views of one model have each their own figure and follow each other", async () => {
    const { model, root } = await show();
    const second = await view(model);
    await vi.waitFor(() => expect(drawing.plotly.graphs.size).toBe(2));
    fireEvent.click(root.querySelector("tr[data-trial='186']")!);
    expect(second.root.querySelector("tr.sel")?.getAttribute("data-trial")).toBe("186");
  });

  test("the end of a view takes every listener and timer with it", async () => {
    const statusChanged = new FakeSignal();
    const observers = vi.spyOn(MutationObserver.prototype, "disconnect");
    const { model, stream, manager, el } = await show();
    manager.kernel = { status: "idle", statusChanged };
    const second = await view(model);
    await vi.waitFor(() => expect(drawing.plotly.graphs.size).toBe(2));
    expect(statusChanged.slots).toHaveLength(1);
    for (const end of ends.splice(0)) end();
    expect(model.listening).toEqual([]);
    expect(stream.listening).toEqual([]);
    expect(statusChanged.slots).toEqual([]);
    expect(drawing.plotly.graphs.size).toBe(0);
    expect(observers.mock.calls.length).toBeGreaterThanOrEqual(4); // theme and focus, in both views
    expect(el.childNodes.length + second.el.childNodes.length).toBe(0);
    const sent = model.sent.length;
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(model.sent).toHaveLength(sent);
  });
});

describe("a search with shared weights", () => {
  const inside = { header: { ...RUNNING.header, inside: true } };

  test("offers the way inside, and asks Python for it once", async () => {
    const { model, page, root } = await show(inside);
    fireEvent.click(page.getByRole("button", { name: "Inside" }));
    fireEvent.click(page.getByRole("button", { name: "Trials" }));
    expect(commands(model)).toEqual([{ type: "inside" }]);
    expect(root.querySelector(".nx-pareto")).not.toBeNull();
  });
  test("shows the other widget in the place of the panels, and takes it away again", async () => {
    const { model, manager, stream, page, root } = await show(inside);
    const supernet = new FakeModel({});
    const el = document.createElement("b");
    const remove = vi.fn();
    Object.assign(manager, { get_model: async () => supernet, create_view: async () => ({ el, remove }) });
    fireEvent.click(page.getByRole("button", { name: "Inside" }));
    await act(async () => stream.set("inside", "IPY_MODEL_v"));
    expect(root.querySelector(".nx-inside b")).toBe(el);
    expect(root.querySelector(".nx-pareto")).toBeNull();
    fireEvent.click(page.getByRole("button", { name: "Trials" }));
    expect(remove).toHaveBeenCalledOnce();
    expect(model.sent).toContainEqual({ type: "inside" });
  });
  test("is told from others: they offer nothing", async () => {
    expect((await show()).page.queryByRole("button", { name: "Inside" })).toBeNull();
  });
});

describe("a search that can be steered", () => {
  const steered = { header: { ...RUNNING.header, lineage: true, steer: true } };

  test("offers the way there, and asks Python for it once", async () => {
    const { model, page } = await show(steered);
    fireEvent.click(page.getByRole("button", { name: "Steer" }));
    fireEvent.click(page.getByRole("button", { name: "Trials" }));
    expect(commands(model)).toEqual([{ type: "steer" }]);
    expect(page.queryByRole("button", { name: "Inside" })).toBeNull();
  });
  test("holds the trial that is shown against others", async () => {
    const nothing = { diagrams: [], facts: [], text: "", message: "", why: "" };
    const detail = { trial: 7, title: "Cell #7", front: true, status: "finished" as const, rank: null, ...nothing };
    const { model, page, root } = await show({ ...steered, detail });
    fireEvent.click(page.getByRole("button", { name: "Compare with…" }));
    expect(commands(model)).toEqual([{ type: "lineage", trial: 7 }]);
    expect(root.querySelector(".nx-pareto")).toBeNull();
  });
});
