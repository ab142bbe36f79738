/** The candidates of an edge or node as switches, with what each costs in the whole network, and their parameters. */
import { useEffect, useState, type JSX } from "react";
import { Icon } from "./icons";
import type { Candidate, CandidateCost, DrawnOperation, Drawing } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";
import { Field } from "./space_editor_fields";
import { Tile } from "./space_editor_tiles";

interface Props {
  title: string;
  host: object;
  candidates: readonly Candidate[];
  drawing: Drawing;
  editor: EditorModel;
}

export function Candidates({ title, host, candidates, drawing, editor }: Props): JSX.Element {
  const costs = useCosts(host, drawing, editor);
  const [open, setOpen] = useState<number | null>(null);
  const on = candidates.filter(([, is]) => is).length;
  return (
    <>
      <div className="row between se-candhead">
        <h4 className="se-h">{title}</h4>
        <span className="chip brand">
          {on} of {candidates.length} on
        </span>
      </div>
      <div className="se-cands">
        <div className="se-candlabels" aria-hidden="true">
          <span />
          <span>Candidate</span>
          <span>Params</span>
          <span>MACs</span>
          <span />
        </div>
        {candidates.map(([number, is], i) => {
          const operation = drawing.operations[number];
          if (operation === undefined) return null;
          return (
            <CandidateRow
              key={i}
              index={i}
              operation={operation}
              on={is}
              cost={costs?.[i]}
              isOpen={open === i}
              toggle={() => editor.act("toggle", { ...host, index: i })}
              turn={() => setOpen(open === i ? null : i)}
              setParameter={(parameter, value) => editor.act("set_parameter", { ...host, index: i, parameter, value })}
            />
          );
        })}
      </div>
      <button type="button" className="se-add" onClick={() => editor.finder.current?.focus()}>
        <Icon name="plus" />
        Add a candidate
      </button>
    </>
  );
}

interface RowProps {
  index: number;
  operation: DrawnOperation;
  on: boolean;
  cost: CandidateCost | undefined;
  isOpen: boolean;
  toggle: () => void;
  turn: () => void;
  setParameter: (name: string, value: string) => void;
}

function CandidateRow({ index, operation, on, cost, isOpen, toggle, turn, setParameter }: RowProps): JSX.Element {
  const name = `${operation.label} ${operation.details}`.trim();
  const decided = operation.params.filter(({ text }) => text.includes(","));
  const words = decided.length > 0 ? `${name} ${decided.map(({ name: key, text }) => `${key} ${text}`).join(" ")}` : name;
  return (
    <>
      <div className={`se-cand${on ? "" : " off"}`} title={index < 9 ? `Key ${index + 1}` : ""}>
        <Tile operation={operation} off={!on} />
        {operation.params.length > 0 ? (
          <button type="button" className="se-candname clip" aria-expanded={isOpen} aria-label={`Parameters of ${words}`} title={`${words}: parameters`} onClick={turn}>
            {words}
          </button>
        ) : (
          <span className="se-candname clip" title={words}>
            {words}
          </span>
        )}
        <span className="v">{cost?.parameters ?? ""}</span>
        <span className="v">{cost?.macs ?? ""}</span>
        <button type="button" role="switch" className="se-toggle" aria-checked={on} aria-label={name} onClick={toggle}>
          <span className={`tog${on ? " on" : ""}`} />
        </button>
      </div>
      {isOpen && (
        <div className="se-params">
          {operation.params.map(({ name: key, text }) => (
            <Field key={key} label={key} value={text} title="One value, or several to choose from: 3, 5" set={(value) => setParameter(key, value)} />
          ))}
        </div>
      )}
    </>
  );
}

/** Asked for what is selected only: each takes a look at a whole network. */
function useCosts(host: object, drawing: Drawing, editor: EditorModel): readonly CandidateCost[] | null {
  const [costs, setCosts] = useState<readonly CandidateCost[] | null>(null);
  const place = JSON.stringify([editor.graphName, host]);
  useEffect(() => {
    let current = true;
    void editor.ask("look", { graph: editor.graphName, ...host }).then((answer) => {
      if (current) setCosts(answer?.costs ?? null);
    });
    return () => {
      current = false;
    };
  }, [place, drawing.version]);
  return costs;
}
