/** What is drawn against what: the values, their metric, the clock, and which axes are logarithmic. */
import { memo, type JSX } from "react";
import type { Choices, Plot } from "./race_view_data";

interface Props {
  plot: Plot;
  choose: (trait: "what" | "metric" | "clock", value: string) => void;
  logX: boolean;
  logY: boolean;
  setLogX: (on: boolean) => void;
  setLogY: (on: boolean) => void;
}

export const RaceControls = memo(function RaceControls({ plot, choose, logX, logY, setLogX, setLogY }: Props): JSX.Element {
  return (
    <span className="rv-controls">
      <Select label="Values" value={plot.what} choices={plot.whats} choose={(value) => choose("what", value)} />
      {plot.what !== "hypervolume" && <Select label="Metric" value={plot.metric} choices={plot.metrics} choose={(value) => choose("metric", value)} />}
      <Select label="Clock" value={plot.clock} choices={plot.clocks} choose={(value) => choose("clock", value)} />
      <span className="rv-seg" role="group" aria-label="Logarithmic axes">
        <span className="t2 sm">log</span>
        <button type="button" className="btn small" aria-label="Logarithmic clock" aria-pressed={logX} onClick={() => setLogX(!logX)}>
          x
        </button>
        <button
          type="button"
          className="btn small"
          aria-label="Logarithmic values"
          aria-pressed={logY && plot.log_fits}
          aria-disabled={!plot.log_fits}
          title={plot.log_fits ? undefined : "Only a regret is drawn on a logarithmic axis"}
          onClick={() => plot.log_fits && setLogY(!logY)}
        >
          y
        </button>
      </span>
    </span>
  );
});

interface SelectProps {
  label: string;
  value: string;
  choices: Choices;
  choose: (value: string) => void;
}

function Select({ label, value, choices, choose }: SelectProps): JSX.Element {
  return (
    <select className="field" aria-label={label} value={value} onChange={(event) => choose(event.target.value)} disabled={choices.length < 2}>
      {choices.map(([name, words]) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </select>
  );
}
