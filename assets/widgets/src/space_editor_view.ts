/** Which part of the canvas is in sight. Computed from the drawing alone: React Flow knows a new node a frame too late. Pure. */
import type { DrawnGraph, Point } from "./space_editor_data";

export interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Sight {
  x: number; // of the drawing's origin, in pixels of the stage
  y: number;
  zoom: number;
}

const MARGIN = { left: 28, top: 28, right: 44, bottom: 36 }; // the refusal and React Flow's name stand at the lower edge
const [LEAST_ZOOM, MOST_ZOOM] = [0.35, 1.15];
const LABEL = 28;
const BADGE = 32; // "2 of 3" below a node

/** All that is drawn: nodes, edges, and the labels on them. `ways` and `labels` are those of nodes with places of their own. */
export function extentOf(graph: DrawnGraph, ways: ReadonlyMap<string, readonly Point[]> | null, labels: ReadonlyMap<string, Point>): Extent | null {
  const found: Extent = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const hold = (x: number, y: number, halfWidth = 0, halfHeight = 0) => {
    found.left = Math.min(found.left, x - halfWidth);
    found.right = Math.max(found.right, x + halfWidth);
    found.top = Math.min(found.top, y - halfHeight);
    found.bottom = Math.max(found.bottom, y + halfHeight);
  };
  for (const { x, y, width, height, pick } of graph.nodes) {
    hold(x, y, width / 2, height / 2);
    if (pick) hold(x + width / 2, y + height / 2 + BADGE);
  }
  for (const { points, label, width } of ways === null ? graph.edges : []) {
    for (const [x, y] of points) hold(x, y);
    if (width > 0) hold(label[0], label[1], width / 2, LABEL / 2);
  }
  for (const points of ways?.values() ?? []) for (const [x, y] of points) hold(x, y);
  for (const [x, y] of labels.values()) hold(x, y, 0, LABEL / 2);
  return graph.nodes.length === 0 ? null : found;
}

/** All of it in the middle of the stage, as large as it may be. */
export function fitted(extent: Extent, stage: Size): Sight {
  const room = { width: stage.width - MARGIN.left - MARGIN.right, height: stage.height - MARGIN.top - MARGIN.bottom };
  const share = Math.min(room.width / Math.max(extent.right - extent.left, 1), room.height / Math.max(extent.bottom - extent.top, 1));
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, share));
  const middle = [MARGIN.left + room.width / 2, MARGIN.top + room.height / 2] as const;
  return { x: middle[0] - (zoom * (extent.left + extent.right)) / 2, y: middle[1] - (zoom * (extent.top + extent.bottom)) / 2, zoom };
}

export function isInSight(extent: Extent, stage: Size, { x, y, zoom }: Sight): boolean {
  const [left, right] = [extent.left * zoom + x, extent.right * zoom + x];
  const [top, bottom] = [extent.top * zoom + y, extent.bottom * zoom + y];
  return left > -2 && top > -2 && right < stage.width + 2 && bottom < stage.height + 2;
}
