/**
 * A replayed figure on a canvas of our own, over plotly's axes. Plotly takes 30 ms and more to draw one anew, most of it for what has not
 * changed; while a replay plays, or is scrubbed, only traces and labels do. Where it rests, plotly follows.
 */
import { stamp, stampsOf, type Box, type Disc, type Stamps } from "./discs";
import { drawLabel, type Annotation } from "./played_label";
import { decoded, type Axis, type Columns, type Figure, type Graph } from "./plotly";

interface Line {
  width?: number;
  color?: string;
  dash?: string;
}

interface Trace {
  mode?: string;
  marker?: { size?: number; color?: string; opacity?: number; symbol?: string; line?: Line };
  line?: Line;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  customdata?: ArrayLike<number>;
}

const DASHES: Readonly<Record<string, readonly number[]>> = { dash: [4, 1], dot: [1, 1] }; // in widths of the line, as plotly's WebGL has them

/** Everything but its traces and labels: figures with the same frame have the same axes, fonts and colours. */
export function frameOf({ layout }: Figure): string {
  return JSON.stringify([layout.xaxis, layout.yaxis, layout.template]);
}

/** Two sheets: dots, of which a replay only brings more, and above them what changes now and then. */
export class PlayedPicture {
  private readonly sheets = [sheet(), sheet()] as const;
  private size = "";
  private dots: Dots | null = null;
  private above: unknown[] = []; // what the upper sheet was drawn of
  traces: Trace[] = [];

  constructor(private readonly host: HTMLElement) {}

  /** Draw over plotly's axes, and hide plotly's own traces; false where there is no canvas to draw on. */
  show({ data, layout }: Figure, graph: Graph): boolean {
    const [lower, upper] = this.sheets.map((canvas) => canvas.getContext("2d"));
    if (lower == null || upper == null) return false;
    this.traces = (data as Columns[]).map((trace) => ({ ...trace, ...numbers(trace) }) as Trace);
    this.resize(graph);
    const { xaxis, yaxis } = graph._fullLayout;
    const place = JSON.stringify([xaxis, yaxis].map((axis) => [axis._offset, axis._length, axis.l2p(0), axis.l2p(1)]));
    const [first, ...others] = this.traces;
    if (first !== undefined) this.drawDots(lower, first, graph, place);
    const above = [place, layout.annotations, ...others.flatMap(({ x, y, marker, line }) => [x, y, marker, line])];
    if (above.length !== this.above.length || above.some((part, i) => part !== this.above[i])) this.drawAbove(upper, others, layout, graph);
    this.above = above;
    for (const canvas of this.sheets) if (canvas.parentNode !== this.host) this.host.append(canvas);
    this.host.classList.add("played");
    return true;
  }

  /** Plotly has drawn what is shown now. */
  hide(): void {
    this.host.classList.remove("played");
    for (const canvas of this.sheets) canvas.remove();
    this.traces = [];
  }

  private resize({ _fullLayout: { width, height } }: Graph): void {
    const size = `${width} ${height} ${devicePixelRatio}`;
    if (size === this.size) return;
    this.size = size;
    for (const canvas of this.sheets) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
      canvas.getContext("2d")?.scale(devicePixelRatio, devicePixelRatio);
    }
    this.dots = null;
    this.above = [];
  }

  /** Only those that have come, where those before are still there. */
  private drawDots(lower: CanvasRenderingContext2D, trace: Trace, { _fullLayout: { xaxis, yaxis } }: Graph, where: string): void {
    const place = where + JSON.stringify(trace.marker);
    if (this.dots?.place !== place) this.dots = dotsOf(place, trace.marker ?? {}, lower.canvas);
    if (this.dots === null) return;
    const { stamps, pixels, ids } = this.dots;
    const [now, ratio] = [trace.customdata ?? [], devicePixelRatio];
    const known = begins(now, ids) ? ids.length : 0;
    if (known === 0) pixels.data.fill(0);
    const box: Box = [xaxis._offset, yaxis._offset, xaxis._offset + xaxis._length, yaxis._offset + yaxis._length].map((edge) =>
      Math.round(edge * ratio),
    ) as unknown as Box;
    for (let i = known; i < trace.x.length; i += 1) {
      stamp(pixels, stamps, (xaxis._offset + xaxis.l2p(trace.x[i]!)) * ratio, (yaxis._offset + yaxis.l2p(trace.y[i]!)) * ratio, box);
    }
    if (known === 0 || now.length > known) lower.putImageData(pixels, 0, 0);
    this.dots.ids = now;
  }

  private drawAbove(upper: CanvasRenderingContext2D, traces: Trace[], layout: Figure["layout"], graph: Graph): void {
    const { xaxis, yaxis, font } = graph._fullLayout;
    clear(upper, graph);
    clipped(upper, graph, (x, y) => {
      for (const trace of traces) drawTrace(upper, trace, x, y);
    });
    for (const label of (layout.annotations ?? []) as Annotation[]) drawLabel(upper, label, xaxis, yaxis, font.family);
  }
}

