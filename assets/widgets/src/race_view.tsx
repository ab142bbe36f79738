/**
 * Strategies side by side: the browser side of nas_explorer/widgets/race_view.py.
 *
 * Traits of the control model, in Python's order: stream, what, metric, clock, moment, hidden, guess. The stream model behind
 * `stream` is described in race_view_data.ts. Python makes every number and word; this side has the lines as far as they go, and
 * draws as much of them as was known at a moment.
 */
import { useCallback, useEffect, useMemo, useRef, useState, type JSX, type KeyboardEvent } from "react";
import { Banner } from "./banner";
import { greet, useLost } from "./connection";
import { DetachedBanner, detachedHeader } from "./detached";
import { isControl, keepFocus } from "./focus";
import { Header } from "./header";
import { KeysList } from "./keys_list";
import { useTrait, type ControlModel, type Model } from "./model";
import { RaceBar } from "./race_view_bar";
import { RaceChart } from "./race_view_chart";
import { RaceControls } from "./race_view_controls";
import { BLANK_HEADER, BLANK_PLOT, BLANK_TABLE, type Plot, type RaceTable } from "./race_view_data";
import { useFiles } from "./race_view_files";
import type { Growth } from "./race_view_growth";
import { RACE_KEYS, raceKey } from "./race_view_keys";
import { useRaceReplay } from "./race_view_player";
import { Question } from "./race_view_question";
import { RaceSide, type FileKind } from "./race_view_side";
import { Steady } from "./race_view_steady";
import { FinalTable } from "./race_view_table";
import { setTrait } from "./replay_player";
import type { Banner as BannerState, CommandName, Fact, Header as HeaderState } from "./stream";
import { widget } from "./widget";

interface Props {
  model: ControlModel;
  stream: Model;
}

const UNDER_WAY = new Set(["idle", "starting", "running", "stopping"]);
const NO_FACTS: Fact[] = [];
const NO_NOTES: string[] = [];
const ASKED: BannerState = { kind: "note", bold: "Predict first.", text: "Which strategy will win? Choose one to see the race.", details: null, actions: [] };

