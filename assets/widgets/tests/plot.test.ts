import { expect, test, vi } from "vitest";
import { mountPlot, trialNear } from "../src/plot";
import { fakeCanvas } from "./fake_canvas";
import { FakeModel, FakePlotly } from "./fake_model";

const axis = { _offset: 10, l2p: (value: number) => value * 100 };
const graph = {
  _fullLayout: { xaxis: axis, yaxis: axis },
  _fullData: [
    { x: [1, 2, 3], y: [1, 1, 1], customdata: [4, 5, 6] },
    { x: [2.5], y: [1] }, // a line: no trial on it
    { x: [3], y: [1], customdata: [6] },
  ],
};

test("the dot that is nearest to the pointer is picked, within reach", () => {
  expect(trialNear(graph, 110, 110)).toBe(4);
  expect(trialNear(graph, 216, 118)).toBe(5);
  expect(trialNear(graph, 311, 109)).toBe(6);
});
test("where there is no dot nothing is picked", () => {
  expect(trialNear(graph, 260, 110)).toBeNull();
  expect(trialNear({ ...graph, _fullData: [] }, 110, 110)).toBeNull();
});

function mount(figure: unknown = { data: ["first"], layout: {} }, plotly = new FakePlotly()) {
  const stream = new FakeModel({ figure });
  const host = document.createElement("div");
  document.body.append(host);
  const picked = vi.fn();
  const failed = vi.fn();
  const end = mountPlot({ plotly, stream, host, picked, failed });
  return { plotly, stream, host, picked, failed, end };
}

const pointer = (host: HTMLElement, kind: string, clientX: number, clientY: number) =>
  host.dispatchEvent(new PointerEvent(kind, { clientX, clientY, bubbles: true }));

test("a click is reported, a drag is not, and after the end nothing is left", async () => {
  const { plotly, stream, host, picked, end } = mount();
  await vi.waitFor(() => expect(plotly.graphs.size).toBe(1));
  Object.assign(host, graph);
  pointer(host, "pointerdown", 110, 110);
  pointer(host, "pointerup", 112, 110);
  pointer(host, "pointerdown", 50, 50);
  pointer(host, "pointerup", 110, 110);
  expect(picked.mock.calls).toEqual([[4]]);
  end();
  pointer(host, "pointerdown", 110, 110);
  pointer(host, "pointerup", 110, 110);
  expect(picked).toHaveBeenCalledOnce();
  expect(plotly.graphs.size).toBe(0);
  expect(stream.listening).toEqual([]);
});

test("of figures that come faster than frames only the newest is drawn", async () => {
  const { plotly, stream, host } = mount();
  for (const data of [["a"], ["b"], ["c"]]) stream.set("figure", { data, layout: {} });
  await vi.waitFor(() => expect(plotly.graphs.get(host)?.data).toEqual(["c"]));
  expect(plotly.graphs.get(host)?.drawn).toBe(1);
});

test("nothing is drawn while Python has sent no figure, nor after the end", async () => {
  const early = mount({});
  const late = mount();
  late.end();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(early.plotly.graphs.size + late.plotly.graphs.size).toBe(0);
});

test("a plot that cannot be drawn is told", async () => {
  const broken = new FakePlotly();
  broken.react = () => Promise.reject(new Error("no WebGL"));
  const { failed } = mount(undefined, broken);
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
  expect(String(failed.mock.calls[0]?.[0])).toContain("no WebGL");
});

test("a moment where a replay rests is painted at once, and drawn by plotly when it has been quiet", async () => {
  fakeCanvas();
  const { plotly, stream, host, end } = mount({ data: [], layout: { xaxis: { range: [0, 1] } } });
  await vi.waitFor(() => expect(plotly.graphs.size).toBe(1));
  const long = { ...axis, _length: 100 };
  Object.assign(host, { _fullData: [], _fullLayout: { xaxis: long, yaxis: long, width: 200, height: 100, font: { family: "serif" } } });
  const dots = (trials: number[]) => [{ mode: "markers", x: trials, y: trials, customdata: trials }];
  for (const trials of [[1], [1, 2]]) {
    stream.set("figure", { data: dots(trials), layout: { xaxis: { range: [0, 1] } }, past: "rests" });
    await vi.waitFor(() => expect(host.className).toBe("played"));
  }
  expect(plotly.graphs.get(host)?.drawn).toBe(1);
  await vi.waitFor(() => expect(host.className).toBe(""));
  expect(plotly.graphs.get(host)).toEqual({ data: dots([1, 2]), drawn: 2 });
  stream.set("figure", { data: dots([1]), layout: { xaxis: { range: [0, 2] } }, past: "rests" }); // other axes: only plotly draws those
  await vi.waitFor(() => expect(plotly.graphs.get(host)?.drawn).toBe(3));
  end();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
