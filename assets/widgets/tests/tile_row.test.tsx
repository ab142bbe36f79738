import { act, cleanup, render } from "@testing-library/react";
import { useRef, type JSX } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Operation } from "../src/stream";
import { TileRow, useTileSprites } from "../src/tile_row";
import { CONV } from "./example";

const OPERATIONS: Operation[] = [CONV, { ...CONV, edge: "1→2", family: "skip", glyph: "op-skip", label: "skip" }, { ...CONV, edge: "2→3" }];

interface Painted {
  canvas: HTMLCanvasElement;
  fills: string[];
  copies: [HTMLCanvasElement, number, number][];
}
const painted: Painted[] = [];

beforeEach(() => {
  painted.length = 0;
  vi.stubGlobal("Path2D", class {});
  const pens = new WeakMap<HTMLCanvasElement, object>();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    const known = pens.get(this);
    if (known !== undefined) return known as never;
    const here: Painted = { canvas: this, fills: [], copies: [] };
    painted.push(here);
    const silent = ["scale", "translate", "beginPath", "roundRect", "stroke", "setLineDash", "clearRect", "fillText"];
    const pen = {
      ...Object.fromEntries(silent.map((name) => [name, () => undefined])),
      canvas: this,
      fillStyle: "",
      fill: () => void here.fills.push(pen.fillStyle),
      drawImage: (image: HTMLCanvasElement, x: number, y: number) => void here.copies.push([image, x, y]),
    };
    pens.set(this, pen);
    return pen as never;
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function Table({ operations }: { operations: Operation[] }): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const sprites = useTileSprites(root);
  return (
    <div ref={root} style={{ "--bg": "white", "--op-conv": "blue", "--op-skip": "red" } as object}>
      <TileRow operations={operations} most={2} sprites={sprites} />
    </div>
  );
}

test("the first operations are painted, each once, in the colour of its family; all are named", () => {
  const { getByRole } = render(<Table operations={OPERATIONS} />);
  const canvas = getByRole("img", { name: "0→1 conv 3×3, 1→2 skip, 2→3 conv 3×3" });
  expect((canvas as HTMLCanvasElement).width).toBe(38);
  const row = painted.find((found) => found.canvas === canvas)!;
  expect(row.copies.map(([, x, y]) => [x, y])).toEqual([[0, 0], [20, 0]]);
  const grounds = row.copies.map(([sprite]) => painted.find(({ canvas: at }) => at === sprite)!.fills.slice(0, 2));
  expect(grounds).toEqual([["white", "blue"], ["white", "red"]]);
});

test("another theme paints them anew, another row only what it has not painted", async () => {
  const { rerender } = render(<Table operations={OPERATIONS} />);
  const before = painted.length;
  rerender(<Table operations={[OPERATIONS[2]!, OPERATIONS[1]!]} />);
  expect(painted).toHaveLength(before);
  await act(async () => {
    document.body.dataset.jpThemeLight = "false";
    await new Promise((done) => setTimeout(done));
  });
  expect(painted).toHaveLength(before + 2);
  delete document.body.dataset.jpThemeLight;
});
