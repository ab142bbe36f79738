/** Keeps the keyboard inside the widget once the user has clicked into it, so that no key reaches the notebook by accident. */

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable='true']";
const CONTROLS = "a[href], button, input, select, textarea, summary, [contenteditable='true']";

/** Does the element have its own use for keys? Rows do not: they only take the focus. */
export function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(CONTROLS) !== null;
}

/** Listen on the root; returns the function that takes every listener away again. */
export function keepFocus(root: HTMLElement): () => void {
  let last: Element | null = null;

  // Both events: plotly calls preventDefault on mousedown, which keeps the browser from moving the focus by itself.
  const pressed = (event: Event) => {
    const target = event.target instanceof Element ? event.target.closest(FOCUSABLE) : null;
    if (target === null || target === root || !root.contains(target)) root.focus({ preventScroll: true });
  };
  const entered = (event: FocusEvent) => {
    last = event.target instanceof Element ? event.target : null;
    // On the root alone it would not do: JupyterLab's selectors ask for the focused element, which it meets before the root.
    last?.setAttribute("data-lm-suppress-shortcuts", "true");
  };
  const left = (event: FocusEvent) => {
    if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) last = null;
    else if (last?.isConnected === true && !root.contains(document.activeElement)) last = null;
  };
  // A focused button or row that is redrawn away would hand the keyboard to the notebook, where "d d" deletes the cell.
  const redrawn = new MutationObserver(() => {
    if (last === null || last.isConnected) return;
    last = null;
    if (document.activeElement === document.body || document.activeElement === null) root.focus({ preventScroll: true });
  });

  root.addEventListener("pointerdown", pressed, true);
  root.addEventListener("mousedown", pressed, true);
  root.addEventListener("focusin", entered);
  root.addEventListener("focusout", left);
  redrawn.observe(root, { childList: true, subtree: true });
  return () => {
    root.removeEventListener("pointerdown", pressed, true);
    root.removeEventListener("mousedown", pressed, true);
    root.removeEventListener("focusin", entered);
    root.removeEventListener("focusout", left);
    redrawn.disconnect();
  };
}
