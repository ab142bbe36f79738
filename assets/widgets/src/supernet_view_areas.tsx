/** One small chart a decision: the probabilities of its options over the epochs, up to the moment that is shown. */
import { memo, useMemo, type JSX } from "react";
import { optionColour } from "./supernet_view_colour";
import type { Decision, Moment } from "./supernet_view_data";
import { sampled, stackedAreas } from "./supernet_view_paths";
import { Shares } from "./supernet_view_shares";

const SIZE = { width: 200, height: 72 };
const PARTS = 120;
const MANY = 9; // charts that stand in smaller rows
const LONG = 11; // letters of a label that leave no room for a number beside it
const UNSURE_BITS = 1; // below it a decision is nearly made

interface Props {
  decisions: readonly Decision[];
  shown: readonly number[]; // which decisions
  moments: readonly Moment[]; // up to the one that is shown
  end: number;
  shares: Shares;
  selected: number;
  select: (decision: number) => void;
}

export const AreasPanel = memo(function AreasPanel(props: Props): JSX.Element {
  const { decisions, shown, moments, end, shares, selected, select } = props;
  const known = useMemo(() => sampled(moments, PARTS, end).map((moment) => new Shares(decisions, moment)), [decisions, moments, end]);
  return (
    <div className={classOf(shown, decisions)} role="group" aria-label="Probabilities over the epochs">
      {shown.map((decision) => (
        <button
          key={decision}
          type="button"
          tabIndex={-1}
          className={decision === selected ? "sv-area on" : "sv-area"}
          aria-label={`${decisions[decision]?.label ?? ""} over the epochs`}
          aria-pressed={decision === selected}
          onClick={() => select(decision)}
        >
          <span className="sv-area-head sm">
            <b className="b clip">{decisions[decision]?.label}</b>
            <Bits bits={shares.entropy(decision)} />
          </span>
          <Area decisions={decisions} decision={decision} known={known} now={(moments.at(-1)?.epoch ?? 0) / end} end={end} />
          <span className="row between sv-ticks">
            <span>0</span>
            <span>{tick(end / 2)}</span>
            <span>{tick(end)}</span>
          </span>
        </button>
      ))}
    </div>
  );
});

function classOf(shown: readonly number[], decisions: readonly Decision[]): string {
  const long = shown.some((decision) => (decisions[decision]?.label.length ?? 0) > LONG);
  return `sv-areas${shown.length > MANY ? " many" : ""}${long ? " long" : ""}`;
}

const tick = (epoch: number) => String(Math.round(epoch * 10) / 10);

function Bits({ bits }: { bits: number | null }): JSX.Element {
  if (bits === null) return <span className="t3">–</span>;
  return <span className={bits < UNSURE_BITS ? "warnc num" : "t2 num"}>{bits.toFixed(2)} bit</span>;
}

interface AreaProps {
  decisions: readonly Decision[];
  decision: number;
  known: readonly Shares[];
  now: number; // 0 to 1
  end: number;
}

const Area = memo(function Area({ decisions, decision, known, now, end }: AreaProps): JSX.Element {
  const areas = useMemo(() => stackedAreas(decision, known, end, SIZE), [decision, known, end]);
  const options = decisions[decision]?.options ?? [];
  const x = now * SIZE.width;
  return (
    <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} preserveAspectRatio="none" aria-hidden="true">
      <rect width={SIZE.width} height={SIZE.height} fill="var(--sub-2)" />
      {areas.map((path, i) => {
        const option = options[i];
        return option === undefined ? null : <path key={i} d={path} fill={optionColour(option)} className="sv-slice" />;
      })}
      {known.length > 0 && <line x1={x} x2={x} y1={0} y2={SIZE.height} className="sv-now" />}
    </svg>
  );
});
