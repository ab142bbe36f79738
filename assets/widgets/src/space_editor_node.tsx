/** A node of the canvas. */
import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { memo, type JSX } from "react";
import type { DrawnNode, DrawnOperation } from "./space_editor_data";
import { Tile, TileStrip } from "./space_editor_tiles";

export type CanvasNode = Node<{ node: DrawnNode; operations: readonly DrawnOperation[]; aimed: boolean }, "space">;

export const SpaceNode = memo(function SpaceNode({ data: { node, operations, aimed }, selected }: NodeProps<CanvasNode>): JSX.Element {
  const names = ["se-node", node.kind, selected ? "selected" : "", aimed ? "aimed" : "", node.pick ? "picks" : "", node.problem ? "unfinished" : ""];
  return (
    <div className={names.filter(Boolean).join(" ")} style={{ height: node.height }}>
      <Handle type="target" position={Position.Left} className="se-into" />
      <NodeBody node={node} operations={operations} />
      {node.pick ? (
        <span className="se-pick">
          {node.pick} of {node.picked}
        </span>
      ) : null}
      {node.problem !== "" && (
        <span className="se-problem" title={node.problem}>
          !
        </span>
      )}
      <Handle type="source" position={Position.Right} className="se-from" title="Drag to connect" />
    </div>
  );
});

function NodeBody({ node, operations }: { node: DrawnNode; operations: readonly DrawnOperation[] }): JSX.Element {
  if (node.kind === "input" || node.kind === "merge") return <span className="se-name">{node.shown}</span>;
  const first = node.candidates.find(([, on]) => on)?.[0];
  const operation = first === undefined ? undefined : operations[first];
  return (
    <>
      <span className="se-what">
        {node.kind === "choice" ? (
          <TileStrip candidates={node.candidates} operations={operations} />
        ) : (
          <>
            {node.kind === "operation" && operation !== undefined && <Tile operation={operation} />}
            <span className="se-label">{node.label}</span>
          </>
        )}
        {node.repeat_words ? <span className="se-repeat">{node.repeat_words}</span> : null}
      </span>
      <span className="se-sub">{node.subtitle}</span>
    </>
  );
}

/** A node in words: "node stage1, cell, ×5". That it is selected is told by its state. */
export function spokenNode(node: DrawnNode, operations: readonly DrawnOperation[]): string {
  const on = node.candidates.filter(([, is]) => is).length;
  const what = node.kind === "input" ? "input" : node.kind === "merge" ? "" : node.kind === "choice" ? `${on} of ${node.candidates.length} candidates` : node.label ?? "";
  const first = node.candidates.find(([, is]) => is)?.[0];
  const cell = node.kind === "cell" && first !== undefined ? `cell ${operations[first]?.label ?? ""}, Enter opens it` : "";
  const pick = node.pick ? `picks ${node.pick} of ${node.picked} inputs` : "";
  const parts = [`node ${node.shown}`, cell || what, node.repeat_words ?? "", pick, node.problem];
  return parts.filter(Boolean).join(", ");
}
