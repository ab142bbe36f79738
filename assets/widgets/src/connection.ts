/** Is Python still at the other end, and which of its threads serves our clicks? */
import { useEffect, useState } from "react";
import type { ControlModel, KernelLike, Model } from "./model";

const HELLO_EVERY_MS = 300;
const HELLO_TRIES = 10;

/**
 * Say hello until the answer comes from a subshell thread; from then on clicks are served while a cell is busy.
 *
 * One hello is not enough: the subshell is not ready when a view is rendered. Only an optimisation, so it gives up after ten tries,
 * and when Python is lost: sending to a kernel that restarts throws.
 */
export function greet(model: ControlModel, stream: Model): () => void {
  const kernel = model.widget_manager.kernel ?? null;
  let tries = 0;
  const hello = () => {
    if (tries++ >= HELLO_TRIES || !isAttached(stream, kernel)) return stop();
    model.send({ type: "hello" });
  };
  const heard = (message: { type?: string; thread?: string }) => {
    if (message.type === "ack" && message.thread?.startsWith("subshell-")) stop();
  };
  const timer = setInterval(hello, HELLO_EVERY_MS);
  function stop(): void {
    clearInterval(timer);
    model.off("msg:custom", heard);
  }
  model.on("msg:custom", heard);
  hello();
  return stop;
}

const GONE = new Set(["dead", "terminating", "restarting", "autorestarting"]);

/**
 * False once the comm is closed or the kernel is gone. A host that tells neither counts as attached.
 *
 * `kernel` is the one that the view was made with: after a shutdown the page has none or another, and comms are not closed for it.
 */
export function isAttached(stream: Model, kernel: KernelLike | null): boolean {
  return stream.comm_live !== false && kernel?.isDisposed !== true && !GONE.has(kernel?.status ?? "");
}

/** Call `changed` whenever `isAttached` may have a new answer; returns the function that ends it. */
export function watchAttachment(stream: Model, kernel: KernelLike | null, changed: () => void): () => void {
  const status = kernel?.statusChanged;
  stream.on("comm_live_update", changed);
  status?.connect(changed);
  return () => {
    stream.off("comm_live_update", changed);
    status?.disconnect(changed);
  };
}

/** The wall-clock time at which Python was lost, or null while it is there. */
export function useLost(stream: Model, model: ControlModel): string | null {
  const [lost, setLost] = useState<string | null>(null);
  useEffect(() => {
    const kernel = model.widget_manager.kernel ?? null;
    const look = () => {
      const attached = isAttached(stream, kernel);
      setLost((before) => (attached ? null : (before ?? new Date().toLocaleTimeString("en-GB"))));
    };
    look();
    return watchAttachment(stream, kernel, look);
  }, [stream, model]);
  return lost;
}
