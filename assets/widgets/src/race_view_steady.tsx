/** Room that does not shrink: what stands below words that get shorter stays where it is. */
import { useLayoutEffect, useRef, useState, type JSX, type ReactNode } from "react";

/** As high as the highest that its content has been at this width. */
export function Steady({ children }: { children: ReactNode }): JSX.Element {
  const inner = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = inner.current;
    if (target === null) return undefined;
    const measure = () => {
      const { clientWidth: width, offsetHeight: height } = target;
      setRoom((old) => (old.width === width && old.height >= height ? old : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="rv-steady" style={{ minHeight: room.height }}>
      <div ref={inner}>{children}</div>
    </div>
  );
}
