/** Files that Python has made, saved by the browser. */
import { useEffect } from "react";
import type { ControlModel } from "./model";
import { fileName, saveBlob, savePicture } from "./space_editor_export";

interface FileMessage {
  type?: string;
  kind?: "csv" | "svg" | "png";
  name?: string;
  text?: string;
}

/** Save every file that comes as long as the view is there. */
export function useFiles(model: ControlModel): void {
  useEffect(() => {
    const heard = (message: FileMessage) => {
      if (message.type !== "file" || message.text === undefined || message.kind === undefined) return;
      const name = message.name ?? "race";
      if (message.kind === "csv") saveBlob(new Blob([message.text], { type: "text/csv" }), `${fileName(name)}.csv`);
      else void savePicture(message.text, name, message.kind);
    };
    model.on("msg:custom", heard);
    return () => model.off("msg:custom", heard);
  }, [model]);
}
