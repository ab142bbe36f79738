/** What there is to open, as lists of buttons: the start page shows them all, an empty tab its own. */
import { useState, type JSX, type ReactNode } from "react";
import type { RunOffer, SpaceOffer } from "./explore_data";
import type { Wishes } from "./explore_wishes";

interface SectionProps {
  title: string;
  words: string;
  children: ReactNode;
}

export function Section({ title, words, children }: SectionProps): JSX.Element {
  return (
    <section className="ex-part" aria-label={title}>
      <h4>{title}</h4>
      <p className="sm t2">{words}</p>
      {children}
    </section>
  );
}

interface RowProps {
  name: string;
  side: string;
  words: string;
  wish: string; // which one it is, for the button that waits
  wishes: Wishes;
  open: () => void;
}

function Row({ name, side, words, wish, wishes, open }: RowProps): JSX.Element {
  return (
    <li>
      <button type="button" className="ex-row" aria-busy={wishes.pending === wish} aria-disabled={!wishes.attached} onClick={open}>
        <span className="ex-line">
          <span className="mono b clip">{name}</span>
          <span className="grow" />
          <span className="xs t2">{side}</span>
        </span>
        <span className="sm t2">{words}</span>
      </button>
    </li>
  );
}

export function SpaceList({ spaces, wishes }: { spaces: SpaceOffer[]; wishes: Wishes }): JSX.Element {
  return (
    <ul className="ex-list">
      {spaces.map(({ name, size, summary }) => (
        <Row key={name} name={name} side={size} words={summary} wish={`space ${name}`} wishes={wishes} open={() => wishes.openSpace(name)} />
      ))}
    </ul>
  );
}

export function RunList({ runs, folder, wishes }: { runs: RunOffer[]; folder: string; wishes: Wishes }): JSX.Element {
  return (
    <>
      {runs.length === 0 ? (
        <p className="ex-none sm t2">
          There is no run in <span className="mono">{folder}/</span> yet. A search that you start writes its run there.
        </p>
      ) : (
        <ul className="ex-list">
          {runs.map((run) => (
            <Row
              key={run.folder}
              name={run.name}
              side={run.kind === "run" ? run.when : `${run.kind} ${run.when}`}
              words={run.words}
              wish={`run ${run.folder}`}
              wishes={wishes}
              open={() => wishes.openRun(run.folder)}
            />
          ))}
        </ul>
      )}
      <OtherFolder wishes={wishes} />
    </>
  );
}

/** Runs that came with the package. */
export function RecordingList({ recordings, wishes }: { recordings: RunOffer[]; wishes: Wishes }): JSX.Element {
  return (
    <ul className="ex-list">
      {recordings.map(({ folder, name, words }) => (
        <Row key={folder} name={name} side="" words={words} wish={`play ${folder}`} wishes={wishes} open={() => wishes.play(folder)} />
      ))}
    </ul>
  );
}

/** A run that lies elsewhere, on a shared disk say. */
function OtherFolder({ wishes }: { wishes: Wishes }): JSX.Element {
  const [folder, setFolder] = useState("");
  const open = () => {
    if (folder.trim() !== "") wishes.openRun(folder.trim());
  };
  return (
    <div className="ex-other">
      <input
        className="field"
        aria-label="Folder of a run"
        placeholder="Another folder, such as /shared/first"
        value={folder}
        onChange={(event) => setFolder(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && open()}
      />
      <button type="button" className="btn" onClick={open} aria-disabled={folder.trim() === "" || !wishes.attached} aria-busy={wishes.pending === `run ${folder.trim()}`}>
        Open
      </button>
    </div>
  );
}
