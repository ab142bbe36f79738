/** Beside the lines: what is measured, which bands are drawn, how the race may grow, the guess, and files to take along. */
import { memo, type JSX } from "react";
import { Icon } from "./icons";
import type { Lane } from "./race_view_data";
import { RaceGrowth, type Growth } from "./race_view_growth";
import { MarkIcon } from "./race_view_marker";
import type { Fact } from "./stream";

export type FileKind = "csv" | "svg" | "png";

interface Props {
  facts: Fact[];
  notes: readonly string[];
  lanes: readonly Lane[];
  bands: ReadonlySet<string>;
  toggle: (lane: string) => void;
  see: (lane: string | null) => void;
  asking: boolean; // hidden, and nobody has guessed
  hidden: boolean;
  verdict: string;
  ask: (hidden: boolean) => void;
  take: (kind: FileKind) => void;
  offers: readonly string[];
  seeds: number;
  grow: (wish: Growth) => void;
}

export const RaceSide = memo(function RaceSide(props: Props): JSX.Element {
  const { facts, notes, lanes, bands, toggle, see, asking, hidden, verdict, ask, take, offers, seeds, grow } = props;
  return (
    <div className="rv-side">
      <section className="rv-sec" aria-label="What is measured">
        <h4>What is measured</h4>
        <dl className="rv-facts">
          {facts.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {notes.map((note) => (
          <p key={note} className="sm t2 rv-said">
            {note}
          </p>
        ))}
      </section>
      <section className="rv-sec" aria-label="Bands">
        <h4>Bands</h4>
        <div className="rv-legend">
          {lanes.map((lane) => (
            <label key={lane.name} className="row" onPointerEnter={() => see(lane.name)} onPointerLeave={() => see(null)}>
              <input type="checkbox" checked={bands.has(lane.name)} onChange={() => toggle(lane.name)} />
              <MarkIcon look={lane} />
              <span className="clip">{lane.name}</span>
            </label>
          ))}
        </div>
      </section>
      <RaceGrowth offers={asking ? [] : offers} seeds={seeds} grow={grow} />
      <section className="rv-sec" aria-label="Predict first">
        <h4>Predict first</h4>
        <p className="sm t2 rv-said">{said(asking, hidden, verdict)}</p>
        <span className="row">
          {!asking && (
            <button type="button" className="btn" onClick={() => ask(true)}>
              {hidden ? "Ask again" : "Hide and ask"}
            </button>
          )}
          {asking && (
            <button type="button" className="btn" onClick={() => ask(false)}>
              Show without a guess
            </button>
          )}
        </span>
      </section>
      <section className="rv-sec" aria-label="Export">
        <h4>Export</h4>
        <span className="row">
          {FILES.map(([kind, label, title]) => (
            <button key={kind} type="button" className="btn" title={title} aria-disabled={asking} onClick={() => asking || take(kind)}>
              <Icon name="save" />
              {label}
            </button>
          ))}
        </span>
      </section>
    </div>
  );
});

const FILES: readonly (readonly [FileKind, string, string])[] = [
  ["csv", "CSV", "What every search found, a row each"],
  ["svg", "SVG", "The picture, for papers"],
  ["png", "PNG", "The picture, for slides"],
];

function said(asking: boolean, hidden: boolean, verdict: string): string {
  if (verdict !== "" && hidden) return verdict;
  if (asking) return "The lines are hidden. Guess beside, then see.";
  return "Hides the lines until somebody has guessed who wins.";
}
