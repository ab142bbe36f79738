/** What stands in each tab: a widget of its own, or, where there is none yet, how to come by one. */
import type { JSX, ReactNode } from "react";
import type { Offers, TabName } from "./explore_data";
import { Lessons } from "./explore_lessons";
import { RecordingList, RunList, Section, SpaceList } from "./explore_lists";
import type { Wishes } from "./explore_wishes";
import type { ControlModel } from "./model";
import { Nested } from "./nested";

interface Props {
  offers: Offers;
  wishes: Wishes;
  open: (tab: TabName) => void;
}

export function StartPage({ offers, wishes, open }: Props): JSX.Element {
  return (
    <div className="ex-start">
      <Section title="Draw a space" words="What can be built? Take a known search space, change it, and search it.">
        <SpaceList spaces={offers.spaces} wishes={wishes} />
      </Section>
      <Section title="Open a run" words="Every search is a folder: look at one, live or long after it has ended.">
        <RunList runs={offers.runs} folder={offers.runs_folder} wishes={wishes} />
      </Section>
      {offers.recordings.length > 0 && (
        <Section title="Play a recording" words="Searches that were run before; nothing is computed.">
          <RecordingList recordings={offers.recordings} wishes={wishes} />
        </Section>
      )}
      <Section title="Race strategies" words="Several on one budget, many searches each, beside random search: who is ahead, and how sure is that?">
        <button type="button" className="btn" onClick={() => open("race")}>
          Choose who races
        </button>
      </Section>
      {offers.lessons.length > 0 && (
        <Section title="Take a lesson" words="Short notebooks, one question each.">
          <Lessons lessons={offers.lessons} brief />
          <button type="button" className="btn" onClick={() => open("lesson")}>
            What they are about
          </button>
        </Section>
      )}
    </div>
  );
}

interface WidgetProps {
  model: ControlModel;
  reference: string | null;
  children?: ReactNode; // while there is none
  failed: string;
}

export function WidgetPanel({ model, reference, children, failed }: WidgetProps): JSX.Element {
  return reference === null ? <>{children}</> : <Nested model={model} reference={reference} failed={failed} />;
}

export function NoSpace({ offers, wishes }: Omit<Props, "open">): JSX.Element {
  return (
    <div className="ex-start one">
      <Section title="No space is open" words="Take one to begin with; everything in it can be changed.">
        <SpaceList spaces={offers.spaces} wishes={wishes} />
      </Section>
    </div>
  );
}

export function NoSearch({ offers, wishes, open }: Props): JSX.Element {
  return (
    <div className="ex-start one">
      <Section title="No search is open" words="Start one from the space that you draw, or open a run.">
        <p>
          <button type="button" className="btn" onClick={() => open("space")}>
            To the space
          </button>
        </p>
        <RunList runs={offers.runs} folder={offers.runs_folder} wishes={wishes} />
      </Section>
    </div>
  );
}

export function NoInside({ searched, open }: { searched: boolean; open: Props["open"] }): JSX.Element {
  return (
    <div className="ex-start one">
      <Section
        title={searched ? "One moment" : "Nothing to look into yet"}
        words={
          searched
            ? "The view of this search is being made."
            : "Of a search that trains shared weights you see here what it has learned, of an evolution who came from whom."
        }
      >
        {!searched && (
          <button type="button" className="btn" onClick={() => open("search")}>
            To the search
          </button>
        )}
      </Section>
    </div>
  );
}
