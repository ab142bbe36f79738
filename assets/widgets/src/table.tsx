/**
 * The trials, newest first, a page at a time. The height never changes, and rows under the pointer or the focus stay where they are.
 * Only the rows in view and a few around them are in the page, as fifty take longer than a frame.
 */
import { memo, useDeferredValue, useImperativeHandle, useRef, useState, type FocusEvent, type JSX, type Ref } from "react";
import { flushSync } from "react-dom";
import { heldRows, pageText, waitingText } from "./frozen_rows";
import { Icon } from "./icons";
import { movedRow, type RowMove } from "./keys";
import type { Operation, TrialRow, TrialTable } from "./stream";
import { ROW_HEIGHT, Row, tilesWidth } from "./table_row";
import { useTileSprites } from "./tile_row";
import { useWidth } from "./use_width";

const SHOWN_ROWS = 7;
const TRIAL_WIDTH = 112; // pixels, as in the style sheet
const VALUE_WIDTH = 88;
const AHEAD = 4; // rows in the page beyond those in view, so that none is missing while it is scrolled
const EDGE = 8; // more at the right edge of the last column

/** How many of the value columns fit beside the trial and its cell; the leading ones stay. */
export function valueColumns(width: number, rows: TrialRow[]): number {
  const cell = Math.max(0, ...rows.map((row) => tilesWidth(row.ops.length)));
  return Math.max(1, Math.floor((width - TRIAL_WIDTH - cell - EDGE) / VALUE_WIDTH));
}

/** The first and the end of the rows that are in the page: those near the view, and the one that has the focus. */
export function rowsInPage(count: number, scrolled: number, focused: number): [number, number] {
  const first = Math.max(0, Math.min(Math.floor(scrolled / ROW_HEIGHT), count - SHOWN_ROWS) - AHEAD);
  const end = Math.min(count, Math.ceil(scrolled / ROW_HEIGHT) + SHOWN_ROWS + AHEAD);
  return focused < 0 ? [first, end] : [Math.min(first, focused), Math.max(end, focused + 1)];
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
  const [inside, setInside] = useState(false); // whether the focus is on a row
  const [scrolled, setScrolled] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const sprites = useTileSprites(scroller);
  const { rows, waiting } = heldRows(held, table);
  const columns = table.columns.slice(0, valueColumns(useWidth(scroller, 640), rows));

  const position = rows.findIndex((row) => row.trial === cursor);
  const chosen = rows.findIndex((row) => row.trial === selected);
  const [first, end] = rowsInPage(rows.length, scrolled, inside ? position : -1);
  const listed = rows.slice(first, end);
  const tabStop = Math.max(first, Math.min(position >= 0 ? position : chosen, end - 1));

  const focusRow = (index: number) => {
    flushSync(() => {
      setCursor(rows[index]?.trial ?? null); // it may not be in the page yet
      setInside(true);
    });
    scroller.current?.querySelector<HTMLElement>(`tbody tr[data-trial="${rows[index]?.trial}"]`)?.focus();
  };
  useImperativeHandle(handle, () => ({
    move: (to) => {
      const entered = scroller.current?.contains(document.activeElement) === true;
      if (rows.length > 0) focusRow(entered && position >= 0 ? movedRow(position, to, rows.length, SHOWN_ROWS) : tabStop);
    },
    selectCursor: () => {
      const row = rows[position];
      if (row !== undefined && scroller.current?.contains(document.activeElement) === true) select(row.trial);
    },
  }));

  // Only a focus that shows holds the rows: after a press with the mouse they go on as soon as the pointer leaves.
  const entered = (event: FocusEvent) => {
    setInside(event.target.matches("tr"));
    if (event.target.matches(":focus-visible")) setHeld((old) => old ?? table);
  };
  const left = (event: FocusEvent) => {
    const stays = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
    if (!stays) setInside(false);
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
          style={{ marginTop: first * ROW_HEIGHT, marginBottom: (rows.length - end) * ROW_HEIGHT }}
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
                sprites={sprites}
                columns={columns.length}
                selected={row.trial === selected}
                place={table.offset + first + index + 2}
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
              <Row row={pinned} tiles={tiles} sprites={sprites} columns={columns.length} selected select={select} />
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
