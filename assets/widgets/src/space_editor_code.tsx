/** The space as Python that rebuilds it, coloured, with a button that copies it. */
import { useMemo, type JSX } from "react";
import { CopyButton } from "./copy_button";
import { Icon } from "./icons";
import { pythonTokens } from "./space_editor_python";

export function CodeTab({ code }: { code: string }): JSX.Element {
  const lines = useMemo(() => code.trimEnd().split("\n"), [code]);
  return (
    <div className="se-code" role="tabpanel" aria-label="Code">
      <div className="se-crumbs">
        <span className="okc row se-tight">
          <Icon name="ok" />
          In step with the graph
        </span>
        <span className="t3">·</span>
        <span className="clip">Run it in a cell to get this space; set editor.space to draw another.</span>
        <span className="grow" />
        <CopyButton text={code} label="Copy" className="btn" />
      </div>
      <pre className="se-listing" tabIndex={0} aria-label="Python that rebuilds this space">
        {lines.map((line, i) => (
          <span className="line" key={i}>
            <span className="ln" aria-hidden="true">
              {i + 1}
            </span>
            <code>
              {pythonTokens(line).map(([kind, text], j) => (kind === "" ? text : <span key={j} className={`py-${kind}`}>{text}</span>))}
            </code>
          </span>
        ))}
      </pre>
    </div>
  );
}
