/** A cell of two edges, each a skip or a convolution, and moments of its search. */
import type { Decision, Drawing, Graph, Moment } from "../src/supernet_view_data";

const OPTIONS = [
  { label: "skip", family: "skip", glyph: "op-skip", size: "", tone: 0 },
  { label: "conv 3×3", family: "conv", glyph: "op-c3", size: "3×3", tone: 0 },
];

export const DECISIONS: Decision[] = [
  { id: "cell/0→1", label: "in → 1", short: "from in", kind: "operation", options: OPTIONS, graph: 0 },
  { id: "cell/1→2", label: "1 → out", short: "from 1", kind: "operation", options: OPTIONS, graph: 0 },
  {
    id: "cell/0→2.on",
    label: "in → out",
    short: "from in",
    kind: "presence",
    options: [
      { label: "there", family: "value", glyph: "✓", size: "", tone: 0 },
      { label: "left out", family: "off", glyph: "–", size: "", tone: 0 },
    ],
    graph: 0,
  },
];

const chip = (decision: number, x: number) => ({ decision, style: "full" as const, x, y: 60, width: 120, height: 46 });

export const GRAPH: Graph = {
  title: "cell",
  width: 400,
  height: 120,
  nodes: [
    { name: "in", x: 20, y: 60, width: 36, height: 36, beside: false },
    { name: "1", x: 200, y: 60, width: 36, height: 36, beside: false },
    { name: "out", x: 380, y: 60, width: 36, height: 36, beside: false },
  ],
  lines: [
    { path: "M40 60L170 60", tip: [180, 60, 0], spot: [110, 60], source: 0, target: 1, operation: 0, presence: null },
    { path: "M220 60L350 60", tip: [360, 60, 0], spot: [290, 60], source: 1, target: 2, operation: 1, presence: null },
    { path: "M20 40C20 0 380 0 380 40", tip: [380, 42, 90], spot: [200, 10], source: 0, target: 2, operation: null, presence: { decision: 2, options: [0] } },
  ],
  chips: [chip(0, 110), chip(1, 290)],
};

export const DRAWING: Drawing = {
  decisions: DECISIONS,
  graphs: [GRAPH],
  charts: [
    { key: "tau", title: "Kendall's τ", unit: "", series: [{ name: "tau", label: "τ", look: "brand", low: "tau_low", high: "tau_high" }], factor: 1, bounds: [0, 1], limit: null },
    { key: "skip", title: "Skip share", unit: "%", series: [{ name: "skip_share", label: "led by skip", look: "skip", low: "", high: "" }], factor: 100, bounds: [0, 100], limit: 75 },
    { key: "loss", title: "Loss", unit: "", series: [{ name: "train_loss", label: "training", look: "second", low: "", high: "" }], factor: 1, bounds: null, limit: null },
  ],
  noun: "cells",
  epochs: 10,
};

/** The moment number `number`, one an epoch, at which skip has this share on the first edge. */
export function momentOf(number: number, skip = 0.5, more: Partial<Moment> = {}): Moment {
  const parts = Math.round(skip * 10_000);
  return {
    number,
    epoch: number + 1,
    values: { train_loss: 2 / (number + 1), skip_share: skip },
    p: [parts, 10_000 - parts, 2500, 7500, 9000, 1000],
    entropy: [1, 0.811, 0.469],
    pick: [skip >= 0.5 ? 0 : 1, 1, 0],
    trust: null,
    rank: null,
    warning: null,
    ...more,
  };
}
