/**
 * The live dashboard of a search: the browser side of nas_explorer/widgets/dashboard.py.
 *
 * Traits of the control model, in Python's order: stream, selected, x_metric, y_metric, theme.
 * The stream model behind `stream` is described in stream.ts. Python decides; this side draws and reports gestures.
 */
import { useEffect, useMemo, useRef, useState, type JSX, type KeyboardEvent, type Ref } from "react";
import { useActions, type Actions } from "./actions";
import { Banner } from "./banner";
import { greet, useLost } from "./connection";
import { CurvePanel } from "./curve";
import { DetailPanel } from "./detail";
import { DetachedBanner, detachedHeader } from "./detached";
import { isControl, keepFocus } from "./focus";
import { Header } from "./header";
import { Inside, ViewTabs } from "./inside";
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

function Dashboard({ model, stream }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const table = useRef<TableHandle>(null);
  const [keysOpen, setKeysOpen] = useState(false);
  const [inside, setInside] = useState(false);
  const supernet = useTrait<string | null>(stream, "inside", null);
  const selected = useTrait<number | null>(model, "selected", null);
  const header = useTrait<HeaderState>(stream, "header", BLANK.header);
  const lost = useLost(stream, model);
  const actions = useActions(model, lost === null);
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
  const look = (within: boolean) => {
    setInside(within);
    if (within && supernet === null) actions.lookInside();
  };
  const runOrPause = () => {
    const button = shownHeader.buttons.find(({ name, enabled }) => enabled && (name === "pause" || name === "resume"));
    if (button !== undefined) actions.command(button.name);
  };
  const pressed = (event: KeyboardEvent) => {
    const action = keyAction(event, isControl(event.target));
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (action.do === "run-or-pause" && !event.repeat) runOrPause();
    if (action.do === "move") table.current?.move(action.to);
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
      data-events={useTrait(stream, "events", 0)}
      onKeyDown={pressed}
    >
      <Header header={shownHeader} command={actions.command} showKeys={() => setKeysOpen(true)}>
        {header.inside === true && <ViewTabs inside={inside} show={look} />}
      </Header>
      {lost === null ? !inside && <LiveBanner stream={stream} command={actions.command} /> : <DetachedBanner header={header} />}
      {inside ? (
        <Inside model={model} reference={supernet} />
      ) : (
        <div className={shownHeader.phase === "detached" ? "nx-body dimmed" : "nx-body"}>
          <Body model={model} stream={stream} selected={selected} header={shownHeader} actions={actions} table={table} />
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
}

function Body({ model, stream, selected, header, actions, table }: BodyProps): JSX.Element {
  const pareto = useTrait(stream, "pareto", BLANK.pareto);
  return (
    <>
      <div className="nx-main">
        <ParetoPanel
          pareto={pareto}
          phase={header.phase}
          stream={stream}
          xMetric={useTrait(model, "x_metric", "")}
          yMetric={useTrait(model, "y_metric", "")}
          chooseX={actions.chooseX}
          chooseY={actions.chooseY}
          select={actions.select}
        />
        <DetailPanel detail={useTrait<Detail | null>(stream, "detail", null)} plan={useTrait(stream, "plan", BLANK.plan)} />
      </div>
      <div className="nx-bottom">
        <CurvePanel curve={useTrait(stream, "curve", BLANK.curve)} />
        <TrialTablePanel
          table={useTrait(stream, "table", BLANK.table)}
          selected={selected}
          select={actions.select}
          openPage={actions.openPage}
          handle={table}
        />
      </div>
    </>
  );
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
