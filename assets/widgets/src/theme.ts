/** The page's light or dark theme, as JupyterLab and marimo mark it on the body, each in words of its own. */
import { useEffect } from "react";
import { isAttached } from "./connection";
import type { ControlModel, Model } from "./model";

export type Theme = "light" | "dark";

export function pageTheme(body: HTMLElement = document.body): Theme {
  return body.dataset.jpThemeLight === "false" || body.dataset.theme === "dark" ? "dark" : "light";
}

/** Call `changed` when the user switches the theme; returns the function that ends it. */
export function watchTheme(changed: (theme: Theme) => void, body: HTMLElement = document.body): () => void {
  const observer = new MutationObserver(() => changed(pageTheme(body)));
  observer.observe(body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-theme"] });
  return () => observer.disconnect();
}

/** On a page that is not Jupyter's, the widget's own element carries the mark that the style sheets ask for; returns the end of it. */
export function markTheme(el: HTMLElement, body: HTMLElement = document.body): () => void {
  if (body.dataset.jpThemeLight !== undefined) return () => {};
  const mark = (theme: Theme) => {
    el.dataset.jpThemeLight = String(theme === "light");
  };
  mark(pageTheme(body));
  return watchTheme(mark, body);
}

/** Keep the `theme` trait at the page's theme; Python draws the figure in it. */
export function useTheme(model: ControlModel, stream: Model): void {
  useEffect(() => {
    const kernel = model.widget_manager.kernel ?? null;
    const tell = (theme: Theme) => {
      if (model.get("theme") === theme) return;
      model.set("theme", theme);
      if (isAttached(stream, kernel)) model.save_changes();
    };
    tell(pageTheme());
    return watchTheme(tell);
  }, [model, stream]);
}
