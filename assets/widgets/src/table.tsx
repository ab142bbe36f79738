/**
 * The trials, newest first, a page at a time. The height never changes, and rows under the pointer or the focus stay where they are.
 * While a replay passes by, only the rows in view are in the page, as fifty take longer than a frame; all are where it stands.
 */
import { memo, useDeferredValue, useImperativeHandle, useRef, useState, type FocusEvent, type JSX, type Ref } from "react";
import { heldRows, pageText, waitingText } from "./frozen_rows";
import { Icon } from "./icons";
import { movedRow, type RowMove } from "./keys";
import type { Operation, TrialRow, TrialTable } from "./stream";
import { ROW_HEIGHT, Row, tilesWidth } from "./table_row";
import { useQuiet } from "./use_quiet";
import { useWidth } from "./use_width";

const SHOWN_ROWS = 7;
const TRIAL_WIDTH = 112; // pixels, as in the style sheet
const VALUE_WIDTH = 88;
const AHEAD = 4; // rows beyond those in view whose tiles are drawn: three hundred small pictures cost more than a frame has
const PASSING_AHEAD = 1; // and that are in the page at all while a replay passes by
const QUIET_MS = 400; // a moment that stands so long is listed whole; after plotly, which draws it then, too
const EDGE = 8; // more at the right edge of the last column

/** How many of the value columns fit beside the trial and its cell; the leading ones stay. */
export function valueColumns(width: number, rows: TrialRow[]): number {
  const cell = Math.max(0, ...rows.map((row) => tilesWidth(row.ops.length)));
  return Math.max(1, Math.floor((width - TRIAL_WIDTH - cell - EDGE) / VALUE_WIDTH));
}

/** What the keyboard of the whole widget may ask of the table. */
export interface TableHandle {
  move(to: RowMove): void;
  selectCursor(): void;
}

interface Props {
  table: TrialTable;
  tiles: readonly Operation[];
  selected: number | null;
  select: (trial: number) => void;
  openPage: (offset: number) => void;
  handle: Ref<TableHandle>;
  replayed: boolean; // whether it is of a moment of the past
}

/** While a replay plays, its rows are made between the frames of what plays beside it. */
export const TrialTablePanel = memo(function TrialTablePanel({ table: given, playing, ...props }: Props & { playing: boolean }): JSX.Element {
  const late = useDeferredValue(given);
  return <Panel table={playing ? late : given} {...props} />;
});

