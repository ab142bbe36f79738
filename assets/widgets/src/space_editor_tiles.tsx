/** Operations as small coloured tiles, all candidates in their order: one that is off leaves its slot. */
import type { JSX } from "react";
import { glyphOf } from "./glyphs";
import { Icon } from "./icons";
import type { Candidate, DrawnOperation } from "./space_editor_data";

export function Tile({ operation, off = false }: { operation: DrawnOperation; off?: boolean }): JSX.Element {
  if (operation.cell)
    return (
      <span className={`op se-celltile${off ? " off" : ""}`} title={operation.label}>
        <Icon name="graph" />
      </span>
    );
  return (
    <span className={`op o-${operation.family}${off ? " off" : ""}`} title={`${operation.label} ${operation.details}`.trim()}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {glyphOf({ ...operation, edge: "" })}
      </svg>
    </span>
  );
}

const MOST = 6;

export function TileStrip({ candidates, operations }: { candidates: readonly Candidate[]; operations: readonly DrawnOperation[] }): JSX.Element {
  const shown = candidates.length > MOST ? candidates.slice(0, MOST) : candidates;
  return (
    <>
      {shown.map(([number, on]) => {
        const operation = operations[number];
        if (operation === undefined) return null;
        return on ? <Tile key={number} operation={operation} /> : <span key={number} className="se-slot" title={`${operation.label}, off`} />;
      })}
      {candidates.length > MOST && <span className="se-more">+{candidates.length - MOST}</span>}
    </>
  );
}
