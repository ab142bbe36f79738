/** One step to searching: Python displays the dashboard below, or says why its table will not do and what can score the space. */
import { useEffect, useRef, useState, type JSX } from "react";
import { Icon } from "./icons";
import type { Answer } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";

export interface SearchStart {
  asked: boolean; // Python is at it
  offer: Answer | null;
  start: (estimator?: string) => void;
  leave: () => void;
}

export function useSearchStart(editor: EditorModel): SearchStart {
  const [asked, setAsked] = useState(false);
  const [offer, setOffer] = useState<Answer | null>(null);
  // Another drawing may be scored by others.
  useEffect(() => setOffer(null), [editor.drawing.version]);

  const start = async (estimator?: string) => {
    if (asked) return;
    setAsked(true);
    const answer = await editor.ask("start_search", estimator === undefined ? {} : { estimator });
    setAsked(false);
    setOffer(answer?.estimators === undefined ? null : answer);
    if (answer?.refused !== undefined) editor.refuse(answer.refused);
    else editor.say(answer?.done ?? "");
  };
  const leave = () => {
    setOffer(null);
    editor.refocus();
  };
  return { asked, offer, start: (estimator) => void start(estimator), leave };
}

export function StartButton({ search, editor }: { search: SearchStart; editor: EditorModel }): JSX.Element {
  return (
    <button type="button" className="btn pri" aria-disabled={!editor.attached} aria-busy={search.asked} onClick={() => search.start()}>
      <Icon name="play" />
      Start a search
    </button>
  );
}

export function EstimatorOffer({ search }: { search: SearchStart }): JSX.Element | null {
  const first = useRef<HTMLButtonElement>(null);
  const { offer, start, leave, asked } = search;
  useEffect(() => first.current?.focus({ preventScroll: true }), [offer]);
  if (offer?.estimators === undefined) return null;
  return (
    <div className="ban warn se-offer" role="group" aria-label="Choose an estimator">
      <Icon name="warn" tone="warnc" />
      <div className="grow">
        <p role="alert">
          <b className="b">No table can score this space.</b> {offer.why}. These can:
        </p>
        <ul>
          {offer.estimators.map(({ name, summary }, i) => (
            <li key={name}>
              <button ref={i === 0 ? first : null} type="button" className="btn small" aria-busy={asked} aria-label={`Search with ${name}`} onClick={() => start(name)}>
                {name}
              </button>
              <span className="sm t2">{summary}</span>
            </li>
          ))}
        </ul>
      </div>
      <button type="button" className="btn ghost" onClick={leave}>
        Dismiss
      </button>
    </div>
  );
}
