/**
 * Predict first, then reveal: the browser side of nas_explorer/widgets/predict.py.
 *
 * Traits, in Python's order: question, given, waiting, shown. A guess goes out as a message; Python checks it and puts it into `given`.
 * The truth is not here before it is revealed.
 */
import { useEffect, useRef, useState, type JSX } from "react";
import { createRoot } from "react-dom/client";
import { greet, useLost } from "./connection";
import { keepFocus } from "./focus";
import { useTrait, type ControlModel } from "./model";
import { ChoiceGuess, NumberGuess, RankingGuess } from "./predict_controls";
import { CurveGuess } from "./predict_curve";
import { firstDraft, type Guess, type GuessProps, type Question, type Shown } from "./predict_data";

const BLANK: Question = { kind: "choice", text: "", options: [], least: 0, most: 1, unit: "", places: [], axis: "" };
const NOTHING: Shown = {};

function Predict({ model }: { model: ControlModel }): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const question = useTrait(model, "question", BLANK);
  const given = useTrait<Guess | null>(model, "given", null);
  const waiting = useTrait(model, "waiting", false);
  const shown = useTrait(model, "shown", NOTHING);
  const lost = useLost(model, model) !== null;
  const [draft, setDraft] = useState<Guess | null>(given ?? firstDraft(question));
  const refusal = useRefusal(model);

  useEffect(() => (root.current === null ? undefined : keepFocus(root.current)), []);
  useEffect(() => greet(model, model), [model]);
  useEffect(() => {
    if (given !== null) setDraft(given); // another view, or a cell, has guessed
  }, [given]);

  const revealed = shown.truth !== undefined;
  const blocked = draft === null || lost;
  const kept = given !== null && JSON.stringify(given) === JSON.stringify(draft);
  return (
    <div ref={root} className="nx nx-live pr" role="region" aria-label="Prediction" tabIndex={-1} data-lm-suppress-shortcuts="true">
      <h3 className="pr-text">
        <span className="chip brand">{revealed ? "Predicted" : "Predict"}</span> {question.text}
      </h3>
      <Control question={question} draft={revealed ? given : draft} truth={shown.truth ?? null} change={setDraft} />
      {!revealed && (
        <div className="pr-foot">
          <button
            type="button"
            className="btn pri"
            aria-disabled={blocked || kept}
            onClick={() => {
              if (!blocked && !kept) model.send({ type: "guess", value: draft });
            }}
          >
            {waiting ? "Guess and reveal" : given === null ? "That is my guess" : kept ? "Guess kept" : "Change my guess"}
          </button>
          <span className="sm t2" role="status">
            {foot(refusal, lost, waiting, kept)}
          </span>
        </div>
      )}
      <p className={revealed ? "pr-sentence" : "pr-sentence empty"} role="status">
        {shown.sentence ?? ""}
      </p>
    </div>
  );
}

function foot(refusal: string, lost: boolean, waiting: boolean, kept: boolean): string {
  if (lost) return "The kernel has gone; run the cell again to guess.";
  if (refusal !== "") return refusal;
  if (waiting) return "The truth is known; it shows when you have made a guess.";
  return kept ? "You can change it until the truth is shown further down." : "";
}

/** What Python said of the last guess that it could not take. */
function useRefusal(model: ControlModel): string {
  const [text, setText] = useState("");
  useEffect(() => {
    const heard = (message: { type?: string; text?: string }) => {
      if (message.type === "refused") setText(message.text ?? "");
    };
    model.on("msg:custom", heard);
    return () => model.off("msg:custom", heard);
  }, [model]);
  return text;
}

function Control(props: GuessProps<Guess>): JSX.Element {
  switch (props.question.kind) {
    case "choice":
      return <ChoiceGuess {...(props as unknown as GuessProps<string>)} />;
    case "number":
      return <NumberGuess {...(props as unknown as GuessProps<number>)} />;
    case "ranking":
      return <RankingGuess {...(props as unknown as GuessProps<string[]>)} />;
    case "curve":
      return <CurveGuess {...(props as unknown as GuessProps<number[]>)} />;
  }
}

function render({ model, el }: { model: ControlModel; el: HTMLElement }): () => void {
  const root = createRoot(el);
  root.render(<Predict model={model} />);
  return () => root.unmount();
}

export default { render };
