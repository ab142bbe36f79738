/** Stand-ins for a widget model, its manager and plotly's graph, with everything they were told kept in lists. */
import type { ControlModel, KernelLike, Listener, Model, WidgetManager } from "../src/model";
import type { Plotly } from "../src/plotly";

export class FakeModel implements ControlModel {
  sent: unknown[] = [];
  saved = 0;
  comm_live = true;
  widget_manager!: WidgetManager;
  private listeners: [string, Listener][] = [];

  constructor(private state: Record<string, unknown>) {}

  get(name: string): unknown {
    return this.state[name];
  }
  set(name: string, value: unknown): void {
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.fire(`change:${name}`);
  }
  save_changes(): void {
    this.saved += 1;
  }
  send(content: unknown): void {
    this.sent.push(content);
  }
  on(event: string, listener: Listener): void {
    this.listeners.push([event, listener]);
  }
  off(event: string, listener: Listener): void {
    this.listeners = this.listeners.filter(([name, other]) => name !== event || other !== listener);
  }
  fire(event: string, ...content: unknown[]): void {
    for (const [name, listener] of [...this.listeners]) if (name === event) (listener as (...args: unknown[]) => void)(...content);
  }
  get listening(): string[] {
    return this.listeners.map(([name]) => name);
  }
}

/** Plotly, as far as it is used: every element that it has drawn into, with what was drawn last. */
export class FakePlotly implements Plotly {
  graphs = new Map<HTMLElement, { data: unknown[]; drawn: number }>();
  Plots = { resize: () => undefined };

  async react(host: HTMLElement, data: unknown[], layout: { xaxis?: object }): Promise<void> {
    if (layout.xaxis !== undefined) Object.assign(layout.xaxis, { type: "linear", autorange: false }); // as plotly does
    this.graphs.set(host, { data, drawn: (this.graphs.get(host)?.drawn ?? 0) + 1 });
  }
  purge(host: HTMLElement): void {
    this.graphs.delete(host);
  }
}

export class FakeManager implements WidgetManager {
  kernel: KernelLike | null = null;

  constructor(private models: Record<string, Model>) {}

  async get_model(id: string): Promise<Model> {
    const model = this.models[id];
    if (model === undefined) throw new Error(`model not found: ${id}`);
    return model;
  }
}

/** A Lumino signal: connect, disconnect, emit. */
export class FakeSignal {
  slots: (() => void)[] = [];
  connect(slot: () => void): void {
    this.slots.push(slot);
  }
  disconnect(slot: () => void): void {
    this.slots = this.slots.filter((other) => other !== slot);
  }
  emit(): void {
    for (const slot of this.slots) slot();
  }
}
