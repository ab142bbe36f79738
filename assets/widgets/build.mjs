/** Bundles every widget into nas_explorer/widgets/static: one ESM and one style sheet a widget, nothing fetched at run time. */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: ["dashboard", "space_editor", "supernet_view", "lineage_view", "steer_panel", "explore", "race_view", "predict"].flatMap((widget) => [here(`src/${widget}.tsx`), here(`src/${widget}.css`)]),
  outdir: here("../../nas_explorer/widgets/static"),
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "info",
});
