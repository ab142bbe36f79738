/** The right column: what is left from the next trial on, budget and limits, what to try next, and the edits so far. */
import { memo, useEffect, useState, type FormEvent, type JSX } from "react";
import type { Answer, EditLine, Standing, Wish } from "./steer_panel_data";
import { Field, Press, Said, sent } from "./steer_panel_field";

interface Props {
  standing: Standing;
  off: string; // why nothing can be changed now; else empty
  answer: Answer | null;
  waiting: string; // the place of a wish that is not answered; else empty
  composing: string | null; // what a proposal by hand began from; null while none is made
  ask: (place: string, wish: Wish) => void;
  compose: (on: boolean) => void;
  propose: () => void;
  startFrom: (trial: number | null) => void;
}

export const Side = memo(function Side(props: Props): JSX.Element {
  const { standing, off, answer, waiting, ask } = props;
  return (
    <aside className="st-side" aria-label="From the next trial on">
      <section>
        <h4>From the next {standing.one_by_one ? "trial" : "epoch"} on</h4>
        <p className="st-left">
          <b>{standing.left}</b> <span className="sm t2">{standing.of}</span>
        </p>
        {standing.fitting !== "" && <p className="sm t2">{standing.fitting}</p>}
      </section>
      <Edits standing={standing} off={off} answer={answer} ask={ask} />
      {standing.one_by_one && <Proposal {...props} />}
      {standing.one_by_one && standing.offer !== "" && (
        <section aria-label="Offer more">
          <Field
            place="offer"
            label="Offer"
            name="Offer more"
            verb="Add"
            example={standing.offer}
            hint="One more option, or new ends of a range, as in width: to 128."
            off={off}
            answer={answer}
            waiting={waiting}
            set={(text) => ask("offer", { kind: "offer", text })}
          />
        </section>
      )}
      {standing.one_by_one && (
        <section aria-label="Limits">
          <Field
            place="limit"
            label="Limit"
            example="macs <= 50e6"
            hint={standing.limits.length === 0 ? "none so far" : standing.limits.join(", ")}
            off={off}
            answer={answer}
            waiting={waiting}
            set={(text) => ask("limit", { kind: "limit", text })}
          />
          <Field
            place="budget"
            label="Budget"
            example={standing.budget.value}
            unit={standing.budget.unit}
            hint={`now ${standing.budget.text}`}
            off={off}
            answer={answer}
            waiting={waiting}
            set={(text) => ask("budget", { kind: "budget", text })}
          />
        </section>
      )}
      <section className="sm t2">Edits go into the run's log, so a replay repeats them. {standing.twin}</section>
    </aside>
  );
});

function Edits({ standing, off, answer, ask }: Pick<Props, "standing" | "off" | "answer" | "ask">): JSX.Element {
  const none = off || (standing.undo === "" ? "There is nothing to undo." : "");
  const nothing = off || (standing.clear ? "" : "No edit is in force.");
  return (
    <section aria-label="Edits">
      <h4>Edits</h4>
      {standing.edits.length === 0 ? <p className="sm t3">None so far.</p> : <EditList edits={standing.edits} />}
      <div className="row st-take-back">
        <Press label="Undo last" icon off={none} tip={standing.undo} press={() => ask("edits", { kind: "undo" })} />
        <Press label="Clear all" off={nothing} press={() => ask("edits", { kind: "clear" })} />
      </div>
      <Said answer={answer} place="edits" />
    </section>
  );
}

/** In order; the newest is kept in sight. */
function EditList({ edits }: { edits: readonly EditLine[] }): JSX.Element {
  const [list, setList] = useState<HTMLOListElement | null>(null);
  useEffect(() => {
    if (list !== null) list.scrollTop = list.scrollHeight;
  }, [list, edits.length]);
  return (
    <ol ref={setList} className="st-edits" tabIndex={0} aria-label="Edits so far">
      {edits.map((edit, i) => (
        <li key={i} className={edit.on || edit.kind === "undo" || edit.kind === "clear" || edit.kind === "propose" ? "" : "over"}>
          <time className="xs t3">{edit.at}</time>
          <span>
            <span className="st-what">{edit.text}</span>
            {edit.from !== "" && <span className="xs t2">{edit.from}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Proposal({ standing, off, answer, composing, compose, propose, startFrom }: Props): JSX.Element {
  const waiting = standing.waiting === 0 ? "" : `${standing.waiting} ${standing.waiting === 1 ? "waits for its turn" : "wait for their turn"}.`;
  return (
    <section aria-label="Try this one next">
      <h4>Try this one next</h4>
      {composing !== null ? (
        <>
          <p className="sm t2">Choose an option in every row. It began as {composing}.</p>
          <StartField off={off} startFrom={startFrom} />
          <div className="row st-take-back">
            <Press label="Try it next" kind="pri" off={off} press={propose} />
            <Press label="Cancel" off="" press={() => compose(false)} />
          </div>
        </>
      ) : (
        <>
          <p className="sm t2">An architecture of your own. {waiting}</p>
          <div className="row st-take-back">
            <Press label="Choose its options" off={off} press={() => compose(true)} />
          </div>
        </>
      )}
      <Said answer={answer} place="propose" />
    </section>
  );
}

/** Begin from a trial of this number, or from the best where the field is empty. */
function StartField({ off, startFrom }: Pick<Props, "off" | "startFrom">): JSX.Element {
  const [text, setText] = useState("");
  const set = (event: FormEvent) => {
    event.preventDefault();
    const number = Number(text.replace("#", ""));
    if (off === "" && Number.isInteger(number)) startFrom(text.trim() === "" ? null : number);
  };
  return (
    <form className="st-field" onSubmit={set}>
      <label>
        <span className="sm">Begin from trial</span>
        <input className="field num" inputMode="numeric" placeholder="best" value={text} onKeyDown={sent} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit" className="btn small" aria-disabled={off !== ""}>
        Take it
      </button>
    </form>
  );
}
