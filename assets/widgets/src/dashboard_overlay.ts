/** The stream with a played moment over it: panels read it like any model, and need not know that it is a moment of the past. */
import type { Shown } from "./dashboard_moments";
import type { Listener, Model } from "./model";
import type { Figure } from "./plotly";
import type { Header } from "./stream";

const LIST_MS = 250; // a table of fifty rows that plays faster than this is not read, and is most of the work of a frame

export class Overlay implements Model {
  private content: Readonly<Record<string, unknown>> = {};
  private listedAt = -Infinity;
  private listeners = new Map<string, Set<Listener>>();
  private past = false;
  private rest: { of: Figure; figure: Figure } | null = null;

  constructor(private readonly under: Model) {}

  get(name: string): unknown {
    if (!(name in this.content)) return name === "figure" && this.past ? this.resting(this.under.get(name) as Figure) : this.under.get(name);
    // What can be pressed is what can be pressed now.
    if (name === "header") return this.commanded(this.content.header as Header);
    return this.content[name];
  }

  on(event: string, listener: Listener): void {
    this.under.on(event, listener);
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.under.off(event, listener);
    this.listeners.get(event)?.delete(listener);
  }

  /**
   * Put a moment over the stream; null takes it away. While it plays, the table comes along a few times a second. `past` tells whether
   * what the stream itself shows is a moment of the past.
   */
  show(shown: Shown | null, playing = false, past = false): void {
    const before = this.content;
    this.past = past;
    if (shown === null) this.content = {};
    else {
      const { drawing, ...rest } = { ...shown, table: this.table(shown, playing) };
      const base = this.under.get("figure") as Figure | undefined;
      this.content = base?.data === undefined ? rest : { ...rest, figure: { ...drawing(base), past: playing ? "plays" : "rests" } };
    }
    for (const name of new Set([...Object.keys(before), ...Object.keys(this.content)])) {
      if (before[name] === this.content[name]) continue;
      for (const listener of this.listeners.get(`change:${name}`) ?? []) (listener as () => void)();
    }
  }

  private resting(of: Figure | undefined): Figure | undefined {
    if (of?.data === undefined) return of;
    if (this.rest?.of !== of) this.rest = { of, figure: { ...of, past: "rests" } };
    return this.rest.figure;
  }

  private table(shown: Shown, playing: boolean): Shown["table"] {
    const now = performance.now();
    const before = this.content.table as Shown["table"] | undefined;
    if (playing && before !== undefined && now - this.listedAt < LIST_MS) return before;
    this.listedAt = now;
    return shown.table;
  }

  private last: { then: Header; now: Header; both: Header } | null = null;

  private commanded(then: Header): Header {
    const now = (this.under.get("header") ?? then) as Header;
    if (this.last?.then !== then || this.last.now !== now) this.last = { then, now, both: { ...then, buttons: now.buttons ?? then.buttons } };
    return this.last.both;
  }
}
