/** How a guess is made, and how it stands beside the truth: one of some, a number, an order. */
import { useId, type JSX } from "react";
import { extent, moved, share, short, step, withUnit, type GuessProps, type Question } from "./predict_data";

export function ChoiceGuess({ question, draft, truth, change }: GuessProps<string>): JSX.Element {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={question.text} className="pr-options">
      {question.options.map((option) => (
        <label key={option} className={option === truth ? "pr-option true" : "pr-option"}>
          <input type="radio" name={name} checked={option === draft} disabled={truth !== null} onChange={() => change(option)} />
          <span className="grow">{option}</span>
          {truth !== null && option === draft && <span className="chip brand">your guess</span>}
          {option === truth && <span className="chip ok">the truth</span>}
        </label>
      ))}
    </div>
  );
}

export function NumberGuess({ question, draft, truth, change }: GuessProps<number>): JSX.Element {
  const value = draft ?? (question.least + question.most) / 2;
  if (truth !== null) return <Scale question={question} guess={draft} truth={truth} />;
  return (
    <div className="pr-number">
      <span className="sm t2">{short(question.least)}</span>
      <input
        type="range"
        className="grow"
        aria-label={question.text}
        aria-valuetext={withUnit(value, question)}
        min={question.least}
        max={question.most}
        step={step(question)}
        value={value}
        onChange={(event) => change(event.target.valueAsNumber)}
      />
      <span className="sm t2">{short(question.most)}</span>
      <output className="pr-value b">{withUnit(value, question)}</output>
    </div>
  );
}

/** A line from least to most with a mark for the guess above it and one for the truth below. */
function Scale({ question, guess, truth }: { question: Question; guess: number | null; truth: number }): JSX.Element {
  const ends = extent(question, [truth]);
  const words = guess === null ? `The truth: ${withUnit(truth, question)}` : `Your guess: ${withUnit(guess, question)}. The truth: ${withUnit(truth, question)}`;
  return (
    <div className="pr-scale" role="img" aria-label={words}>
      {guess !== null && <Mark kind="guess" at={share(guess, ends)} words={`your guess ${withUnit(guess, question)}`} />}
      <div className="pr-line" />
      <Mark kind="truth" at={share(truth, ends)} words={`the truth ${withUnit(truth, question)}`} />
      <div className="pr-ends xs t2">
        <span>{short(ends[0])}</span>
        <span>{short(ends[1])}</span>
      </div>
    </div>
  );
}

function Mark({ kind, at, words }: { kind: "guess" | "truth"; at: number; words: string }): JSX.Element {
  return (
    <div className={`pr-mark ${kind} ${at > 0.5 ? "left" : ""}`} style={{ insetInlineStart: `${(100 * at).toFixed(2)}%` }}>
      <span className={kind === "guess" ? "chip brand" : "chip ok"}>{words}</span>
    </div>
  );
}

export function RankingGuess({ question, draft, truth, change }: GuessProps<string[]>): JSX.Element {
  const order = draft ?? question.options;
  return (
    <ol className="pr-ranking" aria-label={question.text}>
      {truth !== null && (
        <li className="pr-columns xs t2">
          <span className="grow">{draft === null ? "" : "your order"}</span>
          <span>the truth</span>
        </li>
      )}
      {order.map((option, place) => (
        <li key={option} className={truth?.[place] === option ? "pr-option true" : "pr-option"}>
          <span className="mono t2">{place + 1}</span>
          <span className="grow">{truth !== null && draft === null ? "" : option}</span>
          {truth === null ? <Movers order={order} place={place} change={change} /> : <span className="chip ok">{truth[place]}</span>}
        </li>
      ))}
    </ol>
  );
}

function Movers({ order, place, change }: { order: string[]; place: number; change: (value: string[]) => void }): JSX.Element {
  const button = (by: 1 | -1, sign: string, way: string) => {
    const next = moved(order, place, by);
    return (
      <button
        type="button"
        className="btn icon small"
        aria-label={`Move ${order[place] ?? ""} ${way}`}
        aria-disabled={next === order}
        onClick={() => change(next)}
      >
        <span aria-hidden="true">{sign}</span>
      </button>
    );
  };
  return (
    <>
      {button(-1, "↑", "up")}
      {button(1, "↓", "down")}
    </>
  );
}
