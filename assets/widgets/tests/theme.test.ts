import { expect, test, vi } from "vitest";
import { pageTheme, watchTheme } from "../src/theme";

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
