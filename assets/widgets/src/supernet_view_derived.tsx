/** The architecture that would be derived at this moment: its graphs in small, on the same places as the large ones, and its true rank. */
import { memo, type JSX } from "react";
import { Edge, Node } from "./supernet_view_canvas";
import type { Decision, Graph, Moment } from "./supernet_view_data";
import { livingLines, pickedLook } from "./supernet_view_line";
import { Sign, Tile, isOperation } from "./supernet_view_option";
import { optionColour } from "./supernet_view_colour";
import type { Shares } from "./supernet_view_shares";

interface Props {
  graph: Graph;
  graphNumber: number;
  shares: Shares;
  moment: Moment | null;
  titled: boolean;
}

export const DerivedPanel = memo(function DerivedPanel({ graph, graphNumber, shares, moment, titled }: Props): JSX.Element {
  const rank = moment?.rank ?? null;
  const inRows = graph.chips.some(({ style }) => style === "row");
  return (
    <section className="sec sv-derived" aria-label="If derived now">
      <div className="row between">
        <h4>If derived now{titled ? `: ${graph.title}` : ""}</h4>
        {rank !== null && (
          <span className="sm t2 num">
            rank <b className="b ink">{rank.rank}</b> of {rank.of}
          </span>
        )}
      </div>
      {moment === null ? (
        <p className="sm t3 sv-say">Nothing yet.</p>
      ) : inRows ? (
        <PickedList graphNumber={graphNumber} shares={shares} />
      ) : (
        <Small graph={graph} shares={shares} />
      )}
      {rank !== null && rank.value !== "" && (
        <div className="row between sm sv-value">
          <span className="t2">{rank.label}</span>
          <b className="b num">{rank.value}</b>
        </div>
      )}
    </section>
  );
});

const SHOWN_WIDTH = 300;
const TILE = 22;
const FADED = 0.35; // what nothing comes through

/** Sizes are those of the large graph times `scale`, so that a tile is as large as everywhere. */
function Small({ graph, shares }: { graph: Graph; shares: Shares }): JSX.Element {
  const scale = Math.max(1, graph.width / SHOWN_WIDTH);
  const side = TILE * scale;
  const living = livingLines(graph, shares);
  const lines = graph.lines.flatMap((line) => {
    const look = pickedLook(line, shares, 1.75 * scale);
    return look === null ? [] : [{ line, look: living.has(line) ? look : { ...look, opacity: FADED } }];
  });
  const tiles = graph.chips.flatMap((chip) => {
    const option = shares.picked(chip.decision);
    if (option === null || !isOperation(option)) return [];
    const atNode = graph.lines.every(({ spot }) => spot[0] !== chip.x || spot[1] !== chip.y);
    const edge = lines.find(({ line }) => line.spot[0] === chip.x && line.spot[1] === chip.y);
    return atNode || edge !== undefined ? [{ chip, option, opacity: edge?.look.opacity ?? 1 }] : [];
  });
  const words = tiles.map(({ chip, option }) => `${shares.decisions[chip.decision]?.label ?? ""} ${option.label}`).join(", ");
  return (
    <svg className="sv-small" viewBox={`0 0 ${graph.width} ${graph.height}`} role="img" aria-label={`Derived now: ${words}`}>
      {lines.map(({ line, look }) => (
        <Edge key={line.path} line={line} look={look} />
      ))}
      {graph.nodes.map((node) => (
        <Node key={`${node.name} ${node.x}`} node={node} scale={scale * 0.86} />
      ))}
      {tiles.map(({ chip, option, opacity }) => (
        <g key={chip.decision} opacity={opacity < 1 ? 2 * FADED : 1} transform={`translate(${chip.x - side / 2} ${chip.y - side / 2})`}>
          <title>{`${shares.decisions[chip.decision]?.label ?? ""}: ${option.label}`}</title>
          <rect width={side} height={side} rx={5 * scale} fill="var(--bg)" />
          <rect
            width={side}
            height={side}
            rx={5 * scale}
            fill={optionColour(option)}
            fillOpacity={0.14}
            stroke={optionColour(option)}
            strokeWidth={scale}
          />
          <Sign option={option} x={3 * scale} y={3 * scale} side={16 * scale} />
        </g>
      ))}
    </svg>
  );
}

/** For graphs in rows: what is chosen, a line a decision; edges that are left out are not listed. */
function PickedList({ graphNumber, shares }: { graphNumber: number; shares: Shares }): JSX.Element {
  const rows = shares.decisions.flatMap((decision: Decision, i: number) => {
    const option = decision.graph === graphNumber ? shares.picked(i) : null;
    return option === null || option.family === "off" ? [] : [{ decision, option }];
  });
  return (
    <ul className="sv-picked" tabIndex={0} aria-label="Chosen options">
      {rows.map(({ decision, option }) => (
        <li key={decision.id}>
          <Tile option={option} />
          <span className="clip t2">{decision.label}</span>
          <span className="clip b">{decision.kind === "presence" ? "skip connection" : option.label}</span>
        </li>
      ))}
    </ul>
  );
}
