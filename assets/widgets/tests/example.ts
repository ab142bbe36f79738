/** A search in the middle of its budget, as Python would send it. */
import type { TimelineTrait } from "../src/dashboard_timeline";
import type { DashboardStream, Operation, TrialRow } from "../src/stream";

export const CONV: Operation = { family: "conv", glyph: "op-c3", label: "conv 3×3", edge: "0→1" };

export function row(trial: number, change: Partial<TrialRow> = {}): TrialRow {
  return { trial, status: "finished", front: false, ops: [0], values: [`${trial}.5`, "7.9"], message: "", ...change };
}

export const RUNNING: DashboardStream = {
  figure: { data: [], layout: {} },
  header: {
    title: "Search",
    name: "nas_bench_201 · regularized_evolution",
    run: "runs/evolution-1",
    phase: "running",
    word: "Running",
    facts: [{ label: "Trial", value: "187 of 300" }],
    progress: 0.623,
    progress_text: "trial 187 of 300",
    buttons: [
      { name: "pause", label: "Pause", kind: "plain", enabled: true },
      { name: "stop", label: "Stop", kind: "danger", enabled: true },
    ],
    reattach: 'nas.open("runs/evolution-1")',
  },
  banner: null,
  pareto: {
    count: "185 cells",
    off_chart: "31 off the chart",
    hypervolume: "0.664",
    random_hypervolume: "0.656",
    hypervolume_hint: "share of the box",
    metrics: [
      { name: "validation_error", label: "validation error (%)" },
      { name: "latency_ms", label: "latency (ms)" },
    ],
    finding: "16 cells on the front.",
    empty: false,
    points_total: 185,
    columns: ["validation error (%)", "latency (ms)"],
    front: [[136, "15.71", "52.1"]],
  },
  curve: {
    label: "validation error (%)",
    x_label: "trial",
    x_max: 300,
    search: [
      [2, 21.16],
      [3, 16.93],
      [136, 15.71],
    ],
    random: [
      [1, 23.27],
      [108, 16.24],
    ],
    optimum: 15.1,
    search_text: "15.71",
    random_text: "16.24",
    optimum_text: "15.10 best possible",
    now: 187,
    finding: "Best validation error 15.71 %.",
  },
  tiles: [CONV],
  table: {
    columns: [{ label: "Error %" }, { label: "Latency ms" }],
    rows: [row(187), row(186), row(185)],
    total: 187,
    offset: 0,
    page: 50,
    selected_row: null,
  },
  detail: null,
  plan: [],
  events: 400,
  announcement: "Running, trial 187 of 300.",
  points: null,
  timeline: null,
  inside: null,
  lineage: null,
  steer: null,
};

export const packed = (numbers: readonly number[]) => btoa(String.fromCharCode(...new Uint8Array(new Int32Array(numbers).buffer)));

/** The time axis of four trials: the second is the best, the third fails, then there is a pause. */
export const TIMELINE: TimelineTrait = {
  events: packed([0, 4, 7, 10, 11, 14]),
  trials: packed([-1, 0, 1, 2, -1, 3]),
  ended: packed([0, 1, 2, 3, 3, 4]),
  kinds: packed([0, 1, 2, 3, 4, 1]),
  edits: [],
  end: 8,
  whole: RUNNING.curve,
};
