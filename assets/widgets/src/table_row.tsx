/** One trial as a row: number, state, operations as tiles, values. A failed trial says why in their place. */
import { memo, type JSX } from "react";
import { operationName } from "./glyph_parts";
import type { Operation, TrialRow } from "./stream";
import { TILE_STEP, TileRow, type TileSprites } from "./tile_row";

export const ROW_HEIGHT = 31; // pixels, as in the style sheet

const MOST_TILES = 8;

/** The room in pixels that so many operations take in their column. */
export function tilesWidth(operations: number): number {
  return Math.min(operations, MOST_TILES) * TILE_STEP + (operations > MOST_TILES ? 24 : 0) + 16;
}

interface Props {
  row: TrialRow;
  tiles: readonly Operation[]; // which the row's operations are places in
  sprites: TileSprites | null;
  columns: number;
  selected: boolean;
  select: (trial: number) => void;
  place?: number; // 1-based, the header counted
  tabStop?: boolean;
  focused?: (trial: number) => void;
}

export const Row = memo(function Row({ row, tiles, sprites, columns, selected, select, place, tabStop, focused }: Props): JSX.Element {
  const classes = [selected ? "sel" : "", row.status === "failed" ? "fail" : ""].join(" ").trim();
  return (
    <tr
      className={classes}
      aria-selected={selected}
      aria-rowindex={place}
      data-trial={row.trial}
      {...(tabStop === undefined ? {} : { tabIndex: tabStop ? 0 : -1 })}
      onClick={() => select(row.trial)}
      onFocus={() => focused?.(row.trial)}
    >
      <td className="l">
        #{row.trial} <Mark row={row} />
      </td>
      <td className="l">
        <Tiles operations={row.ops.flatMap((at) => tiles[at] ?? [])} sprites={sprites} />
      </td>
      {row.message !== "" && columns > 0 ? (
        <td colSpan={columns} className={row.status === "failed" ? "clip errc" : "clip t2"} title={row.message}>
          {row.message}
        </td>
      ) : (
        Array.from({ length: columns }, (_, index) => <td key={index}>{row.values[index] ?? ""}</td>)
      )}
    </tr>
  );
});

function Mark({ row }: { row: TrialRow }): JSX.Element | null {
  if (row.status === "failed") return <span className="chip err">failed</span>;
  if (row.status === "running") return <span className="chip">running</span>;
  return row.front ? <span className="chip brand">front</span> : null;
}

function Tiles({ operations, sprites }: { operations: Operation[]; sprites: TileSprites | null }): JSX.Element | null {
  if (operations.length === 0) return null;
  const more = operations.length - MOST_TILES;
  return (
    <span className="minis">
      <TileRow operations={operations} most={MOST_TILES} sprites={sprites} />
      {more > 0 && (
        <span className="xs t3" title={operations.slice(MOST_TILES).map(operationName).join(", ")}>
          +{more}
        </span>
      )}
    </span>
  );
}
