/** The final table: who is where, each seed as a dot, and how it stands against random search. */
import { memo, type JSX } from "react";
import type { RaceRow, RaceTable } from "./race_view_data";
import { dotsPath } from "./race_view_lines";
import { MarkIcon } from "./race_view_marker";

const STRIP = { width: 164, height: 30, edge: 8 };
const TONES: Readonly<Record<RaceRow["verdict"], string>> = { better: "chip ok", worse: "chip err", unclear: "chip", baseline: "t2", stopped: "chip err", "": "" };

interface Props {
  table: RaceTable;
  rows: readonly RaceRow[]; // in the order in which they are shown
  see: (lane: string | null) => void;
}

export const FinalTable = memo(function FinalTable({ table, rows, see }: Props): JSX.Element {
  return (
    <section className="rv-table nx-scroll" aria-label="Final table" tabIndex={-1}>
      <table>
        <thead>
          <tr>
            <th className="l">Place</th>
            <th className="l">Strategy</th>
            <th>Median {table.word}</th>
            <th className="rv-mid">Middle half</th>
            <th className="rv-mid rv-some">Mean</th>
            <th className="rv-widest">95 % interval</th>
            <th className="l rv-wide">
              Each seed {table.ends[0] !== "" && <span className="t3">({table.ends.join(" to ")})</span>}
            </th>
            <th className="rv-widest">Trials</th>
            <th className="rv-mid rv-some" title="how many times sooner its median came to random search's final median">Speed-up</th>
            <th title="share of all pairs of searches in which it was better than random search">Beats random</th>
            <th className="l">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name} row={row} random={table.random} see={see} />
          ))}
        </tbody>
      </table>
    </section>
  );
});

function Row({ row, random, see }: { row: RaceRow; random: number | null; see: Props["see"] }): JSX.Element {
  const note = row.note !== "" && (
    <tr className={row.state === "stopped" ? "rv-note fail" : "rv-note"}>
      <td />
      <td className="l" colSpan={10}>
        {row.state === "stopped" ? `Stopped: ${row.note}` : row.note}
      </td>
    </tr>
  );
  return (
    <>
      <tr data-lane={row.name} onPointerEnter={() => see(row.name)} onPointerLeave={() => see(null)}>
        <td className="l">{row.place}</td>
        <td className="l">
          <span className="row">
            <MarkIcon look={row} />
            <b className="b clip rv-lane-name">{row.name}</b>
          </span>
        </td>
        <td>{row.middle}</td>
        <td className="t2 rv-mid">{row.spread}</td>
        <td className="rv-mid rv-some">{row.mean}</td>
        <td className="t2 rv-widest">{row.interval}</td>
        <td className="l rv-wide">
          <Strip row={row} random={random} />
        </td>
        <td className="rv-widest">{row.trials}</td>
        <td className="rv-mid rv-some">{row.speed_up}</td>
        <td>{row.beats}</td>
        <td className="l">
          <span className={TONES[row.verdict]}>{row.verdict}</span>
        </td>
      </tr>
      {note}
    </>
  );
}

/** Dots for seeds, a bar for their median, and random search's median dashed. */
function Strip({ row, random }: { row: RaceRow; random: number | null }): JSX.Element {
  const inner = STRIP.width - 2 * STRIP.edge;
  const at = (share: number) => STRIP.edge + share * inner;
  const middle = STRIP.height / 2;
  return (
    <svg width={STRIP.width} height={STRIP.height} role="img" aria-label={`${row.seeds.length} seeds, median ${row.middle}`}>
      <line className="gl" x1={STRIP.edge - 4} x2={STRIP.width - STRIP.edge + 4} y1={middle} y2={middle} />
      {random !== null && <line className="rv-random" x1={at(random)} x2={at(random)} y1={2} y2={STRIP.height - 2} />}
      <path className="rv-dots" stroke={row.colour} transform={`translate(${STRIP.edge} 0)`} d={dotsPath(row.seeds, inner, STRIP.height)} />
      {row.tick !== null && <line className="rv-tick" stroke={row.colour} x1={at(row.tick)} x2={at(row.tick)} y1={4} y2={STRIP.height - 4} />}
    </svg>
  );
}
