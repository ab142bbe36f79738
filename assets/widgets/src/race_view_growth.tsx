/** A race that has ended may grow: one more strategy on the same budget and seeds, or more seeds for all. */
import { useState, type JSX } from "react";
import { Icon } from "./icons";

export type Growth = { type: "add"; strategy: string } | { type: "seeds"; count: number };

const MOST_SEEDS = 1000; // at once

interface Props {
  offers: readonly string[]; // strategies; none while the race runs
  seeds: number; // that every lane has
  grow: (wish: Growth) => void;
}

export function RaceGrowth({ offers, seeds, grow }: Props): JSX.Element {
  const [chosen, choose] = useState("");
  const [typed, type] = useState("");
  const runs = offers.length === 0;
  const off = !offers.includes(chosen);
  const count = typed === "" ? seeds : Number(typed);
  const wrong = runs || !Number.isInteger(count) || count < 1 || count > MOST_SEEDS;
  return (
    <section className="rv-sec" aria-label="Go on">
      <h4>Go on</h4>
      <span className="row rv-grow">
        <select className="field" aria-label="Strategy to add" value={off ? "" : chosen} disabled={runs} onChange={(event) => choose(event.target.value)}>
          <option value="">{runs ? "when the race has ended" : "Strategy…"}</option>
          {offers.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" className="btn" aria-disabled={off} onClick={() => off || grow({ type: "add", strategy: chosen })}>
          <Icon name="plus" />
          Add strategy
        </button>
      </span>
      <span className="row rv-grow">
        <input
          className="field"
          type="number"
          aria-label="How many seeds more"
          min={1}
          max={MOST_SEEDS}
          placeholder={String(seeds)}
          value={typed}
          disabled={runs}
          onChange={(event) => type(event.target.value)}
        />
        <button type="button" className="btn" aria-disabled={wrong} onClick={() => wrong || grow({ type: "seeds", count })}>
          <Icon name="plus" />
          More seeds
        </button>
      </span>
    </section>
  );
}
