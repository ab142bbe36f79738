/** The row of tabs; arrows walk it, as in any other. */
import type { JSX, KeyboardEvent } from "react";
import { TABS, type TabName } from "./explore_data";

const LABELS: Readonly<Record<TabName, string>> = {
  start: "Start",
  space: "Space",
  search: "Search",
  inside: "Inside",
  race: "Race",
  lesson: "Lesson",
};

interface Props {
  id: string; // of the widget; a panel is named by its tab
  tab: TabName;
  open: (tab: TabName) => void;
}

export function ExploreTabs({ id, tab, open }: Props): JSX.Element {
  const turned = (event: KeyboardEvent<HTMLElement>) => {
    const to = neighbour(tab, event.key);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    open(to);
    event.currentTarget.querySelector<HTMLElement>(`#${id}-${to}-tab`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label="Parts" onKeyDown={turned}>
      {TABS.map((name) => (
        <button
          key={name}
          id={`${id}-${name}-tab`}
          type="button"
          className="tab"
          role="tab"
          aria-selected={tab === name}
          aria-controls={`${id}-${name}`}
          tabIndex={tab === name ? 0 : -1}
          onClick={() => open(name)}
        >
          {LABELS[name]}
        </button>
      ))}
    </div>
  );
}

/** The tab that a key leads to, around the ends, or null for other keys. */
export function neighbour(tab: TabName, key: string): TabName | null {
  const at = TABS.indexOf(tab);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: TABS.length - 1 }[key];
  return to === undefined ? null : TABS[(to + TABS.length) % TABS.length]!;
}
