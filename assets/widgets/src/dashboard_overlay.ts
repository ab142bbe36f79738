/** The stream with a played moment over it: panels read it like any model, and need not know that it is a moment of the past. */
import type { Shown } from "./dashboard_moments";
import type { Listener, Model } from "./model";
import type { Figure } from "./plotly";
import type { Header } from "./stream";
import { arePoints, withPoints, type TrialPoints } from "./trial_points";

const LIST_MS = 250; // a table that plays faster than this is not read, and is much of the work of a frame

export class Overlay implements Model {
  private content: Readonly<Record<string, unknown>> = {};
  private listedAt = -Infinity;
  private listeners = new Map<string, Set<Listener>>();
  private playing = false;
  private last: { of: Figure; points: TrialPoints; figure: Figure } | null = null;

  constructor(private readonly under: Model) {}

  get(name: string): unknown {
    const value = name in this.content ? this.content[name] : this.under.get(name);
    if (name === "figure") return this.dotted(value as Figure | undefined);
    // What can be pressed is what can be pressed now.
    return name === "header" && value === this.content.header ? this.commanded(value as Header) : value;
  }

  on(event: string, listener: Listener): void {
    this.under.on(event, listener);
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.under.off(event, listener);
    this.listeners.get(event)?.delete(listener);
  }

  /** Put a moment over the stream; null takes it away. While it plays, the table comes along a few times a second. */
  show(shown: Shown | null, playing = false): void {
    const before = this.content;
    this.playing = playing;
    if (shown === null) this.content = {};
    else {
      const { drawing, ...rest } = { ...shown, table: this.table(shown, playing) };
      const base = this.under.get("figure") as Figure | undefined;
      this.content = base?.data === undefined ? rest : { ...rest, figure: drawing(base) };
    }
    for (const name of new Set([...Object.keys(before), ...Object.keys(this.content)])) {
      if (before[name] === this.content[name]) continue;
      for (const listener of this.listeners.get(`change:${name}`) ?? []) (listener as () => void)();
    }
  }

  /** The figure of a moment of the past with its dots. */
  private dotted(of: Figure | undefined): Figure | undefined {
    const points = this.under.get("points");
    if (of?.then === undefined || !arePoints(points)) return of;
    if (this.last?.of !== of || this.last.points !== points) {
      this.last = { of, points, figure: { ...withPoints(of, points, of.then), past: this.playing ? "plays" : "rests" } };
    }
    return this.last.figure;
  }

  private table(shown: Shown, playing: boolean): Shown["table"] {
    const now = performance.now();
    const before = this.content.table as Shown["table"] | undefined;
    if (playing && before !== undefined && now - this.listedAt < LIST_MS) return before;
    this.listedAt = now;
    return shown.table;
  }

  private headed: { then: Header; now: Header; both: Header } | null = null;

  private commanded(then: Header): Header {
    const now = (this.under.get("header") ?? then) as Header;
    if (this.headed?.then !== then || this.headed.now !== now) this.headed = { then, now, both: { ...then, buttons: now.buttons ?? then.buttons } };
    return this.headed.both;
  }
}
