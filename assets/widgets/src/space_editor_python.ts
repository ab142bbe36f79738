/** Splits a line of Python into words to be coloured. Pure; good for the code that we write ourselves. */

export type PythonToken = [kind: "" | "k" | "s" | "n" | "c", text: string];

const PARTS = /(#.*$)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\b(from|import|for|in|lambda|None|True|False)\b|\b(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\b/g;

export function pythonTokens(line: string): PythonToken[] {
  const tokens: PythonToken[] = [];
  let last = 0;
  for (const match of line.matchAll(PARTS)) {
    if (match.index > last) tokens.push(["", line.slice(last, match.index)]);
    tokens.push([match[1] !== undefined ? "c" : match[2] !== undefined ? "s" : match[3] !== undefined ? "k" : "n", match[0]]);
    last = match.index + match[0].length;
  }
  if (last < line.length) tokens.push(["", line.slice(last)]);
  return tokens;
}
