/** What every widget of ours does when it is shown: find its data model, draw, and take all away again. */
import type { ComponentType, JSX } from "react";
import { createRoot } from "react-dom/client";
import { modelId, type ControlModel, type Model } from "./model";
import { HostContext, type Host } from "./nested";
import { markTheme } from "./theme";

interface Views<M extends ControlModel> {
  /** The widget, of its control model and the model that Python's data come in on. */
  Live: ComponentType<{ model: M; stream: Model }>;
  /** Where the data model is not there: a notebook that was opened again without its kernel. */
  label: string;
  lost: string;
}

/** anywidget's entry. */
export function widget<M extends ControlModel>({ Live, label, lost }: Views<M>) {
  async function render({ model, el, host }: { model: M; el: HTMLElement; host?: Host }): Promise<() => void> {
    const root = createRoot(el);
    const unmark = markTheme(el);
    try {
      const stream = await model.widget_manager.get_model(modelId(String(model.get("stream"))));
      root.render(
        <HostContext value={host ?? null}>
          <Live model={model} stream={stream} />
        </HostContext>,
      );
    } catch {
      root.render(<Lost label={label} text={lost} />);
    }
    return () => {
      unmark();
      root.unmount();
    };
  }
  return { render };
}

function Lost({ label, text }: { label: string; text: string }): JSX.Element {
  return (
    <div className="nx" role="region" aria-label={label}>
      <div className="ban warn" role="alert">
        <div className="grow">
          <b className="b">This view is not attached.</b> {text}
        </div>
      </div>
    </div>
  );
}
