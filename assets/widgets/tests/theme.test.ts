import { expect, test, vi } from "vitest";
import { markTheme, pageTheme, watchTheme } from "../src/theme";

test("JupyterLab's mark on the body decides, and its absence means light", () => {
  const body = document.createElement("body");
  expect(pageTheme(body)).toBe("light");
  body.dataset.jpThemeLight = "false";
  expect(pageTheme(body)).toBe("dark");
});

test("a change is heard until the end", async () => {
  const body = document.createElement("body");
  const changed = vi.fn();
  const end = watchTheme(changed, body);
  body.dataset.jpThemeLight = "false";
  await vi.waitFor(() => expect(changed).toHaveBeenCalledWith("dark"));
  end();
  body.dataset.jpThemeLight = "true";
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(changed).toHaveBeenCalledTimes(1);
});

test("on a page that is not Jupyter's the widget's own element is marked, and follows", async () => {
  const body = document.createElement("body");
  const el = document.createElement("div");
  body.dataset.theme = "dark"; // marimo's word
  const end = markTheme(el, body);
  expect(el.dataset.jpThemeLight).toBe("false");
  body.dataset.theme = "light";
  await vi.waitFor(() => expect(el.dataset.jpThemeLight).toBe("true"));
  end();
  body.dataset.theme = "dark";
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(el.dataset.jpThemeLight).toBe("true");
});

test("Jupyter's own mark is not doubled", () => {
  const body = document.createElement("body");
  const el = document.createElement("div");
  body.dataset.jpThemeLight = "false";
  markTheme(el, body)();
  expect(el.dataset.jpThemeLight).toBeUndefined();
});
