/** Lines to type and buttons of the steering panel's right column, which say why a wish cannot be followed. */
import { useEffect, useState, type FormEvent, type JSX, type KeyboardEvent } from "react";
import { Icon } from "./icons";
import type { Answer } from "./steer_panel_data";

/** Enter sends the form. By itself it does not in a notebook's output, where the form has a button. */
export function sent(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

interface FieldProps {
  place: string;
  label: string;
  name?: string; // of its button
  verb?: string;
  example: string;
  unit?: string;
  hint: string;
  off: string;
  answer: Answer | null;
  waiting: string;
  set: (text: string) => void;
}

/** A line to type; it is emptied once Python has taken it, and kept where Python says no. */
export function Field({ place, label, name = `Set the ${label.toLowerCase()}`, verb = "Set", example, unit = "", hint, off, answer, waiting, set }: FieldProps): JSX.Element {
  const [text, setText] = useState("");
  const mine = answer?.place === place ? answer : null;
  useEffect(() => {
    if (mine?.ok === true) setText("");
  }, [mine]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (off === "" && text.trim() !== "") set(text);
  };
  return (
    <>
      <form className="st-field" onSubmit={send}>
        <label>
          <span className="b">{label}</span>
          <input
            className="field num"
            placeholder={example}
            value={text}
            aria-invalid={mine?.ok === false}
            onKeyDown={sent}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {unit !== "" && <span className="sm t2">{unit}</span>}
        <button
          type="submit"
          className="btn small"
          aria-label={name}
          aria-disabled={off !== "" || text.trim() === ""}
          aria-busy={waiting === place}
          title={off}
        >
          {verb}
        </button>
      </form>
      <p className="xs t2 st-hint">{hint}</p>
      <Said answer={answer} place={place} />
    </>
  );
}

/** Why a wish cannot be followed, beside where it was made. */
export function Said({ answer, place }: { answer: Answer | null; place: string }): JSX.Element | null {
  if (answer === null || answer.place !== place || answer.ok) return null;
  return (
    <p className="st-said sm errc" role="alert">
      {answer.text}
    </p>
  );
}

interface PressProps {
  label: string;
  icon?: boolean;
  kind?: "pri" | "";
  off: string;
  tip?: string; // what it would do, where it can
  press: () => void;
}

export function Press({ label, icon = false, kind = "", off, tip = "", press }: PressProps): JSX.Element {
  return (
    <button type="button" className={`btn ${kind}`.trim()} aria-disabled={off !== ""} title={off || tip} onClick={() => off === "" && press()}>
      {icon && <Icon name="undo" />}
      {label}
    </button>
  );
}
