/**
 * The search space as an editable graph: the browser side of nas_explorer/widgets/space_editor.py.
 *
 * One trait of the control model: stream. The stream model behind it is described in space_editor_data.ts. Gestures go to Python as
 * messages; Python decides, and every view draws what it then says. Selection, level, zoom and tab are each view's own.
 */
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useMemo, useRef, type JSX, type KeyboardEvent } from "react";
import { greet, useLost } from "./connection";
import { keepFocus } from "./focus";
import { KeysList } from "./keys_list";
import { useTrait, type ControlModel, type Model } from "./model";
import { Announcement, DetachedEditorBanner, RefusalBanner } from "./space_editor_banners";
import { Canvas } from "./space_editor_canvas";
import { CodeTab } from "./space_editor_code";
import { BLANK_DRAWING, type Drawing } from "./space_editor_data";
import { useEditor, type EditorModel } from "./space_editor_editor";
import { FactBar } from "./space_editor_facts";
import { EditorHeader } from "./space_editor_header";
import { Inspector } from "./space_editor_inspector";
import { EDITOR_KEYS, editorKey } from "./space_editor_keys";
import { LevelBar } from "./space_editor_levels";
import { OperationPalette } from "./space_editor_palette";
import { reopening } from "./space_editor_reopening";
import { Session } from "./space_editor_session";
import { shared } from "./space_editor_share";
import { EstimatorOffer, useSearchStart } from "./space_editor_start";
import { widget } from "./widget";

interface Props {
  model: ControlModel;
  stream: Model;
}

function SpaceEditor({ model, stream }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const drawing = useDrawing(stream);
  const palette = useTrait(stream, "palette", NO_PALETTE);
  const code = useTrait(stream, "code", "");
  const lost = useLost(stream, model);
  const session = useSession(model, stream);
  const editor = useEditor(drawing, session, lost === null, () => root.current?.focus({ preventScroll: true }));
  const search = useSearchStart(editor);

  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), []);
  useEffect(() => greet(model, stream), [model, stream]);

  const pressed = (event: KeyboardEvent) => {
    const key = editorKey(event, place(event.target));
    if (key === null || !editor.press(key, event.repeat)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={root}
      className="nx nx-live se"
      role="region"
      aria-label={`Search space ${drawing.name}`}
      tabIndex={-1}
      data-lm-suppress-shortcuts="true"
      onKeyDown={pressed}
      onPaste={(event) => editor.paste(event)}
    >
      <EditorHeader drawing={drawing} editor={editor} search={search} />
      {lost !== null && <DetachedEditorBanner code={reopening(code, drawing)} seen={lost} />}
      <EstimatorOffer search={search} />
      {editor.tab === "code" && editor.refusal !== null && <RefusalBanner refusal={editor.refusal} close={editor.dismiss} />}
      <div className={lost === null ? "nx-body" : "nx-body dimmed"}>
        {editor.tab === "code" ? (
          <CodeTab code={code} />
        ) : (
          <div className="se-main" role="tabpanel" aria-label="Graph">
            <OperationPalette entries={palette} graph={editor.graph} operations={drawing.operations} editor={editor} />
            <Middle editor={editor} />
            <Inspector drawing={drawing} editor={editor} stream={stream} />
          </div>
        )}
        <FactBar stream={stream} editor={editor} />
      </div>
      {editor.keysOpen && <KeysList keys={EDITOR_KEYS} close={editor.closeKeys} />}
      <Announcement text={editor.said} />
    </div>
  );
}

function Middle({ editor }: { editor: EditorModel }): JSX.Element {
  return (
    <div className="se-mid">
      <ReactFlowProvider>
        <LevelBar editor={editor} />
        <Canvas editor={editor} />
      </ReactFlowProvider>
    </div>
  );
}

/** Python's drawing, with whatever is as it was as the very same objects. */
function useDrawing(stream: Model): Drawing {
  const sent = useTrait(stream, "drawing", BLANK_DRAWING);
  const last = useRef(sent);
  return useMemo(() => (last.current = shared(last.current, sent)), [sent]);
}

function useSession(model: ControlModel, stream: Model): Session {
  const session = useMemo(
    () => new Session(model, () => (stream.get("drawing") as { version?: number } | undefined)?.version ?? 0),
    [model, stream],
  );
  useEffect(() => {
    session.begin();
    return () => session.end();
  }, [session]);
  return session;
}

function place(target: EventTarget | null): "canvas" | "control" | "field" {
  if (!(target instanceof Element)) return "canvas";
  if (target.closest("input, textarea, [contenteditable='true']") !== null) return "field";
  return target.closest("a[href], button, select, summary") === null ? "canvas" : "control";
}

const NO_PALETTE: never[] = [];

export default widget({
  Live: SpaceEditor,
  label: "Search space",
  lost: "Its kernel is no longer there; the picture below shows the space as it was. Run the cell again to edit it.",
});
