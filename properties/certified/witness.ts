/**
 * Reading the certified state: what a read is refused for, and the witness that answers it, written from section 7 of
 * `docs/machine.md` alone.
 */
import { anonymous, mostPaths, type ErrorCode, type HashTree, type Input, type Label, type Path } from "../../spec/index.ts";
import type { TrackedIngress } from "../tracking/ingress.ts";
import type { World } from "../tracking/world.ts";
import { digestOf, levelOf } from "./tree.ts";

/** Why a read is refused, in the order of the conditions; `null` when it is not. */
export const refusalOf = (
  { height, ingress }: Pick<World, "height" | "ingress">,
  { paths, sender = anonymous }: Omit<Input & { readonly kind: "read-state" }, "kind">,
): ErrorCode | null => {
  if (height < 1) return "IC0208";
  if (paths.length > mostPaths) return "CN0022";
  if (!paths.every(isReadable)) return "CN0023";
  const known: ReadonlyMap<Label, TrackedIngress> = ingress;
  const isOwn = ([first, id = ""]: Path): boolean => first !== "request_status" || (known.get(id)?.sender ?? sender) === sender;
  return paths.every(isOwn) ? null : "CN0027";
};

/** What is left of a tree for somebody who asks for these paths. */
export const witnessOf = (tree: HashTree, paths: readonly Path[]): HashTree => {
  if (paths.some((path) => path.length === 0)) return tree;
  if (paths.length === 0) return pruned(tree);
  if (tree.kind === "empty" || tree.kind === "leaf") return tree;
  return thinned(
    tree,
    wantedOf(
      levelOf(tree).map(({ label }) => label),
      paths,
    ),
  );
};

/** The path of the time, which every certificate shows. */
export const timePath: Path = ["time"];

const isReadable = (path: Path): boolean => {
  const [first, , part] = path;
  switch (first) {
    case "time":
      return path.length === 1;
    case "canister":
      return path.length === 3 && (part === "certified_data" || part === "controllers");
    case "request_status":
      return path.length === 2 || (path.length === 3 && part !== undefined && parts.has(part));
    default:
      return false;
  }
};

const parts: ReadonlySet<Label> = new Set(["status", "reply", "reject_code", "error_code"]);

/** The labels that are to be seen, each with the paths that go on below it: what is named, and what is on both sides of what is not there. */
const wantedOf = (labels: readonly Label[], paths: readonly Path[]): ReadonlyMap<Label, readonly Path[]> => {
  const there = new Set(labels);
  const wanted = new Map<Label, Path[]>();
  const want = (label: Label | undefined, ...below: readonly Path[]): void => {
    if (label !== undefined) wanted.set(label, [...(wanted.get(label) ?? []), ...below]);
  };
  for (const [label = "", ...below] of paths) {
    if (there.has(label)) want(label, below);
    else {
      want(labels.findLast((other) => other < label));
      want(labels.find((other) => other > label));
    }
  }
  return wanted;
};

/** A tree in which nothing is seen at this level but what is wanted. */
const thinned = (tree: HashTree, wanted: ReadonlyMap<Label, readonly Path[]>): HashTree => {
  if (!levelOf(tree).some(({ label }) => wanted.has(label))) return pruned(tree);
  if (tree.kind === "fork") return { kind: "fork", left: thinned(tree.left, wanted), right: thinned(tree.right, wanted) };
  if (tree.kind !== "labeled") return tree;
  return { ...tree, tree: witnessOf(tree.tree, wanted.get(tree.label) ?? []) };
};

const pruned = (tree: HashTree): HashTree => ({ kind: "pruned", digest: digestOf(tree) });
