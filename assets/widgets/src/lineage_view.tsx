/**
 * Who came from whom: the browser side of nas_explorer/widgets/lineage_view.py.
 *
 * Traits of the control model, in Python's order: stream, selected, compared, moment. The stream model behind `stream` is
 * described in lineage_view_data.ts. Python makes every number and word; this side keeps the tree, and grows it again.
 */
import { useCallback, useEffect, useMemo, useRef, useState, type JSX, type KeyboardEvent } from "react";
import { Banner } from "./banner";
import { greet, useLost } from "./connection";
import { DetachedBanner, detachedHeader } from "./detached";
import { isControl, keepFocus } from "./focus";
import { Header } from "./header";
import { KeysList } from "./keys_list";
import { GrowthBar } from "./lineage_view_bar";
import { TreeChart } from "./lineage_view_chart";
import { BLANK_HEADER, BLANK_TREE, type LineageDetail, type Tree } from "./lineage_view_data";
import { LineageDetailPanel } from "./lineage_view_detail";
import { LINEAGE_KEYS, lineageKey } from "./lineage_view_keys";
import { PathPanel } from "./lineage_view_path";
import { axisEnd, type Height } from "./lineage_view_places";
import { useGrowth } from "./lineage_view_player";
import { momentAt, moved, spokenMember, type Moment, type Move } from "./lineage_view_tree";
import { useTrait, type ControlModel, type Model } from "./model";
import type { Banner as BannerState, CommandName, Header as HeaderState } from "./stream";
import { widget } from "./widget";

interface Props {
  model: ControlModel;
  stream: Model;
}

const GROWING = new Set(["starting", "running", "pausing", "paused", "waiting"]);

