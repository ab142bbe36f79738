/**
 * Operations in a row of a table, painted: sixty small SVG drawings that change with every moment of a replay take a browser longer than
 * a frame, and a copy of a picture next to nothing.
 */
import { useEffect, useLayoutEffect, useRef, useState, type JSX, type RefObject } from "react";
import { familyOf, operationName, partsOf } from "./glyph_parts";
import type { Operation } from "./stream";
import { watchTheme } from "./theme";

export const TILE_STEP = 20; // pixels from one tile to the next
const TILE = 18;
const GLYPH = 13;
const TINT = 0.13; // of the family's colour over the page's, as in styles/operation.css

/** Pictures of the tiles in the colours and at the resolution of a page, each painted once. */
export class TileSprites {
  private sprites = new Map<string, HTMLCanvasElement>();

  constructor(
    private readonly colour: (token: string) => string,
    readonly ratio: number,
  ) {}

  /** The same for other colours, or another resolution. */
  again(ratio: number): TileSprites {
    return new TileSprites(this.colour, ratio);
  }

  of(operation: Operation): HTMLCanvasElement {
    const key = JSON.stringify([operation.glyph, operation.family, operation.label]);
    const known = this.sprites.get(key);
    if (known !== undefined) return known;
    const sprite = document.createElement("canvas");
    sprite.width = sprite.height = Math.ceil(TILE * this.ratio);
    const pen = sprite.getContext("2d");
    if (pen !== null) this.paint(pen, operation);
    this.sprites.set(key, sprite);
    return sprite;
  }

  private paint(pen: CanvasRenderingContext2D, operation: Operation): void {
    const ink = this.colour(`--op-${familyOf(operation)}`);
    pen.scale(this.ratio, this.ratio);
    pen.beginPath();
    pen.roundRect(0, 0, TILE, TILE, 4);
    pen.fillStyle = this.colour("--bg");
    pen.fill();
    pen.globalAlpha = TINT;
    pen.fillStyle = ink;
    pen.fill();
    pen.globalAlpha = 1;
    pen.translate((TILE - GLYPH) / 2, (TILE - GLYPH) / 2);
    pen.scale(GLYPH / 16, GLYPH / 16);
    pen.strokeStyle = ink;
    const parts = partsOf(operation);
    if (typeof parts === "string") {
      pen.font = "600 11px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.fillText(parts, 8, 12);
      return;
    }
    for (const { d, pen: width, cap, join, dash } of parts) {
      const outline = new Path2D(d);
      if (width === undefined) pen.fill(outline);
      else {
        pen.lineWidth = width;
        pen.lineCap = cap ?? "butt";
        pen.lineJoin = join ?? "miter";
        pen.setLineDash([...(dash ?? [])]);
        pen.stroke(outline);
      }
    }
  }
}

/** The sprites in the colours that an element has now: new ones when the theme, the contrast or the zoom changes. */
export function useTileSprites(element: RefObject<HTMLElement | null>): TileSprites | null {
  const [sprites, setSprites] = useState<TileSprites | null>(null);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const style = getComputedStyle(target);
    setSprites(new TileSprites((token) => style.getPropertyValue(token).trim(), window.devicePixelRatio || 1));
  }, [element]);
  useEffect(() => {
    const ratio = () => window.devicePixelRatio || 1;
    const renew = () => setSprites((old) => old && old.again(ratio()));
    const zoom = () => setSprites((old) => (old === null || old.ratio === ratio() ? old : old.again(ratio())));
    const contrast = matchMedia("(forced-colors: active)");
    contrast.addEventListener("change", renew);
    window.addEventListener("resize", zoom);
    const end = watchTheme(renew);
    return () => {
      contrast.removeEventListener("change", renew);
      window.removeEventListener("resize", zoom);
      end();
    };
  }, []);
  return sprites;
}

interface Props {
  operations: Operation[];
  most: number;
  sprites: TileSprites | null;
}

/** The first of several operations; all are named. */
export function TileRow({ operations, most, sprites }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = operations.slice(0, most);
  const width = drawn.length * TILE_STEP - (TILE_STEP - TILE);
  const names = operations.map(operationName).join(", ");
  useLayoutEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (pen == null || sprites === null) return;
    const step = TILE_STEP * sprites.ratio;
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    drawn.forEach((operation, index) => pen.drawImage(sprites.of(operation), Math.round(index * step), 0));
  });
  const ratio = sprites?.ratio ?? 1;
  return (
    <canvas
      ref={canvas}
      width={Math.ceil(width * ratio)}
      height={Math.ceil(TILE * ratio)}
      style={{ width, height: TILE }}
      role="img"
      aria-label={names}
      title={names}
    />
  );
}
