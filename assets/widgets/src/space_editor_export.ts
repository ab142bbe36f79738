/** Saves a picture from Python as a file: SVG as it is, PNG drawn by the browser at twice the size. */

const SCALE = 2;

export async function savePicture(svg: string, name: string, kind: "svg" | "png"): Promise<boolean> {
  const drawn = new Blob([svg], { type: "image/svg+xml" });
  const blob = kind === "svg" ? drawn : await painted(drawn);
  if (blob === null) return false;
  saveBlob(blob, `${fileName(name)}.${kind}`);
  return true;
}

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A space may have any name; a file may not. */
export function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, "_").slice(0, 80) || "space";
}

async function painted(svg: Blob): Promise<Blob | null> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((settle) => canvas.toBlob(settle, "image/png"));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}
