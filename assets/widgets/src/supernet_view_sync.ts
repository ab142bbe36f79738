/** Keeps this page's moments in step with Python: takes every message, and asks again for what it lacks. */
import { useSyncExternalStore } from "react";
import { isAttached } from "./connection";
import type { ControlModel, KernelLike, Model } from "./model";
import type { Moment, MomentsMessage } from "./supernet_view_data";
import { Moments } from "./supernet_view_moments";

const ASK_EVERY_MS = 1500;

/** All views of one search on a page share their moments. */
const stores = new WeakMap<Model, Store>();

class Store {
  readonly moments = new Moments();
  private listeners = new Set<() => void>();
  private askedAt = -Infinity;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly kernel: KernelLike | null;

  constructor(
    private readonly stream: Model,
    private readonly control: ControlModel,
  ) {
    this.kernel = control.widget_manager.kernel ?? null;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    if (this.listeners.size === 0) this.open();
    this.listeners.add(changed);
    return () => {
      this.listeners.delete(changed);
      if (this.listeners.size === 0) this.close();
    };
  };

  private open(): void {
    this.stream.on("msg:custom", this.heard);
    this.stream.on("change:count", this.check);
    this.timer = setInterval(this.check, ASK_EVERY_MS);
    this.check();
  }

  private close(): void {
    this.stream.off("msg:custom", this.heard);
    this.stream.off("change:count", this.check);
    clearInterval(this.timer);
    this.askedAt = -Infinity;
  }

  private readonly heard = (message: { type?: string }) => {
    if (message.type !== "moments") return;
    if (this.moments.take(message as MomentsMessage)) for (const changed of this.listeners) changed();
    else this.check();
  };

  /** Ask at most every so often: what was asked for may be on its way, chunk by chunk. */
  private readonly check = () => {
    const count = Number(this.stream.get("count") ?? 0);
    const now = performance.now();
    if (this.moments.next >= count || now - this.askedAt < ASK_EVERY_MS || !isAttached(this.stream, this.kernel)) return;
    this.askedAt = now;
    this.control.send({ type: "lacks", first: this.moments.next });
  };
}

/** The moments that this page knows, in order. */
export function useMoments(stream: Model, control: ControlModel): readonly Moment[] {
  let store = stores.get(stream);
  if (store === undefined) {
    store = new Store(stream, control);
    stores.set(stream, store);
  }
  const { subscribe, moments } = store;
  return useSyncExternalStore(subscribe, () => moments.all);
}

