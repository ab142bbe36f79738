/** The colour of an option: its operation's family, paler for the second and third of one family; values take the accent. */
import type { Option } from "./supernet_view_data";

const TONES: readonly number[] = [100, 72, 50, 36, 26]; // percent, as in nas_explorer/views/supernet_svg.py

export function optionColour({ family, tone }: Option): string {
  const base = family === "value" ? "var(--brand)" : family === "off" ? "var(--line-2)" : `var(--op-${family})`;
  const share = TONES[Math.min(tone, TONES.length - 1)] as number;
  return share === 100 ? base : `color-mix(in srgb, ${base} ${share}%, var(--bg))`;
}

/** For signs and small marks: never so pale that they cannot be seen. */
export function signColour(option: Option): string {
  return `color-mix(in srgb, ${optionColour(option)} 80%, var(--ink))`;
}
