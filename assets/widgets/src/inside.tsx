/** The supernet view of a search in the place of its dashboard's panels: another widget of the same kernel, shown in here. */
import { memo, useEffect, useRef, useState, type JSX } from "react";
import { modelId, type ControlModel } from "./model";

/** The two views of a search that trains shared weights. */
export function ViewTabs({ inside, show }: { inside: boolean; show: (inside: boolean) => void }): JSX.Element {
  return (
    <span className="nx-tabs" role="group" aria-label="View">
      <button type="button" className="btn small" aria-pressed={!inside} onClick={() => show(false)}>
        Trials
      </button>
      <button type="button" className="btn small" aria-pressed={inside} onClick={() => show(true)}>
        Inside
      </button>
    </span>
  );
}

/** `reference` is null until Python has made the view. */
export const Inside = memo(function Inside({ model, reference }: { model: ControlModel; reference: string | null }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (reference === null) return undefined;
    let gone = false;
    let remove = () => {};
    const show = async () => {
      const manager = model.widget_manager;
      const view = await manager.create_view?.(await manager.get_model(modelId(reference)));
      if (view === undefined || gone) return view?.remove();
      remove = () => view.remove();
      host.current?.replaceChildren(view.el);
    };
    show().catch(() => setFailed(true));
    return () => {
      gone = true;
      remove();
    };
  }, [model, reference]);
  return (
    <div className="nx-inside">
      <div ref={host} />
      {failed && <p className="nx-message">The shared weights cannot be shown in here; nas.SupernetView(search) shows them in a cell.</p>}
    </div>
  );
});
