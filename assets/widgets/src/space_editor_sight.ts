/** Keeps the drawing in sight: a new level is shown whole, and so is what an edit would have put outside. */
import { useReactFlow } from "@xyflow/react";
import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { fitted, isInSight, type Extent, type Size } from "./space_editor_view";

const NEAR = 24; // pixels around a point that are seen with it
const JITTER = 8; // pixels: a scroll bar that comes and goes is no new size

/** While one draws the view stays where it is, unless something would lie outside of it. */
export function useSight(stage: RefObject<HTMLDivElement | null>, level: string, extent: Extent | null) {
  const { getViewport, setViewport, setCenter, viewportInitialized } = useReactFlow();
  const shown = useRef<string | null>(null);
  const fit = () => {
    const size = sizeOf(stage.current);
    if (extent === null || size === null) return;
    shown.current = level;
    void setViewport(fitted(extent, size));
  };
  useLayoutEffect(() => {
    const size = sizeOf(stage.current);
    if (!viewportInitialized || extent === null || size === null) return;
    if (shown.current !== level || !isInSight(extent, size, getViewport())) fit();
  }, [level, extent, viewportInitialized]);

  const latest = useRef(fit);
  latest.current = fit;
  useEffect(() => {
    const element = stage.current;
    if (element === null) return undefined;
    let before: Size = { width: element.clientWidth, height: element.clientHeight };
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (Math.abs(width - before.width) < JITTER && Math.abs(height - before.height) < JITTER) return;
      before = { width, height };
      latest.current();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage]);
  const bringIn = (x: number, y: number) => {
    const [size, sight] = [sizeOf(stage.current), getViewport()];
    const around = { left: x - NEAR, top: y - NEAR, right: x + NEAR, bottom: y + NEAR };
    if (size !== null && !isInSight(around, size, sight)) void setCenter(x, y, { zoom: sight.zoom });
  };
  /** fit shows all of it, bringIn a point of it. */
  return { fit, bringIn };
}

/** Null while it is not on the page, as in a tab that is not shown. */
function sizeOf(element: HTMLElement | null): Size | null {
  if (element === null || element.clientWidth === 0) return null;
  return { width: element.clientWidth, height: element.clientHeight };
}
