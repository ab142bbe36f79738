/** The inspector where nothing is selected: the graph as a whole, what scales the space, and what is left to do. */
import type { JSX } from "react";
import { useTrait, type Model } from "./model";
import { BLANK_FACTS, type Drawing } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";
import { Field } from "./space_editor_fields";

interface Props {
  drawing: Drawing;
  editor: EditorModel;
  stream: Model;
}

const SEVERAL = "One value, or several for the search to choose from: 16, 32";

export function Whole({ drawing, editor, stream }: Props): JSX.Element {
  const { graph, graphName } = editor;
  return (
    <>
      <div className="sec">
        <h4 className="se-h">{graphName === "" ? "Network" : `Cell ${graph.title}`}</h4>
        <p className="sm t2 se-p">
          {graph.nodes.length} nodes, {graph.edges.length} edges. Select an edge or a node to see what may stand there.
        </p>
        {graphName !== "" && <Field label="Name" value={graphName} set={(name) => void renameCell(editor, name)} />}
        <Field
          label="Most edges"
          value={graph.most_edges}
          hint="no limit"
          title="How many edges an architecture may have here at most, absent ones not counted"
          set={(value) => editor.act("set_limit", { kind: "max_edges", value })}
        />
      </div>
      {graphName === "" && <Scales drawing={drawing} editor={editor} />}
      <Findings stream={stream} />
    </>
  );
}

/** What multiplies the whole network. Several values are one more decision of the search. */
function Scales({ drawing, editor }: Omit<Props, "stream">): JSX.Element {
  const set = (field: string) => (value: string) => editor.act("set_scale", { field, value });
  return (
    <div className="sec">
      <h4 className="se-h">Whole space</h4>
      <Field label="Space name" value={drawing.name} set={(name) => editor.act("rename_space", { name })} />
      <Field label="Channels C" value={drawing.scales.channels} title={SEVERAL} set={set("channels")} />
      <Field label="Width ×" value={drawing.scales.width} title={`Multiplies channels. ${SEVERAL}`} set={set("width")} />
      <Field label="Depth ×" value={drawing.scales.depth} title={`Multiplies repeats. ${SEVERAL}`} set={set("depth")} />
      <Field label="Resolution" value={drawing.scales.resolution} title={`Side of the input, or length of the sequence. ${SEVERAL}`} set={set("resolution")} />
    </div>
  );
}

function Findings({ stream }: { stream: Model }): JSX.Element {
  const { findings } = useTrait(stream, "facts", BLANK_FACTS);
  return (
    <div className="sec">
      <h4 className="se-h">{findings.length === 0 ? "Nothing is missing" : "To look at"}</h4>
      {findings.length === 0 ? (
        <p className="sm t2 se-p">The space can be searched as it is.</p>
      ) : (
        <ul className="se-findings">
          {findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

async function renameCell(editor: EditorModel, name: string): Promise<void> {
  const levels = editor.levels.map((level) => (level === editor.graphName ? name : level));
  if (await editor.gesture("rename_cell", { graph: editor.graphName, name })) editor.go(levels);
}
