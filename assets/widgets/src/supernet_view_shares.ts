/** The probabilities of one moment, decision by decision, and what a line or a chip makes of them. Numbers only. */
import type { Decision, Line, Moment, Option } from "./supernet_view_data";

const SCALE = 10_000;

export interface Leading {
  option: Option;
  place: number;
  share: number;
}

const STARTS = new WeakMap<readonly Decision[], readonly number[]>();

/** Where the options of each decision begin in a moment's numbers. */
function startsOf(decisions: readonly Decision[]): readonly number[] {
  let found = STARTS.get(decisions);
  if (found === undefined) {
    let at = 0;
    found = decisions.map(({ options }) => (at += options.length) - options.length);
    STARTS.set(decisions, found);
  }
  return found;
}

export class Shares {
  private readonly starts: readonly number[];

  constructor(
    readonly decisions: readonly Decision[],
    readonly moment: Moment | null,
  ) {
    this.starts = startsOf(decisions);
  }

  /** One probability an option; empty where the moment does not tell. */
  of(decision: number): number[] {
    const start = this.starts[decision] ?? 0;
    const count = this.decisions[decision]?.options.length ?? 0;
    const parts = this.moment?.p.slice(start, start + count) ?? [];
    return parts.length === count && parts.every((part) => part >= 0) ? parts.map((part) => part / SCALE) : [];
  }

  leading(decision: number): Leading | null {
    const shares = this.of(decision);
    if (shares.length === 0) return null;
    const place = shares.reduce((best, share, i) => (share > (shares[best] as number) ? i : best), 0);
    return { option: this.decisions[decision]?.options[place] as Option, place, share: shares[place] as number };
  }

  /** How likely an edge is there; 1 where nothing is decided, or the moment does not tell. */
  presence({ presence }: Line): number {
    if (presence === null) return 1;
    const shares = this.of(presence.decision);
    return shares.length === 0 ? 1 : presence.options.reduce((sum, option) => sum + (shares[option] ?? 0), 0);
  }

  /** Bits, or null where the moment does not tell. */
  entropy(decision: number): number | null {
    const bits = this.moment?.entropy[decision] ?? -1;
    return bits < 0 ? null : bits;
  }

  /** The option that would be derived now, or null where the decision is not asked. */
  picked(decision: number): Option | null {
    const place = this.moment?.pick[decision] ?? -1;
    return this.decisions[decision]?.options[place] ?? null;
  }

  /** Whether the architecture that would be derived now has this edge. */
  isPicked({ presence }: Line): boolean {
    if (presence === null) return true;
    return presence.options.includes(this.moment?.pick[presence.decision] ?? -1);
  }
}

/** The number of decisions' options where the mean entropy would be largest, in bits. */
export function mostBits(decision: Decision): number {
  return Math.log2(decision.options.length);
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** "in → 1: skip 80 %, conv 3×3 6 %", most likely first. */
export function spoken(decision: Decision, shares: readonly number[]): string {
  if (shares.length === 0) return `${decision.label}: not weighed`;
  const ordered = decision.options.map((option, i) => ({ option, share: shares[i] ?? 0 })).sort((a, b) => b.share - a.share);
  return `${decision.label}: ${ordered.map(({ option, share }) => `${option.label} ${percent(share)}`).join(", ")}`;
}
