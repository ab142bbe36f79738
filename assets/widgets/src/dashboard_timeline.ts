/** The time axis of a search, as nas_explorer/views/timeline.py makes it: its stops in columns, and ways to find one. */
import type { Mark, MarkKind } from "./replay_marks";
import type { Curve } from "./stream";

/** The trait. Columns are base64 of little-endian 32-bit numbers. */
export interface TimelineTrait {
  events: string;
  trials: string;
  ended: string;
  kinds: string;
  edits: string[]; // what the user changed, one for every stop of that kind, in order
  end: number; // trials at the right end of the axis
  whole: Curve; // what is known now, so that a replay of the curve stands still in its frame
}

export interface Timeline {
  events: Int32Array; // how many were known at each stop; rising
  trials: Int32Array; // that ended with the last of them, -1: none did
  ended: Int32Array; // how many trials had ended
  kinds: Int32Array;
  edits: ReadonlyMap<number, string>; // stop -> what the user changed there
  end: number;
  whole: Curve | null;
  marks: Mark[];
}

/** What happened at a stop, in Python's order; what has no mark is there too often, or goes without saying. */
const KINDS: readonly (MarkKind | null)[] = [null, null, "best", "fail", "pause", "edit"];

export const NO_TIMELINE: Timeline = {
  ...{ events: new Int32Array(), trials: new Int32Array(), ended: new Int32Array(), kinds: new Int32Array() },
  ...{ edits: new Map<number, string>(), end: 1, whole: null, marks: [] },
};

export function bytes(base64: string): Uint8Array {
  const text = atob(base64);
  const decoded = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) decoded[i] = text.charCodeAt(i); // from() with a function is ten times as slow
  return decoded;
}

export function timelineOf(trait: TimelineTrait | null): Timeline {
  if (trait === null) return NO_TIMELINE;
  const column = (text: string) => new Int32Array(bytes(text).buffer);
  const line = { events: column(trait.events), trials: column(trait.trials), ended: column(trait.ended), kinds: column(trait.kinds) };
  const marks: Mark[] = [];
  const edits = new Map<number, string>();
  line.kinds.forEach((kind, place) => {
    const mark = KINDS[kind] ?? null;
    if (mark === "edit") edits.set(place, trait.edits[edits.size] ?? "an edit");
    if (mark !== null) marks.push({ at: line.ended[place]!, kind: mark, words: markWords(mark, line.trials[place]!, edits.get(place)) });
  });
  return { ...line, edits, end: Math.max(1, trait.end), whole: trait.whole, marks };
}

function markWords(kind: MarkKind, trial: number, edit = ""): string {
  const words: Record<MarkKind, string> = {
    best: `trial ${trial}: the best so far`,
    fail: `trial ${trial} failed`,
    pause: "a pause",
    edit,
    warn: "a warning",
  };
  return words[kind];
}

/** The last place whose number in a rising column is at most `most`; 0 if all are greater. */
export function lastAtMost(column: Int32Array, most: number): number {
  let [low, high] = [0, column.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (column[middle]! <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The stop at which so many trials had ended, and not yet anything after it. */
export function placeOfEnded(line: Timeline, ended: number): number {
  const whole = Math.round(ended);
  if (whole <= 0) return 0;
  return Math.min(lastAtMost(line.ended, whole - 1) + 1, line.events.length - 1);
}

/** The stop at which a trial ended; null of one that has not. */
export function placeOfTrial(line: Timeline, trial: number): number | null {
  const place = line.trials.indexOf(trial);
  return place < 0 ? null : place;
}

/** As a screen reader says it. */
export function stopWords(line: Timeline, place: number): string {
  const ended = line.ended[place];
  if (ended === undefined) return "nothing yet";
  const trial = line.trials[place]!;
  const kind = KINDS[line.kinds[place]!] ?? null;
  const what = place === 0 ? ", the beginning" : kind !== null ? `, ${markWords(kind, trial, line.edits.get(place))}` : trial >= 0 ? `, trial ${trial} ended` : "";
  return `${ended} of ${line.ended.at(-1)} trials${what}`;
}
