/** Wishes that go to Python, and what comes of each. */
import { useCallback, useEffect, useState } from "react";
import type { ControlModel } from "./model";
import type { Answer, Wish } from "./steer_panel_data";

export interface Wishes {
  answer: Answer | null; // to the last wish
  waiting: string; // the place of a wish that is not answered; else empty
  ask: (place: string, wish: Wish) => void;
  forget: () => void;
}

/** One wish at a time: a second press before the answer would undo twice. Without Python (`attached` false) nothing is asked. */
export function useAnswers(model: ControlModel, attached: boolean): Wishes {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [waiting, setWaiting] = useState("");
  useEffect(() => {
    const heard = (message: { type?: string } & Partial<Answer>) => {
      if (message.type !== "answer") return;
      setWaiting("");
      setAnswer({ place: message.place ?? "", ok: message.ok === true, text: message.text ?? "" });
    };
    model.on("msg:custom", heard);
    return () => model.off("msg:custom", heard);
  }, [model]);
  useEffect(() => {
    if (waiting === "") return undefined;
    const timer = setTimeout(() => setWaiting(""), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  const ask = useCallback(
    (place: string, wish: Wish) => {
      if (!attached || waiting !== "") return;
      setAnswer(null);
      setWaiting(place);
      model.send({ type: "edit", place, ...wish });
    },
    [model, attached, waiting],
  );
  return { answer, waiting, ask, forget: useCallback(() => setAnswer(null), []) };
}

const PATIENCE_MS = 10_000; // a command gives up after as long
