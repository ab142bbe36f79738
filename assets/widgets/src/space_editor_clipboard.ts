/** Copy and paste between editors: by the clipboard, and within a page that may not use it by a place of our own. */

const SHELF = Symbol.for("nas_explorer.copied");

interface ClipboardLike {
  clipboardData: { getData(kind: string): string } | null;
}

export function remember(text: string): void {
  (globalThis as Record<symbol, unknown>)[SHELF] = text;
}

export function lastCopied(): string {
  const text = (globalThis as Record<symbol, unknown>)[SHELF];
  return typeof text === "string" ? text : "";
}

export function clipboardText(event: ClipboardLike): string {
  return event.clipboardData?.getData("text/plain") ?? "";
}

/** Only a first look, so that other text on the clipboard is not sent; Python checks what it is. */
export function looksLikeFragment(text: string): boolean {
  return text.length < 2_000_000 && text.trimStart().startsWith("{") && text.includes('"fragment"');
}
