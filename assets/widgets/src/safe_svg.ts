/** Lets a drawing from Python into the page as a picture only: known shapes, no script, no link out of itself. */

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = new Set(
  ("svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan clipPath linearGradient " +
    "radialGradient stop").split(" "),
);

/** The drawing as an element of this document, or null when it holds anything but shapes and text. */
export function safeSvg(source: string): SVGSVGElement | null {
  const root = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  if (root === null || root.namespaceURI !== SVG || root.localName !== "svg") return null;
  for (const element of [root, ...root.querySelectorAll("*")]) if (!isHarmless(element)) return null;
  return document.importNode(root, true) as unknown as SVGSVGElement;
}

function isHarmless(element: Element): boolean {
  if (element.namespaceURI !== SVG || !SHAPES.has(element.localName)) return false;
  return [...element.attributes].every(({ localName, value }) => {
    const name = localName.toLowerCase();
    if (name.startsWith("on")) return false;
    if (name === "href" || name === "src") return value.startsWith("#");
    return !/url\s*\(\s*(?!["']?#)/i.test(value);
  });
}
