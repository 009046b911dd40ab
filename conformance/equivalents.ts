/**
 * Clauses that no property can miss, each with the argument why a machine without the clause does the same. An entry is
 * a claim, to be read and doubted; one whose clause is killed after all is wrong, and `canon mutants` fails on it.
 */

/** By the name of the clause, as in `call-send.when.slot`. */
export const equivalents: Readonly<Record<string, string>> = {};
