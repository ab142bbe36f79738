/** An option as a small tile: an operation by its sign, a number or a word by itself. And the step from one to another. */
import type { JSX } from "react";
import { OperationTile } from "./glyphs";
import type { Change, OptionTile } from "./lineage_view_data";

export function Tile({ tile }: { tile: OptionTile }): JSX.Element {
  if (tile.family === "") return <span className="lv-word sm">{tile.label}</span>;
  return <OperationTile operation={{ ...tile, family: tile.family }} />;
}

export function Step({ change, place = true }: { change: Pick<Change, "place" | "before" | "after">; place?: boolean }): JSX.Element {
  return (
    <span className="lv-step" role="img" aria-label={`${change.place}: ${change.before.label} to ${change.after.label}`}>
      {place && <span className="t2 sm">{change.place}</span>}
      <Tile tile={change.before} />
      <span className="t3" aria-hidden="true">
        →
      </span>
      <Tile tile={change.after} />
    </span>
  );
}
