/** A canvas that draws nothing but remembers: happy-dom has none. A disc is one opaque pixel in its middle. */
import { vi } from "vitest";

export interface Sheet {
  pixels: Uint8ClampedArray; // as they were put there last
  put: number; // how often
  words: string[];
  cleared: number;
}

/** In the order in which they were asked for a pen; those that only make stamps are left out. */
export function fakeCanvas(): Sheet[] {
  const sheets: Sheet[] = [];
  vi.stubGlobal("ImageData", class {
    data: Uint8ClampedArray;
    constructor(readonly width: number, readonly height: number) {
      this.data = new Uint8ClampedArray(4 * width * height);
    }
  });
  const pens = new WeakMap<HTMLCanvasElement, object>();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement, _: string, options?: object) {
    if (options === undefined && !pens.has(this)) {
      const sheet: Sheet = { pixels: new Uint8ClampedArray(0), put: 0, words: [], cleared: 0 };
      sheets.push(sheet);
      pens.set(this, penOf(this, sheet));
    }
    return (pens.get(this) ?? penOf(this, null)) as never;
  });
  return sheets;
}

function penOf(canvas: HTMLCanvasElement, sheet: Sheet | null): object {
  const silent = ["save", "restore", "scale", "beginPath", "rect", "clip", "fill", "stroke", "lineTo", "setLineDash", "fillRect", "arc"];
  return {
    ...Object.fromEntries(silent.map((name) => [name, () => undefined])),
    canvas,
    measureText: () => ({ width: 10 }),
    fillText: (text: string) => sheet?.words.push(text),
    clearRect: () => sheet !== null && (sheet.cleared += 1),
    getImageData: (_x: number, _y: number, width: number, height: number) => {
      const data = new Uint8ClampedArray(4 * width * height);
      data.fill(255, 4 * ((width * height - 1) / 2), 4 * ((width * height + 1) / 2));
      return { data };
    },
    putImageData: ({ data }: ImageData) => {
      if (sheet === null) return;
      sheet.pixels = data.slice();
      sheet.put += 1;
    },
  };
}

/** Where something was drawn, as [column, row]. */
export function drawnPixels({ pixels }: Sheet, width: number): [number, number][] {
  return Array.from({ length: pixels.length / 4 }, (_, i) => i)
    .filter((i) => pixels[4 * i + 3]! > 0)
    .map((i) => [i % width, Math.floor(i / width)]);
}
