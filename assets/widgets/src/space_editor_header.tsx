/** The editor's top line: which space, what can be undone, and what to do with it. */
import { useState, type JSX } from "react";
import { Icon } from "./icons";
import type { Drawing } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";

export function EditorHeader({ drawing, editor }: { drawing: Drawing; editor: EditorModel }): JSX.Element {
  const { attached } = editor;
  return (
    <header className="nx-head">
      <h3 className="nx-title">Space</h3>
      <span className="nx-name mono sm t2" title={drawing.name}>
        {drawing.name}
      </span>
      <span className="chip" title="Counts every change">
        v{drawing.version}
      </span>
      <span className="nx-sep" />
      <span className="row se-tight">
        <Step name="undo" label={drawing.undo} editor={editor} />
        <Step name="redo" label={drawing.redo} editor={editor} />
      </span>
      {drawing.undo !== "" && (
        <span className="sm t2 clip se-undone">
          Undo <b className="b">{drawing.undo}</b>
        </span>
      )}
      <span className="grow" />
      <button type="button" className="btn se-minor" aria-disabled={!attached} onClick={() => editor.run("add")}>
        <Icon name="plus" />
        Add node
      </button>
      <button type="button" className="btn se-minor" aria-disabled={!attached} onClick={() => editor.run("lay-out")}>
        <Icon name="share" />
        Lay out
      </button>
      <span className="nx-sep se-minor" />
      <div className="tabs" role="tablist" aria-label="Views of the space">
        <Tab name="graph" label="Graph" editor={editor} />
        <Tab name="code" label="Code" editor={editor} />
      </div>
      <StartButton editor={editor} />
      <button type="button" className="btn ghost icon nx-keys" aria-label="Keys" title="Keys (?)" onClick={editor.showKeys}>
        ?
      </button>
    </header>
  );
}

function Step({ name, label, editor }: { name: "undo" | "redo"; label: string; editor: EditorModel }): JSX.Element {
  const word = name === "undo" ? "Undo" : "Redo";
  const words = label === "" ? word : `${word}: ${label}`;
  // Not the disabled attribute: a disabled button loses the focus, and the notebook would get the next key.
  return (
    <button type="button" className="btn ghost icon" aria-label={words} title={words} aria-disabled={label === "" || !editor.attached} onClick={() => label !== "" && editor.run(name)}>
      <Icon name={name} />
    </button>
  );
}

function Tab({ name, label, editor }: { name: "graph" | "code"; label: string; editor: EditorModel }): JSX.Element {
  return (
    <button type="button" className="tab" role="tab" aria-selected={editor.tab === name} onClick={() => editor.setTab(name)}>
      <Icon name={name} />
      {label}
    </button>
  );
}

/** One step to searching. Python displays the dashboard below, or says which estimators can score this space. */
function StartButton({ editor }: { editor: EditorModel }): JSX.Element {
  const [asked, setAsked] = useState(false);
  const start = async () => {
    if (asked) return;
    setAsked(true);
    const answer = await editor.ask("start_search");
    setAsked(false);
    if (answer?.refused !== undefined) editor.refuse(answer.refused);
    else editor.say(answer?.done ?? "");
  };
  return (
    <button type="button" className="btn pri" aria-disabled={!editor.attached} aria-busy={asked} onClick={() => void start()}>
      <Icon name="play" />
      Start a search
    </button>
  );
}