const Panel = memo(function Panel({ table, tiles, selected, select, openPage, handle, replayed }: Props): JSX.Element {
  const [held, setHeld] = useState<TrialTable | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [scrolled, setScrolled] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, waiting } = heldRows(held, table);
  const columns = table.columns.slice(0, valueColumns(useWidth(scroller, 640), rows));

  const position = rows.findIndex((row) => row.trial === cursor);
  const chosen = rows.findIndex((row) => row.trial === selected);
  const passing = !useQuiet(table, QUIET_MS) && replayed && held === null;
  const ahead = passing ? PASSING_AHEAD : AHEAD;
  const near = (index: number) => (index + 1 + ahead) * ROW_HEIGHT > scrolled && (index - ahead) * ROW_HEIGHT < scrolled + SHOWN_ROWS * ROW_HEIGHT;
  const first = passing ? Math.max(0, rows.findIndex((_, index) => near(index))) : 0;
  const listed = passing ? rows.filter((_, index) => near(index)) : rows;
  const wanted = position >= 0 ? position : chosen;
  const tabStop = Math.max(first, Math.min(wanted, first + listed.length - 1));

  const focusRow = (index: number) => {
    scroller.current?.querySelector<HTMLElement>(`tbody tr[data-trial="${rows[index]?.trial}"]`)?.focus();
  };
  useImperativeHandle(handle, () => ({
    move: (to) => {
      const inside = scroller.current?.contains(document.activeElement) === true;
      if (rows.length > 0) focusRow(inside && position >= 0 ? movedRow(position, to, rows.length, SHOWN_ROWS) : tabStop);
    },
    selectCursor: () => {
      const row = rows[position];
      if (row !== undefined && scroller.current?.contains(document.activeElement) === true) select(row.trial);
    },
  }));

  // Only a focus that shows: after a press with the mouse the rows go on as soon as the pointer leaves.
  const entered = (event: FocusEvent) => {
    if (event.target.matches(":focus-visible")) setHeld((old) => old ?? table);
  };
  const left = (event: FocusEvent) => {
    const stays = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
    if (!stays && !event.currentTarget.matches(":hover")) setHeld(null);
  };
  const pointerLeft = (event: { currentTarget: HTMLElement }) => {
    if (event.currentTarget.querySelector(":focus-visible") === null) setHeld(null);
  };
  const showNewest = () => {
    setHeld(null);
    setCursor(null);
    scroller.current?.scrollTo({ top: 0 });
    scroller.current?.focus({ preventScroll: true });
    if (table.offset !== 0) openPage(0);
  };
  const turn = (offset: number) => {
    setHeld(null);
    scroller.current?.scrollTo({ top: 0 });
    openPage(offset);
  };

  const inView = chosen * ROW_HEIGHT >= scrolled - 2 && (chosen + 1) * ROW_HEIGHT <= scrolled + SHOWN_ROWS * ROW_HEIGHT + 2;
  const pinned = chosen >= 0 ? (inView ? null : rows[chosen]) : table.selected_row;
  const page = { rows, offset: table.offset, total: held?.offset === table.offset ? held.total : table.total };
  return (
    <section className="nx-trials" aria-label="Trials">
      <div className="ph">
        <h4>Trials</h4>
        {waiting > 0 ? (
          <button type="button" className="btn ghost small brandc" onClick={showNewest}>
            <Icon name="up" />
            {waitingText(waiting)}
          </button>
        ) : (
          <span className="sm t2">{table.offset === 0 ? "newest first" : "older trials"}</span>
        )}
        <span className="grow" />
        <Pager page={page} size={table.page} turn={turn} />
      </div>
      <div
        className="nx-scroll nx-rows"
        ref={scroller}
        tabIndex={-1}
        style={{ height: ROW_HEIGHT * (SHOWN_ROWS + 1) }}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
        onPointerEnter={() => setHeld((old) => old ?? table)}
        onPointerLeave={pointerLeft}
        onFocus={entered}
        onBlur={left}
      >
        <table
          role="grid"
          aria-label="Trials, newest first"
          aria-rowcount={table.total + 1}
          style={{ marginTop: first * ROW_HEIGHT, marginBottom: (rows.length - first - listed.length) * ROW_HEIGHT }}
        >
          <Columns columns={columns} />
          <thead>
            <tr>
              <th className="l">Trial</th>
              <th className="l">Cell</th>
              {columns.map(({ label }) => (
                <th key={label} title={label}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listed.map((row, index) => (
              <Row
                key={replayed ? first + index : row.trial} // in a replay all rows are others, and changing them is cheaper than making them
                row={row}
                tiles={tiles}
                columns={columns.length}
                selected={row.trial === selected}
                place={table.offset + first + index + 2}
                drawn={near(first + index)}
                tabStop={first + index === tabStop}
                select={select}
                focused={setCursor}
              />
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <div className="nx-none sm t3">Trials are listed here as they start.</div>}
      </div>
      <div className="nx-pinned" style={{ height: ROW_HEIGHT }}>
        {pinned != null && (
          <table aria-label="Selected trial">
            <Columns columns={columns} />
            <tbody>
              <Row row={pinned} tiles={tiles} columns={columns.length} selected select={select} />
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
});

function Columns({ columns }: { columns: TrialTable["columns"] }): JSX.Element {
  return (
    <colgroup>
      <col className="c-trial" />
      <col />
      {columns.map(({ label }) => (
        <col key={label} className="c-value" />
      ))}
    </colgroup>
  );
}

interface PagerProps {
  page: Pick<TrialTable, "rows" | "offset" | "total">;
  size: number;
  turn: (offset: number) => void;
}

function Pager({ page, size, turn }: PagerProps): JSX.Element {
  const newer = page.offset > 0;
  const older = page.offset + page.rows.length < page.total && page.rows.length > 0;
  return (
    <span className="row nx-pager">
      <span className="sm t2">{pageText(page)}</span>
      <button
        type="button"
        className="btn ghost icon small"
        aria-label="Newer trials"
        title="Newer trials"
        aria-disabled={!newer}
        onClick={() => newer && turn(Math.max(0, page.offset - size))}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        className="btn ghost icon small"
        aria-label="Older trials"
        title="Older trials"
        aria-disabled={!older}
        onClick={() => older && turn(page.offset + size)}
      >
        <Icon name="right" />
      </button>
    </span>
  );
}
