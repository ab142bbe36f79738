/** A growing list that is taken over a few times a second, whatever it is drawn from: eyes do not read curves faster. */
import { useEffect, useRef, useState } from "react";

const EVERY_MS = 300;

/** The list itself, or for a short while a beginning of it; one that does not go on from the last is taken over at once. */
export function useCalm<T>(list: readonly T[]): readonly T[] {
  const [calm, setCalm] = useState(list);
  const takenAt = useRef(-Infinity);
  const goesOn = list.length > calm.length && calm.length > 0 && list[calm.length - 1] === calm.at(-1);
  const due = !goesOn;
  useEffect(() => {
    if (list === calm) return undefined;
    const wait = due ? 0 : Math.max(0, takenAt.current + EVERY_MS - performance.now());
    const take = () => {
      takenAt.current = performance.now();
      setCalm(list);
    };
    if (wait === 0) return take();
    const timer = setTimeout(take, wait);
    return () => clearTimeout(timer);
  }, [list, calm, due]);
  return due ? list : calm;
}
