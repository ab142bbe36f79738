/** Traits of a widget model as React state. The model is the store: nothing is copied, a panel redraws when its own trait is replaced. */
import { useCallback, useSyncExternalStore } from "react";

export type Listener = (...args: never[]) => void;

/** The part of a widget model that we use; anywidget's wrapped model and the manager's raw one both have it. */
export interface Model {
  get(name: string): unknown;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
  comm_live?: boolean;
}

export interface ControlModel extends Model {
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  widget_manager: WidgetManager;
}

export interface KernelLike {
  status?: string;
  isDisposed?: boolean;
  statusChanged?: {
    connect(slot: () => void): unknown;
    disconnect(slot: () => void): unknown;
  };
}

export interface WidgetManager {
  get_model(id: string): Promise<Model>;
  create_view?(model: Model): Promise<{ el: HTMLElement; remove(): void }>;
  kernel?: KernelLike | null;
}

/** The current value of one trait; `blank` while Python has not sent one (an empty dict counts as none). */
export function useTrait<T>(model: Model, name: string, blank: T): T {
  const subscribe = useCallback(
    (changed: () => void) => {
      model.on(`change:${name}`, changed);
      return () => model.off(`change:${name}`, changed);
    },
    [model, name],
  );
  const value = useSyncExternalStore(subscribe, () => model.get(name));
  return isBlank(value) ? blank : (value as T);
}

function isBlank(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** The id inside an "IPY_MODEL_<id>" reference. */
export function modelId(reference: string): string {
  const prefix = "IPY_MODEL_";
  if (!reference.startsWith(prefix)) throw new Error(`a model reference starts with ${prefix}, got "${reference}"`);
  return reference.slice(prefix.length);
}
