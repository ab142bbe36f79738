/** All that can be done with one option, opened over its cell. */
import { useEffect, useLayoutEffect, useRef, useState, type JSX, type KeyboardEvent } from "react";
import { Icon, type IconName } from "./icons";
import type { Cell, Row } from "./steer_panel_data";

export interface MenuItem {
  name: "pin" | "veto" | "add" | "undo" | "like";
  label: string;
  icon: IconName;
  key: string; // of the keyboard; empty: none
  off: string; // why not; else empty
}

/** What there is to do with an option; what cannot be done says why. */
export function menuItems(cell: Cell, off: string, oneByOne: boolean): MenuItem[] {
  const items: MenuItem[] = [];
  const pinned = "Another option is pinned here; undo that pin first.";
  if (cell.state === "pinned") {
    items.push({ name: "undo", label: "Undo the pin", icon: "undo", key: "U", off: off || (cell.undo ? "" : "Undo takes back the last edit first.") });
  } else if (cell.state === "vetoed") {
    items.push({ name: "add", label: "Offer it again", icon: "plus", key: "A", off });
  } else {
    const why = off || (cell.state === "out" ? pinned : "");
    items.push({ name: "pin", label: "Pin", icon: "pin", key: "P", off: why });
    items.push({ name: "veto", label: "Veto", icon: "close", key: "V", off: why });
  }
  if (oneByOne && cell.best >= 0) items.push({ name: "like", label: `Try one like its best, #${cell.best}`, icon: "right", key: "", off });
  return items;
}

interface Props {
  row: Row;
  cell: Cell;
  anchor: HTMLElement; // the cell
  items: MenuItem[];
  choose: (item: MenuItem) => void;
  close: () => void;
}

const GAP = 4;

export function OptionMenu({ row, cell, anchor, items, choose, close }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  useLayoutEffect(() => {
    const root = anchor.closest<HTMLElement>(".st");
    if (root === null || box.current === null) return;
    setPlace(placed(anchor.getBoundingClientRect(), box.current.getBoundingClientRect(), root.getBoundingClientRect()));
  }, [anchor]);
  useEffect(() => {
    if (place !== null) box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus({ preventScroll: true });
  }, [place]);
  useEffect(() => {
    const outside = (event: Event) => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true && !anchor.contains(event.target)) close();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [anchor, close]);

  const pressed = (event: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const letter = items.find((item) => item.key.toLowerCase() === event.key.toLowerCase() && item.key !== "");
    if (step !== undefined) all[(at + step + all.length) % all.length]?.focus({ preventScroll: true });
    else if (event.key === "Enter" || event.key === " ") run(items[at]);
    else if (letter !== undefined) run(letter);
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const run = (item: MenuItem | undefined) => item !== undefined && item.off === "" && choose(item);
  return (
    <div
      ref={box}
      className="st-menu"
      role="menu"
      aria-label={`${cell.tile.label} on ${row.place}`}
      style={place === null ? { visibility: "hidden", left: 0, top: 0 } : place}
      onKeyDown={pressed}
    >
      <p className="st-menu-head sm">
        <span>
          <b className="b">{cell.tile.label}</b> on {row.place}
        </span>
        <span className="xs t2">{[cell.text, cell.interval, cell.n].filter((words) => words !== "" && words !== "–").join(" · ")}</span>
      </p>
      {items.map((item) => (
        <div key={item.name} role="menuitem" tabIndex={-1} aria-disabled={item.off !== ""} title={item.off} onClick={() => run(item)}>
          <Icon name={item.icon} />
          <span className="grow">
            {item.label}
            {item.off !== "" && <span className="xs t3 st-why">{item.off}</span>}
          </span>
          {item.key !== "" && <kbd>{item.key}</kbd>}
        </div>
      ))}
    </div>
  );
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Below the cell, or above it where there is no room below; always inside of the widget. */
export function placed(cell: Box, menu: Box, root: Box): { left: number; top: number } {
  const left = Math.max(GAP, Math.min(cell.left - root.left, root.width - menu.width - GAP));
  const below = cell.top + cell.height - root.top + GAP;
  const above = cell.top - root.top - menu.height - GAP;
  const fits = below + menu.height <= root.height - GAP;
  return { left, top: fits || above < GAP ? Math.min(below, Math.max(GAP, root.height - menu.height - GAP)) : above };
}
