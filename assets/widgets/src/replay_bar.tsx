/**
 * The bar that plays a recorded or running search again: step, play, how fast, a slider with marks, and the way back to the newest.
 *
 * How to use it: `useReplay` (replay_player.ts) keeps where it stands and gives `press`; the view maps its moments, numbered from 0,
 * onto an axis of its own unit, and draws the moment `replay.place`. Keys come from `REPLAY_STEPS` (replay_keys.ts) while the
 * slider has the focus; the space bar means `{ do: "play" }`. Its style is styles/replay.css, which the widget's style sheet imports.
 *
 *     const [replay, press] = useReplay({ count, told: trait, tell });
 *     <ReplayBar name="Trials" unit="trial" count={count} replay={replay} press={press} still={still} end={end}
 *       at={(place) => place} placeAt={Math.round} ticks={[{ at: 0, words: "0" }]} here={String(replay.place)}
 *       words={`trial ${replay.place} of ${count}`} marks={[{ at: 12, kind: "fail", words: "trial 12 failed" }]} />
 */
import { memo, useMemo, useRef, type JSX, type PointerEvent, type ReactNode } from "react";
import { Icon } from "./icons";
import { SPEEDS, type Replay, type ReplayAction } from "./replay";
import { thinned, type Mark, type MarkKind } from "./replay_marks";

export interface ReplayBarProps {
  name: string; // of the slider, as in "Epoch"
  unit: string; // what a step goes over, as in "Previous moment"
  count: number; // how many moments there are; the last is the newest
  replay: Replay;
  press: (action: ReplayAction) => void;
  still: boolean; // the user wants nothing to move by itself
  end: number; // of the axis, which begins at 0
  at: (place: number) => number; // where a moment stands on it
  placeAt: (spot: number) => number; // the moment that is nearest to a spot
  ticks: readonly { at: number; words: string }[];
  here: string; // the moment in a number, below the thumb
  words: string; // the moment in words, as a screen reader says it
  marks?: readonly Mark[];
  near?: (place: number) => void; // the pointer is over a moment, which is likely to be pressed
  ready?: (on: boolean) => void; // pointer or focus are on "Play", which is likely to be pressed
  children?: ReactNode; // more controls, before "Live"
}

export const ReplayBar = memo(function ReplayBar(props: ReplayBarProps): JSX.Element {
  const { unit, count, replay, still, press, ready, children } = props;
  const next = SPEEDS[(SPEEDS.indexOf(replay.speed) + 1) % SPEEDS.length] ?? 1;
  const none = count === 0;
  return (
    <div className="rp-bar" role="group" aria-label="Replay">
      <span className="rp-buttons">
        <Press label={`First ${unit}`} icon="first" off={none} press={() => press({ do: "first" })} />
        <Press label={`Previous ${unit}`} icon="left" off={none} press={() => press({ do: "step", by: -1 })} />
        <Press
          label={replay.playing ? "Stop the replay" : "Play from here"}
          icon={replay.playing ? "pause" : "play"}
          off={none || still}
          press={() => press({ do: "play" })}
          near={ready}
        />
        <Press label={`Next ${unit}`} icon="right" off={none} press={() => press({ do: "step", by: 1 })} />
      </span>
      <button type="button" className="btn rp-speed num" aria-label={`Speed ${replay.speed}, press for ${next}`} onClick={() => press({ do: "speed", to: next })}>
        {replay.speed}×
      </button>
      <Slider {...props} />
      {children}
      <button type="button" className="btn rp-live" aria-pressed={replay.live} onClick={() => press({ do: "live" })}>
        Live
      </button>
    </div>
  );
});

interface PressProps {
  label: string;
  icon: "first" | "left" | "play" | "pause" | "right";
  off: boolean;
  press: () => void;
  near?: ((on: boolean) => void) | undefined;
}

