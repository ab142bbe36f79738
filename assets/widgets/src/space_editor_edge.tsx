/** An edge of the canvas: its line, its arrowhead, and on it all candidates. */
import type { Edge, EdgeProps } from "@xyflow/react";
import { createContext, memo, useContext, type JSX } from "react";
import { createPortal } from "react-dom";
import type { DrawnEdge, DrawnOperation, Point } from "./space_editor_data";
import { arrowhead, labelPlace, roundedPath, shortened } from "./space_editor_geometry";
import { Tile, TileStrip } from "./space_editor_tiles";

export type CanvasEdge = Edge<
  { edge: DrawnEdge; operations: readonly DrawnOperation[]; points: Point[]; label: Point | null },
  "space"
>;

/** Where labels are drawn. React Flow's EdgeLabelRenderer would look for it on the page in every edge, in every frame of a drag. */
export const LabelLayer = createContext<HTMLElement | null>(null);

export const SpaceEdge = memo(function SpaceEdge({ id, data, selected }: EdgeProps<CanvasEdge>): JSX.Element | null {
  const layer = useContext(LabelLayer);
  if (data === undefined) return null;
  const { edge, operations, points, label } = data;
  const end = shortened(points, 2);
  const path = roundedPath(shortened(end, 7), 16);
  const [x, y] = label ?? labelPlace(points);
  const dashed = edge.presence === "optional" || edge.presence === "loose" || edge.presence === "fallback";
  return (
    <>
      {selected === true && <path className="se-halo" d={path} />}
      <path className={`se-line${selected === true ? " selected" : ""}${dashed ? " dashed" : ""}`} d={path} />
      <path className={`se-head${selected === true ? " selected" : ""}`} d={arrowhead(end)} />
      <path className="se-reach react-flow__edge-interaction" d={path} />
      {edge.width > 0 &&
        layer !== null &&
        createPortal(
          <div
            className={`se-onedge nopan${selected === true ? " selected" : ""}`}
            style={{ transform: `translate(-50%,-50%) translate(${x}px,${y}px)` }}
            data-edge={id} // a click bubbles to the edge by way of React's portal
          >
            <EdgeLabel edge={edge} operations={operations} />
          </div>,
          layer,
        )}
    </>
  );
});

function EdgeLabel({ edge, operations }: { edge: DrawnEdge; operations: readonly DrawnOperation[] }): JSX.Element {
  const first = edge.candidates.find(([, on]) => on)?.[0];
  const operation = first === undefined ? undefined : operations[first];
  return (
    <>
      {!edge.plain && (
        <span className="se-strip">
          {edge.text !== "" && operation !== undefined ? (
            <>
              <Tile operation={operation} />
              <span className="se-label">{edge.text}</span>
            </>
          ) : (
            <TileStrip candidates={edge.candidates} operations={operations} />
          )}
        </span>
      )}
      {edge.words !== "" && <span className="se-words">{edge.words}</span>}
    </>
  );
}

/** An edge in words: "edge in to 2, 4 of 5 candidates, optional". That it is selected is told by its state. */
export function spokenEdge(edge: DrawnEdge, operations: readonly DrawnOperation[]): string {
  const on = edge.candidates.filter(([, is]) => is);
  const only = on.length === 1 ? (operations[on[0]![0]]?.label ?? "") : "";
  const what = edge.plain ? "" : edge.candidates.length === 1 ? only : `${on.length} of ${edge.candidates.length} candidates`;
  const presence = edge.presence === "always" || edge.presence === "picked" ? "" : edge.presence;
  return [`edge ${edge.shown.replace("→", "to")}`, what, presence].filter(Boolean).join(", ");
}
