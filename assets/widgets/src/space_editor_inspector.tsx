/** What is selected, with everything that can be set on it. */
import type { JSX, ReactNode } from "react";
import { Icon } from "./icons";
import type { Model } from "./model";
import { Candidates } from "./space_editor_candidates";
import type { DrawnEdge, DrawnNode, Drawing } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";
import { Choose, Field, Row, Toggle } from "./space_editor_fields";
import { ownEdges, ownNodes } from "./space_editor_selection";
import { Whole } from "./space_editor_whole";

interface Props {
  drawing: Drawing;
  editor: EditorModel;
  stream: Model;
}

export function Inspector({ drawing, editor, stream }: Props): JSX.Element {
  const { single, elements, graph } = editor;
  if (elements.length > 1) return <Panel label="Selection"><Many editor={editor} /></Panel>;
  if (single === null) return <Panel label="Graph"><Whole drawing={drawing} editor={editor} stream={stream} /></Panel>;
  if ("node" in single) {
    const node = editor.nodeNamed(single.node);
    return <Panel label="Node">{node === undefined ? null : <OfNode key={node.name} node={node} editor={editor} drawing={drawing} />}</Panel>;
  }
  const edge = graph.edges.find(({ source, target }) => source === single.edge[0] && target === single.edge[1]);
  return <Panel label="Edge">{edge === undefined ? null : <OfEdge edge={edge} editor={editor} drawing={drawing} />}</Panel>;
}

function Panel({ label, children }: { label: string; children: ReactNode }): JSX.Element {
  return (
    <aside className="se-inspector" aria-label={label}>
      {children}
    </aside>
  );
}

function OfEdge({ edge, editor, drawing }: { edge: DrawnEdge; editor: EditorModel; drawing: Drawing }): JSX.Element {
  const host = { edge: [[edge.source, edge.target] as [string, string]] };
  const target = editor.nodeNamed(edge.target);
  const back = target?.pick ? "picked" : "always";
  const special = edge.presence === "loose" || edge.presence === "fallback";
  return (
    <>
      <div className="sec">
        <Candidates title={`Edge ${edge.shown}`} host={host} candidates={edge.candidates} drawing={drawing} editor={editor} />
      </div>
      <div className="sec">
        {special ? (
          <Row label={edge.presence === "loose" ? "Loose end" : "Fallback"} note={edge.presence === "loose" ? "There only if nobody else reads its source" : "There only if nothing else arrives"}>
            <button type="button" className="btn small" onClick={() => editor.act("set_presence", { ...host, presence: back })}>
              Always
            </button>
          </Row>
        ) : (
          <Row label="May be absent" note="The search may drop this edge">
            <Toggle label="May be absent" on={edge.presence === "optional"} set={(on) => editor.act("set_presence", { ...host, presence: on ? "optional" : back })} />
          </Row>
        )}
        <div className="se-actions">
          <Action icon="plus" label="Node on it" act={() => editor.act("insert", host, null, true)} />
          <Action icon="trash" label="Remove" act={() => editor.run("remove")} />
        </div>
      </div>
      {target !== undefined && target.kind !== "input" && (
        <div className="sec">
          <h4 className="se-h">Node {target.shown}</h4>
          <MergeFields node={target} editor={editor} />
        </div>
      )}
    </>
  );
}

