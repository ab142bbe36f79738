/** How undecided the search still is: one bar a decision, and the mean over the epochs. */
import { memo, type JSX } from "react";
import { ChartDrawing } from "./supernet_view_chart";
import type { Chart, Decision, Moment } from "./supernet_view_data";
import { mostBits, type Shares } from "./supernet_view_shares";

interface Props {
  decisions: readonly Decision[];
  shown: readonly number[];
  shares: Shares;
  moments: readonly Moment[];
  end: number;
  chart: Chart | undefined;
}

const MANY = 16; // bars that stand close together
const MOST_NAMES = 7; // of bars that leave room for their names

export const EntropyPanel = memo(function EntropyPanel({ decisions, shown, shares, moments, end, chart }: Props): JSX.Element {
  const bars = shown.flatMap((i) => {
    const decision = decisions[i];
    const bits = shares.entropy(i);
    return decision === undefined || bits === null ? [] : [{ decision, bits, most: mostBits(decision) }];
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const logged = moments.some(({ values }) => values.entropy !== undefined);
  return (
    <section className="sec" aria-label="Entropy">
      <div className="row between">
        <h4>Entropy</h4>
        <span className="sm t2 num">
          <b className="b ink">{mean(bars.map(({ bits }) => bits)).toFixed(2)}</b> of {mean(bars.map(({ most }) => most)).toFixed(2)} bit
        </span>
      </div>
      <div className={bars.length > MANY ? "sv-bars many" : "sv-bars"} role="img" aria-label={`Entropy: ${bars.map(({ decision, bits }) => `${decision.label} ${bits.toFixed(2)} bit`).join(", ")}`}>
        {bars.map(({ decision, bits, most }) => (
          <span key={decision.id} title={`${decision.label}: ${bits.toFixed(2)} of ${most.toFixed(2)} bit`}>
            <i style={{ height: `${(100 * bits) / most}%` }} />
          </span>
        ))}
      </div>
      {bars.length <= MOST_NAMES && (
        <div className="sv-bars names" aria-hidden="true">
          {bars.map(({ decision }) => (
            <span key={decision.id} className="clip">
              {decision.label.replaceAll(" ", "")}
            </span>
          ))}
        </div>
      )}
      {logged && chart !== undefined && <ChartDrawing chart={chart} moments={moments} end={end} height={88} />}
    </section>
  );
});
