import { expect, test } from "vitest";
import { PHASES, stamp, type Box, type Stamps } from "../src/discs";

const SIDE = 3;
/** Square i is all of one colour, with i in its red. */
const stamps: Stamps = {
  side: SIDE,
  squares: Array.from({ length: PHASES * PHASES }, (_, i) => Uint8ClampedArray.from({ length: 4 * SIDE * SIDE }, (_, at) => [i, 100, 200, 128][at % 4]!)),
};
const sheet = (width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) });
const pixel = ({ data, width }: ReturnType<typeof sheet>, x: number, y: number) => [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 4)];
const ALL: Box = [0, 0, 8, 8];

test("a disc stands around its place, to a quarter of a pixel", () => {
  const pixels = sheet(8, 8);
  stamp(pixels, stamps, 2.3, 5.5, ALL); // 2 1/4 and 5 2/4
  const drawn = Array.from({ length: 64 }, (_, i) => i).filter((i) => pixels.data[4 * i + 3]! > 0);
  expect(drawn.map((i) => [i % 8, Math.floor(i / 8)])).toEqual([4, 5, 6].flatMap((y) => [1, 2, 3].map((x) => [x, y])));
  expect(pixel(pixels, 2, 5)).toEqual([2 * PHASES + 1, 100, 200, 128]);
});

test("nothing is drawn outside of the box, nor beyond the sheet's edge", () => {
  const pixels = sheet(8, 8);
  stamp(pixels, stamps, 0, 0, ALL);
  stamp(pixels, stamps, 7, 7, [0, 0, 7, 7]);
  stamp(pixels, stamps, -20, 40, ALL);
  expect([pixel(pixels, 1, 1)[3], pixel(pixels, 6, 6)[3], pixel(pixels, 7, 6)[3], pixel(pixels, 6, 7)[3]]).toEqual([128, 128, 0, 0]);
});

test("one over another is blended as Porter and Duff's \"over\" has it", () => {
  const pixels = sheet(8, 8);
  for (const [x, colour] of [[3, [10, 250, 0, 200]], [3.25, [90, 50, 60, 100]]] as [number, number[]][]) {
    const square = Uint8ClampedArray.from({ length: 4 * SIDE * SIDE }, (_, at) => colour[at % 4]!);
    stamp(pixels, { side: SIDE, squares: Array<Uint8ClampedArray>(PHASES * PHASES).fill(square) }, x, 3, ALL);
  }
  const [above, below] = [100 / 255, 200 / 255];
  const alpha = above + below * (1 - above);
  const over = (top: number, bottom: number) => (top * above + bottom * below * (1 - above)) / alpha;
  const expected = [over(90, 10), over(50, 250), over(60, 0), 255 * alpha];
  pixel(pixels, 3, 3).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1));
});
