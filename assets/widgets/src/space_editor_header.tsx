/** The editor's top line: which space, what can be undone, and what to do with it. */
import type { JSX, KeyboardEvent } from "react";
import { Icon } from "./icons";
import type { Drawing } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";
import { StartButton, type SearchStart } from "./space_editor_start";

export function EditorHeader({ drawing, editor, search }: { drawing: Drawing; editor: EditorModel; search: SearchStart }): JSX.Element {
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
      <button type="button" className="btn se-worded" title="Add node (N)" aria-disabled={!attached} onClick={() => editor.run("add")}>
        <Icon name="plus" />
        <span className="se-word">Add node</span>
      </button>
      <button type="button" className="btn se-worded" title="Lay out (L)" aria-disabled={!attached} onClick={() => editor.run("lay-out")}>
        <Icon name="share" />
        <span className="se-word">Lay out</span>
      </button>
      <span className="nx-sep se-minor" />
      <div className="tabs" role="tablist" aria-label="Views of the space" onKeyDown={(event) => turnTab(event, editor)}>
        <Tab name="graph" label="Graph" editor={editor} />
        <Tab name="code" label="Code" editor={editor} />
      </div>
      <StartButton search={search} editor={editor} />
      <button type="button" className="btn ghost icon nx-keys" aria-label="Keys" title="Keys (?)" aria-expanded={editor.keysOpen} onClick={() => editor.run("help")}>
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
    <button type="button" className="tab" role="tab" aria-selected={editor.tab === name} tabIndex={editor.tab === name ? 0 : -1} onClick={() => editor.setTab(name)}>
      <Icon name={name} />
      {label}
    </button>
  );
}

/** As in any row of tabs, arrows go to the other one. */
function turnTab(event: KeyboardEvent<HTMLElement>, editor: EditorModel): void {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const other = editor.tab === "graph" ? "code" : "graph";
  const tabs = event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]");
  editor.setTab(other);
  tabs[other === "graph" ? 0 : 1]?.focus();
  event.stopPropagation();
}
