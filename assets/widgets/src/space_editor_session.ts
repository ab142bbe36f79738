/**
 * The gestures of one view, one after the other: the next is sent when Python has answered the one before, with the version that the
 * user then sees. So quick keys are never refused as outdated, and a second view that was quicker is.
 */
import type { ControlModel } from "./model";
import type { Answer } from "./space_editor_data";

export interface SessionModel extends Pick<ControlModel, "send" | "on" | "off"> {}

interface Waiting {
  type: string;
  args: object;
  settle: (answer: Answer) => void;
}

const PATIENCE_MS = 8000;
const LONG_PATIENCE_MS = 60_000; // torch is imported
const SLOW: ReadonlySet<string> = new Set(["start_search", "open_run", "open_space", "play", "begin_race"]);

export class Session {
  readonly view = Math.random().toString(36).slice(2, 12);
  private queue: Waiting[] = [];
  private underway: { number: number; waiting: Waiting; timer: ReturnType<typeof setTimeout> } | null = null;
  private number = 0;
  private answered = 0; // the version of the last answer: it may be here before the drawing

  constructor(
    private model: SessionModel,
    private shown: () => number,
  ) {}

  private version(): number {
    return Math.max(this.answered, this.shown());
  }

  begin(): void {
    this.model.on("msg:custom", this.heard as never);
  }

  /** Resolves with Python's answer; a gesture that is not answered in time resolves as refused. */
  ask(type: string, args: object = {}): Promise<Answer> {
    return new Promise((settle) => {
      this.queue.push({ type, args, settle });
      this.next();
    });
  }

  end(): void {
    this.model.off("msg:custom", this.heard as never);
    if (this.underway !== null) clearTimeout(this.underway.timer);
    this.underway = null;
    this.queue = [];
  }

  private heard = (message: Answer): void => {
    if (message.type !== "answer" || message.view !== this.view || message.number !== this.underway?.number) return;
    this.finish(message);
  };

  private next(): void {
    const waiting = this.underway === null ? this.queue.shift() : undefined;
    if (waiting === undefined) return;
    const number = ++this.number;
    const late = () => this.finish({ type: "answer", view: this.view, number, version: this.version(), refused: LATE });
    this.underway = { number, waiting, timer: setTimeout(late, SLOW.has(waiting.type) ? LONG_PATIENCE_MS : PATIENCE_MS) };
    this.model.send({ type: waiting.type, view: this.view, number, version: this.version(), args: waiting.args });
  }

  private finish(answer: Answer): void {
    const ended = this.underway;
    if (ended === null) return;
    clearTimeout(ended.timer);
    this.underway = null;
    this.answered = Math.max(this.answered, answer.version);
    ended.waiting.settle(answer);
    this.next();
  }
}

const LATE = "There was no answer. The kernel is busy with a cell; this view follows when it has answered.";
