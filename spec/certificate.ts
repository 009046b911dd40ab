/**
 * Certificates: how a user checks what a subnet says, without trusting whoever hands it over. The state that can be
 * checked is a hash tree, which names bytes by paths of labels. A witness is that tree with most of it pruned down to
 * digests: its root is that of the whole tree, so nothing in it can be changed; and as the labels of a tree ascend from
 * left to right, two neighbours show that there is nothing between them.
 * @source interface specification, certification
 */
import type { ErrorCode } from "./codes.ts";
import type { CanisterId } from "./identifiers.ts";
import { hex, type Bytes, type Hex, bytes } from "./units.ts";

/** A name in a tree: 1 to 32 characters of `a-z`, `0-9`, `_` and `-`; its bytes are those of the text. */
export type Label = string;

/** From the root of a tree down. */
export type Path = readonly Label[];

export type HashTree =
  | { readonly kind: "empty" }
  /** All labels on the left come before all labels on the right. */
  | { readonly kind: "fork"; readonly left: HashTree; readonly right: HashTree }
  | { readonly kind: "labeled"; readonly label: Label; readonly tree: HashTree }
  | { readonly kind: "leaf"; readonly value: Hex }
  /** What is left of a tree that is not shown, 32 bytes. */
  | { readonly kind: "pruned"; readonly digest: Hex };

/** Most bytes that a canister can have certified. @source facts/messages.md MSG-ST15 */
export const mostCertified: Bytes = bytes(32);

/** Most paths that one request may name. @source facts/messages.md H8 */
export const mostPaths = 1_000;

/** What a tree says of a path. */
export type Lookup =
  | { readonly kind: "found"; readonly value: Hex }
  /** The tree shows that there is nothing at the path. */
  | { readonly kind: "absent" }
  /** The tree does not show it. */
  | { readonly kind: "unknown" }
  /** The path ends above the values, or this is no tree that a subnet certifies. */
  | { readonly kind: "error" };

/** What a tree says of a path. That the tree is certified is another question: that of its root. */
export const lookUp = (tree: HashTree, [label, ...below]: Path): Lookup => {
  if (label === undefined) return atTheEnd(tree);
  const level = levelOf(tree);
  const there = level.find((node) => node.kind === "labeled" && node.label === label);
  if (there?.kind === "labeled") return lookUp(there.tree, below);
  if (level.length === 0 || (level.length === 1 && level[0]!.kind === "leaf")) return { kind: "absent" };
  if (level.some(({ kind }) => kind === "leaf")) return { kind: "error" };
  const gaps = Array.from({ length: level.length + 1 }, (_, gap) => [level[gap - 1], level[gap]] as const);
  const isBetween = gaps.some(
    ([left, right]) =>
      (left === undefined || (left.kind === "labeled" && left.label < label)) &&
      (right === undefined || (right.kind === "labeled" && label < right.label)),
  );
  return { kind: isBetween ? "absent" : "unknown" };
};

/** The root of a tree, 32 bytes; of a witness, that of the tree which it was made from. */
export const rootOf = (tree: HashTree, sha256: (content: Hex) => Hex): Hex => {
  const digest = (purpose: string, content: string): Hex =>
    sha256(hex(purpose.length.toString(16).padStart(2, "0") + hexOfText(purpose) + content));
  switch (tree.kind) {
    case "empty":
      return digest("ic-hashtree-empty", "");
    case "fork":
      return digest("ic-hashtree-fork", rootOf(tree.left, sha256) + rootOf(tree.right, sha256));
    case "labeled":
      return digest("ic-hashtree-labeled", hexOfText(tree.label) + rootOf(tree.tree, sha256));
    case "leaf":
      return digest("ic-hashtree-leaf", tree.value);
    case "pruned":
      return tree.digest;
  }
};

/** What is told of certified data and certificates. */
export type CertificationEvent =
  /** The certified data of a canister are others than before its execution. */
  | { readonly kind: "data-certified"; readonly canister: CanisterId; readonly data: Hex }
  /** `signature`: that of the committee for the root of the witness, 48 bytes; `null` where there is no committee. */
  | { readonly kind: "certificate-issued"; readonly witness: HashTree; readonly signature: Hex | null }
  | { readonly kind: "read-state-refused"; readonly error: ErrorCode };

const atTheEnd = (tree: HashTree): Lookup => {
  switch (tree.kind) {
    case "empty":
      return { kind: "absent" };
    case "leaf":
      return { kind: "found", value: tree.value };
    case "pruned":
      return { kind: "unknown" };
    case "fork":
    case "labeled":
      return { kind: "error" };
  }
};

/** What lies side by side below a label, from left to right. */
const levelOf = (tree: HashTree): readonly HashTree[] => {
  if (tree.kind === "empty") return [];
  return tree.kind === "fork" ? [...levelOf(tree.left), ...levelOf(tree.right)] : [tree];
};

const hexOfText = (text: string): string => [...text].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
