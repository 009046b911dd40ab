/** Where two observations part: the first place at which two plain values differ, with both values. */

/** The path and the two values of the first difference, in words; `null` when there is none. */
export const firstDifference = (left: unknown, right: unknown): string | null => {
  const path: string[] = [];
  const found = differs(left, right, path);
  return found === null ? null : `${path.reverse().join(".") || "the whole"}: ${found}`;
};

/** Fills the path from the inside out, so that values that are equal, which nearly all are, cost nothing but the walk. */
const differs = (left: unknown, right: unknown, path: string[]): string | null => {
  if (left === right) return null;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return `${shown(left)} and ${shown(right)}`;
  if (Array.isArray(left) && Array.isArray(right)) return listsDiffer(left, right, path);
  const [one, other] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
  for (const key of Object.keys(one)) {
    const found = differs(one[key], other[key], path);
    if (found !== null) {
      path.push(key);
      return found;
    }
  }
  for (const key of Object.keys(other)) {
    if (!(key in one) && other[key] !== undefined) {
      path.push(key);
      return `nothing and ${shown(other[key])}`;
    }
  }
  return null;
};

const listsDiffer = (left: readonly unknown[], right: readonly unknown[], path: string[]): string | null => {
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const found = at < left.length && at < right.length ? differs(left[at], right[at], path) : `${shown(left[at])} and ${shown(right[at])}`;
    if (found !== null) {
      path.push(labelled(left[at] ?? right[at], at));
      return found;
    }
  }
  return null;
};

/** An event is called by its number and its kind. */
const labelled = (item: unknown, at: number): string =>
  typeof item === "object" && item !== null && "kind" in item && typeof item.kind === "string" ? `${at}(${item.kind})` : `${at}`;

const shown = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (typeof value === "bigint") return value.toString();
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
};
