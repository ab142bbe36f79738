/** The replay bar of the dashboard: an axis of trials, marked where something happened, and a field to jump to one of them. */
import { memo, useCallback, useMemo, useState, type JSX, type KeyboardEvent } from "react";
import { tickText, ticks } from "./curve_path";
import { placeOfEnded, placeOfTrial, stopWords, type Timeline } from "./dashboard_timeline";
import type { Replay, ReplayAction } from "./replay";
import { ReplayBar } from "./replay_bar";

interface Props {
  line: Timeline;
  replay: Replay;
  still: boolean;
  selected: number | null;
  press: (action: ReplayAction) => void;
  near: (place: number) => void;
  ready: (on: boolean) => void;
}

export const TrialBar = memo(function TrialBar({ line, replay, still, selected, press, near, ready }: Props): JSX.Element {
  const shownTicks = useMemo(() => {
    const at = ticks({ low: 0, high: line.end }, 6).filter(Number.isInteger);
    return at.map((tick) => ({ at: tick, words: tickText(tick, at) }));
  }, [line.end]);
  return (
    <div className="nx-when">
      <ReplayBar
        name="Moment"
        unit="trial"
        count={line.events.length}
        replay={replay}
        press={press}
        still={still}
        end={line.end}
        at={useCallback((place: number) => line.ended[place] ?? 0, [line])}
        placeAt={useCallback((ended: number) => (ended >= line.ended.at(-1)! ? line.events.length - 1 : placeOfEnded(line, ended)), [line])}
        ticks={shownTicks}
        here={(line.ended[replay.place] ?? 0).toLocaleString("en-US")}
        words={stopWords(line, replay.place)}
        marks={line.marks}
        near={near}
        ready={ready}
      >
        <Jump line={line} selected={selected} press={press} />
      </ReplayBar>
    </div>
  );
});

/** A trial's number and Enter go to the moment at which it had just ended; an empty field means the selected one. */
function Jump({ line, selected, press }: Pick<Props, "line" | "selected" | "press">): JSX.Element {
  const [text, setText] = useState("");
  const [unknown, setUnknown] = useState(false);
  // A key and not a form: JupyterLab lets no form in an output be sent.
  const go = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const trial = text.trim() === "" ? selected : Number(text.replace("#", ""));
    const place = trial === null ? null : placeOfTrial(line, trial);
    setUnknown(place === null);
    if (place === null) return;
    setText("");
    press(place === line.events.length - 1 ? { do: "live" } : { do: "go", to: place });
  };
  return (
    <span className="nx-jump">
      <input
        className="field num"
        onKeyDown={go}
        inputMode="numeric"
        aria-label="Jump to trial"
        aria-invalid={unknown}
        title={unknown ? "No trial of this number has ended" : "Jump to the moment at which a trial ended"}
        placeholder={selected === null ? "to trial" : `#${selected}`}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setUnknown(false);
        }}
      />
    </span>
  );
}
