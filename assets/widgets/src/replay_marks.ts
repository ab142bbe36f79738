/** What stands on the axis of a replay beside the thumb: where something happened that is worth going to. */

export type MarkKind = "warn" | "fail" | "best" | "edit" | "pause";

export interface Mark {
  at: number; // on the axis, in its unit
  kind: MarkKind;
  words?: string; // shown on hover
  count?: number; // of edits that would lie over each other; without it one
}

const PARTS = 160; // of the axis; in each one mark of a kind is enough, as more would lie over each other

const LINES = 6; // of edits in one tooltip

/** So few of the marks that they can be told apart, in the order in which they are drawn: what is rare stands on top. */
export function thinned(marks: readonly Mark[], end: number): Mark[] {
  const order: readonly MarkKind[] = ["best", "pause", "fail", "warn", "edit"];
  const kept = new Map<string, Mark>();
  const edits = new Map<string, Mark[]>();
  for (const mark of marks) {
    const spot = `${mark.kind} ${Math.floor((PARTS * mark.at) / Math.max(end, 1e-9))}`;
    if (!kept.has(spot)) kept.set(spot, mark);
    if (mark.kind === "edit") edits.set(spot, [...(edits.get(spot) ?? []), mark]);
  }
  for (const [spot, together] of edits) if (together.length > 1) kept.set(spot, joined(together));
  return [...kept.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.at - b.at);
}

/** One mark for edits at one spot, with all that was done in its words. */
function joined(marks: readonly Mark[]): Mark {
  const more = marks.length - LINES;
  const lines = marks.slice(0, LINES).map(({ words }) => words ?? "an edit");
  return { ...marks[0]!, count: marks.length, words: [`${marks.length} edits`, ...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n") };
}
