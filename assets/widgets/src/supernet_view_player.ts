/** The replay of one view: the `snapshot` trait, which other views and cells share, is where it rests. */
import { useCallback } from "react";
import { useTrait, type ControlModel } from "./model";
import type { Replay, ReplayAction } from "./replay";
import { setTrait, useReplay } from "./replay_player";
import type { Moment } from "./supernet_view_data";
import { placeOf } from "./supernet_view_moments";

export function usePlayer(model: ControlModel, moments: readonly Moment[], attached: boolean): [Replay, (action: ReplayAction) => void] {
  const snapshot = useTrait<number | null>(model, "snapshot", null);
  const tell = useCallback(
    (place: number | null) => setTrait(model, "snapshot", place === null ? null : (moments[place]?.number ?? null), attached),
    [model, moments, attached],
  );
  return useReplay({ count: moments.length, told: snapshot === null ? null : Math.max(0, placeOf(moments, snapshot)), tell });
}
