/** A button that copies one line and says whether it did. */
import { useEffect, useState, type JSX } from "react";
import { copyText } from "./copy_text";

const SAY_MS = 2000;

interface Props {
  text: string;
  label: string;
  className?: string;
}

export function CopyButton({ text, label, className = "btn ghost" }: Props): JSX.Element {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return undefined;
    const timer = setTimeout(() => setSaid(""), SAY_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => setSaid((await copyText(text)) ? "Copied" : "Select it and copy");
  return (
    <button type="button" className={className} onClick={copy}>
      <span aria-live="polite">{said === "" ? label : said}</span>
    </button>
  );
}
