/** A label of plotly's, as Python writes those of the Pareto plot (views/figures.py), on a canvas: some bold words, at times on a plate. */
import type { Axis } from "./plotly";

export interface Annotation {
  text: string;
  x: number;
  y: number;
  xref?: string;
  yref?: string;
  xshift?: number;
  yshift?: number; // upwards
  xanchor?: "left" | "center" | "right";
  bgcolor?: string;
  borderpad?: number;
  font?: { color?: string; size?: number };
}

export interface Words {
  text: string;
  bold: boolean;
}

/** "<b>#3</b> 5 &lt; 6" in words as they are read. */
export function wordsOf(text: string): Words[] {
  const parts = text.split(/(<\/?b>)/);
  let bold = false;
  const words: Words[] = [];
  for (const part of parts) {
    if (part === "<b>" || part === "</b>") bold = part === "<b>";
    else if (part !== "") words.push({ text: part.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name: string) => SIGNS[name]!), bold });
  }
  return words;
}

const SIGNS: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };
const PLATE = 1; // pixels of plotly's border around a label, which has no colour; it lies as much lower

export function drawLabel(context: CanvasRenderingContext2D, label: Annotation, xaxis: Axis, yaxis: Axis, family: string): void {
  const size = label.font?.size ?? 12;
  const words = wordsOf(label.text).map((part) => ({ ...part, font: `${part.bold ? "bold " : ""}${size}px ${family}` }));
  const widths = words.map(({ text, font }) => {
    context.font = font;
    return context.measureText(text).width;
  });
  const pad = (label.borderpad ?? 1) + PLATE;
  const width = widths.reduce((sum, part) => sum + part, 0) + 2 * pad;
  const x = xaxis._offset + (label.xref === "paper" ? label.x * xaxis._length : xaxis.l2p(label.x)) + (label.xshift ?? 0);
  const y = yaxis._offset + (label.yref === "paper" ? (1 - label.y) * yaxis._length : yaxis.l2p(label.y)) - (label.yshift ?? 0) + PLATE;
  let left = x - { left: 0, center: width / 2, right: width }[label.xanchor ?? "center"];
  if (label.bgcolor !== undefined) {
    const height = 1.3 * size + 2 * pad;
    context.fillStyle = label.bgcolor;
    context.fillRect(left, y - height / 2, width, height);
  }
  left += pad;
  context.textBaseline = "middle";
  context.fillStyle = label.font?.color ?? "black";
  words.forEach(({ text, font }, i) => {
    context.font = font;
    context.fillText(text, left, y);
    left += widths[i]!;
  });
}
