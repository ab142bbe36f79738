/** The keys of every replay: on the slider all of them, elsewhere in a widget those that it has no other use for. */
import type { ReplayAction } from "./replay";

const PAGE = 10;

export const REPLAY_STEPS: Readonly<Record<string, ReplayAction>> = {
  ArrowLeft: { do: "step", by: -1 },
  ArrowRight: { do: "step", by: 1 },
  ArrowDown: { do: "step", by: -1 },
  ArrowUp: { do: "step", by: 1 },
  PageDown: { do: "step", by: -PAGE },
  PageUp: { do: "step", by: PAGE },
  Home: { do: "first" },
  End: { do: "live" },
};
