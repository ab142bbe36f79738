/** Beside the tree: one mutation, or any two architectures, drawn side by side with what differs marked; why it was proposed. */
import { memo, useEffect, useRef, type JSX } from "react";
import type { LineageDetail, Side } from "./lineage_view_data";
import { Step } from "./lineage_view_tile";
import { WorthTable } from "./lineage_view_worths";
import { safeSvg } from "./safe_svg";

const MOST_STEPS = 2; // changes in the head; the others are in the drawings

interface Props {
  detail: LineageDetail | null;
  pinned: number | null;
  pin: () => void;
  unpin: () => void;
  waiting: string; // why there is nothing to be seen now; else empty
}

export const LineageDetailPanel = memo(function LineageDetailPanel({ detail, pinned, pin, unpin, waiting }: Props): JSX.Element {
  if (detail === null || waiting !== "") {
    return (
      <section className="lv-detail" aria-label="Selected">
        <div className="nx-hint">
          <div className="b t2">{waiting === "" ? "Nothing to be seen yet" : "The tree grows"}</div>
          <div className="sm t3">{waiting === "" ? "The first trial has not finished." : waiting}</div>
        </div>
      </section>
    );
  }
  return (
    <section className="lv-detail" aria-label={`${detail.title}, trial ${detail.trial}`}>
      <div className="ph">
        <h4>{detail.title}</h4>
        <span className="grow" />
        <span className="lv-steps">
          {detail.changes.slice(0, MOST_STEPS).map((change) => (
            <Step key={change.place} change={change} place={detail.changes.length === 1} />
          ))}
          {detail.changes.length > MOST_STEPS && <span className="xs t3">+{detail.changes.length - MOST_STEPS}</span>}
        </span>
        <button
          type="button"
          className="btn small"
          aria-pressed={pinned !== null}
          title={pinned === null ? "Keep this one and choose another to hold against it (C)" : "Back to the parent (Esc)"}
          onClick={pinned === null ? pin : unpin}
        >
          {pinned === null ? "Pin" : `Unpin #${pinned}`}
        </button>
      </div>
      <div className={detail.first === null ? "lv-pairs alone" : "lv-pairs"}>
        {detail.first !== null && <Head side={detail.first} />}
        <Head side={detail.second} />
        {detail.pairs.map(([first, second], i) => (
          <Pair key={i} first={detail.first === null ? null : first} second={second} />
        ))}
      </div>
      {detail.why !== "" && <p className="lv-why sm">{detail.why}</p>}
      {detail.message !== "" && <p className="lv-why sm errc">{detail.message}</p>}
      <Rows detail={detail} />
      {detail.worths !== null && <WorthTable worths={detail.worths} />}
    </section>
  );
});

function Head({ side }: { side: Side }): JSX.Element {
  return (
    <div className="lv-side">
      <b className="b">{side.word}</b> <span className="t2">#{side.trial}</span>
      {side.status !== "finished" && <span className={side.status === "failed" ? "chip err" : "chip"}>{side.status}</span>}
      <span className="grow" />
      {side.rank !== "" && (
        <span className="rank" title="true rank in the table">
          rank <b>{side.rank}</b>
        </span>
      )}
    </div>
  );
}

function Pair({ first, second }: { first: string | null; second: string }): JSX.Element {
  return (
    <>
      {first !== null && <Drawn svg={first} />}
      <Drawn svg={second} />
    </>
  );
}

function Drawn({ svg }: { svg: string }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    host.current?.replaceChildren(safeSvg(svg) ?? "The diagram could not be drawn.");
  }, [svg]);
  return <div ref={host} className="lv-drawn" />;
}

function Rows({ detail }: { detail: LineageDetail }): JSX.Element | null {
  if (detail.rows.length === 0) return null;
  const two = detail.first !== null;
  return (
    <table className="lv-rows">
      <thead>
        <tr>
          <th scope="col" className="l">
            <span className="sr">Metric</span>
          </th>
          {two && <th scope="col">{detail.first?.word === "Parent" ? "Parent" : `#${detail.first?.trial}`}</th>}
          <th scope="col">{two && detail.second.word === "Child" ? "Child" : `#${detail.second.trial}`}</th>
          {two && <th scope="col">Change</th>}
        </tr>
      </thead>
      <tbody>
        {detail.rows.map((row) => (
          <tr key={row.label}>
            <th scope="row" className="l">
              {row.label}
            </th>
            {two && <td>{row.first}</td>}
            <td>{row.second}</td>
            {two && <td className={`b ${row.tone === "better" ? "okc" : row.tone === "worse" ? "errc" : "t2"}`}>{row.change}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