function LineageView({ model, stream }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const [keysOpen, setKeysOpen] = useState(false);
  const [height, setHeight] = useState<Height>("value");
  const tree = useTrait<Tree>(stream, "tree", BLANK_TREE);
  const header = useTrait<HeaderState>(stream, "header", BLANK_HEADER);
  const banner = useTrait<BannerState | null>(stream, "banner", null);
  const detail = useTrait<LineageDetail | null>(stream, "detail", null);
  const selected = useTrait<number | null>(model, "selected", null);
  const compared = useTrait<number | null>(model, "compared", null);
  const lost = useLost(stream, model);
  const count = tree.parent.length;
  const [replay, press] = useGrowth(model, count, lost === null);
  const moment = useMemo(() => momentAt(tree, replay.place), [tree, replay.place]);
  const last = axisEnd(count, GROWING.has(header.phase));
  const command = useCallback((name: CommandName) => lost === null && model.send({ type: "command", name }), [model, lost]);
  const shownHeader = useMemo(() => (lost === null ? header : detachedHeader(header, lost)), [header, lost]);
  const still = useMemo(() => matchMedia("(prefers-reduced-motion: reduce)").matches, []);
  const choose = useCallback(
    (choice: { selected?: number | null; compared?: number | null }) => {
      for (const [name, value] of Object.entries(choice)) model.set(name, value);
      if (lost === null) model.save_changes();
    },
    [model, lost],
  );
  const select = useCallback((trial: number, against = false) => choose(against ? { compared: trial } : { selected: trial }), [choose]);
  const shown = selected !== null && selected <= replay.place ? selected : moment.best;

  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), []);
  useEffect(() => greet(model, stream), [model, stream]);

  const closeKeys = () => {
    setKeysOpen(false);
    root.current?.focus({ preventScroll: true });
  };
  const clear = () => {
    if (keysOpen) closeKeys();
    else if (compared !== null) choose({ compared: null });
    else choose({ selected: null });
  };
  const move = (to: Move) => select(moved(tree, moment, shown ?? 0, to));
  const pin = useCallback(() => shown !== null && choose({ compared: shown }), [shown, choose]);
  const pressed = (event: KeyboardEvent) => {
    const key = lineageKey(event, place(event.target));
    if (key === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (key.do === "replay" && !(key.action.do === "play" && (event.repeat || still))) press(key.action);
    if (key.do === "move" && count > 0) move(key.to);
    if (key.do === "pin") pin();
    if (key.do === "best") choose({ selected: null });
    if (key.do === "clear") clear();
    if (key.do === "help") (keysOpen ? closeKeys : () => setKeysOpen(true))();
  };
  const unpin = useCallback(() => choose({ compared: null }), [choose]);
  const title = tree.words === "" ? "Who came from whom" : "Trials in the order of birth";
  const early = replay.playing && detail !== null && detail.trial !== shown;
  return (
    <div
      ref={root}
      className="nx nx-live lv"
      role="region"
      aria-label={`${shownHeader.title} ${shownHeader.name}`.trim()}
      tabIndex={-1}
      data-lm-suppress-shortcuts="true"
      data-births={count}
      data-place={replay.place}
      onKeyDown={pressed}
    >
      <Header header={shownHeader} command={command} showKeys={() => setKeysOpen(true)} />
      {lost !== null ? <DetachedBanner header={header} /> : banner === null ? null : <Banner banner={banner} command={command} />}
      <div className={lost === null ? "nx-body" : "nx-body dimmed"}>
        <div className="lv-main">
          <section className="lv-left" aria-label={title}>
            <div className="ph">
              <h4>{title}</h4>
              <span className="sm t2 clip lv-hint">{hint(tree, moment, replay.live)}</span>
              <span className="grow" />
              <Heights height={height} set={setHeight} off={tree.words !== ""} />
            </div>
            {tree.words !== "" && <p className="lv-words sm t2">{tree.words}</p>}
            <TreeChart tree={tree} moment={moment} last={last} height={height} selected={shown} compared={compared} select={select} />
            {count === 0 && <p className="lv-empty t2">No trials yet.</p>}
          </section>
          <LineageDetailPanel
            detail={detail}
            pinned={compared}
            pin={pin}
            unpin={unpin}
            waiting={early ? "Stop it to see the architectures of that moment." : ""}
          />
        </div>
        <PathPanel tree={tree} moment={moment} selected={shown} select={select} />
      </div>
      <GrowthBar count={count} last={last} replay={replay} still={still} press={press} />
      {keysOpen && <KeysList close={closeKeys} keys={LINEAGE_KEYS} />}
      <div className="sr" aria-live="polite">
        {useTrait(stream, "announcement", "")} {selected === null || shown === null ? "" : spokenMember(tree, shown, moment)}
      </div>
    </div>
  );
}

/** What the marks mean; of an earlier moment, how things stood then. */
function hint(tree: Tree, moment: Moment, live: boolean): string {
  if (tree.words !== "") return "";
  if (live) return tree.population > 0 ? "filled: alive · ring: dead · bold: line of the best" : "bold: line of the best";
  const dead = tree.died.filter((event) => event >= 0 && event < moment.events).length;
  return `then: ${moment.place + 1} born${tree.population > 0 ? `, ${dead} dead` : ""}`;
}

interface HeightsProps {
  height: Height;
  set: (height: Height) => void;
  off: boolean;
}

/** What the height of a member means. */
function Heights({ height, set, off }: HeightsProps): JSX.Element | null {
  if (off) return null;
  const names: [Height, string][] = [
    ["value", "Value"],
    ["generation", "Generation"],
  ];
  return (
    <span className="lv-seg" role="group" aria-label="Height">
      {names.map(([name, words]) => (
        <button key={name} type="button" aria-pressed={height === name} onClick={() => set(name)}>
          {words}
        </button>
      ))}
    </span>
  );
}

function place(target: EventTarget): Parameters<typeof lineageKey>[1] {
  if (!(target instanceof Element)) return "tree";
  if (target.closest("[role=slider]") !== null) return "slider";
  return isControl(target) ? "control" : "tree";
}

export default widget({
  Live: LineageView,
  label: "Lineage",
  lost: "Its kernel is no longer there; the search is in its run folder, and nothing is lost. Run the cell again to see it.",
});
