/** The tree: births from left to right, better ones higher. One member is selected; the line of the best is bold. */
import { memo, useMemo, useRef, useState, type JSX, type MouseEvent, type PointerEvent } from "react";
import type { Tree } from "./lineage_view_data";
import { Ground } from "./lineage_view_ground";
import { BestWords, Chosen, Seen, StepWords, Tip } from "./lineage_view_marks";
import { drawing, linePath, nearest, scales, type Height, type Size } from "./lineage_view_places";
import { lineOf, spokenMember, standing, type Moment } from "./lineage_view_tree";
import { useWidth } from "./use_width";

const HEIGHT = 424;

interface Props {
  tree: Tree;
  moment: Moment;
  last: number;
  height: Height;
  selected: number | null;
  compared: number | null;
  select: (trial: number, against: boolean) => void;
}

export const TreeChart = memo(function TreeChart(props: Props): JSX.Element {
  const { tree, moment, last, height, selected, compared, select } = props;
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host, 640);
  const [hovered, hover] = useState<number | null>(null);
  const size: Size = useMemo(() => ({ width, height: HEIGHT }), [width]);
  const to = useMemo(() => scales(tree, height, last, size), [tree, height, last, size]);
  const drawn = useMemo(() => drawing(tree, moment, to), [tree, moment, to]);
  const under = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearest(tree, moment, to, [event.clientX - box.left, event.clientY - box.top]);
  };
  const pressed = (event: MouseEvent<SVGSVGElement>) => {
    const trial = under(event);
    if (trial !== null) select(trial, event.shiftKey);
  };
  const own = useMemo(() => (selected === null ? "" : linePath(lineOf(tree, selected), to)), [tree, selected, to]);
  const seen = hovered !== null && hovered <= moment.place ? hovered : null;
  return (
    <div ref={host} className="lv-chart">
      <svg
        width={width}
        height={HEIGHT}
        role="listbox"
        tabIndex={0}
        aria-label={`Family tree: ${moment.place + 1} born${moment.best === null ? "" : `, best ${spokenMember(tree, moment.best, moment)}`}`}
        aria-activedescendant={selected === null ? undefined : `lv-${selected}`}
        className={seen === null ? "lv-tree" : "lv-tree over"}
        onClick={pressed}
        onPointerMove={(event: PointerEvent<SVGSVGElement>) => hover(under(event))}
        onPointerLeave={() => hover(null)}
      >
        <Ground tree={tree} moment={moment} height={height} to={to} last={last} size={size} />
        <path className={last > 250 ? "lv-link many" : "lv-link"} d={drawn.links} />
        <path className="lv-own" d={own} />
        <path className="lv-best" d={drawn.line} />
        <path className="lv-dead" d={drawn.dead} />
        <path className="lv-failed" d={drawn.failed} />
        <path className="lv-running" d={drawn.running} />
        <path className="lv-alive" d={drawn.alive} />
        <StepWords tree={tree} line={moment.line} to={to} />
        {moment.line.map((trial) => (
          <circle key={trial} className={standing(tree, trial, moment.events) === "alive" ? "lv-lined" : "lv-lined dead"} cx={to.x(trial)} cy={to.y(trial)} r={to.radius + 1.5} />
        ))}
        <BestWords moment={moment} to={to} size={size} hidden={selected !== null && Math.abs(selected - (moment.best ?? -99)) < 1} />
        {compared !== null && compared <= moment.place && <Chosen tree={tree} trial={compared} moment={moment} to={to} size={size} />}
        {selected !== null && selected <= moment.place && <Chosen tree={tree} trial={selected} moment={moment} to={to} size={size} main />}
        {seen !== null && <Seen tree={tree} trial={seen} moment={moment} to={to} />}
      </svg>
      {seen !== null && <Tip tree={tree} trial={seen} moment={moment} to={to} size={size} />}
    </div>
  );
});
