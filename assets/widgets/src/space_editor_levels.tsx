/** Where one is: the way from the network down, and the network's blocks above the cell that is shown. */
import { Fragment, type JSX } from "react";
import { Icon } from "./icons";
import type { EditorModel } from "./space_editor_editor";
import { savePicture } from "./space_editor_export";
import { StripView } from "./space_editor_strip";

export function LevelBar({ editor }: { editor: EditorModel }): JSX.Element {
  const { levels, graph, graphName, drawing } = editor;
  return (
    <>
      <div className="se-crumbs">
        <nav aria-label="Levels" className="row se-tight">
          {levels.map((name, i) => (
            <Fragment key={name}>
              {i > 0 && <Icon name="right" />}
              {i === levels.length - 1 ? (
                <b className="b" aria-current="page">
                  {drawing.graphs[name]?.title ?? name}
                </b>
              ) : (
                <button type="button" className="se-up" onClick={() => editor.go(levels.slice(0, i + 1))}>
                  {drawing.graphs[name]?.title ?? name}
                </button>
              )}
            </Fragment>
          ))}
        </nav>
        {graphName !== "" && (
          <span className="chip line">{graph.instances === 0 ? "not used yet" : graph.instances === 1 ? "in one place" : `shared by ${graph.instances.toLocaleString("en")} places`}</span>
        )}
        <span className="grow" />
        {levels.length > 1 && (
          <span className="xs t3 se-minor">
            <kbd>Esc</kbd> up
          </span>
        )}
        <span className="row se-tight">
          <button type="button" className="btn ghost icon small" aria-label="Zoom out" onClick={() => editor.canvas.current?.zoom(-1)}>
            <Icon name="minus" />
          </button>
          <button type="button" className="btn ghost icon small" aria-label="Zoom in" onClick={() => editor.canvas.current?.zoom(1)}>
            <Icon name="plus" />
          </button>
          <button type="button" className="btn ghost icon small" aria-label="Show all" title="Show all" onClick={() => editor.canvas.current?.fit()}>
            <Icon name="fit" />
          </button>
          <ExportMenu editor={editor} />
        </span>
      </div>
      {graphName !== "" && drawing.strip.length > 0 && <StripView strip={drawing.strip} shown={graphName} open={(cell) => editor.go(["", cell])} />}
    </>
  );
}

function ExportMenu({ editor }: { editor: EditorModel }): JSX.Element {
  const save = async (kind: "svg" | "png") => {
    const theme = document.body.dataset.jpThemeLight === "false" ? "dark" : "light";
    const answer = await editor.ask("export", { graph: editor.graphName, theme });
    if (answer === null) return;
    if (answer.refused !== undefined || answer.svg === undefined) return editor.refuse(answer.refused ?? "There is no picture.");
    const name = `${editor.drawing.name}${editor.graphName === "" ? "" : `-${editor.graphName}`}`;
    editor.say((await savePicture(answer.svg, name, kind)) ? `${kind.toUpperCase()} saved` : "The picture could not be saved");
  };
  return (
    <>
      <button type="button" className="btn ghost small" aria-label="Save as SVG" title="Save this graph as SVG" onClick={() => void save("svg")}>
        SVG
      </button>
      <button type="button" className="btn ghost small" aria-label="Save as PNG" title="Save this graph as PNG" onClick={() => void save("png")}>
        PNG
      </button>
    </>
  );
}
