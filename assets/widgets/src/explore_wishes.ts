/** What the user may ask of Python: open a space or a run, begin a race. Python answers each wish; the tab that it leads to comes as a trait. */
import { useEffect, useMemo, useState } from "react";
import type { ControlModel } from "./model";
import { Session } from "./space_editor_session";

export interface RaceWish {
  space: string;
  lanes: string[];
  trials: number;
  seeds: number;
}

export interface Wishes {
  attached: boolean;
  pending: string; // the wish that waits for its answer
  refusal: string;
  openSpace(name: string): void;
  openRun(folder: string): void;
  play(folder: string): void;
  beginRace(race: RaceWish): void;
  dismiss(): void;
}

export function useWishes(model: ControlModel, attached: boolean): Wishes {
  const [pending, setPending] = useState("");
  const [refusal, setRefusal] = useState("");
  const session = useMemo(() => new Session(model, () => 0), [model]);
  useEffect(() => {
    session.begin();
    return () => session.end();
  }, [session]);

  const ask = async (wish: string, type: string, args: object) => {
    if (!attached || pending !== "") return;
    setPending(wish);
    setRefusal("");
    const answer = await session.ask(type, args);
    setPending("");
    setRefusal(answer.refused ?? "");
  };
  return {
    attached,
    pending,
    refusal,
    openSpace: (name) => void ask(`space ${name}`, "open_space", { name }),
    openRun: (folder) => void ask(`run ${folder}`, "open_run", { folder }),
    play: (folder) => void ask(`play ${folder}`, "play", { folder }),
    beginRace: (race) => void ask("race", "begin_race", race),
    dismiss: () => setRefusal(""),
  };
}
