/** The moments of a search, as far as this page knows them. Messages may come twice, and some may be lacking: then they are asked for. */
import type { Moment, MomentsMessage } from "./supernet_view_data";

export class Moments {
  private kept: Moment[] = [];
  private stride = 1;

  /** All that are known without a gap, from the first; a new array whenever there are new ones. */
  get all(): readonly Moment[] {
    return this.kept;
  }

  /** The number of the first snapshot that is not known. */
  get next(): number {
    return (this.kept.at(-1)?.number ?? -1) + 1;
  }

  /** Take a message; false if moments before its first are lacking, so that nothing of it could be taken. */
  take({ stride, moments }: MomentsMessage): boolean {
    const first = moments[0];
    if (first === undefined) return true;
    if (first.number > this.due(stride)) return false;
    const fresh = moments.filter(({ number }) => number >= this.next);
    if (fresh.length === 0 && stride === this.stride) return true;
    this.stride = Math.max(this.stride, stride);
    const all = [...this.kept, ...fresh];
    const last = all.length - 1;
    this.kept = all.filter(({ number }, i) => i === last || number % this.stride === 0);
    return true;
  }

  /** The number that may come next: the first unknown one, or the first after it that is kept at this stride. */
  private due(stride: number): number {
    return Math.ceil(this.next / stride) * stride;
  }
}

/** The place in `moments` of the snapshot with this number, or of the last one before it; null stands for the newest. */
export function placeOf(moments: readonly Moment[], snapshot: number | null): number {
  if (snapshot === null) return moments.length - 1;
  let low = 0;
  let high = moments.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((moments[middle] as Moment).number <= snapshot) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, moments.length - 1);
}

/** The place of the moment whose epoch is nearest; of equals the last. */
export function nearestPlace(moments: readonly Moment[], epoch: number): number {
  let best = 0;
  moments.forEach((moment, place) => {
    const nearest = moments[best] as Moment;
    if (Math.abs(moment.epoch - epoch) <= Math.abs(nearest.epoch - epoch)) best = place;
  });
  return best;
}

/** The places where a warning begins: at each, the moment before had none. */
export function warningsBegin(moments: readonly Moment[]): number[] {
  return moments.flatMap((moment, place) => (moment.warning !== null && (moments[place - 1]?.warning ?? null) === null ? [place] : []));
}
