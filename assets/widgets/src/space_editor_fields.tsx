/** The small parts of the inspector: a labelled row, a switch, a list, and a field that takes effect on Enter or when it is left. */
import { useEffect, useState, type JSX, type ReactNode } from "react";

export function Row({ label, note, children }: { label: string; note: string; children: ReactNode }): JSX.Element {
  return (
    <div className="se-row">
      <div>
        <div className="b5">{label}</div>
        {note !== "" && <div className="sm t2">{note}</div>}
      </div>
      {children}
    </div>
  );
}

export function Toggle({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }): JSX.Element {
  return (
    <button type="button" role="switch" className="se-toggle" aria-checked={on} aria-label={label} onClick={() => set(!on)}>
      <span className={`tog${on ? " on" : ""}`} />
    </button>
  );
}

interface ChooseProps {
  label: string;
  options: readonly string[];
  value: string;
  set: (value: string) => void;
}

export function Choose({ label, options, value, set }: ChooseProps): JSX.Element {
  return (
    <select className="field se-select" aria-label={label} value={value} onChange={(event) => set(event.target.value)}>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

interface FieldProps {
  label: string;
  value: string;
  hint?: string;
  title?: string;
  set: (value: string) => void;
}

export function Field({ label, value, hint = "", title = "", set }: FieldProps): JSX.Element {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // A refusal leaves the value as it was, and the field goes back to it.
  const done = () => {
    if (typed.trim() !== value) set(typed.trim());
    setTyped(value);
  };
  return (
    <label className="se-row">
      <span className="b5">{label}</span>
      <input
        className="field se-input"
        value={typed}
        placeholder={hint}
        title={title}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
          if (event.key === "Escape") setTyped(value);
        }}
      />
    </label>
  );
}
