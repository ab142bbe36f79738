import { act, fireEvent, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import widget from "../src/explore";
import { BLANK, type ExploreStream, type Offers } from "../src/explore_data";
import { notebookLink } from "../src/explore_link";
import { neighbour } from "../src/explore_tabs";
import { FakeManager, FakeModel } from "./fake_model";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const RUN = { folder: "runs/first", name: "first", kind: "run", words: "chain · tpe · training", when: "2026-01-02 03:04" } as const;
const OFFERS: Offers = {
  ...BLANK.offers,
  spaces: [{ name: "chain", summary: "A stem and stages.", size: "1,200 architectures" }],
  runs: [RUN, { ...RUN, folder: "runs/bad", name: "bad", kind: "unreadable", words: "runs/bad/run.json cannot be read" }],
  recordings: [{ ...RUN, folder: "/there/evolution", name: "evolution" }],
  race: { spaces: ["digits_cells"], lanes: ["tpe", "bananas"], chosen: ["tpe"], trials: 100, most_trials: 500, seeds: 20, most_seeds: 50 },
  lessons: [{ number: "05", question: "What if all networks shared?", goals: ["explain a path"], minutes: 60, notebook: "05_enas.ipynb", paths: ["/w/05_enas.ipynb"] }],
};

const ends: (() => void)[] = [];

async function show(change: Partial<ExploreStream> = {}, control: Record<string, unknown> = {}, host?: unknown) {
  const stream = new FakeModel({ ...BLANK, offers: OFFERS, ...change });
  const model = new FakeModel({ stream: "IPY_MODEL_s", tab: "start", ...control });
  const manager = new FakeManager({ s: stream });
  model.widget_manager = manager;
  const el = document.createElement("div");
  document.body.append(el);
  const end = await act(() => widget.render({ model, el, host: host as never }));
  ends.push(() => act(end));
  const root = el.querySelector<HTMLElement>(".ex")!;
  const panel = () => within(root.querySelector<HTMLElement>(".ex-panel:not([hidden])")!);
  return { stream, model, manager, el, root, page: within(root), panel };
}

const wishes = (model: FakeModel) => model.sent.filter((message) => (message as { type: string }).type !== "hello") as { type: string; view: string; number: number; args: object }[];

function answer(model: FakeModel, refused?: string): Promise<void> {
  const { view, number } = wishes(model).at(-1)!;
  return act(async () => model.fire("msg:custom", { type: "answer", view, number, version: 0, ...(refused === undefined ? {} : { refused }) }));
}

afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
});

describe("the tabs", () => {
  test("are a list of tabs, one of them open and reachable by Tab", async () => {
    const { page } = await show();
    const tabs = page.getAllByRole("tab");
    expect(tabs.map((tab) => tab.textContent)).toEqual(["Start", "Space", "Search", "Inside", "Race", "Lesson"]);
    expect(tabs.map((tab) => tab.tabIndex)).toEqual([0, -1, -1, -1, -1, -1]);
    expect(page.getByRole("tabpanel").getAttribute("aria-labelledby")).toBe(tabs[0]!.id);
  });
  test("are walked by arrows, around the ends, and Python hears which is open", async () => {
    const { page, model } = await show();
    fireEvent.keyDown(page.getByRole("tab", { name: "Start" }), { key: "ArrowLeft" });
    expect(model.get("tab")).toBe("lesson");
    expect(model.saved).toBe(1);
    expect(document.activeElement).toBe(page.getByRole("tab", { name: "Lesson" }));
    expect(neighbour("lesson", "ArrowRight")).toBe("start");
    expect(neighbour("race", "Home")).toBe("start");
    expect(neighbour("race", "a")).toBeNull();
  });
  test("follow Python", async () => {
    const { page, model } = await show();
    act(() => model.set("tab", "race"));
    expect(page.getByRole("tab", { name: "Race" }).getAttribute("aria-selected")).toBe("true");
    expect(page.getByRole("button", { name: "Start the race" })).toBeTruthy();
  });
  test("say how to come by what is not there yet", async () => {
    const { page, model, panel } = await show();
    for (const [tab, words] of [["space", "No space is open"], ["search", "No search is open"], ["inside", "Nothing to look into yet"]] as const) {
      act(() => model.set("tab", tab));
      expect(panel().getByText(words)).toBeTruthy();
    }
    fireEvent.click(panel().getByRole("button", { name: "To the search" }));
    expect(model.get("tab")).toBe("search");
    expect(page.getAllByRole("tabpanel").length).toBe(1);
  });
});

