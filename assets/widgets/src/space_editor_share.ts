/** What is new keeps the parts that are as before as the very same objects, so that React leaves their elements alone. Pure. */

/** The new value; where it equals the old one, the old one. Entries of lists are found again by name or by ends. */
export function shared<T>(old: unknown, value: T): T {
  if (Object.is(old, value) || typeof value !== "object" || value === null || typeof old !== "object" || old === null) return value;
  if (Array.isArray(value)) return Array.isArray(old) ? (sharedList(old, value) as T) : value;
  return Array.isArray(old) ? value : sharedObject(old as Record<string, unknown>, value);
}

function sharedList(old: readonly unknown[], values: readonly unknown[]): readonly unknown[] {
  const byKey = new Map(old.map((item) => [keyOf(item), item]));
  const found = values.map((value, i) => shared(keyOf(value) === null ? old[i] : byKey.get(keyOf(value)), value));
  return found.length === old.length && found.every((item, i) => Object.is(item, old[i])) ? old : found;
}

function sharedObject<T extends object>(old: Record<string, unknown>, value: T): T {
  const keys = Object.keys(value);
  const found = Object.fromEntries(keys.map((key) => [key, shared(old[key], (value as Record<string, unknown>)[key])]));
  const isOld = keys.length === Object.keys(old).length && keys.every((key) => key in old && Object.is(found[key], old[key]));
  return (isOld ? old : found) as T;
}

function keyOf(item: unknown): string | null {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return null;
  const { name, source, target } = item as Record<string, unknown>;
  if (typeof source === "string" && typeof target === "string") return `${source}→${target}`;
  return typeof name === "string" && "x" in item ? name : null;
}
