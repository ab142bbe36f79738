/**
 * Step in while a search runs: the browser side of nas_explorer/widgets/steer_panel.py.
 *
 * Traits of the control model, in Python's order: stream, start. The stream model behind `stream` is described in
 * steer_panel_data.ts. An edit goes to Python as a message, which answers it; a proposal by hand is put together on this side.
 */
import { useCallback, useEffect, useMemo, useRef, useState, type JSX, type KeyboardEvent } from "react";
import { Banner } from "./banner";
import { greet, useLost } from "./connection";
import { DetachedBanner, detachedHeader } from "./detached";
import { isControl, keepFocus } from "./focus";
import { Header } from "./header";
import { KeysList } from "./keys_list";
import { useTrait, type ControlModel, type Model } from "./model";
import { asked, BLANK_HEADER, BLANK_OPTIONS, BLANK_STANDING, type Options, type Standing } from "./steer_panel_data";
import { OptionGrid, placeOf } from "./steer_panel_grid";
import { movedSpot, steerKey, STEER_KEYS, type Spot, type SteerKey } from "./steer_panel_keys";
import { menuItems, OptionMenu, type MenuItem } from "./steer_panel_menu";
import { Side } from "./steer_panel_side";
import { useAnswers } from "./steer_panel_wishes";
import type { Banner as BannerState, CommandName, Header as HeaderState } from "./stream";
import { widget } from "./widget";

interface Props {
  model: ControlModel;
  stream: Model;
}

/** A proposal by hand, and what it began from. */
type Draft = Pick<Standing["start"], "codes" | "words">;

const GONE = "This view is not attached to its kernel.";

