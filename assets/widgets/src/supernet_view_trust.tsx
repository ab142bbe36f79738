/** "Can the ranking be trusted?": Kendall's tau between the shared-weight scores and the truth, as a traffic light with words. */
import { memo, type JSX } from "react";
import { ChartDrawing } from "./supernet_view_chart";
import type { Chart, Moment, Trust } from "./supernet_view_data";

const RED = 0.3; // as in nas_explorer/views/supernet_moment.py
const GREEN = 0.6;
const SCALE = { left: 6, right: 294, low: -0.2, high: 1 };

interface Props {
  trust: Trust | null;
  chart: Chart | undefined;
  moments: readonly Moment[];
  end: number;
}

export const TrustPanel = memo(function TrustPanel({ trust, chart, moments, end }: Props): JSX.Element {
  const measured = moments.filter(({ values }) => values.tau !== undefined).length > 1;
  return (
    <section className="sec" aria-label="Can the ranking be trusted?">
      <div className="row between">
        <h4>Can the ranking be trusted?</h4>
        <span className={`chip ${trust?.tone ?? ""}`}>
          <span className={trust === null || trust.tone === "" ? "dot ring" : "dot"} />
          {trust?.word ?? "Unknown"}
        </span>
      </div>
      <div className="sv-tau">
        <span className="sv-number">τ {trust?.shown ?? "–"}</span>
        <span className="xs t2">{trust?.words ?? ""}</span>
      </div>
      <Scale trust={trust} />
      <p className="sm t2 sv-say">{trust?.text ?? "Give the search a truth=, such as a table, and the scores of the shared weights are held against it."}</p>
      {measured && chart !== undefined && <ChartDrawing chart={chart} moments={moments} end={end} height={84} />}
    </section>
  );
});

const at = (value: number) => {
  const share = (Math.max(SCALE.low, Math.min(SCALE.high, value)) - SCALE.low) / (SCALE.high - SCALE.low);
  return SCALE.left + share * (SCALE.right - SCALE.left);
};

const ZONES = [
  { from: SCALE.low, to: RED, tone: "err" },
  { from: RED, to: GREEN, tone: "warn" },
  { from: GREEN, to: SCALE.high, tone: "ok" },
] as const;

function Scale({ trust }: { trust: Trust | null }): JSX.Element {
  const spoken = trust?.tau == null ? "Kendall's tau is not known" : `Kendall's tau ${trust.shown}, ${trust.words}`;
  return (
    <svg viewBox="0 0 300 40" width="100%" role="img" aria-label={spoken}>
      {ZONES.map(({ from, to, tone }) => (
        <rect key={tone} x={at(from) + 1} width={at(to) - at(from) - 2} y={9} height={6} rx={3} fill={`var(--${tone})`} opacity={0.38} />
      ))}
      {trust?.interval != null && <line className="sv-interval" x1={at(trust.interval[0])} x2={at(trust.interval[1])} y1={12} y2={12} />}
      {trust?.tau != null && <circle cx={at(trust.tau)} cy={12} r={6} fill={`var(--${trust.tone || "ink-2"})`} stroke="var(--bg)" strokeWidth={2} />}
      {[0, RED, GREEN, 1].map((tick) => (
        <text key={tick} className="ax" x={Math.min(at(tick), 292)} y={34} textAnchor={tick === 1 ? "end" : "middle"}>
          {tick}
        </text>
      ))}
    </svg>
  );
}
