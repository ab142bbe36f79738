import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { OperationTile } from "../src/glyphs";
import type { Family } from "../src/stream";
import { CONV } from "./example";

const markup = (change: object) => renderToStaticMarkup(<OperationTile operation={{ ...CONV, ...change }} />);

test("an operation shows its family's colour, its glyph, and its name on hover", () => {
  expect(markup({})).toContain('class="op o-conv" title="0→1 conv 3×3"');
  expect(markup({}).match(/M[\d.]+ [\d.]+h3v3h-3z/g)).toHaveLength(9);
  expect(markup({ glyph: "op-c5" }).match(/h1.9v1.9h-1.9z/g)).toHaveLength(25);
});
test("an unknown glyph takes its family's", () => {
  expect(markup({ glyph: "op-mine", family: "skip" as Family })).toContain("M10.2 9.4");
});
test("an unknown family shows the first letter, in grey", () => {
  const html = markup({ glyph: "op-mine", family: "fancy" as Family, label: "wavelet" });
  expect(html).toContain("o-none");
  expect(html).toContain(">w</text>");
});