function SteerPanel({ model, stream }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const [keysOpen, setKeysOpen] = useState(false);
  const [spot, setSpot] = useState<Spot>({ row: 0, column: 0 });
  const [menu, setMenu] = useState<HTMLElement | null>(null); // the cell that it is opened over
  const [draft, setDraft] = useState<Draft | null>(null);
  const begins = useRef(false); // another beginning was asked for and has not come
  const header = useTrait<HeaderState>(stream, "header", BLANK_HEADER);
  const banner = useTrait<BannerState | null>(stream, "banner", null);
  const options = useTrait<Options>(stream, "options", BLANK_OPTIONS);
  const standing = useTrait<Standing>(stream, "standing", BLANK_STANDING);
  const lost = useLost(stream, model);
  const off = lost === null ? standing.off : GONE;
  const { answer, waiting, ask, forget } = useAnswers(model, lost === null);
  const command = useCallback((name: CommandName) => lost === null && model.send({ type: "command", name }), [model, lost]);
  const shownHeader = useMemo(() => (lost === null ? header : detachedHeader(header, lost)), [header, lost]);
  const row = options.rows[spot.row];
  const cell = row?.cells[spot.column];
  const shownRows = useMemo(() => (draft === null ? [] : asked(options.rows, draft.codes)), [options.rows, draft]);

  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), []);
  useEffect(() => greet(model, stream), [model, stream]);
  useEffect(() => {
    if (!begins.current || standing.start.asked !== model.get("start")) return;
    begins.current = false;
    setDraft(standing.start);
  }, [model, standing.start]);
  useEffect(() => {
    if (answer?.place === "propose" && answer.ok) setDraft(null);
  }, [answer]);

  const focusCell = (to: Spot) => {
    setSpot(to);
    root.current?.querySelector<HTMLElement>(`[data-at="${to.row} ${to.column}"]`)?.focus();
  };
  const closeMenu = useCallback(() => {
    setMenu(null);
    root.current?.querySelector<HTMLElement>('.st-cell[tabindex="0"]')?.focus({ preventScroll: true });
  }, []);
  const choose = (to: Spot) => {
    const index = options.rows[to.row]?.cells[to.column]?.index;
    if (index !== undefined) setDraft((before) => before && { ...before, codes: before.codes.map((code, i) => (i === to.row ? index : code)) });
  };
  const openAt = (to: Spot) => {
    setSpot(to);
    if (draft !== null) choose(to);
    else setMenu(root.current?.querySelector<HTMLElement>(`[data-at="${to.row} ${to.column}"]`) ?? null);
  };
  const startFrom = useCallback(
    (trial: number | null) => {
      if (lost !== null) return;
      begins.current = true;
      model.set("start", trial);
      model.save_changes();
    },
    [model, lost],
  );
  const compose = useCallback(
    (on: boolean) => {
      forget();
      setDraft(on ? standing.start : null);
    },
    [standing.start, forget],
  );
  const edit = (kind: "pin" | "veto" | "add" | "undo") => {
    if (row === undefined || cell === undefined || off !== "") return;
    ask(placeOf(row), kind === "undo" ? { kind } : { kind, decision: row.id, option: cell.index });
  };
  const pick = (item: MenuItem) => {
    closeMenu();
    if (item.name !== "like") edit(item.name);
    else if (cell !== undefined) {
      compose(true);
      startFrom(cell.best);
    }
  };
  const clear = () => {
    if (menu !== null) closeMenu();
    else if (keysOpen) closeKeys();
    else if (draft !== null) compose(false);
    else forget();
  };
  const closeKeys = () => {
    setKeysOpen(false);
    root.current?.focus({ preventScroll: true });
  };
  const act = (key: SteerKey) => {
    if (key.do === "move") focusCell(movedSpot(spot, key.to, options.rows.map(({ cells }) => cells.length)));
    if (key.do === "pin" || key.do === "veto" || key.do === "add") edit(key.do);
    if (key.do === "open") openAt(spot);
    if (key.do === "undo" && off === "" && standing.undo !== "") ask("edits", { kind: "undo" });
    if (key.do === "clear") clear();
    if (key.do === "help") (keysOpen ? closeKeys : () => setKeysOpen(true))();
  };
  const pressed = (event: KeyboardEvent) => {
    const key = steerKey(event, place(event.target));
    if (key === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (key.do === "move" || !event.repeat) act(key);
  };
  const propose = () => draft !== null && off === "" && ask("propose", { kind: "propose", codes: draft.codes });
  return (
    <div
      ref={root}
      className="nx nx-live st"
      role="region"
      aria-label={`${shownHeader.title} ${shownHeader.name}`.trim()}
      tabIndex={-1}
      data-lm-suppress-shortcuts="true"
      data-edits={standing.edits.length}
      onKeyDown={pressed}
    >
      <Header header={shownHeader} command={command} showKeys={() => setKeysOpen(true)} />
      {lost !== null ? <DetachedBanner header={header} /> : banner === null ? null : <Banner banner={banner} command={command} />}
      <div className={lost === null ? "nx-body st-main" : "nx-body st-main dimmed"}>
        <section className={off === "" ? "st-options" : "st-options off"} aria-label="What each option went with">
          <div className="ph">
            <h4>{draft === null ? "Options" : "Try this one next"}</h4>
            <span className="sm t2 clip">{draft === null ? options.caption : "choose an option in every row, then try it"}</span>
          </div>
          <OptionGrid
            options={options}
            spot={spot}
            open={menu !== null}
            busy={waiting}
            refused={answer !== null && !answer.ok ? answer : null}
            draft={draft?.codes ?? null}
            asked={shownRows}
            press={openAt}
            enter={setSpot}
          />
        </section>
        <Side
          standing={standing}
          off={off}
          answer={answer}
          waiting={waiting}
          composing={draft?.words ?? null}
          ask={ask}
          compose={compose}
          propose={propose}
          startFrom={startFrom}
        />
      </div>
      {menu !== null && row !== undefined && cell !== undefined && (
        <OptionMenu row={row} cell={cell} anchor={menu} items={menuItems(cell, off, standing.one_by_one)} choose={pick} close={closeMenu} />
      )}
      {keysOpen && <KeysList close={closeKeys} keys={STEER_KEYS} />}
      <div className="sr" aria-live="polite">
        {useTrait(stream, "announcement", "")} {standing.edits.at(-1)?.text ?? ""}
        {standing.edits.length === 0 ? "" : `. ${standing.left} ${standing.of} left.`}
      </div>
    </div>
  );
}

function place(target: EventTarget): Parameters<typeof steerKey>[1] {
  if (!(target instanceof Element)) return "page";
  if (target.closest("input, textarea, select") !== null) return "field";
  if (target.closest("[role=gridcell]") !== null) return "cell";
  return isControl(target) ? "control" : "page";
}

export default widget({
  Live: SteerPanel,
  label: "Steer",
  lost: "Its kernel is no longer there; the search is in its run folder, and nothing is lost. Run the cell again to see it.",
});