/** All dots but those of the front, as they are drawn so far. */
interface Dots {
  place: string; // where the axes are, and what a dot looks like
  stamps: Stamps;
  pixels: ImageData;
  ids: ArrayLike<number>;
}

function dotsOf(place: string, { size = 6, color = "black", opacity = 1, line = {} }: NonNullable<Trace["marker"]>, canvas: HTMLCanvasElement): Dots | null {
  const edge = line.width === undefined ? null : { width: line.width, color: line.color ?? color };
  const disc: Disc = { size, color, opacity, edge };
  const stamps = stampsOf(disc, devicePixelRatio, document.createElement("canvas"));
  return stamps === null ? null : { place, stamps, pixels: new ImageData(canvas.width, canvas.height), ids: [] };
}

function sheet(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.className = "nx-played";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

function clear(context: CanvasRenderingContext2D, { _fullLayout: { width, height } }: Graph): void {
  context.clearRect(0, 0, width, height);
}

/** Draw inside of the axes. */
function clipped(context: CanvasRenderingContext2D, { _fullLayout: { xaxis, yaxis } }: Graph, draw: (xaxis: Axis, yaxis: Axis) => void): void {
  context.save();
  context.beginPath();
  context.rect(xaxis._offset, yaxis._offset, xaxis._length, yaxis._length);
  context.clip();
  draw(xaxis, yaxis);
  context.restore();
}

function numbers(trace: Columns): Pick<Trace, "x" | "y" | "customdata"> {
  return { x: decoded(trace.x), y: decoded(trace.y), ...(trace.customdata === undefined ? {} : { customdata: decoded(trace.customdata) }) };
}

/** Whether `whole` begins with `part`. */
function begins(whole: ArrayLike<number>, part: ArrayLike<number>): boolean {
  if (part.length > whole.length) return false;
  for (let i = 0; i < part.length; i += 1) if (whole[i] !== part[i]) return false;
  return true;
}

function drawTrace(context: CanvasRenderingContext2D, trace: Trace, xaxis: Axis, yaxis: Axis): void {
  if (trace.mode === "lines") drawLine(context, trace, xaxis, yaxis);
  else drawDots(context, trace, xaxis, yaxis);
}

function drawLine(context: CanvasRenderingContext2D, { x, y, line = {} }: Trace, xaxis: Axis, yaxis: Axis): void {
  const width = line.width ?? 2;
  context.beginPath();
  for (let i = 0; i < x.length; i += 1) context.lineTo(xaxis._offset + xaxis.l2p(x[i]!), yaxis._offset + yaxis.l2p(y[i]!));
  context.setLineDash((DASHES[line.dash ?? ""] ?? []).map((part) => part * width));
  context.lineWidth = width;
  context.strokeStyle = line.color ?? "black";
  context.stroke();
  context.setLineDash([]);
}

function drawDots(context: CanvasRenderingContext2D, { x, y, marker = {} }: Trace, xaxis: Axis, yaxis: Axis): void {
  const { size = 6, color = "black", opacity = 1, symbol = "circle", line = {} } = marker;
  const open = symbol.endsWith("-open");
  context.globalAlpha = opacity;
  context.fillStyle = color;
  context.strokeStyle = open ? color : (line.color ?? color);
  context.lineWidth = line.width ?? 0;
  for (let i = 0; i < x.length; i += 1) {
    context.beginPath();
    context.arc(xaxis._offset + xaxis.l2p(x[i]!), yaxis._offset + yaxis.l2p(y[i]!), size / 2, 0, 2 * Math.PI);
    if (!open) context.fill();
    if (context.lineWidth > 0 && line.width !== undefined) context.stroke();
  }
  context.globalAlpha = 1;
}
