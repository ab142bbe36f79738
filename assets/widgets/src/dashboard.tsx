/**
 * The live dashboard of a search: the browser side of nas_explorer/widgets/dashboard.py.
 *
 * Traits of the control model, in Python's order: stream, selected, x_metric, y_metric, theme, moment.
 * The stream model behind `stream` is described in stream.ts. Python decides; this side draws and reports gestures.
 */
import { useCallback, useEffect, useMemo, useRef, useState, type JSX, type KeyboardEvent, type Ref } from "react";
import { useActions, type Actions } from "./actions";
import { Banner } from "./banner";
import { greet, useLost } from "./connection";
import { CurvePanel } from "./curve";
import { TrialBar } from "./dashboard_bar";
import { useDashboardReplay } from "./dashboard_player";
import type { Timeline } from "./dashboard_timeline";
import { DetailPanel } from "./detail";
import { DetachedBanner, detachedHeader } from "./detached";
import { isControl, keepFocus } from "./focus";
import { Header } from "./header";
import { Inside, ViewTabs, type View } from "./inside";
import { keyAction } from "./keys";
import { KeysList } from "./keys_list";
import { useTrait, type ControlModel, type Model } from "./model";
import { ParetoPanel } from "./pareto_panel";
import { BLANK, type Banner as BannerState, type Detail, type Header as HeaderState } from "./stream";
import { TrialTablePanel, type TableHandle } from "./table";
import { useTheme } from "./theme";
import { widget } from "./widget";

interface Props {
  model: ControlModel;
  stream: Model;
}

const OTHERS = ["inside", "lineage", "steer"] as const;

function Dashboard({ model, stream }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const table = useRef<TableHandle>(null);
  const [keysOpen, setKeysOpen] = useState(false);
  const [view, setView] = useState<View>("trials");
  const nested = {
    inside: useTrait<string | null>(stream, "inside", null),
    lineage: useTrait<string | null>(stream, "lineage", null),
    steer: useTrait<string | null>(stream, "steer", null),
  };
  const selected = useTrait<number | null>(model, "selected", null);
  const lost = useLost(stream, model);
  const [choice, turned] = useChoice(model, selected);
  const actions = useActions(model, lost === null, turned);
  const { line, replay, press, near, ready, shown } = useDashboardReplay(model, stream, choice, lost === null);
  const header = useTrait<HeaderState>(shown, "header", BLANK.header);
  const still = useMemo(() => matchMedia("(prefers-reduced-motion: reduce)").matches, []);
  const shownHeader = useMemo(() => (lost === null ? header : detachedHeader(header, lost)), [header, lost]);

  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), []);
  useEffect(() => greet(model, stream), [model, stream]);
  useTheme(model, stream);

  const closeKeys = () => {
    setKeysOpen(false);
    root.current?.focus({ preventScroll: true });
  };
  const clear = () => {
    if (keysOpen) closeKeys();
    else if (selected !== null) actions.select(null);
  };
  const views: View[] = ["trials", ...OTHERS.filter((name) => header[name] === true)];
  const look = (at: View) => {
    setView(at);
    if (at !== "trials" && nested[at] === null) actions.look(at);
  };
  const compare = (trial: number) => {
    setView("lineage");
    actions.look("lineage", trial);
  };
  const runOrPause = () => {
    const button = shownHeader.buttons.find(({ name, enabled }) => enabled && (name === "pause" || name === "resume"));
    if (button !== undefined) actions.command(button.name);
  };
  const pressed = (event: KeyboardEvent) => {
    const action = keyAction(event, place(event.target));
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (action.do === "run-or-pause" && !event.repeat) runOrPause();
    if (action.do === "move") table.current?.move(action.to);
    if (action.do === "replay" && !(action.action.do === "play" && (event.repeat || still))) press(action.action);
    if (action.do === "select") table.current?.selectCursor();
    if (action.do === "clear") clear();
    if (action.do === "help") (keysOpen ? closeKeys : () => setKeysOpen(true))();
  };

  return (
    <div
      ref={root}
      className="nx nx-live"
      role="region"
      aria-label={`${shownHeader.title} ${shownHeader.name}`.trim()}
      tabIndex={-1}
      data-lm-suppress-shortcuts="true"
      data-events={useTrait(shown, "events", 0)}
      data-place={replay.place}
      onKeyDown={pressed}
    >
      <Header header={shownHeader} command={actions.command} showKeys={() => setKeysOpen(true)}>
        <ViewTabs views={views} view={view} show={look} />
      </Header>
      {view === "trials" && <TrialBar line={line} replay={replay} still={still} selected={selected} press={press} near={near} ready={ready} />}
      {lost === null ? view === "trials" && <LiveBanner stream={shown} command={actions.command} /> : <DetachedBanner header={header} />}
      {view !== "trials" ? (
        <Inside model={model} view={view} reference={nested[view]} />
      ) : (
        <div className={shownHeader.phase === "detached" ? "nx-body dimmed" : "nx-body"}>
          <Body
            model={model}
            stream={shown}
            selected={selected}
            header={shownHeader}
            actions={actions}
            table={table}
            compare={header.lineage === true ? compare : null}
            line={replay.live && !replay.playing ? null : line}
            playing={replay.playing}
          />
        </div>
      )}
      {keysOpen && <KeysList close={closeKeys} />}
      <Announcement stream={stream} />
    </div>
  );
}

