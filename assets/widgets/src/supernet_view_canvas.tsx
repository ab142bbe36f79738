/** The graph at one moment: line width and colour tell the leading operation, chips all of them. One decision is selected. */
import { useEffect, useRef, type JSX } from "react";
import { ChipDrawing } from "./supernet_view_chip";
import { optionColour } from "./supernet_view_colour";
import type { Graph, Line, PlacedName } from "./supernet_view_data";
import { headPath, lineLook, type LineLook } from "./supernet_view_line";
import { spoken, type Shares } from "./supernet_view_shares";

interface Props {
  graph: Graph;
  shares: Shares;
  selected: number;
  select: (decision: number) => void;
}

export function Canvas({ graph, shares, selected, select }: Props): JSX.Element {
  const svg = useRef<SVGSVGElement>(null);
  const chipped = new Set(graph.chips.map(({ decision }) => decision));
  const looks = graph.lines.map((line) => ({ line, look: lineLook(line, shares) })).sort((a, b) => a.look.opacity - b.look.opacity);
  useFollowedFocus(svg, selected);

  const option = (decision: number) => {
    const decided = shares.decisions[decision];
    return {
      role: "option",
      tabIndex: decision === selected ? 0 : -1,
      "aria-selected": decision === selected,
      "aria-label": decided === undefined ? "" : spoken(decided, shares.of(decision)),
      "data-decision": decided?.id,
      onClick: () => select(decision),
      onFocus: () => select(decision),
    };
  };
  return (
    <svg
      ref={svg}
      className="sv-graph"
      viewBox={`0 0 ${graph.width} ${graph.height}`}
      style={{ maxWidth: graph.width * 1.08 }}
      role="listbox"
      aria-label={`Decisions of ${graph.title}`}
    >
      {looks.map(({ line, look }) => {
        const own = line.presence !== null && !chipped.has(line.presence.decision) ? line.presence.decision : null;
        const touched = line.operation === selected || line.presence?.decision === selected;
        const drawing = <Edge line={line} look={look} selected={touched} wide={own !== null} />;
        return own === null ? (
          <g key={line.path} aria-hidden="true">
            {drawing}
          </g>
        ) : (
          <g key={line.path} {...option(own)}>
            <title>{option(own)["aria-label"]}</title>
            {drawing}
          </g>
        );
      })}
      {graph.nodes.map((node) => (
        <Node key={`${node.name} ${node.x} ${node.y}`} node={node} />
      ))}
      {graph.chips.map((chip) => {
        const decision = shares.decisions[chip.decision];
        return decision === undefined ? null : (
          <g key={chip.decision} {...option(chip.decision)} className="sv-chip">
            <title>{spoken(decision, shares.of(chip.decision))}</title>
            <ChipDrawing
              chip={chip}
              decision={decision}
              shares={shares.of(chip.decision)}
              lead={shares.leading(chip.decision)}
              selected={chip.decision === selected}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** Where the keyboard has moved the selection, the focus follows it, and so does the scrolling of a long graph. */
function useFollowedFocus(svg: React.RefObject<SVGSVGElement | null>, selected: number): void {
  useEffect(() => {
    const list = svg.current;
    const target = list?.querySelector<SVGElement>('[aria-selected="true"]') ?? null;
    if (list === null || target === null || !list.contains(document.activeElement) || document.activeElement === target) return;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }, [svg, selected]);
}

interface EdgeProps {
  line: Line;
  look: LineLook;
  selected?: boolean;
  wide?: boolean; // a broad invisible line below it takes the mouse
}

export function Edge({ line, look, selected = false, wide = false }: EdgeProps): JSX.Element {
  const colour = look.option !== null ? optionColour(look.option) : look.decided ? "var(--brand)" : "var(--ghost)";
  return (
    <>
      {wide && <path d={line.path} className="sv-hit" />}
      {selected && <path d={line.path} className="sv-halo" strokeWidth={look.width + 8} />}
      <g opacity={look.opacity}>
        <path d={line.path} fill="none" stroke={colour} strokeWidth={look.width} strokeDasharray={look.option?.family === "none" ? "7 5" : undefined} />
        <path d={headPath(line.tip, look.width)} fill={colour} />
      </g>
    </>
  );
}

/** `scale` enlarges the name, for a graph that is shown so much smaller; then only names of one letter have room. */
export function Node({ node, scale = 1 }: { node: PlacedName; scale?: number }): JSX.Element {
  const top = node.y - node.height / 2;
  return (
    <g aria-hidden="true">
      <rect className="sv-node" x={node.x - node.width / 2} y={top} width={node.width} height={node.height} rx={Math.min(node.width, node.height) / 2} />
      {node.beside ? (
        <text className="sv-name" x={node.x + node.width / 2 + 8} y={top + 13}>
          {node.name.length > 11 ? `${node.name.slice(0, 10)}…` : node.name}
        </text>
      ) : scale > 1 && node.name.length > 1 ? null : (
        <text className="sv-name" x={node.x} y={node.y + 4.3 * scale} textAnchor="middle" style={{ fontSize: 12 * scale }}>
          {node.name}
        </text>
      )}
    </g>
  );
}