function OfNode({ node, editor, drawing }: { node: DrawnNode; editor: EditorModel; drawing: Drawing }): JSX.Element {
  const set = (field: string) => (value: string) => editor.act("set_field", { node: node.name, field, value });
  const isInput = node.kind === "input";
  return (
    <>
      <div className="sec">
        {isInput || node.kind === "merge" ? (
          <div className="row between">
            <h4 className="se-h">
              {isInput ? "Input" : "Node"} {node.shown}
            </h4>
            {node.is_output && <span className="chip">output</span>}
          </div>
        ) : (
          <Candidates title={`Node ${node.shown}`} host={{ node: node.name }} candidates={node.candidates} drawing={drawing} editor={editor} />
        )}
        {node.problem !== "" && <p className="se-warning">{node.problem}</p>}
        {node.kind === "merge" && <p className="sm t2 se-p">It merges what arrives. Press an operation on the left to run one here.</p>}
        {node.cell ? (
          <button type="button" className="btn se-wide" onClick={() => editor.open(node)}>
            <Icon name="graph" />
            Open {drawing.graphs[node.cell]?.title ?? node.cell}
          </button>
        ) : null}
      </div>
      <div className="sec se-fields">
        <Field label="Name" value={node.name} set={(name) => editor.act("rename", { node: node.name, name })} />
        {!isInput && (
          <>
            <MergeFields node={node} editor={editor} />
            <Field label="Repeats" value={node.repeat ?? ""} hint="1" title="One number, or several to choose from: 2, 3, 4" set={set("repeat")} />
            <Field label="Channels" value={node.channels ?? ""} hint="as the first source" title="16, 2C, C/4, or several to choose from" set={set("channels")} />
            <Field label="Stride" value={node.stride ?? ""} hint="1" title="2 halves the image" set={set("stride")} />
            {node.repeat !== "" && node.repeat !== undefined && (
              <Row label="Copies alike" note="All copies share their decisions">
                <Toggle label="Copies alike" on={node.shared ?? true} set={(value) => editor.act("set_field", { node: node.name, field: "shared", value })} />
              </Row>
            )}
          </>
        )}
      </div>
      <div className="sec">
        <div className="se-actions">
          {!isInput && <Action icon="plus" label="Duplicate" act={() => editor.run("duplicate")} />}
          {!isInput && <Action icon="graph" label="Group" act={() => editor.run("group")} />}
          {node.cell ? <Action icon="fit" label="Write out" act={() => editor.act("ungroup", { node: node.name })} /> : null}
          {!node.is_output && !isInput && <Action icon="right" label="Make output" act={() => editor.act("set_output", { node: node.name })} />}
          <Action icon="share" label="Connect" act={() => editor.run("connect")} />
          <Action icon="trash" label="Remove" act={() => editor.run("remove")} />
        </div>
      </div>
    </>
  );
}

const MERGES = ["sum", "mean", "product", "concat", "project", "inputs"];

/** k of n, and how what arrives is merged. */
function MergeFields({ node, editor }: { node: DrawnNode; editor: EditorModel }): JSX.Element {
  const count = node.inputs ?? 0;
  const pick = node.pick ?? null;
  const picks = ["all", ...Array.from({ length: Math.max(count, pick ?? 0) }, (_, i) => String(i + 1))];
  return (
    <>
      <Row label="Inputs used" note="">
        <span className="row se-tight">
          <Choose label="Inputs used" options={picks} value={pick === null ? "all" : String(pick)} set={(value) => editor.act("set_field", { node: node.name, field: "pick", value: value === "all" ? "" : value })} />
          <span className="t2 sm">of {count}</span>
        </span>
      </Row>
      <Row label="Merge by" note="">
        <Choose label="Merge by" options={MERGES} value={node.merge ?? "sum"} set={(value) => editor.act("set_field", { node: node.name, field: "merge", value })} />
      </Row>
    </>
  );
}

function Many({ editor }: { editor: EditorModel }): JSX.Element {
  const [nodes, edges] = [ownNodes(editor.elements), ownEdges(editor.elements)];
  const words = [counted(nodes.length, "node"), counted(edges.length, "edge")].filter(Boolean).join(", ");
  return (
    <div className="sec">
      <h4 className="se-h">{words} selected</h4>
      <div className="se-actions">
        {nodes.length > 0 && (
          <>
            <Action icon="graph" label="Group into a cell" act={() => editor.run("group")} />
            <Action icon="plus" label="Duplicate" act={() => editor.run("duplicate")} />
            <Action icon="save" label="Copy" act={() => editor.run("copy")} />
          </>
        )}
        <Action icon="trash" label="Remove" act={() => editor.run("remove")} />
      </div>
    </div>
  );
}

function counted(count: number, what: string): string {
  return count === 0 ? "" : count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

function Action({ icon, label, act }: { icon: Parameters<typeof Icon>[0]["name"]; label: string; act: () => void }): JSX.Element {
  return (
    <button type="button" className="btn small" onClick={act}>
      <Icon name={icon} />
      {label}
    </button>
  );
}
