import { expect, test } from "vitest";
import { safeSvg } from "../src/safe_svg";

const svg = (inside: string, attributes = "") => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" ${attributes}>${inside}</svg>`;

test("shapes and text come through", () => {
  const drawing = safeSvg(svg('<title>cell</title><g style="color:var(--op-conv)"><path d="M0 0h9"/><text x="1">conv 3×3 &lt;b&gt;</text></g>'));
  expect(drawing?.querySelector("path")?.getAttribute("d")).toBe("M0 0h9");
  expect(drawing?.querySelector("text")?.textContent).toBe("conv 3×3 <b>");
});
test("a reference inside the drawing comes through", () => {
  expect(safeSvg(svg('<defs><path id="a" d="M0 0"/></defs><use href="#a"/><rect fill="url(#a)"/>'))).not.toBeNull();
});

test.each([
  ["a script", "<script>alert(1)</script>"],
  ["HTML inside", "<foreignObject><p>x</p></foreignObject>"],
  ["an event handler", '<path onclick="alert(1)"/>'],
  ["an event handler in odd case", '<path onLoad="alert(1)"/>'],
  ["a link", '<a href="https://example.org"><text>x</text></a>'],
  ["a picture from elsewhere", '<use href="https://example.org/a.svg#x"/>'],
  ["a script address", '<use href="javascript:alert(1)"/>'],
  ["a style sheet", "<style>*{display:none}</style>"],
  ["an animation that could set a link", '<set attributeName="href" to="javascript:alert(1)"/>'],
  ["an address in a colour", '<rect fill="url(https://example.org/x)"/>'],
])("%s is refused", (_, inside) => expect(safeSvg(svg(inside))).toBeNull());

test("a handler on the root is refused", () => expect(safeSvg(svg("", 'onload="alert(1)"'))).toBeNull());
test("what is no SVG is refused", () => {
  expect(safeSvg("<p>hello</p>")).toBeNull();
  expect(safeSvg("")).toBeNull();
});
