/** The line of the best as cards, a mutation each: what changed, and what it was worth. */
import { memo, useEffect, useRef, type JSX } from "react";
import type { Tree } from "./lineage_view_data";
import { Step } from "./lineage_view_tile";
import { gain, measured, type Moment } from "./lineage_view_tree";

interface Props {
  tree: Tree;
  moment: Moment;
  selected: number | null;
  select: (trial: number) => void;
}

export const PathPanel = memo(function PathPanel({ tree, moment, selected, select }: Props): JSX.Element | null {
  const cards = useRef<HTMLDivElement>(null);
  const { line } = moment;
  const best = line.at(-1);
  useEffect(() => {
    if (cards.current !== null) cards.current.scrollLeft = cards.current.scrollWidth;
  }, [best]);
  if (line.length < 2) return null;
  return (
    <section className="lv-path" aria-label="Path to the best">
      <div className="ph">
        <h4>Path to the best</h4>
        <span className="sm t2">
          {line.length - 1} mutation{line.length > 2 ? "s" : ""}; {tree.axis.label} after each
        </span>
      </div>
      <div ref={cards} className="lv-cards">
        {line.map((trial, i) => (
          <Card key={trial} tree={tree} trial={trial} before={line[i - 1] ?? null} on={trial === selected} select={select} />
        ))}
      </div>
    </section>
  );
});

interface CardProps {
  tree: Tree;
  trial: number;
  before: number | null;
  on: boolean;
  select: (trial: number) => void;
}

function Card({ tree, trial, before, on, select }: CardProps): JSX.Element {
  const change = tree.changes[tree.change[trial] ?? -1];
  const value = tree.value[trial] ?? null;
  const { words, tone } = gain(value, before === null ? null : (tree.value[before] ?? null), tree.axis);
  return (
    <button type="button" className={on ? "lv-card on" : "lv-card"} aria-pressed={on} onClick={() => select(trial)}>
      <b className="b">#{trial}</b>
      {change === undefined ? (
        <span className="sm t2">{before === null ? (tree.population > 0 ? "random start" : "the first") : "unchanged"}</span>
      ) : (
        <>
          <span className="sm t2 clip">
            {change.place}
            {change.more > 0 && ` +${change.more}`}
          </span>
          <Step change={change} place={false} />
        </>
      )}
      <span className="lv-worth">
        <span className="num">{measured(value, tree.axis)}</span>
        <span className={`sm b num ${tone === "better" ? "okc" : tone === "worse" ? "errc" : "t2"}`}>{words}</span>
      </span>
    </button>
  );
}
