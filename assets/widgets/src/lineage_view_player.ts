/** The growth of the tree as a replay: the `moment` trait, which other views and cells share, is where it rests. */
import { useCallback } from "react";
import { useTrait, type ControlModel } from "./model";
import type { Replay, ReplayAction } from "./replay";
import { setTrait, useReplay } from "./replay_player";

const TICKS = 400; // a whole tree takes at most so many

export function useGrowth(model: ControlModel, count: number, attached: boolean): [Replay, (action: ReplayAction) => void] {
  const moment = useTrait<number | null>(model, "moment", null);
  const tell = useCallback((place: number | null) => setTrait(model, "moment", place, attached), [model, attached]);
  return useReplay({ count, told: moment, tell, stride: Math.max(1, Math.ceil(count / TICKS)) });
}