function Press({ label, icon, off, press, near }: PressProps): JSX.Element {
  return (
    <button
      type="button"
      className="btn icon"
      aria-label={label}
      title={label}
      aria-disabled={off}
      onClick={() => off || press()}
      onPointerEnter={() => off || near?.(true)}
      onPointerLeave={() => near?.(false)}
      onFocus={() => off || near?.(true)}
      onBlur={() => near?.(false)}
    >
      <Icon name={icon} />
    </button>
  );
}

const NEAR = 0.045; // of the axis: a number so near would run into the one at the thumb

function Slider({ name, count, replay, press, end, at, placeAt, ticks, here, words, marks = [], near }: ReplayBarProps): JSX.Element {
  const track = useRef<HTMLDivElement>(null);
  const newest = Math.max(0, count - 1);
  const now = count === 0 ? 0 : at(replay.place);
  const shown = useMemo(() => thinned(marks, end), [marks, end]);
  const percent = (spot: number) => `${Math.max(0, Math.min(100, (100 * spot) / Math.max(end, 1e-9)))}%`;
  const under = (event: PointerEvent<HTMLDivElement>) => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0 || count === 0) return null;
    return Math.min(newest, Math.max(0, placeAt((end * (event.clientX - box.left)) / box.width)));
  };
  const dragged = (event: PointerEvent<HTMLDivElement>) => {
    const to = under(event);
    if (to !== null) press(to >= newest ? { do: "live" } : { do: "go", to });
  };
  const moved = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId)) return dragged(event);
    const over = event.buttons === 0 && near !== undefined ? under(event) : null;
    if (over !== null) near?.(over);
  };
  const pressed = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    dragged(event);
  };
  return (
    <div
      className="rp-slider"
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={newest}
      aria-valuenow={Math.min(replay.place, newest)}
      aria-valuetext={words}
      onPointerDown={pressed}
      onPointerMove={moved}
    >
      <div ref={track} className="rp-rail">
        <i className="all" />
        <i className="known" style={{ width: percent(count === 0 ? 0 : at(newest)) }} />
        <i className="done" style={{ width: percent(now) }} />
        {ticks.map((tick) => (
          <span key={tick.at} className="tick" hidden={count > 0 && Math.abs(tick.at - now) <= NEAR * end} style={{ left: percent(tick.at) }}>
            {tick.words}
          </span>
        ))}
        {shown.map((mark) => (
          <MarkDrawing key={`${mark.kind} ${mark.at}`} left={percent(mark.at)} mark={mark} />
        ))}
        {count > 0 && (
          <>
            <b className="thumb" style={{ left: percent(now) }} />
            <span className="tick here" style={{ left: percent(now) }}>
              {here}
            </span>
          </>
        )}
      </div>
    </div>
  );
}

/** Told apart by form as well as by colour. */
const FORMS: Readonly<Record<MarkKind, JSX.Element>> = {
  warn: <path d="M0 0h12l-6 9z" fill="var(--warn)" />,
  fail: <path d="M2.5 1l7 7m0-7l-7 7" stroke="var(--err)" strokeWidth="1.8" fill="none" />,
  best: <circle cx="6" cy="4.5" r="2.6" fill="var(--brand)" />,
  edit: <path d="M6 0l4.5 4.5L6 9 1.5 4.5z" fill="var(--warn)" stroke="var(--sub)" />,
  pause: <path d="M4 1v7M8 1v7" stroke="var(--ink-2)" strokeWidth="1.6" fill="none" />,
};

function MarkDrawing({ left, mark }: { left: string; mark: Mark }): JSX.Element {
  return (
    <svg className="mark" data-kind={mark.kind} style={{ left }} viewBox="0 0 12 9" aria-hidden="true">
      {mark.words !== undefined && <title>{mark.words}</title>}
      {FORMS[mark.kind]}
      {mark.count !== undefined && (
        <text x="11" y="7.5" fontSize="8.5" fontWeight="600" fill="var(--ink-2)">
          {mark.count}
        </text>
      )}
    </svg>
  );
}