describe("wishes", () => {
  test("go to Python, one at a time, and what is refused is said until it is dismissed", async () => {
    const { model, panel, page } = await show();
    fireEvent.click(panel().getByRole("button", { name: /^chain/ }));
    fireEvent.click(panel().getByRole("button", { name: /^first/ }));
    expect(wishes(model).map(({ type, args }) => [type, args])).toEqual([["open_space", { name: "chain" }]]);
    expect(panel().getByRole("button", { name: /^chain/ }).getAttribute("aria-busy")).toBe("true");
    await answer(model, "there is no space 'chain'; there is: none");
    expect(page.getByRole("alert").textContent).toContain("there is no space 'chain'");
    fireEvent.click(page.getByRole("button", { name: "Dismiss" }));
    expect(page.queryByRole("alert")).toBeNull();
  });
  test("a run, a recording, and a folder that is typed", async () => {
    const { model, panel } = await show();
    fireEvent.click(panel().getByRole("button", { name: /^first/ }));
    await answer(model);
    fireEvent.click(panel().getByRole("button", { name: /^evolution/ }));
    await answer(model);
    const field = panel().getByRole("textbox", { name: "Folder of a run" });
    fireEvent.change(field, { target: { value: " /shared/first " } });
    fireEvent.keyDown(field, { key: "Enter" });
    await answer(model);
    expect(wishes(model).map(({ type, args }) => [type, args])).toEqual([
      ["open_run", { folder: "runs/first" }],
      ["play", { folder: "/there/evolution" }],
      ["open_run", { folder: "/shared/first" }],
    ]);
  });
  test("a race, as the form has it; numbers stay within their bounds", async () => {
    const { model, panel } = await show({ names: { space: "mine" } }, { tab: "race" });
    fireEvent.click(panel().getByRole("checkbox", { name: "bananas" }));
    fireEvent.change(panel().getByRole("spinbutton", { name: "Trials a search" }), { target: { value: "9999" } });
    fireEvent.change(panel().getByRole("spinbutton", { name: "Searches each" }), { target: { value: "" } });
    fireEvent.change(panel().getByRole("combobox", { name: "Space" }), { target: { value: "drawn" } });
    fireEvent.click(panel().getByRole("button", { name: "Start the race" }));
    expect(wishes(model).at(-1)).toMatchObject({ type: "begin_race", args: { space: "drawn", lanes: ["tpe", "bananas"], trials: 500, seeds: 1 } });
  });
  test("are not sent where Python is gone, and the view says so", async () => {
    const { model, stream, panel, page } = await show();
    stream.comm_live = false;
    act(() => stream.fire("comm_live_update"));
    expect(page.getByRole("alert").textContent).toContain("This view is not attached.");
    fireEvent.click(panel().getByRole("button", { name: /^chain/ }));
    expect(wishes(model)).toEqual([]);
  });
});

describe("what stands in a tab", () => {
  test("is a view of Jupyter's manager, kept while another tab is open, and taken away when Python names another", async () => {
    const { stream, manager, model, root } = await show({}, { tab: "search" });
    const views = ["one", "two"].map((text) => ({ el: Object.assign(document.createElement("b"), { textContent: text }), gone: 0 }));
    let next = 0;
    const create_view = async () => {
      const view = views[next++]!;
      return { el: view.el, remove: () => void (view.gone += 1) };
    };
    Object.assign(manager, { get_model: async () => stream, create_view });
    await act(async () => stream.set("search", "IPY_MODEL_a"));
    expect(root.querySelector(".ex-panel:not([hidden]) b")?.textContent).toBe("one");
    act(() => model.set("tab", "lesson"));
    expect(root.contains(views[0]!.el)).toBe(true);
    await act(async () => stream.set("search", "IPY_MODEL_b"));
    expect(views.map(({ gone }) => gone)).toEqual([1, 0]);
    expect(root.querySelector("[hidden] b")?.textContent).toBe("two");
  });
  test("is drawn by anywidget's host where there is no manager that makes views", async () => {
    const asked: string[] = [];
    const host = {
      getWidget: async (reference: string) => ({
        render: async ({ el }: { el: HTMLElement }) => void (asked.push(reference), (el.textContent = "drawn by the host")),
      }),
    };
    const { stream, root } = await show({}, { tab: "space" }, host);
    await act(async () => stream.set("space", "IPY_MODEL_x"));
    expect(asked).toEqual(["anywidget:x"]);
    expect(root.textContent).toContain("drawn by the host");
  });
  test("that cannot be shown is named", async () => {
    const { stream, root } = await show({}, { tab: "space" });
    await act(async () => stream.set("space", "IPY_MODEL_nowhere"));
    expect(root.textContent).toContain("nas.SpaceEditor(space) shows it in a cell");
  });
});

describe("a link to a notebook", () => {
  function jupyter(config: object): Document {
    const page = document.implementation.createHTMLDocument();
    const script = Object.assign(page.createElement("script"), { id: "jupyter-config-data", type: "application/json", textContent: JSON.stringify(config) });
    page.body.append(script);
    return page;
  }
  const paths = ["/home/me/work/05 enas.ipynb", "~/work/05 enas.ipynb"];

  test("leads to where JupyterLab or Notebook 7 shows it", () => {
    expect(notebookLink(paths, jupyter({ baseUrl: "/u/me/", serverRoot: "~/work", appUrl: "/lab" }))).toBe("/u/me/lab/tree/05%20enas.ipynb");
    expect(notebookLink(paths, jupyter({ baseUrl: "/", serverRoot: "/home/me", appUrl: "/notebooks" }))).toBe("/notebooks/work/05%20enas.ipynb");
  });
  test("is none where the page is not Jupyter's or the file lies elsewhere", () => {
    expect(notebookLink(paths, document.implementation.createHTMLDocument())).toBeNull();
    expect(notebookLink(paths, jupyter({ baseUrl: "/", serverRoot: "/srv", appUrl: "/lab" }))).toBeNull();
    expect(notebookLink([], jupyter({ baseUrl: "/", serverRoot: "/", appUrl: "/lab" }))).toBeNull();
  });
  test("a lesson without one is a plain question with its goals", async () => {
    const { panel } = await show({}, { tab: "lesson" });
    expect(panel().getByText("What if all networks shared?").tagName).toBe("SPAN");
    expect(panel().getByText("explain a path")).toBeTruthy();
    expect(panel().getByText("60 min")).toBeTruthy();
  });
});
