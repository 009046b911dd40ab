/** Certificates at the border: paths that users name, and witnesses, which nest no deeper and are no larger than a state can make them. */
import * as z from "zod";
import type { HashTree, Path } from "../../spec/index.ts";
import { hashSchema, hexSchema, listOf, longestList, methodNameSchema } from "./units.ts";

/** Deepest nesting of a witness: some labels, and between two of them a fork for each bit of an identifier. */
export const deepestWitness = 300;

/** Most labels of a path. @source facts/messages.md H8 */
export const longestPath = 127;

/** Labels are spelled as methods are. */
const labelSchema = methodNameSchema;

export const pathsSchema: z.ZodType<readonly Path[]> = listOf(z.array(labelSchema).max(longestPath).readonly());

const treeHere: z.ZodType<HashTree> = z.lazy(() => treeSchema);

const treeSchema: z.ZodType<HashTree> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("empty") }),
  z.strictObject({ kind: z.literal("fork"), left: treeHere, right: treeHere }),
  z.strictObject({ kind: z.literal("labeled"), label: labelSchema, tree: treeHere }),
  z.strictObject({ kind: z.literal("leaf"), value: hexSchema }),
  z.strictObject({ kind: z.literal("pruned"), digest: hashSchema }),
]);

export const witnessSchema = treeSchema.refine(
  (tree) => isBounded([tree]),
  `expected a witness nested at most ${deepestWitness} deep, of at most ${longestList} nodes`,
);

/** Level by level. */
const isBounded = (roots: readonly HashTree[]): boolean => {
  let level = roots;
  let nodes = 0;
  for (let depth = 0; level.length > 0; depth++) {
    nodes += level.length;
    if (depth === deepestWitness || nodes > longestList) return false;
    level = level.flatMap((tree) => (tree.kind === "fork" ? [tree.left, tree.right] : tree.kind === "labeled" ? [tree.tree] : []));
  }
  return true;
};
