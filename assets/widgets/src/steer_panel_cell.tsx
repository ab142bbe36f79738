/** One option of one decision: its sign, what its trials tell and how sure that is, and whether it is pinned or ruled out. */
import { memo, type JSX, type MouseEvent } from "react";
import { OperationTile } from "./glyphs";
import { Icon } from "./icons";
import type { Cell } from "./steer_panel_data";
import type { Family } from "./stream";

interface Props {
  cell: Cell;
  label: boolean; // no column says which option it is
  chances: boolean;
  at: string; // "row column", by which it is found
  current: boolean; // the keyboard is here
  open: boolean; // its menu
  busy: boolean; // Python was asked and has not answered
  chosen: boolean | null; // in a proposal by hand; null while none is made
}

const SAID: Readonly<Record<Cell["state"], string>> = { open: "", pinned: "pinned", vetoed: "vetoed", out: "out, another is pinned" };

export const OptionCell = memo(function OptionCell(props: Props): JSX.Element {
  const { cell, label, chances, at, current, open, busy, chosen } = props;
  const state = [SAID[cell.state], chosen === true ? "chosen for the next trial" : ""].filter((words) => words !== "").join(", ");
  const looks = ["st-cell", cell.state, label ? "chip-like" : "", chosen === true ? "chosen" : "", open ? "open-menu" : ""];
  return (
    <div
      role="gridcell"
      className={looks.filter((look) => look !== "").join(" ")}
      data-at={at}
      tabIndex={current ? 0 : -1}
      aria-label={state === "" ? cell.words : `${cell.words}; ${state}`}
      aria-selected={chosen ?? cell.state === "pinned"}
      aria-busy={busy}
      aria-haspopup="menu"
      title={cell.words}
      onMouseDown={keepFocusHere}
    >
      <span className="st-line">
        <Sign cell={cell} />
        {label && cell.tile.family !== "" && <span className="st-name clip">{cell.tile.label}</span>}
        {!label && <Value cell={cell} />}
        <span className="grow" />
        {chosen === null ? <StateMark cell={cell} /> : <i className={chosen ? "st-radio on" : "st-radio"} />}
      </span>
      {cell.bar === null ? <span className="st-bar none" /> : <Bar cell={cell} chances={chances} />}
      <span className="st-foot">
        {label && <Value cell={cell} />}
        <span className="xs t3">{cell.n}</span>
      </span>
    </div>
  );
});

/** The browser would scroll to the cell that takes the focus. */
function keepFocusHere(event: MouseEvent<HTMLElement>): void {
  event.preventDefault();
  event.currentTarget.focus({ preventScroll: true });
}

function Sign({ cell }: { cell: Cell }): JSX.Element {
  const { tile } = cell;
  if (tile.family === "") return <b className="st-number clip">{tile.label}</b>;
  return <OperationTile operation={{ ...tile, family: tile.family as Family }} />;
}

function Value({ cell }: { cell: Cell }): JSX.Element {
  const sure = cell.tone === "better" || cell.tone === "worse";
  return <span className={sure ? "st-value sure" : cell.few ? "st-value few" : "st-value"}>{cell.text}</span>;
}

function StateMark({ cell }: { cell: Cell }): JSX.Element | null {
  if (cell.state === "pinned") return <Icon name="pin" tone="brandc" />;
  if (cell.state === "vetoed") return <Icon name="close" tone="errc" />;
  return null;
}

/** The difference from the middle on, and over it the interval; a probability from the left on. */
function Bar({ cell, chances }: { cell: Cell; chances: boolean }): JSX.Element {
  const [value, low, high] = cell.bar ?? [0, 0, 0];
  const percent = (part: number) => `${50 + 50 * part}%`;
  if (chances) {
    return (
      <span className="st-bar" aria-hidden="true">
        <i className="chance" style={{ left: 0, width: `${100 * value}%` }} />
      </span>
    );
  }
  return (
    <span className="st-bar" aria-hidden="true">
      <i className={cell.tone === "" ? "few" : cell.tone} style={{ left: percent(Math.min(0, value)), width: `${50 * Math.abs(value)}%` }} />
      <i className="zero" />
      {high > low && <i className="sure" style={{ left: percent(low), width: `${50 * (high - low)}%` }} />}
    </span>
  );
}
