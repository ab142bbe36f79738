/** The decisions of a space as rows and their options as cells: a matrix where all have the same options, else rows of chips. */
import { memo, type FocusEvent, type JSX, type MouseEvent } from "react";
import { OperationTile } from "./glyphs";
import { OptionCell } from "./steer_panel_cell";
import type { Options, Row, Tile } from "./steer_panel_data";
import type { Spot } from "./steer_panel_keys";
import type { Family } from "./stream";

interface Props {
  options: Options;
  spot: Spot;
  open: boolean; // the menu of the cell at `spot`
  busy: string; // place that waits for an answer; else empty
  refused: { place: string; text: string } | null;
  draft: readonly number[] | null; // the options of a proposal by hand
  asked: readonly boolean[]; // rows that it is asked for
  press: (spot: Spot) => void;
  enter: (spot: Spot) => void; // the focus has come to a cell
}

export const OptionGrid = memo(function OptionGrid({ options, spot, open, busy, refused, draft, asked, press, enter }: Props): JSX.Element {
  const { columns, rows } = options;
  const told = (tell: (spot: Spot) => void) => (event: MouseEvent<HTMLElement> | FocusEvent<HTMLElement>) => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-at]") : null;
    if (cell !== null) tell(spotOf(cell.dataset.at!));
  };
  return (
    <div
      className={columns === null ? "st-grid chips" : "st-grid"}
      role="grid"
      aria-label="Options"
      aria-rowcount={rows.length}
      onClick={told(press)}
      onFocus={told(enter)}
    >
      {columns !== null && <Heads place={options.place} columns={columns} />}
      {rows.map((row, i) => (
        <OptionRow
          key={row.id}
          row={row}
          at={i}
          columns={columns?.length ?? 0}
          chances={options.chances}
          current={i === spot.row ? spot.column : -1}
          open={open && i === spot.row}
          busy={busy === placeOf(row)}
          refused={refused?.place === placeOf(row) ? refused.text : ""}
          chosen={draft === null ? null : asked[i] === true ? (draft[i] ?? -1) : -1}
          asked={draft === null || asked[i] === true}
        />
      ))}
      {options.more > 0 && <p className="st-more sm t2">and {options.more.toLocaleString("en-US")} more decisions; search.steer reaches them all</p>}
    </div>
  );
});

/** Where an answer about a row is read. */
export function placeOf(row: Row): string {
  return `row ${row.id}`;
}

export function spotOf(at: string): Spot {
  const [row, column] = at.split(" ").map(Number);
  return { row: row ?? 0, column: column ?? 0 };
}

function Heads({ place, columns }: { place: string; columns: readonly Tile[] }): JSX.Element {
  return (
    <div className="st-row st-heads" role="row" style={{ gridTemplateColumns: template(columns.length) }}>
      <span role="columnheader" className="t2">
        {place}
      </span>
      {columns.map((tile) => (
        <span key={tile.label} role="columnheader" className="row">
          {tile.family === "" ? <b className="b">{tile.label}</b> : <OperationTile operation={{ ...tile, family: tile.family as Family }} />}
          {tile.family !== "" && <span className="clip">{tile.label}</span>}
        </span>
      ))}
    </div>
  );
}

function template(columns: number): string {
  return `minmax(56px, 84px) repeat(${columns}, minmax(0, 1fr))`;
}

interface RowProps {
  row: Row;
  at: number;
  columns: number; // 0: chips
  chances: boolean;
  current: number;
  open: boolean;
  busy: boolean;
  refused: string;
  chosen: number | null;
  asked: boolean;
}

const OptionRow = memo(function OptionRow(props: RowProps): JSX.Element {
  const { row, at, columns, chances, current, open, busy, refused, chosen, asked } = props;
  return (
    <>
      <div
        className={asked ? "st-row" : "st-row idle"}
        role="row"
        style={columns === 0 ? undefined : { gridTemplateColumns: template(columns) }}
      >
        <span role="rowheader" className="st-place b" title={row.id}>
          {row.place}
          {!asked && <span className="xs t3"> not asked</span>}
        </span>
        {row.cells.map((cell, i) => (
          <OptionCell
            key={cell.index}
            cell={cell}
            label={columns === 0}
            chances={chances}
            at={`${at} ${i}`}
            current={i === current}
            open={open && i === current}
            busy={busy && i === current}
            chosen={chosen === null ? null : chosen === cell.index}
          />
        ))}
        {row.more > 0 && <span className="st-more sm t2">+{row.more.toLocaleString("en-US")} more</span>}
      </div>
      {refused !== "" && (
        <p className="st-refused sm errc" role="alert">
          {refused}
        </p>
      )}
    </>
  );
});