interface BodyProps extends Props {
  selected: number | null;
  header: HeaderState;
  actions: Actions;
  table: Ref<TableHandle>;
  compare: ((trial: number) => void) | null;
  line: Timeline | null; // of a replay
  playing: boolean;
}

function Body({ model, stream, selected, header, actions, table, compare, line, playing }: BodyProps): JSX.Element {
  const pareto = useTrait(stream, "pareto", BLANK.pareto);
  return (
    <>
      <div className="nx-main">
        <ParetoPanel
          pareto={pareto}
          phase={line === null ? header.phase : "running" /* in a replay there is no Start to press */}
          stream={stream}
          xMetric={useTrait(model, "x_metric", "")}
          yMetric={useTrait(model, "y_metric", "")}
          chooseX={actions.chooseX}
          chooseY={actions.chooseY}
          select={actions.select}
        />
        <DetailPanel detail={useTrait<Detail | null>(stream, "detail", null)} plan={useTrait(stream, "plan", BLANK.plan)} compare={compare} />
      </div>
      <div className="nx-bottom">
        <CurvePanel curve={useTrait(stream, "curve", BLANK.curve)} frame={line?.whole ?? null} />
        <TrialTablePanel
          table={useTrait(stream, "table", BLANK.table)}
          tiles={useTrait(stream, "tiles", BLANK.tiles)}
          selected={selected}
          select={actions.select}
          openPage={actions.openPage}
          handle={table}
          replayed={line !== null}
          playing={playing}
        />
      </div>
    </>
  );
}

/** All that decides what a moment looks like, in one word; and what to call when another page of the table is asked for. */
function useChoice(model: ControlModel, selected: number | null): [string, () => void] {
  const [turns, setTurns] = useState(0);
  const [x, y, theme] = [useTrait(model, "x_metric", ""), useTrait(model, "y_metric", ""), useTrait(model, "theme", "")];
  return [JSON.stringify([selected, x, y, theme, turns]), useCallback(() => setTurns((before) => before + 1), [])];
}

function place(target: EventTarget): Parameters<typeof keyAction>[1] {
  if (target instanceof Element && target.closest("[role=slider]") !== null) return "slider";
  return isControl(target) ? "control" : "page";
}

function LiveBanner({ stream, command }: { stream: Model; command: Actions["command"] }): JSX.Element | null {
  const banner = useTrait<BannerState | null>(stream, "banner", null);
  return banner === null ? null : <Banner banner={banner} command={command} />;
}

function Announcement({ stream }: { stream: Model }): JSX.Element {
  return (
    <div className="sr" aria-live="polite">
      {useTrait(stream, "announcement", "")}
    </div>
  );
}

export default widget({
  Live: Dashboard,
  label: "Search",
  lost: "Its kernel is no longer there; the search is in its run folder, and nothing is lost. Run the cell again to see it.",
});
