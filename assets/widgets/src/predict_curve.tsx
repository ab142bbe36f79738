/** A curve to be guessed: points that are dragged up and down or moved by keys, and the true curve over them afterwards. */
import { useRef, type JSX, type KeyboardEvent, type PointerEvent } from "react";
import { extent, held, share, short, step, withUnit, type GuessProps, type Question } from "./predict_data";
import { useWidth } from "./use_width";

const FIRST_WIDTH = 560;
const HEIGHT = 200;
const EDGE = { left: 44, right: 16, top: 12, bottom: 40 };
const FAR = 10; // steps of a page key

export function CurveGuess({ question, draft, truth, change }: GuessProps<number[]>): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(frame, FIRST_WIDTH);
  const values = draft ?? question.places.map(() => (question.least + question.most) / 2);
  const ends = extent(question, truth ?? []);
  const x = (place: number) => EDGE.left + (place / (question.places.length - 1)) * (width - EDGE.left - EDGE.right);
  const y = (value: number) => HEIGHT - EDGE.bottom - share(value, ends) * (HEIGHT - EDGE.top - EDGE.bottom);
  const put = (place: number, value: number) => change(values.map((was, i) => (i === place ? held(value, question) : was)));

  const dragged = (place: number) => (event: PointerEvent) => {
    const box = drawing.current?.getBoundingClientRect();
    if (truth !== null || box === undefined || event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const up = HEIGHT - EDGE.bottom - ((event.clientY - box.top) / box.height) * HEIGHT;
    put(place, ends[0] + (up / (HEIGHT - EDGE.top - EDGE.bottom)) * (ends[1] - ends[0]));
  };
  const line = (numbers: number[]) => numbers.map((value, place) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return (
    <div ref={frame}>
      <svg ref={drawing} className="pr-curve" viewBox={`0 0 ${width} ${HEIGHT}`} role="group" aria-label={question.text}>
        <Axes question={question} ends={ends} right={width - EDGE.right} x={x} y={y} />
        {(draft !== null || truth === null) && <polyline className="guess" points={line(values)} />}
        {truth !== null && <polyline className="truth" points={line(truth)} />}
        {truth !== null && <Legend guessed={draft !== null} />}
        {truth === null &&
          values.map((value, place) => (
            <circle
              key={question.places[place]}
              className="handle"
              cx={x(place)}
              cy={y(value)}
              r="7"
              role="slider"
              tabIndex={0}
              aria-label={`${question.axis} ${question.places[place] ?? ""}`.trim()}
              aria-orientation="vertical"
              aria-valuemin={question.least}
              aria-valuemax={question.most}
              aria-valuenow={value}
              aria-valuetext={withUnit(value, question)}
              onPointerDown={dragged(place)}
              onPointerMove={dragged(place)}
              onKeyDown={(event) => {
                const to = byKey(event, value, question);
                if (to === null) return;
                event.preventDefault();
                put(place, to);
              }}
            />
          ))}
      </svg>
    </div>
  );
}

function byKey(event: KeyboardEvent, value: number, question: Question): number | null {
  const by = step(question);
  switch (event.key) {
    case "ArrowUp":
    case "ArrowRight":
      return value + by;
    case "ArrowDown":
    case "ArrowLeft":
      return value - by;
    case "PageUp":
      return value + FAR * by;
    case "PageDown":
      return value - FAR * by;
    case "Home":
      return question.least;
    case "End":
      return question.most;
    default:
      return null;
  }
}

interface AxesProps {
  question: Question;
  ends: [number, number];
  right: number;
  x: (place: number) => number;
  y: (value: number) => number;
}

function Axes({ question, ends, right, x, y }: AxesProps): JSX.Element {
  const floor = HEIGHT - EDGE.bottom;
  return (
    <g className="axes" aria-hidden="true">
      {[ends[0], (ends[0] + ends[1]) / 2, ends[1]].map((value) => (
        <g key={value}>
          <line x1={EDGE.left - 10} x2={right} y1={y(value)} y2={y(value)} />
          <text x={EDGE.left - 16} y={y(value) + 4} textAnchor="end">
            {short(value)}
          </text>
        </g>
      ))}
      {question.places.map((place, i) => (
        <text key={place} x={x(i)} y={floor + 18} textAnchor="middle">
          {place}
        </text>
      ))}
      <text x={right} y={HEIGHT - 5} textAnchor="end">
        {question.axis}
      </text>
    </g>
  );
}

function Legend({ guessed }: { guessed: boolean }): JSX.Element {
  return (
    <g className="legend" aria-hidden="true">
      {guessed && (
        <>
          <line className="guess" x1={EDGE.left} x2={EDGE.left + 20} y1={HEIGHT - 9} y2={HEIGHT - 9} />
          <text x={EDGE.left + 26} y={HEIGHT - 5}>
            your guess
          </text>
        </>
      )}
      <line className="truth" x1={EDGE.left + 110} x2={EDGE.left + 130} y1={HEIGHT - 9} y2={HEIGHT - 9} />
      <text x={EDGE.left + 136} y={HEIGHT - 5}>
        the truth
      </text>
    </g>
  );
}
