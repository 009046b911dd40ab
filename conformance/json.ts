/** Values of the specification as JSON text: units that can pass 2^53 are decimal strings, bytes are hexadecimal already. */

/** One line; fields in the order in which the value has them. */
export const encode = (value: unknown): string => JSON.stringify(value, decimal);

/** For people. */
export const encodePretty = (value: unknown): string => JSON.stringify(value, decimal, 2);

const decimal = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
