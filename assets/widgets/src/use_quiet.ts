/** Whether a value has stood for a while: what changes with every moment of a replay is not worth all of its work. */
import { useEffect, useState } from "react";

export function useQuiet(value: unknown, ms: number): boolean {
  const [settled, setSettled] = useState<unknown>(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled === value;
}
