/** How an edge is drawn at one moment: width, opacity and the corners of an arrowhead that grows with it. As in views/supernet_svg.py. */
import type { Graph, Line, Option } from "./supernet_view_data";
import type { Shares } from "./supernet_view_shares";

const THIN = 1.5;
const THICK = 8;
const FAINT = 0.14;

export interface LineLook {
  width: number;
  opacity: number;
  option: Option | null; // the leading operation; null: nothing is chosen on it
  decided: boolean;
}

export function lineLook(line: Line, shares: Shares): LineLook {
  const lead = line.operation === null ? null : shares.leading(line.operation);
  const there = shares.presence(line);
  const decided = line.presence !== null;
  const width = lead !== null ? THIN + THICK * lead.share * there : decided ? THIN + 3 * there : THIN;
  return { width, opacity: Math.max(FAINT, there) * (lead !== null ? 0.85 : 1), option: lead?.option ?? null, decided };
}

/** The look of an edge in the architecture that would be derived now, or null if it is not in it. */
export function pickedLook(line: Line, shares: Shares, width: number): LineLook | null {
  if (!shares.isPicked(line)) return null;
  const option = line.operation === null ? null : shares.picked(line.operation);
  return { width, opacity: 1, option, decided: line.presence !== null };
}

/**
 * The edges of the derived architecture on which something comes from an input to the output; `none` lets nothing pass.
 *
 * Inputs are the nodes that no edge of the space leads to, outputs those that none leaves.
 */
export function livingLines(graph: Graph, shares: Shares): Set<Line> {
  const passes = graph.lines.filter((line) => {
    const look = pickedLook(line, shares, 1);
    return look !== null && look.option?.family !== "none";
  });
  const nodes = graph.nodes.map((_, i) => i);
  const reached = new Set(nodes.filter((node) => graph.lines.every(({ target }) => target !== node)));
  const needed = new Set(nodes.filter((node) => graph.lines.every(({ source }) => source !== node)));
  for (const node of nodes) if (passes.some(({ source, target }) => target === node && reached.has(source))) reached.add(node);
  for (const node of [...nodes].reverse()) if (passes.some(({ source, target }) => source === node && needed.has(target))) needed.add(node);
  const lives = (node: number) => reached.has(node) && needed.has(node);
  return new Set(passes.filter(({ source, target }) => lives(source) && lives(target)));
}

/** Path data of the arrowhead of a line so wide. */
export function headPath([x, y, degrees]: Line["tip"], width: number): string {
  const back = 10 + width * 0.35;
  const half = 4 + width * 0.62;
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const corner = (a: number, b: number) => `${round(x + a * cos - b * sin)} ${round(y + a * sin + b * cos)}`;
  return `M${corner(0, 0)}L${corner(-back, -half)}L${corner(-back, half)}z`;
}

const round = (value: number) => Math.round(value * 100) / 100;
