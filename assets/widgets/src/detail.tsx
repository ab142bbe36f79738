/** The selected trial: its cell as a diagram, its rank and numbers, and its text to copy. Before the first trial: the plan. */
import { memo, useEffect, useRef, type JSX } from "react";
import { CopyButton } from "./copy_button";
import { safeSvg } from "./safe_svg";
import type { Detail, Fact } from "./stream";

interface Props {
  detail: Detail | null;
  plan: Fact[];
  compare: ((trial: number) => void) | null; // hold a trial against others; null where there is nothing to compare
}

export const DetailPanel = memo(function DetailPanel({ detail, plan, compare }: Props): JSX.Element {
  return (
    <section className="nx-detail" aria-label={detail === null ? "Plan" : detail.title}>
      <div className="nx-fill">{detail === null ? <Plan plan={plan} /> : <Trial detail={detail} compare={compare} />}</div>
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

function Trial({ detail, compare }: Pick<Props, "compare"> & { detail: Detail }): JSX.Element {
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
      {(detail.text !== "" || compare !== null) && (
        <div className="nx-text">
          <div className="row">
            <span className="xs t2 grow">Architecture</span>
            {compare !== null && (
              <button type="button" className="btn ghost small" title="Side by side with any other trial" onClick={() => compare(detail.trial)}>
                Compare with…
              </button>
            )}
            {detail.text !== "" && <CopyButton text={detail.text} label="Copy" className="btn ghost small" />}
          </div>
          {detail.text !== "" && <code className="mono">{detail.text}</code>}
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
