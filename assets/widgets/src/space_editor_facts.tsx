/** What is known of the space without training anything; the numbers change in place with every edit. */
import { useState, type JSX } from "react";
import { Icon } from "./icons";
import { useTrait, type Model } from "./model";
import { BLANK_FACTS, type FactCell } from "./space_editor_data";
import type { EditorModel } from "./space_editor_editor";

/** Reads the facts by itself: they get better many times a second, and nothing else has to be drawn again for it. */
export function FactBar({ stream, editor }: { stream: Model; editor: EditorModel }): JSX.Element {
  const facts = useTrait(stream, "facts", BLANK_FACTS);
  return (
    <section className="se-facts" aria-label="Facts" aria-busy={facts.refining}>
      {facts.cells.map((cell) => (
        <Fact key={cell.label} cell={cell} editor={editor} stale={facts.version !== editor.drawing.version} />
      ))}
    </section>
  );
}

function Fact({ cell, editor, stale }: { cell: FactCell; editor: EditorModel; stale: boolean }): JSX.Element {
  return (
    <div className={`se-fact${stale ? " stale" : ""}`} role="group" aria-label={cell.label}>
      <div className="fl">
        {cell.label}
        {cell.devices.length > 0 && <Devices cell={cell} editor={editor} />}
      </div>
      <div className={cell.bar === null && cell.tone === "" ? "num" : `fv ${cell.tone === "" ? "" : `${cell.tone}c`}`}>
        {cell.tone !== "" && <Icon name={cell.tone === "ok" ? "ok" : cell.tone === "warn" ? "warn" : "err"} />}
        {cell.value}
      </div>
      {cell.bar !== null && (
        <div className="rb" aria-hidden="true">
          {cell.bar.to > 0 && <i style={{ left: percent(cell.bar.from), width: percent(Math.max(cell.bar.to - cell.bar.from, 0.005)) }} />}
          {cell.bar.limit !== null && <b style={{ left: percent(Math.min(cell.bar.limit, 1)) }} />}
        </div>
      )}
      {cell.limit === "" ? <div className="sm t2">{cell.note}</div> : <Limit cell={cell} editor={editor} />}
    </div>
  );
}

/** Whose latency is shown: a device of a table that holds this space, or none. */
function Devices({ cell, editor }: { cell: FactCell; editor: EditorModel }): JSX.Element {
  return (
    <select
      className="se-device"
      aria-label="Device"
      value={cell.device}
      aria-disabled={!editor.attached}
      onChange={(event) => editor.attached && editor.act("set_device", { device: event.target.value })}
    >
      <option value="">choose a device</option>
      {cell.devices.map((device) => (
        <option key={device} value={device}>
          {device}
        </option>
      ))}
    </select>
  );
}

/** "no limit" is a button: it opens a field. */
function Limit({ cell, editor }: { cell: FactCell; editor: EditorModel }): JSX.Element {
  const [typing, setTyping] = useState<string | null>(null);
  const name = `Limit on ${cell.label === "MACs" ? cell.label : cell.label.toLowerCase()}`;
  if (typing === null)
    return (
      <button
        type="button"
        className="se-limit sm"
        aria-label={`${name}: ${cell.note}`}
        aria-disabled={!editor.attached}
        onClick={() => editor.attached && setTyping(cell.limit_text)}
        title="Set or remove the limit"
      >
        {cell.note}
      </button>
    );
  const done = () => {
    if (typing !== cell.limit_text) editor.act("set_limit", { kind: cell.limit, value: typing, graph: "" });
    setTyping(null);
  };
  return (
    <input
      className="field se-input"
      aria-label={name}
      placeholder="no limit"
      autoFocus
      value={typing}
      onChange={(event) => setTyping(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
        if (event.key === "Escape") {
          event.stopPropagation();
          setTyping(null);
        }
      }}
    />
  );
}

function percent(share: number): string {
  return `${Math.round(1000 * Math.max(0, Math.min(1, share))) / 10}%`;
}
