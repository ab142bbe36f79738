/** The chip of a decision on the graph: all options as a bar, the leading one by sign, name and share. */
import { memo, type JSX } from "react";
import type { Chip, Decision } from "./supernet_view_data";
import { Bar, isOperation, Sign } from "./supernet_view_option";
import { percent, type Leading } from "./supernet_view_shares";

interface Props {
  chip: Chip;
  decision: Decision;
  shares: readonly number[];
  lead: Leading | null;
  selected: boolean;
}

export const ChipDrawing = memo(function ChipDrawing(props: Props): JSX.Element {
  const { chip, selected } = props;
  const Inside = { full: Full, small: Small, pill: Pill, row: Row }[chip.style];
  return (
    <g transform={`translate(${chip.x - chip.width / 2} ${chip.y - chip.height / 2})`}>
      <rect className={`chip-box ${chip.style}${selected ? " on" : ""}`} width={chip.width} height={chip.height} rx={chip.style === "pill" ? 10 : 7} />
      <Inside {...props} />
    </g>
  );
});

function Words({ x, y, width, children, end = false, strong = false }: WordsProps): JSX.Element {
  return (
    <text x={x} y={y} className={strong ? "cw b" : "cw"} textAnchor={end ? "end" : "start"}>
      {fitted(children, width)}
    </text>
  );
}

interface WordsProps {
  x: number;
  y: number;
  width: number;
  children: string;
  end?: boolean;
  strong?: boolean;
}

const LETTER = 6.1; // about the width of a letter at 11 pixels

export function fitted(words: string, width: number): string {
  const most = Math.max(1, Math.floor(width / LETTER));
  return words.length <= most ? words : `${words.slice(0, most - 1).trimEnd()}…`;
}

function Full({ chip, decision, shares, lead }: Props): JSX.Element {
  const right = chip.width - 6;
  return (
    <>
      <Bar options={decision.options} shares={shares} x={6} y={6} width={chip.width - 12} height={14} />
      {lead !== null && (
        <>
          <Sign option={lead.option} x={6} y={24} side={14} />
          <Words x={24} y={35} width={chip.width - 62}>{lead.option.label}</Words>
          <Words x={right} y={35} width={40} end strong>{percent(lead.share)}</Words>
        </>
      )}
    </>
  );
}

function Small({ chip, decision, shares, lead }: Props): JSX.Element {
  const operation = lead !== null && isOperation(lead.option);
  return (
    <>
      <Bar options={decision.options} shares={shares} x={5} y={4} width={chip.width - 10} height={7} />
      {lead !== null && (
        <>
          {operation && <Sign option={lead.option} x={5} y={14} side={14} />}
          <Words x={operation ? 22 : 5} y={25} width={chip.width - (operation ? 58 : 42)}>
            {operation ? lead.option.size : lead.option.label}
          </Words>
          <Words x={chip.width - 5} y={25} width={40} end strong>{percent(lead.share)}</Words>
        </>
      )}
    </>
  );
}

function Pill({ chip, shares }: Props): JSX.Element {
  return (
    <text x={chip.width / 2} y={14} className="cw b" textAnchor="middle">
      {shares.length === 0 ? "–" : percent(shares[0] ?? 0)}
    </text>
  );
}

const LABEL = 86;
const LEAD = 172;

function Row({ chip, decision, shares, lead }: Props): JSX.Element {
  const operation = lead !== null && isOperation(lead.option);
  const at = chip.width - LEAD;
  return (
    <>
      <text x={6} y={16} className="cw t2">
        {fitted(decision.short, LABEL - 8)}
      </text>
      <Bar options={decision.options} shares={shares} x={LABEL} y={6} width={at - LABEL - 10} height={12} />
      {lead === null ? (
        <text x={at} y={16} className="cw t3">
          not weighed
        </text>
      ) : (
        <>
          {operation && <Sign option={lead.option} x={at} y={5} side={14} />}
          <Words x={operation ? at + 19 : at} y={16} width={LEAD - 64}>{lead.option.label}</Words>
          <Words x={chip.width - 6} y={16} width={40} end strong>{percent(lead.share)}</Words>
        </>
      )}
    </>
  );
}
