/** The bar below: step, play, how fast, the slider over the births, and the way back to everything that is known. */
import { memo, useRef, type JSX, type PointerEvent } from "react";
import { birthTicks } from "./lineage_view_places";
import { SPEEDS, type Replay, type ReplayAction } from "./supernet_view_replay";
import { Press } from "./supernet_view_scrubber";

interface Props {
  count: number;
  last: number; // trial at the right end
  replay: Replay;
  still: boolean; // the user wants nothing to move by itself
  press: (action: ReplayAction) => void;
}

export const GrowthScrubber = memo(function GrowthScrubber({ count, last, replay, still, press }: Props): JSX.Element {
  const next = SPEEDS[(SPEEDS.indexOf(replay.speed) + 1) % SPEEDS.length] ?? 1;
  const none = count === 0;
  return (
    <div className="sv-scrub" role="group" aria-label="Replay">
      <span className="sv-buttons">
        <Press label="First birth" icon="first" off={none} press={() => press({ do: "first" })} />
        <Press label="One birth back" icon="left" off={none} press={() => press({ do: "step", by: -1 })} />
        <Press
          label={replay.playing ? "Stop the replay" : "Play from here"}
          icon={replay.playing ? "pause" : "play"}
          off={none || still}
          press={() => press({ do: "play" })}
        />
        <Press label="One birth on" icon="right" off={none} press={() => press({ do: "step", by: 1 })} />
      </span>
      <button type="button" className="btn sv-speed num" aria-label={`Speed ${replay.speed}, press for ${next}`} onClick={() => press({ do: "speed", to: next })}>
        {replay.speed}×
      </button>
      <Slider count={count} last={last} place={replay.place} press={press} />
      <button type="button" className="btn" aria-pressed={replay.live} onClick={() => press({ do: "live" })}>
        Live
      </button>
    </div>
  );
});

const NEAR = 0.045; // of the axis: a number so near would run into the one at the thumb

interface SliderProps {
  count: number;
  last: number;
  place: number;
  press: (action: ReplayAction) => void;
}

function Slider({ count, last, place, press }: SliderProps): JSX.Element {
  const track = useRef<HTMLDivElement>(null);
  const newest = Math.max(0, count - 1);
  const percent = (trial: number) => `${Math.min(100, (100 * trial) / Math.max(1, last))}%`;
  const dragged = (event: PointerEvent<HTMLDivElement>) => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0 || count === 0) return;
    const to = Math.round((last * (event.clientX - box.left)) / box.width);
    press(to >= newest ? { do: "live" } : { do: "go", to: Math.max(0, to) });
  };
  const pressed = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    dragged(event);
  };
  return (
    <div
      className="sv-slider"
      role="slider"
      tabIndex={0}
      aria-label="Births"
      aria-valuemin={0}
      aria-valuemax={newest}
      aria-valuenow={place}
      aria-valuetext={count === 0 ? "nothing born yet" : `trial ${place} born, ${count} in all`}
      onPointerDown={pressed}
      onPointerMove={(event) => event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId) && dragged(event)}
    >
      <div ref={track} className="sv-rail">
        <i className="all" />
        <i className="known" style={{ width: percent(newest) }} />
        <i className="done" style={{ width: percent(place) }} />
        {birthTicks(last, 6)
          .filter((tick) => Math.abs(tick - place) > NEAR * last)
          .map((tick) => (
            <span key={tick} className="tick" style={{ left: percent(tick) }}>
              {tick}
            </span>
          ))}
        {count > 0 && (
          <>
            <b className="thumb" style={{ left: percent(place) }} />
            <span className="tick here" style={{ left: percent(place) }}>
              {place}
            </span>
          </>
        )}
      </div>
    </div>
  );
}
