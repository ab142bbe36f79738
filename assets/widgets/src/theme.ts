/** The page's light or dark theme, as JupyterLab marks it on the body. */
import { useEffect } from "react";
import { isAttached } from "./connection";
import type { ControlModel, Model } from "./model";

export type Theme = "light" | "dark";

export function pageTheme(body: HTMLElement = document.body): Theme {
  return body.dataset.jpThemeLight === "false" ? "dark" : "light";
}

/** Call `changed` when the user switches the theme; returns the function that ends it. */
export function watchTheme(changed: (theme: Theme) => void, body: HTMLElement = document.body): () => void {
  const observer = new MutationObserver(() => changed(pageTheme(body)));
  observer.observe(body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => observer.disconnect();
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
