/** One view of the editor as its parts see it: what it shows, and what can be done, by the names that keys and buttons use. */
import type { Drawing, Element } from "./space_editor_data";
import { useHand } from "./space_editor_hand";
import type { EditorCommand, EditorKey } from "./space_editor_keys";
import type { Session } from "./space_editor_session";
import { useViewState } from "./space_editor_state";
import { walkOf } from "./space_editor_walk";

export type EditorModel = ReturnType<typeof useEditor>;

const ON_THE_CODE_TAB: ReadonlySet<string> = new Set(["escape", "undo", "redo", "help"]);

export function useEditor(drawing: Drawing, session: Session, attached: boolean, refocus: () => void) {
  const view = useViewState(drawing, refocus);
  const hand = useHand(view, session, attached);
  const walk = walkOf(view, hand);

  const COMMANDS: Readonly<Record<EditorCommand, () => void>> = {
    enter: walk.enter,
    escape: walk.escape,
    optional: hand.toggleOptional,
    pick: hand.cyclePick,
    connect: walk.beginConnect,
    reroute: walk.beginReroute,
    remove: hand.remove,
    undo: () => void hand.gesture("undo"),
    redo: () => void hand.gesture("redo"),
    copy: () => void hand.copy(),
    duplicate: () => hand.withNodes("duplicate"),
    group: () => hand.withNodes("group"),
    add: () => hand.act("add_node", {}, null, true),
    "lay-out": () => hand.act("lay_out"),
    "select-all": () => view.setSelected([...view.ids]),
    find: () => view.finder.current?.focus(),
    help: () => (view.keysOpen ? walk.closeKeys() : view.setKeysOpen(true)),
  };

  /** Whether the key was ours. */
  function press(key: EditorKey, repeated: boolean): boolean {
    if (view.tab === "code" && !ON_THE_CODE_TAB.has(key.do)) return false;
    if (key.do === "move") walk.moveTo(key.to, key.extend);
    else if (key.do === "nudge") hand.nudge(key.to);
    else if (key.do === "toggle") {
      const at = hostOf(view.focused);
      if (at !== null) hand.act("toggle", { ...at, index: key.index });
    } else if (!repeated || key.do === "undo" || key.do === "redo") COMMANDS[key.do]();
    return true;
  }

  return {
    ...view,
    attached,
    ask: hand.ask,
    act: hand.act,
    gesture: hand.gesture,
    paste: hand.paste,
    host: hostOf,
    press,
    closeKeys: walk.closeKeys,
    run: (command: EditorCommand) => COMMANDS[command](),
    dismiss: () => {
      view.setRefusal(null);
      refocus();
    },
  };
}

/** Where a gesture on candidates happens, as Python wants it. */
function hostOf(element: Element | null): object | null {
  if (element === null) return null;
  return "node" in element ? { node: element.node } : { edge: [element.edge] };
}
