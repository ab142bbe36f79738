/** The selected trial: its cell as a diagram, its rank and numbers, and its text to copy. Before the first trial: the plan. */
import { memo, useEffect, useRef, type JSX } from "react";
import { CopyButton } from "./copy_button";
import { safeSvg } from "./safe_svg";
import type { Detail, Fact } from "./stream";

export const DetailPanel = memo(function DetailPanel({ detail, plan }: { detail: Detail | null; plan: Fact[] }): JSX.Element {
  return (
    <section className="nx-detail" aria-label={detail === null ? "Plan" : detail.title}>
      <div className="nx-fill">{detail === null ? <Plan plan={plan} /> : <Trial detail={detail} />}</div>
    </section>
  );
});

function Plan({ plan }: { plan: Fact[] }): JSX.Element {
  if (plan.length === 0) {
    return (
      <div className="nx-hint">
        <div className="b t2">No trial selected</div>
        <div className="sm t3">Press a point of the plot or a row of the table.</div>
      </div>
    );
  }
  return (
    <>
      <div className="ph">
        <h4>Plan</h4>
      </div>
      <dl className="facts plan">
        {plan.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="nx-foot sm t2">Runs in a background kernel. Your notebook stays free, and you may close it.</p>
    </>
  );
}

function Trial({ detail }: { detail: Detail }): JSX.Element {
  return (
    <>
      <div className="ph">
        <h4>{detail.title}</h4>
        {detail.front && <span className="chip brand">front</span>}
        {detail.status !== "finished" && <span className={detail.status === "failed" ? "chip err" : "chip"}>{detail.status}</span>}
        <span className="grow" />
        {detail.rank !== null && (
          <span className="rank" title={`by ${detail.rank.what}; better than ${detail.rank.percentile} %`}>
            rank <b>{detail.rank.value}</b> of {detail.rank.of}
          </span>
        )}
      </div>
      {detail.message !== "" && <p className={detail.status === "failed" ? "nx-message err" : "nx-message"}>{detail.message}</p>}
      {detail.why !== "" && <p className="nx-why sm t2">{detail.why}</p>}
      <div className="nx-diagrams" {...(detail.diagrams.length > 1 ? { tabIndex: 0, role: "group", "aria-label": "Diagrams" } : {})}>
        {detail.diagrams.map((diagram, index) => (
          <Diagram key={index} {...diagram} alone={detail.diagrams.length === 1} />
        ))}
      </div>
      {detail.facts.length > 0 && (
        <dl className="nx-numbers">
          {detail.facts.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {detail.text !== "" && (
        <div className="nx-text">
          <div className="row between">
            <span className="xs t2">Architecture</span>
            <CopyButton text={detail.text} label="Copy" className="btn ghost small" />
          </div>
          <code className="mono">{detail.text}</code>
        </div>
      )}
    </>
  );
}

function Diagram({ title, svg, alone }: { title: string; svg: string; alone: boolean }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawing = safeSvg(svg);
    host.current?.replaceChildren(drawing ?? "The diagram could not be drawn; the text below names the same cell.");
  }, [svg]);
  return (
    <figure>
      {!alone && <figcaption className="xs t2">{title}</figcaption>}
      <div ref={host} role="img" aria-label={`diagram: ${title}`} className="xs t3" />
    </figure>
  );
}
