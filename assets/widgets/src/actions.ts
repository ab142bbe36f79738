/** The gestures that Python hears of. */
import { useEffect, useMemo, useRef } from "react";
import type { ControlModel } from "./model";
import type { CommandName } from "./stream";

export interface Actions {
  command(name: CommandName): void;
  select(trial: number | null): void;
  openPage(offset: number): void;
  chooseX(metric: string): void;
  chooseY(metric: string): void;
  look(view: "inside" | "lineage" | "steer", trial?: number): void; // let Python make it; a trial to hold against others
}

/**
 * Without Python (`attached` false) they do nothing: a view that moves by itself would tell something untrue. `turned` hears that
 * another page of the table is asked for.
 */
export function useActions(model: ControlModel, attached: boolean, turned: () => void): Actions {
  // A reference keeps the actions the same objects, so that losing Python does not mount the figure anew.
  const live = useRef(attached);
  useEffect(() => {
    live.current = attached;
  }, [attached]);
  return useMemo(() => {
    const send = (message: object) => {
      if (live.current) model.send(message);
    };
    const set = (name: string) => (value: unknown) => {
      if (!live.current) return;
      model.set(name, value);
      model.save_changes();
    };
    return {
      command: (name) => send({ type: "command", name }),
      openPage: (offset) => {
        turned();
        send({ type: "page", offset });
      },
      look: (view, trial) => send(trial === undefined ? { type: view } : { type: view, trial }),
      select: set("selected"),
      chooseX: set("x_metric"),
      chooseY: set("y_metric"),
    };
  }, [model, turned]);
}
