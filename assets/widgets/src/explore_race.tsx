/** A form that begins a race, and the race in its place. */
import { useEffect, useState, type JSX, type ReactNode } from "react";
import type { RaceOffer } from "./explore_data";
import { Section } from "./explore_lists";
import type { Wishes } from "./explore_wishes";
import { Icon } from "./icons";

interface Props {
  offer: RaceOffer;
  drawn: string; // name of the space in the editor, "" if there is none
  wishes: Wishes;
  shown: string | null; // the race that there is
  children: ReactNode; // and its view
}

export function RacePanel({ offer, drawn, wishes, shown, children }: Props): JSX.Element {
  const [asks, setAsks] = useState(false);
  useEffect(() => setAsks(false), [shown]);
  if (shown === null || asks) return <RaceForm offer={offer} drawn={drawn} wishes={wishes} leave={shown === null ? null : () => setAsks(false)} />;
  return (
    <>
      <div className="ex-bar">
        <button type="button" className="btn small" onClick={() => setAsks(true)}>
          Another race
        </button>
      </div>
      {children}
    </>
  );
}

interface FormProps extends Pick<Props, "offer" | "drawn" | "wishes"> {
  leave: (() => void) | null;
}

function RaceForm({ offer, drawn, wishes, leave }: FormProps): JSX.Element {
  const [space, setSpace] = useState(offer.spaces[0] ?? "");
  const [lanes, setLanes] = useState<readonly string[]>(offer.chosen);
  const [trials, setTrials] = useState(offer.trials);
  const [seeds, setSeeds] = useState(offer.seeds);
  const ready = wishes.attached && lanes.length > 0 && wishes.pending === "";
  const begin = () => {
    if (ready) wishes.beginRace({ space, lanes: offer.lanes.filter((lane) => lanes.includes(lane)), trials, seeds });
  };
  const toggle = (lane: string) => setLanes(lanes.includes(lane) ? lanes.filter((other) => other !== lane) : [...lanes, lane]);
  return (
    <div className="ex-start one">
      <Section title="A race" words="On a table of trained networks, so that it takes seconds. Random search always runs with them.">
        <label className="ex-field">
          <span>Space</span>
          <select className="field" value={space} onChange={(event) => setSpace(event.target.value)}>
            {offer.spaces.map((name) => (
              <option key={name}>{name}</option>
            ))}
            {drawn !== "" && <option value="drawn">the drawn {drawn}</option>}
          </select>
        </label>
        <fieldset className="ex-field">
          <legend>Strategies</legend>
          <div>
            {offer.lanes.map((lane) => (
              <label key={lane} className="ex-check">
                <input type="checkbox" checked={lanes.includes(lane)} onChange={() => toggle(lane)} />
                <span className="mono">{lane}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <NumberField label="Trials a search" value={trials} most={offer.most_trials} set={setTrials} />
        <NumberField label="Searches each" value={seeds} most={offer.most_seeds} set={setSeeds} />
        <span className="row ex-go">
          <button type="button" className="btn pri" onClick={begin} aria-disabled={!ready} aria-busy={wishes.pending === "race"}>
            <Icon name="play" />
            Start the race
          </button>
          {leave !== null && (
            <button type="button" className="btn ghost" onClick={leave}>
              Back to the race
            </button>
          )}
        </span>
      </Section>
    </div>
  );
}

function NumberField({ label, value, most, set }: { label: string; value: number; most: number; set: (value: number) => void }): JSX.Element {
  return (
    <label className="ex-field">
      <span>{label}</span>
      <input className="field" type="number" min={1} max={most} value={value} onChange={(event) => set(Math.max(1, Math.min(most, Math.round(event.target.valueAsNumber) || 1)))} />
    </label>
  );
}
