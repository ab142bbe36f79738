/** What stands on the axis of a replay beside the thumb: where something happened that is worth going to. */

export type MarkKind = "warn" | "fail" | "best" | "edit" | "pause";

export interface Mark {
  at: number; // on the axis, in its unit
  kind: MarkKind;
  words?: string; // shown on hover
}

const PARTS = 160; // of the axis; in each one mark of a kind is enough, as more would lie over each other

/** So few of the marks that they can be told apart, in the order in which they are drawn: what is rare stands on top. */
export function thinned(marks: readonly Mark[], end: number): Mark[] {
  const order: readonly MarkKind[] = ["best", "pause", "fail", "warn", "edit"];
  const kept = new Map<string, Mark>();
  for (const mark of marks) {
    const spot = `${mark.kind} ${Math.floor((PARTS * mark.at) / Math.max(end, 1e-9))}`;
    if (!kept.has(spot)) kept.set(spot, mark);
  }
  return [...kept.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.at - b.at);
}
