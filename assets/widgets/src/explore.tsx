/**
 * The whole in one cell: the browser side of nas_explorer/widgets/explore.py.
 *
 * Traits of the control model, in Python's order: stream, tab. The stream model behind it is described in explore_data.ts. What stands
 * in the tabs are other widgets of the same kernel, shown as they are in a cell of their own.
 */
import { useEffect, useId, useRef, useState, type JSX, type ReactNode } from "react";
import { greet, useLost } from "./connection";
import { BLANK, TABS, type Offers, type TabName } from "./explore_data";
import { LessonPanel } from "./explore_lessons";
import { NoInside, NoSearch, NoSpace, StartPage, WidgetPanel } from "./explore_panels";
import { RacePanel } from "./explore_race";
import { ExploreTabs } from "./explore_tabs";
import { useWishes } from "./explore_wishes";
import { keepFocus } from "./focus";
import { Icon } from "./icons";
import { useTrait, type ControlModel, type Model } from "./model";
import { RefusalBanner } from "./space_editor_banners";
import { widget } from "./widget";

interface Props {
  model: ControlModel;
  stream: Model;
}

function Explore({ model, stream }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const id = `ex${useId().replaceAll(/\W/g, "")}`;
  const tab = useTrait<TabName>(model, "tab", "start");
  const names = useTrait(stream, "names", BLANK.names);
  const lost = useLost(stream, model);
  const wishes = useWishes(model, lost === null);

  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), []);
  useEffect(() => greet(model, stream), [model, stream]);

  const open = (to: TabName) => {
    model.set("tab", to);
    if (lost === null) model.save_changes();
  };
  return (
    <div ref={root} className="nx nx-live ex" role="region" aria-label="Explore" tabIndex={-1} data-lm-suppress-shortcuts="true">
      <header className="nx-head ex-head">
        <h3 className="nx-title">Explore</h3>
        <ExploreTabs id={id} tab={tab} open={open} />
        <span className="grow" />
        <span className="nx-name mono sm t2">{tab === "inside" ? names.search : names[tab]}</span>
      </header>
      {lost !== null && <Detached seen={lost} />}
      {wishes.refusal !== "" && <RefusalBanner refusal={{ text: wishes.refusal }} close={wishes.dismiss} />}
      <Panels id={id} tab={tab} model={model} stream={stream} wishes={wishes} open={open} />
    </div>
  );
}

interface PanelsProps extends Props {
  id: string;
  tab: TabName;
  wishes: ReturnType<typeof useWishes>;
  open: (tab: TabName) => void;
}

/** A tab is drawn when it is first opened, and kept: coming back to it, one finds it as it was. */
function Panels({ id, tab, model, stream, wishes, open }: PanelsProps): JSX.Element {
  const offers = useTrait<Offers>(stream, "offers", BLANK.offers);
  const drawn = useTrait(stream, "names", BLANK.names).space ?? "";
  const [seen, setSeen] = useState<ReadonlySet<TabName>>(new Set([tab]));
  useEffect(() => setSeen((before) => (before.has(tab) ? before : new Set([...before, tab]))), [tab]);
  const shown = {
    space: useTrait<string | null>(stream, "space", null),
    search: useTrait<string | null>(stream, "search", null),
    inside: useTrait<string | null>(stream, "inside", null),
    race: useTrait<string | null>(stream, "race", null),
  };
  const contents: Readonly<Record<TabName, () => ReactNode>> = {
    start: () => <StartPage offers={offers} wishes={wishes} open={open} />,
    space: () => (
      <WidgetPanel model={model} reference={shown.space} failed="The space cannot be shown in here; nas.SpaceEditor(space) shows it in a cell.">
        <NoSpace offers={offers} wishes={wishes} />
      </WidgetPanel>
    ),
    search: () => (
      <WidgetPanel model={model} reference={shown.search} failed="The search cannot be shown in here; nas.open(run) shows it in a cell.">
        <NoSearch offers={offers} wishes={wishes} open={open} />
      </WidgetPanel>
    ),
    inside: () => (
      <WidgetPanel model={model} reference={shown.inside} failed="This view cannot be shown in here; nas.SupernetView(run) shows it in a cell.">
        <NoInside searched={shown.search !== null} open={open} />
      </WidgetPanel>
    ),
    race: () => (
      <RacePanel offer={offers.race} drawn={drawn} wishes={wishes} shown={shown.race}>
        <WidgetPanel model={model} reference={shown.race} failed="The race cannot be shown in here; nas.RaceView(race) shows it in a cell." />
      </RacePanel>
    ),
    lesson: () => <LessonPanel lessons={offers.lessons} />,
  };
  return (
    <>
      {TABS.map((name) => (
        <div key={name} id={`${id}-${name}`} className="ex-panel" role="tabpanel" aria-labelledby={`${id}-${name}-tab`} hidden={tab !== name}>
          {(tab === name || seen.has(name)) && contents[name]()}
        </div>
      ))}
    </>
  );
}

function Detached({ seen }: { seen: string }): JSX.Element {
  return (
    <div className="ban warn" role="alert">
      <Icon name="plug" tone="warnc" />
      <div className="grow">
        <b className="b">This view is not attached.</b> Its kernel has gone ({seen}); searches go on, and nothing is lost. Run the cell again.
      </div>
    </div>
  );
}

export default widget({
  Live: Explore,
  label: "Explore",
  lost: "Its kernel is no longer there; searches are in their run folders, and nothing is lost. Run the cell again to see them.",
});
