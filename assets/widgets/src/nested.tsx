/** Another widget of the same kernel, shown inside of one of ours. */
import { createContext, memo, useContext, useEffect, useRef, useState, type JSX } from "react";
import { modelId, type ControlModel } from "./model";

/** What anywidget hands to `render` where widgets may show others; older versions hand over nothing. */
export interface Host {
  getWidget(reference: string): Promise<{ render(place: { el: HTMLElement; signal: AbortSignal }): Promise<unknown> }>;
}

export const HostContext = createContext<Host | null>(null);

interface Props {
  model: ControlModel;
  reference: string | null; // null until Python has made it
  failed: string; // what to say if it cannot be shown
}

export const Nested = memo(function Nested({ model, reference, failed }: Props): JSX.Element {
  const host = useContext(HostContext);
  const place = useRef<HTMLDivElement>(null);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (reference === null || place.current === null) return undefined;
    const gone = new AbortController();
    setLost(false);
    mount(model, host, modelId(reference), place.current, gone.signal).catch(() => {
      if (!gone.signal.aborted) setLost(true);
    });
    return () => gone.abort();
  }, [model, host, reference]);
  return (
    <>
      <div ref={place} />
      {lost && <p className="nx-message">{failed}</p>}
    </>
  );
});

/** Jupyter's widget manager makes views; marimo has none, and there anywidget's host draws into an element. */
async function mount(model: ControlModel, host: Host | null, id: string, place: HTMLElement, gone: AbortSignal): Promise<void> {
  const manager = model.widget_manager;
  if (manager.create_view === undefined) {
    if (host === null) throw new Error("this page shows no widget inside of another");
    const el = document.createElement("div");
    place.replaceChildren(el);
    await (await host.getWidget(`anywidget:${id}`)).render({ el, signal: gone });
    return;
  }
  const view = await manager.create_view(await manager.get_model(id));
  if (gone.aborted) return view.remove();
  gone.addEventListener("abort", () => view.remove());
  place.replaceChildren(view.el);
}
