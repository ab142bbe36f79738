/** What the editor says in words: refusals, that Python is gone, and what screen readers hear. */
import type { JSX } from "react";
import { CopyButton } from "./copy_button";
import { Icon } from "./icons";
import type { Refusal } from "./space_editor_state";

/** The first sentence says what was not done, the rest why. */
export function sentences(text: string): [first: string, rest: string] {
  const end = text.search(/[.;] (?=\S)/);
  return end === -1 ? [text, ""] : [text.slice(0, end + 1), text.slice(end + 2)];
}

interface RefusalProps {
  refusal: Pick<Refusal, "text">;
  close: () => void;
}

function RefusalWords({ text }: { text: string }): JSX.Element {
  const [first, rest] = sentences(text);
  return (
    <div className="grow">
      <b className="b">{first}</b> {rest}
    </div>
  );
}

/** Over the canvas, where it happened. */
export function RefusalCallout({ refusal, close }: RefusalProps): JSX.Element {
  return (
    <div className="se-call" role="alert">
      <Icon name="err" tone="errc" />
      <RefusalWords text={refusal.text} />
      <button type="button" className="btn ghost icon small" aria-label="Dismiss" onClick={close}>
        <Icon name="close" />
      </button>
    </div>
  );
}

export function RefusalBanner({ refusal, close }: RefusalProps): JSX.Element {
  return (
    <div className="ban err" role="alert">
      <Icon name="err" tone="errc" />
      <RefusalWords text={refusal.text} />
      <button type="button" className="btn ghost" onClick={close}>
        Dismiss
      </button>
    </div>
  );
}

/** `code`: Python that opens this very drawing again. */
export function DetachedEditorBanner({ code, seen }: { code: string; seen: string }): JSX.Element {
  return (
    <div className="ban warn" role="alert">
      <Icon name="plug" tone="warnc" />
      <div className="grow">
        <b className="b">This view is not attached.</b> Its kernel has gone ({seen}), and running its cell again would draw what that cell
        says, without your edits. To go on from here, copy the code and run it in a cell: it draws this space again, edits and places
        included.
      </div>
      <CopyButton text={code} label="Copy the code" className="btn" />
    </div>
  );
}

export function Announcement({ text }: { text: string }): JSX.Element {
  return (
    <div className="sr" aria-live="polite">
      {text}
    </div>
  );
}
