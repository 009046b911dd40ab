/**
 * A memory of bounded size for functions that only depend on their key. It holds no state of any machine: a value that
 * was forgotten, or that another engine asked for first, is the value that would be made again.
 */

/** The function, remembering its last `limit` different answers; the one that was made first goes first. */
export const remembered = <Key, Asked extends readonly unknown[], Value>(
  limit: number,
  make: (...asked: Asked) => Value,
  keyOf: (...asked: Asked) => Key,
): ((...asked: Asked) => Value) => {
  const values = new Map<Key, Value>();
  return (...asked) => {
    const key = keyOf(...asked);
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = make(...asked);
    if (values.size >= limit) values.delete(values.keys().next().value!);
    values.set(key, value);
    return value;
  };
};