function RaceView({ model, stream }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const [keysOpen, setKeysOpen] = useState(false);
  const [logX, setLogX] = useState(false);
  const [logY, setLogY] = useState(true);
  const [seen, see] = useState<string | null>(null);
  const [chosenBands, setBands] = useState<ReadonlySet<string> | null>(null);
  const plot = useTrait<Plot>(stream, "plot", BLANK_PLOT);
  const table = useTrait<RaceTable>(stream, "table", BLANK_TABLE);
  const header = useTrait<HeaderState>(stream, "header", BLANK_HEADER);
  const banner = useTrait<BannerState | null>(stream, "banner", null);
  const facts = useTrait(stream, "facts", NO_FACTS);
  const notes = useTrait(stream, "notes", NO_NOTES);
  const offers = useTrait(stream, "offers", NO_NOTES);
  const verdict = useTrait(stream, "verdict", "");
  const hidden = useTrait(model, "hidden", false);
  const guess = useTrait<string | null>(model, "guess", null);
  const lost = useLost(stream, model);
  const attached = lost === null;
  const [replay, press] = useRaceReplay(model, plot.moments, attached);
  const asking = hidden && guess === null;
  const calm = UNDER_WAY.has(header.phase) || replay.playing || asking;
  const command = useCallback((name: CommandName) => attached && model.send({ type: "command", name }), [model, attached]);
  const choose = useCallback((trait: string, value: unknown) => setTrait(model, trait, value, attached), [model, attached]);
  const take = useCallback((kind: FileKind) => attached && model.send({ type: "export", kind }), [model, attached]);
  const grow = useCallback((wish: Growth) => attached && model.send(wish), [model, attached]);
  const shownHeader = useMemo(() => (lost === null ? header : detachedHeader(header, lost)), [header, lost]);
  const still = useMemo(() => matchMedia("(prefers-reduced-motion: reduce)").matches, []);
  const reach = replay.live ? null : (plot.moments.reach[replay.place] ?? null);
  const bands = useMemo(() => chosenBands ?? usualBands(plot, table, calm), [chosenBands, plot, table, calm]);
  const rows = useMemo(() => (calm ? inLaneOrder(plot, table) : table.rows), [plot, table, calm]);
  useFiles(model);
  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), []);
  useEffect(() => greet(model, stream), [model, stream]);

  const toggle = useCallback(
    (lane: string) => {
      const next = new Set(bands);
      if (!next.delete(lane)) next.add(lane);
      setBands(next);
    },
    [bands],
  );
  const ask = useCallback(
    (on: boolean) => {
      choose("guess", null);
      choose("hidden", on);
    },
    [choose],
  );
  const closeKeys = () => {
    setKeysOpen(false);
    root.current?.focus({ preventScroll: true });
  };
  const pressed = (event: KeyboardEvent) => {
    const key = raceKey(event, placeOfFocus(event.target));
    if (key === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (key.do === "replay" && !(key.action.do === "play" && (event.repeat || still))) press(key.action);
    if (key.do === "log") key.axis === "x" ? setLogX(!logX) : plot.log_fits && setLogY(!logY);
    if (key.do === "clear" && keysOpen) closeKeys();
    if (key.do === "help") (keysOpen ? closeKeys : () => setKeysOpen(true))();
  };
  const said = asking ? ASKED : banner;
  return (
    <div
      ref={root}
      className="nx nx-live rv"
      role="region"
      aria-label={`${shownHeader.title} ${shownHeader.name}`.trim()}
      tabIndex={-1}
      data-lm-suppress-shortcuts="true"
      data-events={plot.moments.events.at(-1) ?? 0}
      data-place={replay.place}
      onKeyDown={pressed}
    >
      <Header header={shownHeader} command={command} showKeys={() => setKeysOpen(true)} />
      {lost !== null ? <DetachedBanner header={header} /> : said !== null && (
        <Steady>
          <Banner banner={said} command={command} />
        </Steady>
      )}
      <div className={attached ? "nx-body" : "nx-body dimmed"}>
        <div className="rv-main">
          <section className="rv-left" aria-label={plot.title}>
            <div className="ph rv-head">
              <h4>{plot.title}</h4>
              <span className="grow" />
              <RaceControls plot={plot} choose={choose} logX={logX} logY={logY} setLogX={setLogX} setLogY={setLogY} />
            </div>
            <div className="rv-over">
              <RaceChart
                plot={plot}
                reach={reach}
                logX={logX}
                logY={logY && plot.log_fits}
                bands={bands}
                seen={seen}
                hidden={asking}
                finding={said === null ? plot.title : `${said.bold} ${said.text}`}
              />
              {asking && <Question lanes={plot.lanes} guess={(lane) => choose("guess", lane)} />}
              {!asking && plot.moments.events.length === 0 && <p className="rv-empty t2">No search has begun yet.</p>}
            </div>
            <p className="rv-caption xs t2">{plot.caption}</p>
          </section>
          <RaceSide
            facts={facts}
            notes={notes}
            lanes={plot.lanes}
            bands={bands}
            toggle={toggle}
            see={see}
            asking={asking}
            hidden={hidden}
            verdict={verdict}
            ask={ask}
            take={take}
            offers={offers}
            seeds={plot.seeds}
            grow={grow}
          />
        </div>
        {!asking && <FinalTable table={table} rows={rows} see={see} />}
      </div>
      {!asking && <RaceBar plot={plot} replay={replay} still={still} press={press} />}
      {keysOpen && <KeysList close={closeKeys} keys={RACE_KEYS} />}
      <div className="sr" aria-live="polite">
        {useTrait(stream, "announcement", "")} {hidden && !asking ? verdict : ""}
      </div>
    </div>
  );
}

/** Random search, and who is ahead; while that may still change, the first lane. Two bands are enough to look through. */
function usualBands(plot: Plot, table: RaceTable, calm: boolean): ReadonlySet<string> {
  const others = (calm ? plot.lanes : table.rows).filter((lane) => !lane.random);
  const random = plot.lanes.filter((lane) => lane.random);
  return new Set([...others.slice(0, 1), ...random].map((lane) => lane.name));
}

/** While a race runs its rows stay where they are, whoever is ahead. */
function inLaneOrder(plot: Plot, table: RaceTable): RaceTable["rows"] {
  const place = new Map(plot.lanes.map((lane, i) => [lane.name, i]));
  return [...table.rows].sort((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
}

function placeOfFocus(target: EventTarget): Parameters<typeof raceKey>[1] {
  if (!(target instanceof Element)) return "else";
  if (target.closest("[role=slider]") !== null) return "slider";
  return isControl(target) ? "control" : "else";
}

export default widget({
  Live: RaceView,
  label: "Race",
  lost: "Its kernel is no longer there; the race is in its folder, and nothing is lost. Run the cell again to see it.",
});
