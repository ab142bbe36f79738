/** The options of the selected decision, each with its probability; as many rows whatever the numbers are. */
import { memo, type JSX } from "react";
import { optionColour } from "./supernet_view_colour";
import type { Decision } from "./supernet_view_data";
import { Tile } from "./supernet_view_option";
import { mostBits } from "./supernet_view_shares";

interface Props {
  decision: Decision;
  shares: readonly number[];
  bits: number | null;
  picked: string | null; // the option that would be derived now
}

export const OptionsPanel = memo(function OptionsPanel({ decision, shares, bits, picked }: Props): JSX.Element {
  return (
    <section className="sec sv-options" aria-label={`Options of ${decision.label}`}>
      <div className="row between">
        <h4>{decision.label}</h4>
        <span className="sm t2">{bits === null ? "not weighed" : `${bits.toFixed(2)} of ${mostBits(decision).toFixed(2)} bit`}</span>
      </div>
      <ul>
        {decision.options.map((option, i) => {
          const share = shares[i] ?? 0;
          return (
            <li key={`${option.label} ${i}`}>
              <Tile option={option} />
              <span className={option.label === picked ? "clip b" : "clip"} title={option.label === picked ? `${option.label}, derived now` : option.label}>
                {option.label}
              </span>
              <span className="sv-track" aria-hidden="true">
                <i style={{ width: `${100 * share}%`, background: optionColour(option) }} />
              </span>
              <span className="num b">{shares.length === 0 ? "–" : `${(100 * share).toFixed(1)} %`}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
});
