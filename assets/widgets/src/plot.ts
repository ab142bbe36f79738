/** Draws the stream's figure into the page, keeps it as wide as its column, and reports clicks on points. */
import type { Model } from "./model";
import { frameOf, PlayedPicture } from "./played_picture";
import type { Axis, Figure, Graph, Plotly } from "./plotly";

const CONFIG = { displayModeBar: false, displaylogo: false, doubleClick: "reset", responsive: false } as const;

const NEAR_PIXELS = 12;
const STILL_PIXELS = 4;
const QUIET_MS = 200; // a moment that stands so long is drawn by plotly, too, which then knows it for hovers
const MOST_REST_MS = 300; // the first drawing compiles shaders, and must not keep the next one waiting as long

/** Where dots are: plotly's own, or those of a replay over its axes. */
interface Places {
  _fullData: Graph["_fullData"];
  _fullLayout: { xaxis: Pick<Axis, "_offset" | "l2p">; yaxis: Pick<Axis, "_offset" | "l2p"> };
}

/** The trial whose dot is nearest to a place on the graph, in its own pixels, or null where none is near. */
export function trialNear(graph: Places, x: number, y: number): number | null {
  const { xaxis, yaxis } = graph._fullLayout;
  let [best, nearest]: [number | null, number] = [null, NEAR_PIXELS ** 2];
  for (const { x: xs, y: ys, customdata } of graph._fullData) {
    for (let i = 0; i < (customdata?.length ?? 0); i += 1) {
      const distance = (xaxis._offset + xaxis.l2p(xs[i]!) - x) ** 2 + (yaxis._offset + yaxis.l2p(ys[i]!) - y) ** 2;
      if (distance > nearest) continue; // of equals the last: the front is drawn over the others
      [best, nearest] = [customdata![i]!, distance];
    }
  }
  return best;
}

/**
 * Reports the trial that was clicked, and not the end of a drag. Plotly's own click needs the hover before it, which every redraw
 * forgets: five times a second while a search runs.
 */
function watchClicks(host: HTMLElement, places: () => Places | null, picked: (trial: number) => void): () => void {
  let pressed: PointerEvent | null = null;
  const down = (event: PointerEvent) => {
    pressed = event;
  };
  const up = (event: PointerEvent) => {
    const from = pressed;
    pressed = null;
    if (from === null || Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > STILL_PIXELS) return;
    const graph = places();
    if (graph === null) return;
    const box = host.getBoundingClientRect();
    const trial = trialNear(graph, event.clientX - box.left, event.clientY - box.top);
    if (trial !== null) picked(trial);
  };
  host.addEventListener("pointerdown", down, true);
  window.addEventListener("pointerup", up, true); // while a button is down plotly covers the page with an element of its own
  return () => {
    host.removeEventListener("pointerdown", down, true);
    window.removeEventListener("pointerup", up, true);
  };
}

interface Mount {
  plotly: Plotly;
  stream: Model; // its trait `figure`
  host: HTMLElement;
  picked: (trial: number) => void;
  failed: (error: Error) => void;
}

/** Draw now and whenever the figure is replaced; returns the function that takes everything away again. */
export function mountPlot({ plotly, stream, host, picked, failed }: Mount): () => void {
  const gone = new AbortController();
  let drawn = false;
  let frame = 0;
  let quiet = 0;
  let width = 0;
  let drawnFrame = "";
  let rested = 0; // when the next drawing may begin: as long after the last one as that took, so that half of the time is left for others
  const picture = new PlayedPicture(host);
  const graph = () => ("_fullLayout" in host && "_fullData" in host ? (host as unknown as Graph) : null);
  const places = () => {
    const plotted = graph();
    return plotted === null || picture.traces.length === 0 ? plotted : { _fullLayout: plotted._fullLayout, _fullData: picture.traces };
  };
  const resize = () => {
    width = host.clientWidth;
    void plotly.Plots.resize(host);
  };
  const draw = async () => {
    width ||= host.clientWidth;
    const figure = stream.get("figure") as Partial<Figure> | undefined;
    if (gone.signal.aborted || figure?.data === undefined) return;
    const began = performance.now();
    await plotly.react(host, figure.data, structuredClone(figure.layout), CONFIG); // plotly writes its defaults into what it is given
    const end = performance.now();
    rested = end + Math.min(end - began, MOST_REST_MS);
    drawnFrame = frameOf(figure as Figure);
    picture.hide();
    if (gone.signal.aborted || drawn) return;
    drawn = true;
    if (host.clientWidth !== width) resize(); // the column may have changed while plotly was drawing
  };
  // Figures that come faster than frames are not drawn: the newest is.
  const changed = () => {
    clearTimeout(quiet);
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(due);
  };
  /** A moment of a replay is painted at once, where plotly's axes stand already; plotly follows where it rests. */
  const painted = () => {
    const [figure, plotted] = [stream.get("figure") as Partial<Figure> | undefined, graph()];
    if (figure?.past === undefined || plotted === null || frameOf(figure as Figure) !== drawnFrame) return false;
    if (!picture.show(figure as Figure, plotted)) return false;
    if (figure.past === "rests") quiet = window.setTimeout(settle, QUIET_MS);
    return true;
  };
  const settle = () => {
    draw().catch((error: unknown) => {
      if (!gone.signal.aborted) failed(error instanceof Error ? error : new Error(String(error)));
    });
  };
  const due = () => {
    if (painted()) return undefined;
    if (drawn && performance.now() < rested) return changed();
    settle();
  };
  stream.on("change:figure", changed);
  changed();
  const unclick = watchClicks(host, places, picked);
  const unwatch = followWidth(host, () => {
    if (drawn && host.clientWidth !== width) resize();
  });

  return () => {
    gone.abort();
    clearTimeout(quiet);
    cancelAnimationFrame(frame);
    stream.off("change:figure", changed);
    unwatch();
    unclick();
    plotly.purge(host);
  };
}

/** Plotly listens to the window's size only; a notebook changes the width of a cell without it. */
function followWidth(host: HTMLElement, resize: () => void): () => void {
  let frame = 0;
  const observer = new ResizeObserver(() => {
    if (host.clientWidth === 0) return; // hidden, in another tab say
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(resize);
  });
  observer.observe(host);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  };
}
