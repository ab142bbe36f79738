import { beforeEach, expect, test, vi } from "vitest";
import { wordsOf } from "../src/played_label";
import { PlayedPicture } from "../src/played_picture";
import { decoded, type Figure, type Graph } from "../src/plotly";
import { drawnPixels, fakeCanvas as sheets } from "./fake_canvas";

const axis = { _offset: 10, _length: 100, l2p: (value: number) => value * 100 };
const graph = { _fullData: [], _fullLayout: { xaxis: axis, yaxis: axis, width: 200, height: 150, font: { family: "serif" } } } as Graph;

const LABELS = [{ text: "<b>best &amp; first</b> so far", x: 1, y: 0.5, xref: "paper", yref: "paper" }];
const LINE = { mode: "lines", x: [0, 1], y: [0, 1] };
const figure = (trials: number[], more: object = LINE): Figure => ({
  data: [{ mode: "markers", marker: { size: 7 }, x: trials.map((trial) => trial / 10), y: trials.map((trial) => trial / 10), customdata: trials }, more],
  layout: { annotations: LABELS },
});

let host: HTMLElement;
beforeEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  host = document.createElement("div");
});

test("of a moment that follows only the new dots are drawn, of an earlier one only those that were known", () => {
  const lower = sheets();
  const picture = new PlayedPicture(host);
  const columns = () => drawnPixels(lower[0]!, 200).map(([column]) => column);
  picture.show(figure([0, 1]), graph);
  picture.show(figure([0, 1, 2]), graph);
  expect([columns(), lower[0]!.put]).toEqual([[10, 20, 30], 2]);
  picture.show(figure([0, 1, 2]), graph);
  expect(lower[0]!.put).toBe(2);
  picture.show(figure([0, 2]), graph);
  expect(columns()).toEqual([10, 30]);
  picture.show(figure([]), graph);
  expect(columns()).toEqual([]);
});

test("lines and labels are drawn again where they have changed", () => {
  const drawn = sheets();
  const picture = new PlayedPicture(host);
  picture.show(figure([0]), graph);
  picture.show(figure([0, 1]), graph);
  expect(drawn[1]!.words).toEqual(["best & first", " so far"]);
  picture.show(figure([0, 1], { ...LINE, x: [0, 0.5] }), graph);
  expect(drawn[1]!.words).toHaveLength(4);
});

test("it covers plotly's traces until plotly has drawn, and knows where its dots are", () => {
  sheets();
  const picture = new PlayedPicture(host);
  expect(picture.show(figure([4]), graph)).toBe(true);
  expect([host.className, host.children.length, picture.traces[0]?.customdata]).toEqual(["played", 2, [4]]);
  picture.hide();
  expect([host.className, host.children.length, picture.traces]).toEqual(["", 0, []]);
});

test("without a canvas nothing is hidden", () => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  expect([new PlayedPicture(host).show(figure([1]), graph), host.className]).toEqual([false, ""]);
});

test("labels are read as plotly reads them", () => {
  expect(wordsOf("<b>#3</b>  5 &lt; 6")).toEqual([{ text: "#3", bold: true }, { text: "  5 < 6", bold: false }]);
});

test("a packed column is its numbers, decoded once; a kind that is not known is refused", () => {
  const packed = { dtype: "f8", bdata: btoa(String.fromCharCode(...new Uint8Array(Float64Array.of(1.5, -2).buffer))) };
  expect(decoded(packed)).toEqual(Float64Array.of(1.5, -2));
  expect(decoded(packed)).toBe(decoded(packed));
  expect(() => decoded({ dtype: "c8", bdata: "" })).toThrow("a column is of f4, f8, i1, i2, i4, got c8");
});
