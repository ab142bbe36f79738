/** Another view of a search in the place of its dashboard's panels: a widget of the same kernel, shown in here. */
import { memo, type JSX } from "react";
import type { ControlModel } from "./model";
import { Nested } from "./nested";

export type View = "trials" | "inside" | "lineage" | "steer";

const NAMES: Readonly<Record<View, string>> = { trials: "Trials", inside: "Inside", lineage: "Lineage", steer: "Steer" };

/** The views that there are of a search; nothing where there is but one. */
export function ViewTabs({ views, view, show }: { views: readonly View[]; view: View; show: (view: View) => void }): JSX.Element | null {
  if (views.length < 2) return null;
  return (
    <span className="nx-tabs" role="group" aria-label="View">
      {views.map((name) => (
        <button key={name} type="button" className="btn small" aria-pressed={name === view} onClick={() => show(name)}>
          {NAMES[name]}
        </button>
      ))}
    </span>
  );
}

const FAILED: Readonly<Record<Exclude<View, "trials">, string>> = {
  inside: "The shared weights cannot be shown in here; nas.SupernetView(search) shows them in a cell.",
  lineage: "Who came from whom cannot be shown in here; nas.LineageView(search) shows it in a cell.",
  steer: "What steers the search cannot be shown in here; nas.SteerPanel(search) shows it in a cell.",
};

interface Props {
  model: ControlModel;
  view: Exclude<View, "trials">;
  reference: string | null; // null until Python has made it
}

export const Inside = memo(function Inside({ model, view, reference }: Props): JSX.Element {
  return (
    <div className="nx-inside">
      <Nested key={view} model={model} reference={reference} failed={FAILED[view]} />
    </div>
  );
});
