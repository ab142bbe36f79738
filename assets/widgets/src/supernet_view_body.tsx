/** Everything between header and replay bar: the graph and the curves of its decisions at the left, what they mean at the right. */
import { memo, useMemo, type JSX } from "react";
import { AreasPanel } from "./supernet_view_areas";
import { Canvas } from "./supernet_view_canvas";
import { ChartDrawing, ChartHead } from "./supernet_view_chart";
import type { Chart, Decision, Drawing, Moment, Option } from "./supernet_view_data";
import { DerivedPanel } from "./supernet_view_derived";
import { EntropyPanel } from "./supernet_view_entropy";
import { Tile } from "./supernet_view_option";
import { OptionsPanel } from "./supernet_view_options";
import { Shares } from "./supernet_view_shares";
import { TrustPanel } from "./supernet_view_trust";
import { useCalm } from "./use_calm";

interface Props {
  drawing: Drawing;
  moments: readonly Moment[];
  place: number;
  end: number;
  selected: number;
  select: (decision: number) => void;
}

export const SupernetBody = memo(function SupernetBody({ drawing, moments, place, end, selected, select }: Props): JSX.Element | null {
  const { decisions, graphs, charts } = drawing;
  const moment = moments[place] ?? null;
  const shares = useMemo(() => new Shares(decisions, moment), [decisions, moment]);
  const known = useCalm(useMemo(() => moments.slice(0, place + 1), [moments, place]));
  const number = decisions[selected]?.graph ?? 0;
  const graph = graphs[number];
  const mine = useMemo(() => decisions.flatMap((decision, i) => (decision.graph === number ? [i] : [])), [decisions, number]);
  const decision = decisions[selected];
  const chart = (wanted: string) => charts.find(({ key }) => key === wanted);
  if (graph === undefined || decision === undefined) return null;
  return (
    <div className="sv-main">
      <div className="sv-left">
        <div>
          <div className="ph">
            <h4>Operation probabilities</h4>
            <span className="sm t2 clip sv-hint">line width and colour: leading operation</span>
            <span className="grow" />
            <GraphTabs drawing={drawing} shown={number} select={select} />
          </div>
          <div className="sv-canvas">
            <Canvas graph={graph} shares={shares} selected={selected} select={select} />
            {moment === null && <Empty />}
          </div>
          <Legend decisions={decisions} shown={mine} />
        </div>
        <AreasPanel
          decisions={decisions}
          shown={mine.filter((i) => moment === null || shares.of(i).length > 0)}
          moments={known}
          end={end}
          shares={shares}
          selected={selected}
          select={select}
        />
        <Charts charts={charts.filter(({ key }) => !BESIDE.has(key))} moments={known} end={end} />
      </div>
      <div className="sv-right">
        <div className="sv-column">
          <OptionsPanel decision={decision} shares={shares.of(selected)} bits={shares.entropy(selected)} picked={shares.picked(selected)?.label ?? null} />
          <DerivedPanel graph={graph} graphNumber={number} shares={shares} moment={moment} titled={graphs.length > 1} />
        </div>
        <div className="sv-column">
          <TrustPanel trust={moment?.trust ?? null} chart={chart("tau")} moments={known} end={end} />
          <EntropyPanel decisions={decisions} shown={mine} shares={shares} moments={known} end={end} chart={chart("entropy")} />
        </div>
      </div>
    </div>
  );
});

function Empty(): JSX.Element {
  return (
    <div className="sv-empty">
      <div className="b t2">No snapshot yet</div>
      <div className="sm t3">The first one comes when the shared weights have begun to learn.</div>
    </div>
  );
}

/** One tab a graph; where there are many, a list. */
function GraphTabs({ drawing, shown, select }: { drawing: Drawing; shown: number; select: (decision: number) => void }): JSX.Element | null {
  if (drawing.graphs.length < 2) return null;
  const open = (graph: number) => select(drawing.decisions.findIndex((decision) => decision.graph === graph));
  if (drawing.graphs.length > MOST_TABS) {
    return (
      <select className="field" aria-label="Graph" value={shown} onChange={(event) => open(Number(event.target.value))}>
        {drawing.graphs.map(({ title }, i) => (
          <option key={title} value={i}>
            {title}
          </option>
        ))}
      </select>
    );
  }
  return (
    <span className="sv-tabs" role="group" aria-label="Graph">
      {drawing.graphs.map(({ title }, i) => (
        <button key={title} type="button" className="btn small" aria-pressed={i === shown} onClick={() => open(i)}>
          {title}
        </button>
      ))}
    </span>
  );
}

const MOST_TABS = 3;
const BESIDE: ReadonlySet<string> = new Set(["tau", "entropy"]); // charts that have a place in the right column

/** Every operation of the graph once; values have their names on their chips. */
const Legend = memo(function Legend({ decisions, shown }: { decisions: readonly Decision[]; shown: readonly number[] }): JSX.Element | null {
  const found = new Map<string, Option>();
  for (const i of shown) {
    if (decisions[i]?.kind === "operation") for (const option of decisions[i].options) if (!found.has(option.label)) found.set(option.label, option);
  }
  if (found.size === 0) return null;
  return (
    <div className="sv-legend">
      {[...found.values()].map((option) => (
        <span key={option.label} className="row sm">
          <Tile option={option} />
          {option.label}
        </span>
      ))}
    </div>
  );
});

/** The charts that have something to show, in Python's order. */
function Charts({ charts, moments, end }: ChartsProps): JSX.Element | null {
  const names = useMemo(() => new Set(moments.flatMap(({ values }) => Object.keys(values))), [moments]);
  const shown = charts.filter(({ series }) => series.some(({ name }) => names.has(name)));
  if (shown.length === 0) return null;
  return (
    <div className={shown.length === 2 || shown.length === 4 ? "sv-charts two" : "sv-charts"}>
      {shown.map((chart) => (
        <section key={chart.key} className="sec" aria-label={chart.title}>
          <ChartHead chart={chart} moments={moments} />
          <ChartDrawing chart={chart} moments={moments} end={end} />
        </section>
      ))}
    </div>
  );
}

interface ChartsProps {
  charts: readonly Chart[];
  moments: readonly Moment[];
  end: number;
}
