/**
 * The shared weights of a one-shot search from inside: the browser side of nas_explorer/widgets/supernet_view.py.
 *
 * Traits of the control model, in Python's order: stream, selected, snapshot. The stream model behind `stream` is described in
 * supernet_view_data.ts. Python makes every number and word; this side keeps the moments, draws one, and plays them again.
 */
import { useCallback, useEffect, useMemo, useRef, useState, type JSX, type KeyboardEvent } from "react";
import { Banner } from "./banner";
import { greet, useLost } from "./connection";
import { DetachedBanner, detachedHeader } from "./detached";
import { isControl, keepFocus } from "./focus";
import { Header } from "./header";
import { KeysList } from "./keys_list";
import { useTrait, type ControlModel, type Model } from "./model";
import { BLANK, type Banner as BannerState, type CommandName, type Header as HeaderState } from "./stream";
import { EpochBar } from "./supernet_view_bar";
import { SupernetBody } from "./supernet_view_body";
import { BLANK_DRAWING, type Drawing, type Moment } from "./supernet_view_data";
import { SUPERNET_KEYS, supernetKey } from "./supernet_view_keys";
import { lastEpoch } from "./supernet_view_paths";
import { neighbour, spots } from "./supernet_view_places";
import { usePlayer } from "./supernet_view_player";
import { useMoments } from "./supernet_view_sync";
import { widget } from "./widget";

interface Props {
  model: ControlModel;
  stream: Model;
}

function SupernetView({ model, stream }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const [keysOpen, setKeysOpen] = useState(false);
  const drawing = useTrait<Drawing>(stream, "drawing", BLANK_DRAWING);
  const header = useTrait<HeaderState>(stream, "header", BLANK.header);
  const banner = useTrait<BannerState | null>(stream, "banner", null);
  const lost = useLost(stream, model);
  const moments = useMoments(stream, model);
  const [replay, press] = usePlayer(model, moments, lost === null);
  const [selected, select] = useSelected(model, drawing, lost === null);
  const command = useCallback((name: CommandName) => lost === null && model.send({ type: "command", name }), [model, lost]);
  const shownHeader = useMemo(() => (lost === null ? header : detachedHeader(header, lost)), [header, lost]);
  const still = useMemo(() => matchMedia("(prefers-reduced-motion: reduce)").matches, []);
  const end = lastEpoch(drawing.epochs, moments);

  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), []);
  useEffect(() => greet(model, stream), [model, stream]);

  const closeKeys = () => {
    setKeysOpen(false);
    root.current?.focus({ preventScroll: true });
  };
  const pressed = (event: KeyboardEvent) => {
    const key = supernetKey(event, place(event.target));
    if (key === null || (key.do === "clear" && !keysOpen)) return;
    event.preventDefault();
    event.stopPropagation();
    if (key.do === "replay" && !(key.action.do === "play" && (event.repeat || still))) press(key.action);
    if (key.do === "move") move(key.to);
    if (key.do === "clear") closeKeys();
    if (key.do === "help") (keysOpen ? closeKeys : () => setKeysOpen(true))();
  };
  const move = (to: Parameters<typeof neighbour>[2]) => {
    const graph = drawing.graphs[drawing.decisions[selected]?.graph ?? 0];
    if (graph !== undefined) select(neighbour(spots(graph), selected, to));
  };
  const moment = moments[replay.place] ?? null;
  return (
    <div
      ref={root}
      className="nx nx-live sv"
      role="region"
      aria-label={`${shownHeader.title} ${shownHeader.name}`.trim()}
      tabIndex={-1}
      data-lm-suppress-shortcuts="true"
      data-moments={moments.length}
      data-moment={moment?.number ?? ""}
      onKeyDown={pressed}
    >
      <Header header={shownHeader} command={command} showKeys={() => setKeysOpen(true)} />
      {lost === null ? <Said banner={banner} moment={moment} command={command} /> : <DetachedBanner header={header} />}
      <div className={lost === null ? "nx-body" : "nx-body dimmed"}>
        <SupernetBody drawing={drawing} moments={moments} place={replay.place} end={end} selected={selected} select={select} />
      </div>
      <EpochBar moments={moments} replay={replay} end={end} still={still} press={press} />
      {keysOpen && <KeysList close={closeKeys} keys={SUPERNET_KEYS} />}
      <div className="sr" aria-live="polite">
        {useTrait(stream, "announcement", "")}
      </div>
    </div>
  );
}

/** The number of the selected decision; the trait holds its id, so that a cell can set it. */
function useSelected(model: ControlModel, drawing: Drawing, attached: boolean): [number, (decision: number) => void] {
  const id = useTrait(model, "selected", "");
  const selected = Math.max(0, drawing.decisions.findIndex((decision) => decision.id === id));
  const select = useCallback(
    (decision: number) => {
      const chosen = drawing.decisions[decision]?.id;
      if (chosen === undefined || chosen === model.get("selected")) return;
      model.set("selected", chosen);
      if (attached) model.save_changes();
    },
    [model, drawing, attached],
  );
  return [selected, select];
}

/** One banner at a time: what went wrong with the search, then what is wrong at the moment that is shown, then all else. */
function Said({ banner, moment, command }: { banner: BannerState | null; moment: Moment | null; command: (name: CommandName) => void }): JSX.Element | null {
  const warning = moment?.warning ?? null;
  const urgent = banner !== null && (banner.kind === "err" || banner.kind === "warn");
  if (!urgent && warning !== null) return <Banner banner={{ kind: "warn", ...warning, details: null, actions: [] }} command={command} />;
  return banner === null ? null : <Banner banner={banner} command={command} />;
}

function place(target: EventTarget): Parameters<typeof supernetKey>[1] {
  if (!(target instanceof Element)) return "root";
  if (target.closest("[role=listbox]") !== null) return "graph";
  if (target.closest("[role=slider]") !== null) return "slider";
  return isControl(target) || target.closest(".sv-picked") !== null ? "control" : "root";
}

export default widget({
  Live: SupernetView,
  label: "Supernet",
  lost: "Its kernel is no longer there; the search is in its run folder, and nothing is lost. Run the cell again to see it.",
});
