/** Where Jupyter shows a file, if the page is Jupyter's and the file lies below the folder that its server shows. */

interface PageConfig {
  baseUrl?: string;
  serverRoot?: string; // with ~ for the home folder
  appUrl?: string; // "/lab"; Notebook 7 says "/notebooks", "/tree", ...
}

/** `paths` are names of one file: in full, and with ~ for the home folder. Null where no link can be made. */
export function notebookLink(paths: string[], page: Document = document): string | null {
  const config = pageConfig(page);
  if (config?.baseUrl === undefined || config.serverRoot === undefined) return null;
  const root = config.serverRoot.replace(/\/*$/, "/");
  const file = paths.find((path) => path.startsWith(root));
  if (file === undefined) return null;
  const way = config.appUrl === "/lab" ? "lab/tree/" : "notebooks/";
  return `${config.baseUrl}${way}${file.slice(root.length).split("/").map(encodeURIComponent).join("/")}`;
}

function pageConfig(page: Document): PageConfig | null {
  const text = page.getElementById("jupyter-config-data")?.textContent ?? "";
  try {
    return JSON.parse(text) as PageConfig;
  } catch {
    return null; // not a page of Jupyter's
  }
}
