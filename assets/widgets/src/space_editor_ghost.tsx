/** What is not there yet: the edge that is being drawn by keys, with its hint, and the one that was refused. */
import type { JSX } from "react";
import type { Point } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";
import { arrowhead, type Box } from "./space_editor_geometry";

export function Ghost({ editor }: { editor: EditorModel }): JSX.Element | null {
  const ends = ghostEnds(editor);
  const [source, target] = [ends === null ? undefined : editor.nodeNamed(ends[0]), ends === null ? undefined : editor.nodeNamed(ends[1])];
  if (source === undefined || target === undefined) return null;
  const points = arc(source, target);
  const [x, y] = points[1]!;
  const path = `M${points[0]!.join(" ")}Q${x} ${y} ${points[2]!.join(" ")}`;
  const middle: Point = [(points[0]![0] + 2 * x + points[2]![0]) / 4, (points[0]![1] + 2 * y + points[2]![1]) / 4];
  const refused = editor.mode === null;
  return (
    <svg className={`se-ghost${refused ? " refused" : ""}`} aria-hidden="true">
      <path className="line" d={path} />
      <path className="head" d={arrowhead([points[1]!, points[2]!])} />
      {refused && (
        <g transform={`translate(${middle[0]} ${middle[1]})`}>
          <circle r="10" />
          <path className="cross" d="M-4 -4L4 4M4 -4L-4 4" />
        </g>
      )}
    </svg>
  );
}

function ghostEnds({ mode, refusal, graphName }: EditorModel): [string, string] | null {
  if (mode === null) return refusal !== null && refusal.graph === graphName ? refusal.edge : null;
  if (mode.kind === "connect") return [mode.from, mode.to];
  return mode.end === "target" ? [mode.edge[0], mode.to] : [mode.to, mode.edge[1]];
}

function arc(source: Box, target: Box): Point[] {
  const back = target.x < source.x;
  const lift = Math.max(60, Math.abs(target.x - source.x) * 0.28);
  const from: Point = [source.x + (back ? -1 : 1) * source.width * 0.3, source.y - source.height / 2];
  const to: Point = [target.x + (back ? 1 : -1) * target.width * 0.3, target.y - target.height / 2];
  return [from, [(from[0] + to[0]) / 2, Math.min(from[1], to[1]) - lift], to];
}

export function ModeHint({ editor }: { editor: EditorModel }): JSX.Element | null {
  const { mode } = editor;
  if (mode === null) return null;
  const to = editor.nodeNamed(mode.to)?.shown ?? "";
  const what = mode.kind === "connect" ? `${editor.nodeNamed(mode.from)?.shown ?? ""} → ${to}` : `to ${to}`;
  return (
    <div className="se-hint" role="status">
      <b className="b">{what}</b> <kbd>←</kbd> <kbd>→</kbd> choose, <kbd>Enter</kbd> draws, <kbd>Esc</kbd> leaves
    </div>
  );
}
