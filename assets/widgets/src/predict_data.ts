/** What Python sends for a prediction, and the pure parts of drawing it. */

export interface Question {
  kind: "choice" | "number" | "ranking" | "curve";
  text: string;
  options: string[];
  least: number;
  most: number;
  unit: string;
  places: string[];
  axis: string;
}

export type Guess = string | number | string[] | number[];

/** Empty until the truth is revealed. */
export interface Shown {
  truth?: Guess;
  sentence?: string;
}

export interface GuessProps<T extends Guess> {
  question: Question;
  draft: T | null;
  truth: T | null; // null until it is revealed; then nothing can be changed
  change: (value: T) => void;
}

export const STEPS = 100; // positions of a slider

/** Where a guess begins: nothing for a choice, the options as they stand, the middle. */
export function firstDraft(question: Question): Guess | null {
  if (question.kind === "choice") return null;
  if (question.kind === "ranking") return question.options;
  const middle = (question.least + question.most) / 2;
  return question.kind === "number" ? middle : question.places.map(() => middle);
}

export function step(question: Question): number {
  const even = (question.most - question.least) / STEPS;
  return Number.isInteger(question.least) && Number.isInteger(question.most) && even >= 0.5 ? Math.round(even) : even;
}

/** The value held to the slider's ends and positions. */
export function held(value: number, question: Question): number {
  const by = step(question);
  const near = question.least + Math.round((value - question.least) / by) * by;
  return Number(Math.min(question.most, Math.max(question.least, near)).toPrecision(12));
}

/** "15,625", "0.123" */
export function short(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}

export function withUnit(value: number, question: Question): string {
  return question.unit === "" ? short(value) : `${short(value)} ${question.unit}`;
}

/** The list with the item at `from` moved by one; the same list at its ends. */
export function moved(list: string[], from: number, by: 1 | -1): string[] {
  const to = from + by;
  if (to < 0 || to >= list.length) return list;
  const next = [...list];
  [next[from], next[to]] = [next[to] as string, next[from] as string];
  return next;
}

/** How far along the axis a value lies, 0 to 1. */
export function share(value: number, [least, most]: [number, number]): number {
  return (value - least) / (most - least);
}

/** What must be on the axis: the question's ends, and whatever of the truth lies beyond. */
export function extent(question: Question, truth: number[]): [number, number] {
  return [Math.min(question.least, ...truth), Math.max(question.most, ...truth)];
}
