/** What Python tells the explorer: the traits of nas_explorer/widgets/explore_stream.py. */

export const TABS = ["start", "space", "search", "inside", "race", "lesson"] as const;

export type TabName = (typeof TABS)[number];

export interface SpaceOffer {
  name: string;
  summary: string;
  size: string;
}

export interface RunOffer {
  folder: string;
  name: string;
  kind: "run" | "race" | "unreadable"; // a recording is a run, too
  words: string;
  when: string;
}

export interface Lesson {
  number: string;
  question: string;
  goals: string[];
  minutes: number;
  notebook: string;
  paths: string[]; // where it lies, in full and from the home folder on; none if it is not here
}

/** What the form of a race offers, and what is chosen in it at first. */
export interface RaceOffer {
  spaces: string[];
  lanes: string[];
  chosen: string[];
  trials: number;
  most_trials: number;
  seeds: number;
  most_seeds: number;
}

export interface Offers {
  spaces: SpaceOffer[];
  runs: RunOffer[];
  runs_folder: string;
  recordings: RunOffer[];
  race: RaceOffer;
  lessons: Lesson[];
}

export interface ExploreStream {
  offers: Offers;
  names: Partial<Record<TabName, string>>;
  space: string | null; // models of the widgets that stand in the tabs
  search: string | null;
  inside: string | null;
  race: string | null;
}

const NO_RACE: RaceOffer = { spaces: [], lanes: [], chosen: [], trials: 0, most_trials: 0, seeds: 0, most_seeds: 0 };

export const BLANK: ExploreStream = {
  offers: { spaces: [], runs: [], runs_folder: "runs", recordings: [], race: NO_RACE, lessons: [] },
  names: {},
  space: null,
  search: null,
  inside: null,
  race: null,
};
