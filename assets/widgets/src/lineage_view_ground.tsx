/** What lies behind the members of the tree: grid, numbers, the random start, and who is alive. */
import { memo, type JSX } from "react";
import type { Tree } from "./lineage_view_data";
import { birthTicks, EDGE, type Height, type Scales, type Size } from "./lineage_view_places";
import { living, randomStart, type Moment } from "./lineage_view_tree";

interface GroundProps {
  tree: Tree;
  moment: Moment;
  height: Height;
  to: Scales;
  last: number;
  size: Size;
}

export const Ground = memo(function Ground({ tree, moment, height, to, last, size }: GroundProps): JSX.Element {
  const right = size.width - EDGE.right;
  const low = size.height - EDGE.bottom;
  const foot = to.gutter + 12;
  const deepest = Math.max(1, ...tree.generation);
  const rows: [number, string][] = height === "value" ? tree.axis.ticks : birthTicks(deepest, 7).map((tick) => [tick, String(tick)]);
  const start = randomStart(tree);
  const alive = living(tree, moment);
  const half = Math.min(10, (to.x(1) - to.x(0)) / 2);
  const band = (span: [number, number], kind: string, words: string) => {
    const [x1, x2] = [to.x(span[0]) - half, to.x(Math.min(span[1], moment.place)) + half];
    return x2 <= x1 ? null : (
      <g key={kind}>
        <rect className={`lv-band ${kind}`} x={x1} width={x2 - x1} y={EDGE.top - 12} height={foot - EDGE.top + 12} />
        <text className={`ax ${kind}`} x={kind === "start" ? x1 : x2} y={EDGE.top - 18} textAnchor={kind === "start" ? "start" : "end"}>
          {words}
        </text>
      </g>
    );
  };
  return (
    <g aria-hidden="true">
      {start !== null && band(start, "start", "random start")}
      {alive !== null && band(alive, "alive", "alive")}
      {rows.map(([value, words]) => (
        <g key={words}>
          <line className="gl" x1={EDGE.left} x2={right} y1={to.level(value)} y2={to.level(value)} />
          <text className="ax" x={EDGE.left - 8} y={to.level(value) + 4} textAnchor="end">
            {words}
          </text>
        </g>
      ))}
      {height === "value" && (
        <text className="ax" x={EDGE.left - 8} y={to.gutter + 4} textAnchor="end">
          worse
        </text>
      )}
      <line className="al" x1={EDGE.left} x2={right} y1={foot} y2={foot} />
      {birthTicks(last, Math.max(3, Math.floor(size.width / 90))).map((tick) => (
        <text key={tick} className="ax" x={to.x(tick)} y={foot + 15} textAnchor="middle">
          {tick}
        </text>
      ))}
      <text className="ax" x={(EDGE.left + right) / 2} y={size.height - 3} textAnchor="middle">
        order of birth (trial)
      </text>
      <text className="ax" transform={`translate(12 ${(EDGE.top + low) / 2}) rotate(-90)`} textAnchor="middle">
        {height === "value" ? tree.axis.title : "generation"}
      </text>
    </g>
  );
});
