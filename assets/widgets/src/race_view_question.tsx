/** "Who will win?": stands over the empty axes until somebody has guessed. */
import { useEffect, useRef, type JSX } from "react";
import type { Lane } from "./race_view_data";
import { MarkIcon } from "./race_view_marker";

interface Props {
  lanes: readonly Lane[];
  guess: (lane: string) => void;
}

export function Question({ lanes, guess }: Props): JSX.Element {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus({ preventScroll: true }), []);
  return (
    <div className="rv-question" role="group" aria-label="Which strategy will win?">
      <p className="b">Which strategy will win?</p>
      <p className="sm t2">Think of a reason, then choose. The lines appear.</p>
      <div className="rv-answers">
        {lanes.map((lane, i) => (
          <button key={lane.name} ref={i === 0 ? first : undefined} type="button" className="btn" onClick={() => guess(lane.name)}>
            <MarkIcon look={lane} />
            {lane.name}
          </button>
        ))}
      </div>
    </div>
  );
}
