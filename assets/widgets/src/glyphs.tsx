/** The operation glyphs, drawn in the colour of their family. A colour never stands alone: the glyph tells the operation too. */
import type { JSX } from "react";
import { familyOf, operationName, partsOf } from "./glyph_parts";
import type { Operation } from "./stream";

/** The drawing of a glyph; an unknown one takes its family's, and an unknown family the first letter of the operation. */
export function glyphOf(operation: Operation): JSX.Element {
  const parts = partsOf(operation);
  if (typeof parts === "string") {
    return (
      <text x="8" y="12" textAnchor="middle" fontSize="11" fontWeight="600" fill="currentColor">
        {parts}
      </text>
    );
  }
  return (
    <>
      {parts.map(({ d, pen, cap, join, dash }) =>
        pen === undefined ? (
          <path key={d} fill="currentColor" d={d} />
        ) : (
          <path key={d} fill="none" stroke="currentColor" strokeWidth={pen} strokeLinecap={cap} strokeLinejoin={join} strokeDasharray={dash?.join(" ")} d={d} />
        ),
      )}
    </>
  );
}

/** One operation as a small coloured tile. */
export function OperationTile({ operation }: { operation: Operation }): JSX.Element {
  return (
    <span className={`op o-${familyOf(operation)}`} title={operationName(operation)}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {glyphOf(operation)}
      </svg>
    </span>
  );
}
