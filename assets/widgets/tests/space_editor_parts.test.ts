import { describe, expect, test, vi } from "vitest";
import { sentences } from "../src/space_editor_banners";
import { looksLikeFragment } from "../src/space_editor_clipboard";
import { BLANK_DRAWING, edgeId, elementId, elementOf, nodeId, type Drawing, type PaletteEntry } from "../src/space_editor_data";
import { fileName } from "../src/space_editor_export";
import { arrowhead, neighbour, roundedPath, shortened } from "../src/space_editor_geometry";
import { editorKey } from "../src/space_editor_keys";
import { found } from "../src/space_editor_palette";
import { downLevel, levelsThatExist } from "../src/space_editor_path";
import { pythonTokens } from "../src/space_editor_python";
import { Session } from "../src/space_editor_session";
import { FakeModel } from "./fake_model";

const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("keys", () => {
  test.each([
    ["ArrowLeft", {}, { do: "move", to: "left", extend: false }],
    ["ArrowUp", { shiftKey: true }, { do: "move", to: "up", extend: true }],
    ["ArrowUp", { altKey: true }, { do: "nudge", to: "up" }],
    ["3", {}, { do: "toggle", index: 2 }],
    ["O", {}, { do: "optional" }],
    ["Delete", {}, { do: "remove" }],
    ["z", { ctrlKey: true }, { do: "undo" }],
    ["Z", { metaKey: true, shiftKey: true }, { do: "redo" }],
    ["x", {}, null],
    ["r", { ctrlKey: true }, null], // the page reloads
  ])("%s %o", (key, more, action) => expect(editorKey(press(key, more), "canvas")).toEqual(action));

  test("a field keeps its keys, but for Escape", () => {
    expect(editorKey(press("Delete"), "field")).toBeNull();
    expect(editorKey(press("z", { ctrlKey: true }), "field")).toBeNull();
    expect(editorKey(press("Escape"), "field")).toEqual({ do: "escape" });
  });

  test("a button keeps Enter and the letters, and undo still works on it", () => {
    expect(editorKey(press("Enter"), "control")).toBeNull();
    expect(editorKey(press("c"), "control")).toBeNull();
    expect(editorKey(press("z", { ctrlKey: true }), "control")).toEqual({ do: "undo" });
  });
});

describe("ids", () => {
  test.each(['plain', 'a:b', '"><img src=x>', "50 %", "日本"])("%s comes back as it went", (name) => {
    expect(elementOf(nodeId(name))).toEqual({ node: name });
    expect(elementOf(edgeId(name, "x"))).toEqual({ edge: [name, "x"] });
    expect(elementId({ edge: [name, "x"] })).not.toMatch(/["<>]/);
  });
});

describe("the gestures of a view", () => {
  const begin = (version = () => 1) => {
    const model = new FakeModel({});
    const session = new Session(model, version);
    session.begin();
    const answer = (number: number, more: object = {}) => model.fire("msg:custom", { type: "answer", view: session.view, number, version: number + 1, ...more });
    return { model, session, answer };
  };

  test("go one after the other, each with the version that the answer before it brought", async () => {
    const { model, session, answer } = begin();
    const first = session.ask("toggle", { index: 1 });
    void session.ask("toggle", { index: 2 });
    expect(model.sent).toEqual([{ type: "toggle", view: session.view, number: 1, version: 1, args: { index: 1 } }]);
    answer(1, { done: "turn off" });
    expect((await first).done).toBe("turn off");
    expect(model.sent[1]).toMatchObject({ number: 2, version: 2, args: { index: 2 } });
  });

  test("answers to other views and old answers are not taken", async () => {
    const { model, session, answer } = begin();
    let ended = false;
    void session.ask("undo").then(() => (ended = true));
    model.fire("msg:custom", { type: "answer", view: "another", number: 1, version: 2 });
    answer(7);
    await Promise.resolve();
    expect(ended).toBe(false);
  });

  test("where no answer comes the next gesture is sent after a while", async () => {
    vi.useFakeTimers();
    const { model, session } = begin();
    const first = session.ask("undo");
    void session.ask("redo");
    vi.advanceTimersByTime(9000);
    expect((await first).refused).toMatch(/no answer/);
    expect(model.sent).toHaveLength(2);
    session.end();
    expect(model.listening).toEqual([]);
    vi.useRealTimers();
  });
});

describe("levels", () => {
  const drawing = { ...BLANK_DRAWING, graphs: { ...BLANK_DRAWING.graphs, normal: BLANK_DRAWING.graphs[""]! } } as Drawing;
  test("a cell that is gone leads back up", () => expect(levelsThatExist(["", "normal", "gone"], drawing)).toEqual(["", "normal"]));
  test("a cell on the way is gone back to", () => expect(downLevel(["", "a", "b"], "a")).toEqual(["", "a"]));
  test("one further down is added", () => expect(downLevel(["", "a"], "b")).toEqual(["", "a", "b"]));
});

test("the palette is searched by words, signs and groups", () => {
  const entry = (key: string, label: string, group: string) => ({ key, label, group }) as PaletteEntry;
  const all = [entry("conv_3x3", "conv 3×3", "Convolution"), entry("max_pool_3x3", "max pool 3×3", "Pooling")];
  expect(found(all, "3x3").map(({ key }) => key)).toEqual(["conv_3x3", "max_pool_3x3"]);
  expect(found(all, "POOL 3×3").map(({ key }) => key)).toEqual(["max_pool_3x3"]);
  expect(found(all, "attention")).toEqual([]);
});

test("arrows go to what lies ahead, not aside", () => {
  const at = (x: number, y: number) => ({ x, y });
  const all = [at(100, 0), at(60, 80), at(-50, 0)];
  expect(neighbour(at(0, 0), "right", all)).toBe(all[0]);
  expect(neighbour(at(0, 0), "down", all)).toBe(all[1]);
  expect(neighbour(at(0, 0), "up", all)).toBeNull();
});

test("lines have rounded corners and drawn heads", () => {
  expect(roundedPath([[0, 0], [100, 0], [100, 100]], 16)).toBe("M0 0L84 0Q100 0 100 16L100 100");
  expect(arrowhead([[0, 0], [10, 0]])).toMatch(/^M10 0L1 4\.4/);
  expect(shortened([[0, 0], [10, 0]], 3)).toEqual([[0, 0], [7, 0]]);
});

test("Python is coloured word by word, and no letter is lost", () => {
  const line = `cell = op('conv', kernel=3)  # from 3 'x'`;
  expect(pythonTokens(line).map(([, text]) => text).join("")).toBe(line);
  expect(pythonTokens("from x import y")).toEqual([["k", "from"], ["", " x "], ["k", "import"], ["", " y"]]);
});

test("a refusal's first sentence stands apart", () => {
  expect(sentences("out → 1 was not added. It would close a cycle: 1 → out → 1.")).toEqual(["out → 1 was not added.", "It would close a cycle: 1 → out → 1."]);
  expect(sentences("no end")).toEqual(["no end", ""]);
});

test("only what looks like nodes is sent to Python", () => {
  expect(looksLikeFragment('{"fragment": 1, "nodes": []}')).toBe(true);
  expect(looksLikeFragment("hello")).toBe(false);
});

test("a file name holds no path", () => expect(fileName("../../etc/<b>")).toBe(".._.._etc_b_"));
