/** The bar below: step, play, how fast, the slider over the epochs with its warnings, and the way back to the newest moment. */
import { memo, useRef, type JSX, type PointerEvent } from "react";
import { tickText } from "./curve_path";
import { Icon } from "./icons";
import type { Moment } from "./supernet_view_data";
import { nearestPlace, warningsBegin } from "./supernet_view_moments";
import { epochTicks } from "./supernet_view_paths";
import { SPEEDS, type Replay, type ReplayAction } from "./supernet_view_replay";

interface Props {
  moments: readonly Moment[];
  replay: Replay;
  end: number;
  still: boolean; // the user wants nothing to move by itself
  press: (action: ReplayAction) => void;
}

export const Scrubber = memo(function Scrubber({ moments, replay, end, still, press }: Props): JSX.Element {
  const next = SPEEDS[(SPEEDS.indexOf(replay.speed) + 1) % SPEEDS.length] ?? 1;
  const none = moments.length === 0;
  return (
    <div className="sv-scrub" role="group" aria-label="Replay">
      <span className="sv-buttons">
        <Press label="First moment" icon="first" off={none} press={() => press({ do: "first" })} />
        <Press label="Previous moment" icon="left" off={none} press={() => press({ do: "step", by: -1 })} />
        <Press
          label={replay.playing ? "Stop the replay" : "Play from here"}
          icon={replay.playing ? "pause" : "play"}
          off={none || still}
          press={() => press({ do: "play" })}
        />
        <Press label="Next moment" icon="right" off={none} press={() => press({ do: "step", by: 1 })} />
      </span>
      <button type="button" className="btn sv-speed num" aria-label={`Speed ${replay.speed}, press for ${next}`} onClick={() => press({ do: "speed", to: next })}>
        {replay.speed}×
      </button>
      <Slider moments={moments} place={replay.place} end={end} press={press} />
      <button type="button" className="btn" aria-pressed={replay.live} onClick={() => press({ do: "live" })}>
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
}

export function Press({ label, icon, off, press }: PressProps): JSX.Element {
  return (
    <button type="button" className="btn icon" aria-label={label} title={label} aria-disabled={off} onClick={() => off || press()}>
      <Icon name={icon} />
    </button>
  );
}

const NEAR = 0.045; // of the axis: a number so near would run into the one at the thumb

interface SliderProps {
  moments: readonly Moment[];
  place: number;
  end: number;
  press: (action: ReplayAction) => void;
}

function Slider({ moments, place, end, press }: SliderProps): JSX.Element {
  const track = useRef<HTMLDivElement>(null);
  const now = moments[place];
  const percent = (epoch: number) => `${Math.min(100, (100 * epoch) / end)}%`;
  const dragged = (event: PointerEvent<HTMLDivElement>) => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0 || moments.length === 0) return;
    const epoch = (end * (event.clientX - box.left)) / box.width;
    const last = moments.length - 1;
    const to = nearestPlace(moments, epoch);
    press(to === last ? { do: "live" } : { do: "go", to });
  };
  const pressed = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    dragged(event);
  };
  const at = epochTicks(end, 5);
  const apart = at.filter((tick) => now === undefined || Math.abs(tick - now.epoch) > NEAR * end);
  return (
    <div
      className="sv-slider"
      role="slider"
      tabIndex={0}
      aria-label="Epoch"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, moments.length - 1)}
      aria-valuenow={Math.max(0, place)}
      aria-valuetext={now === undefined ? "no moment yet" : `epoch ${epochText(now.epoch)}, moment ${place + 1} of ${moments.length}`}
      onPointerDown={pressed}
      onPointerMove={(event) => event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId) && dragged(event)}
    >
      <div ref={track} className="sv-rail">
        <i className="all" />
        <i className="known" style={{ width: percent(moments.at(-1)?.epoch ?? 0) }} />
        <i className="done" style={{ width: percent(now?.epoch ?? 0) }} />
        {apart.map((tick) => (
          <span key={tick} className="tick" style={{ left: percent(tick) }}>
            {tickText(tick, at)}
          </span>
        ))}
        {warningsBegin(moments).map((begin) => (
          <WarningMark key={begin} left={percent((moments[begin] as Moment).epoch)} />
        ))}
        {now !== undefined && (
          <>
            <b className="thumb" style={{ left: percent(now.epoch) }} />
            <span className="tick here" style={{ left: percent(now.epoch) }}>
              {epochText(now.epoch)}
            </span>
          </>
        )}
      </div>
    </div>
  );
}

function WarningMark({ left }: { left: string }): JSX.Element {
  return (
    <svg className="mark" style={{ left }} viewBox="0 0 12 9" aria-hidden="true">
      <path d="M0 0h12l-6 9z" fill="var(--warn)" />
    </svg>
  );
}

export function epochText(epoch: number): string {
  return Number.isInteger(epoch) ? String(epoch) : epoch.toFixed(1);
}
