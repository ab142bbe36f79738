/** The Pareto front: plotly's figure between its two axis choices, and the front as a table for those who do not see it. */
import { memo, useEffect, useRef, useState, type JSX } from "react";
import { Icon } from "./icons";
import type { Model } from "./model";
import { mountPlot } from "./plot";
import { plotly } from "./plotly";
import type { Metric, Pareto, Phase } from "./stream";

interface Props {
  pareto: Pareto;
  phase: Phase;
  stream: Model;
  xMetric: string;
  yMetric: string;
  chooseX: (metric: string) => void;
  chooseY: (metric: string) => void;
  select: (trial: number) => void;
}

export const ParetoPanel = memo(function ParetoPanel(props: Props): JSX.Element {
  const { pareto, phase } = props;
  return (
    <section className="nx-pareto" aria-label="Pareto front">
      <div className="ph">
        <h4>Pareto front</h4>
        <span className="sm t2 clip">{[pareto.count, pareto.off_chart].filter(Boolean).join(" · ")}</span>
        <span className="grow" />
        {pareto.hypervolume !== "" && (
          <span className="sm" title={pareto.hypervolume_hint}>
            <span className="t2">Hypervolume</span> <b className="b">{pareto.hypervolume}</b>{" "}
            {pareto.random_hypervolume !== "" && <span className="t2">random {pareto.random_hypervolume}</span>}
          </span>
        )}
      </div>
      <AxisChoice axis="y" metrics={pareto.metrics} value={props.yMetric} choose={props.chooseY} />
      <div className="nx-plot">
        <Figure {...props} />
        {pareto.empty && <Empty phase={phase} />}
      </div>
      <div className="nx-below">
        <FrontTable pareto={pareto} />
        <AxisChoice axis="x" metrics={pareto.metrics} value={props.xMetric} choose={props.chooseX} />
      </div>
    </section>
  );
});

function Figure({ pareto, stream, select }: Props): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [error, setError] = useState("");
  useEffect(() => {
    if (host.current === null) return undefined;
    setError("");
    return mountPlot({ plotly, stream, host: host.current, picked: select, failed: (cause) => setError(cause.message) });
  }, [stream, select]);
  return (
    <>
      <div className="nx-figure" role="img" aria-label={pareto.finding} ref={host} />
      {error !== "" && (
        <div className="nx-over" role="alert">
          <div className="b errc">The plot could not be drawn: {error}.</div>
          <div className="sm t2">The search is not touched by this. Run the cell again to get a new view.</div>
        </div>
      )}
    </>
  );
}

const EMPTY_LINES: Partial<Record<Phase, string>> = {
  idle: "Press Start. Points appear here as trials end.",
  starting: "The background kernel is getting ready. Points appear here as trials end.",
};

function Empty({ phase }: { phase: Phase }): JSX.Element {
  return (
    <div className="nx-over nx-empty">
      <div className="b t2">No trials yet</div>
      <div className="sm t3">{EMPTY_LINES[phase] ?? "Points appear here as trials end."}</div>
    </div>
  );
}

interface AxisProps {
  axis: "x" | "y";
  metrics: Metric[];
  value: string;
  choose: (metric: string) => void;
}

/** The name of an axis, which is also the choice of it. */
function AxisChoice({ axis, metrics, value, choose }: AxisProps): JSX.Element {
  const known = metrics.some((metric) => metric.name === value);
  return (
    <label className={`nx-axis ${axis}`}>
      <span aria-hidden="true">{axis === "y" ? "↑" : "→"}</span>
      <select aria-label={`${axis} axis`} value={value} onChange={(event) => choose(event.target.value)}>
        {!known && <option value={value}>{value}</option>}
        {metrics.map((metric) => (
          <option key={metric.name} value={metric.name}>
            {metric.label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}

function FrontTable({ pareto }: { pareto: Pareto }): JSX.Element {
  return (
    <details className="nx-data">
      <summary>
        <Icon name="right" />
        Data
      </summary>
      <div className="nx-scroll" tabIndex={0} role="region" aria-label="Cells on the front">
        <table>
          <caption className="sr">{pareto.finding}</caption>
          <thead>
            <tr>
              <th className="l">Trial</th>
              {pareto.columns.map((column) => (
                <th key={column}>{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pareto.front.map(([trial, ...values]) => (
              <tr key={trial}>
                <td className="l">#{trial}</td>
                {values.map((value, index) => (
                  <td key={pareto.columns[index] ?? index}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {pareto.front.length === 0 && <div className="sm t3">No cell on the front yet.</div>}
      </div>
    </details>
  );
}
