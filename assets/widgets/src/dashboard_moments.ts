/** Moments that Python has made ahead, so that they are played without asking for each: see widgets/dashboard_moments.py. */
import { patched, type Columns, type Figure } from "./plotly";
import type { DashboardStream, TrialRow, TrialTable } from "./stream";

type Pooled = number; // a place in the pool of its message

interface MomentMessage {
  events: number;
  header: Pooled;
  banner: Pooled;
  pareto: Pooled;
  curve: Pooled;
  detail: Pooled;
  table: Omit<TrialTable, "columns" | "rows" | "selected_row"> & { columns: Pooled; rows: Pooled[]; selected_row: Pooled };
  figure: { data: Pooled[]; layout: Pooled }; // without dots, which the stream has
}

export interface MomentsMessage {
  type: "moments";
  key: string;
  pool: unknown[];
  moments: MomentMessage[];
}

/** What is put over the stream while a moment is played; the figure is made when it is shown. */
export type Shown = Pick<DashboardStream, "header" | "banner" | "pareto" | "curve" | "detail" | "table" | "events"> & {
  drawing: (base: Figure) => Figure;
};

const CHUNK = 32; // as in Python
const ON_THE_WAY = 2; // messages asked for at a time
const NEAR = 16; // moments that will be due before an answer to a later question is sure to be there
const MOST = 3000; // moments kept

export class MomentsAhead {
  private kept = new Map<number, Shown>();
  private asked = new Map<number, number>(); // events -> when
  private key = "";

  constructor(
    private readonly send: (message: object) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The user has chosen something else: what was made is of no use. */
  choose(key: string): void {
    if (key === this.key) return;
    this.key = key;
    this.kept.clear();
    this.asked.clear();
  }

  get(events: number): Shown | null {
    return this.kept.get(events) ?? null;
  }

  /**
   * Ask for what is neither there nor on its way, of many only the first; for a few only when they will be due soon, since every question
   * costs the page and Jupyter's server far more than what it asks for.
   */
  want(events: readonly number[]): void {
    const old = this.now() - 2000; // such an answer was lost: the kernel was busy, say
    for (const [count, at] of this.asked) if (at < old) this.asked.delete(count);
    const room = ON_THE_WAY * CHUNK - this.asked.size;
    const lacking = events.filter((count) => !this.kept.has(count) && !this.asked.has(count)).slice(0, Math.max(0, room));
    const soon = lacking.length > 0 && this.asked.size === 0 && events.indexOf(lacking[0]!) < NEAR;
    if (lacking.length < CHUNK && !soon) return;
    for (let i = 0; i < lacking.length; i += CHUNK) {
      const chunk = lacking.slice(i, i + CHUNK);
      for (const count of chunk) this.asked.set(count, this.now());
      this.send({ type: "ahead", key: this.key, events: chunk });
    }
  }

  /** False of a message that answers an older question. */
  take(message: MomentsMessage): boolean {
    if (message.key !== this.key) return false;
    for (const moment of message.moments) {
      this.kept.set(moment.events, shown(moment, message.pool));
      this.asked.delete(moment.events);
    }
    for (const events of this.kept.keys()) {
      if (this.kept.size <= MOST) break;
      this.kept.delete(events);
    }
    return true;
  }
}

function shown(moment: MomentMessage, pool: unknown[]): Shown {
  const from = <T>(place: Pooled) => pool[place] as T;
  const { table, figure } = moment;
  return {
    events: moment.events,
    header: from(moment.header),
    banner: from(moment.banner),
    pareto: from(moment.pareto),
    curve: from(moment.curve),
    detail: from(moment.detail),
    table: {
      ...table,
      columns: from(table.columns),
      rows: table.rows.map((row) => from<TrialRow>(row)),
      selected_row: from(table.selected_row),
    },
    drawing: (base) => ({ ...patched(base, { data: figure.data.map(from<Columns>), layout: from(figure.layout) }), then: moment.events }),
  };
}
