/** The network as a row of blocks above a cell: which blocks the cell is, how often, and in which shape. */
import type { JSX } from "react";
import { Icon } from "./icons";
import type { StripBlock } from "./space_editor_data";

interface Props {
  strip: readonly StripBlock[];
  shown: string;
  open: (cell: string) => void;
}

export function StripView({ strip, shown, open }: Props): JSX.Element {
  return (
    <ol className="se-blocks" aria-label="Network">
      {strip.map((block) => (
        <li key={block.node} className={block.reduces ? "reduces" : ""}>
          <Icon name="right" />
          <span className="se-blockbox">
            {block.kind === "cell" ? (
              <button
                type="button"
                className={`se-block cell${block.cell === shown ? " here" : ""}${block.repeat === "" ? "" : " many"}`}
                title={`${block.node}: ${block.label} ${block.repeat}`}
                aria-label={`${block.node}: ${`cell ${block.label} ${block.repeat}`.trim()}`}
                aria-current={block.cell === shown}
                onClick={() => open(block.cell)}
              >
                <span className="clip">{block.label}</span>
                <b className="b">{block.repeat}</b>
              </button>
            ) : (
              <span className="se-block" title={block.node}>
                <span className="clip">{block.label}</span>
              </span>
            )}
            <span className="se-shape">{block.shape}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
