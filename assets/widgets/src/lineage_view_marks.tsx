/** Words and rings on the tree: the chosen members, the best, what changed on its line, and what the mouse is over. */
import type { JSX } from "react";
import type { Tree } from "./lineage_view_data";
import { curve, EDGE, type Scales, type Size } from "./lineage_view_places";
import { spokenMember, standing, type Moment } from "./lineage_view_tree";

interface MemberProps {
  tree: Tree;
  trial: number;
  moment: Moment;
  to: Scales;
  size: Size;
}

function placeOf({ tree, trial, moment, to }: Omit<MemberProps, "size">): [number, number] {
  return [to.x(trial), standing(tree, trial, moment.events) === "running" ? to.gutter : to.y(trial)];
}

/** A member that was chosen: a ring and its number; the main one is also the option that screen readers are told. */
export function Chosen({ main = false, ...member }: MemberProps & { main?: boolean }): JSX.Element {
  const { tree, trial, moment, size } = member;
  const [x, y] = placeOf(member);
  const above = y > EDGE.top + 24;
  const words = trial === moment.best ? `best #${trial}` : `#${trial}`;
  const option = main
    ? { role: "option", id: `lv-${trial}`, "aria-selected": true, "aria-setsize": moment.place + 1, "aria-posinset": trial + 1 }
    : {};
  return (
    <g {...option} aria-label={spokenMember(tree, trial, moment)} data-trial={trial}>
      <circle className="lv-ring" cx={x} cy={y} r={9} />
      <text className="lv-name" x={Math.max(EDGE.left + 4.5 * words.length, Math.min(x, size.width - 30))} y={above ? y - 15 : y + 24} textAnchor="middle">
        {words}
      </text>
    </g>
  );
}

export function BestWords({ moment, to, size, hidden }: { moment: Moment; to: Scales; size: Size; hidden: boolean }): JSX.Element | null {
  if (moment.best === null || hidden) return null;
  const [x, y] = [to.x(moment.best), to.y(moment.best)];
  return (
    <text className="lv-name best" x={Math.max(EDGE.left + 24, Math.min(x, size.width - 34))} y={y > EDGE.top + 8 ? y - 11 : y + 20} textAnchor="middle">
      best #{moment.best}
    </text>
  );
}

/** What changed on each step of the line of the best, where there is room to say it. */
export function StepWords({ tree, line, to }: { tree: Tree; line: readonly number[]; to: Scales }): JSX.Element {
  return (
    <g aria-hidden="true">
      {line.slice(1).map((trial, i) => {
        const before = line[i] as number;
        const change = tree.changes[tree.change[trial] ?? -1];
        if (change === undefined || to.x(trial) - to.x(before) < 6 * change.place.length + (i === line.length - 2 ? 60 : 13)) return null;
        return (
          <text key={trial} className="lv-change" x={(to.x(trial) + to.x(before)) / 2} y={(to.y(trial) + to.y(before)) / 2 + 15} textAnchor="middle">
            {change.place}
          </text>
        );
      })}
    </g>
  );
}

/** The member under the mouse, with the links to its parent and its children. */
export function Seen({ tree, trial, moment, to }: Omit<MemberProps, "size">): JSX.Element {
  const at = (member: number) => placeOf({ tree, trial: member, moment, to });
  const parent = tree.parent[trial] ?? -1;
  const children: number[] = [];
  for (let child = trial + 1; child <= moment.place; child++) if (tree.parent[child] === trial) children.push(child);
  const links = [...(parent >= 0 ? [curve(at(parent), at(trial))] : []), ...children.map((child) => curve(at(trial), at(child)))];
  const [x, y] = at(trial);
  return (
    <g aria-hidden="true">
      <path className="lv-seen" d={links.join("")} />
      <circle className="lv-seen" cx={x} cy={y} r={7} />
    </g>
  );
}

export function Tip({ size, ...member }: MemberProps): JSX.Element {
  const [x, y] = placeOf(member);
  const right = x > size.width / 2;
  return (
    <div className="lv-tip sm" style={{ top: y + 12, ...(right ? { right: size.width - x + 4 } : { left: x + 4 }) }} aria-hidden="true">
      {spokenMember(member.tree, member.trial, member.moment)}
    </div>
  );
}
