/** The header and banner of a view that lost Python: the last values stay, and the text says how to see it live again. */
import { useMemo, type JSX } from "react";
import { Banner } from "./banner";
import { CopyButton } from "./copy_button";
import type { Banner as BannerState, Header, Phase } from "./stream";

const OVER: ReadonlySet<Phase> = new Set(["finished", "stopped", "failed"]);

/** `seen` is the wall-clock time at which the view noticed, "14:32:08". */
export function detachedHeader(last: Header, seen: string): Header {
  const trial = last.progress_text === "" ? last.word : last.progress_text;
  return {
    ...last,
    phase: "detached",
    word: "Not attached",
    facts: [{ label: "Last seen", value: `${trial}, ${seen}` }],
    buttons: last.buttons.map((button) => ({ ...button, kind: "plain", enabled: false })),
  };
}

export function detachedBanner(last: Header): BannerState {
  return { kind: "warn", bold: "This view is not attached.", text: whatGoesOn(last.phase), details: null, actions: [] };
}

function whatGoesOn(phase: Phase): string {
  if (phase === "idle") return "The search was not started.";
  if (OVER.has(phase)) return "The search has ended, and nothing is lost.";
  return "The search goes on in the background kernel, and nothing is lost.";
}

export function DetachedBanner({ header }: { header: Header }): JSX.Element {
  const banner = useMemo(() => detachedBanner(header), [header]);
  const line = header.reattach;
  const copy = line === "" ? null : <CopyButton text={line} label="Copy the line" className="btn" />;
  return (
    <Banner banner={banner} command={noCommand} icon="plug" urgent extra={copy}>
      {line === "" ? (
        "Run its cell again to see it live."
      ) : (
        <>
          Run <code className="mono">{line}</code> in a cell to see it live.
        </>
      )}
    </Banner>
  );
}

const noCommand = () => {};
