/**
 * The tree of section 7 of `docs/machine.md` as it stands there: all of it, made from the state and from nothing that is kept. It is what the state
 * root and the witnesses are held against, by tests.
 */
import { hex, type HashTree, type Hex, type IngressStatus, type Label, type Path } from "../spec/index.ts";
import type { Canister, Engine } from "./state.ts";

/** What is left of a tree for some paths, rule by rule as section 7 has them. */
export const plainWitness = (tree: HashTree, paths: readonly Path[], hashed: (tree: HashTree) => Hex): HashTree => {
  const prune = (whole: HashTree): HashTree => ({ kind: "pruned", digest: hashed(whole) });
  if (paths.some(({ length }) => length === 0)) return tree;
  if (paths.length === 0) return prune(tree);
  const level = labelsOf(tree);
  const wanted = paths.flatMap(([first]) =>
    level.includes(first!)
      ? [first!]
      : [level.filter((label) => label < first!).slice(-1), level.filter((label) => label > first!).slice(0, 1)].flat(),
  );
  const leftOf = (node: HashTree): HashTree => {
    if (node.kind === "empty" || node.kind === "leaf") return node;
    if (!labelsOf(node).some((label) => wanted.includes(label))) return prune(node);
    if (node.kind === "fork") return { kind: "fork", left: leftOf(node.left), right: leftOf(node.right) };
    if (node.kind === "pruned") throw new Error("a whole tree is not pruned");
    const below = paths.filter(([first]) => first === node.label).map(([, ...rest]) => rest);
    return { ...node, tree: plainWitness(node.tree, below, hashed) };
  };
  return leftOf(tree);
};

/** Those that are reached through forks alone, from left to right. */
const labelsOf = (tree: HashTree): readonly Label[] => {
  if (tree.kind === "fork") return [...labelsOf(tree.left), ...labelsOf(tree.right)];
  return tree.kind === "labeled" ? [tree.label] : [];
};

type Labeled = readonly (readonly [label: Label, below: HashTree])[];

export const plainTree = ({ canisters, history, time }: Engine): HashTree =>
  treeOf([
    ["time", leaf(number(time))],
    ["canister", treeOf(canisters.map((canister) => [canister.id, canisterTree(canister)]))],
    ["request_status", treeOf([...history.entries.values()].map(({ id, status }) => [id, messageTree(status)]))],
  ]);

/** The tree of some different labels, the shape of which depends on nothing but their bits. */
export const treeOf = (labeled: Labeled, bit = 0): HashTree => {
  if (labeled.length === 0) return { kind: "empty" };
  if (labeled.length === 1) return { kind: "labeled", label: labeled[0]![0], tree: labeled[0]![1] };
  const left = labeled.filter(([label]) => !isSet(label, bit));
  const right = labeled.filter(([label]) => isSet(label, bit));
  if (left.length === 0 || right.length === 0) return treeOf(labeled, bit + 1);
  return { kind: "fork", left: treeOf(left, bit + 1), right: treeOf(right, bit + 1) };
};

/** Behind the last letter no bit is. */
const isSet = (label: Label, bit: number): boolean => {
  const letter = label.charCodeAt(Math.floor(bit / 8));
  return Math.floor(letter / 2 ** (7 - (bit % 8))) % 2 === 1;
};

const canisterTree = ({ certifiedData, controllers, pages, timer }: Canister): HashTree =>
  treeOf([
    ["certified_data", leaf(certifiedData)],
    ["controllers", text(controllers.join(" "))],
    ["memory", treeOf([...(pages ?? [])].map(([page, content]) => [page.toString(16).padStart(16, "0"), leaf(content)]))],
    ["timer", leaf(timer === null ? hex("") : number(timer))],
  ]);

const messageTree = (status: IngressStatus): HashTree => {
  if (status.kind !== "answered") return treeOf([["status", text(status.kind)]]);
  const { result } = status;
  return result.kind === "reply"
    ? treeOf([
        ["status", text("replied")],
        ["reply", leaf(result.payload)],
      ])
    : treeOf([
        ["status", text("rejected")],
        ["reject_code", leaf(number(BigInt(result.code)))],
        ["error_code", text(result.error)],
      ]);
};

const leaf = (value: Hex): HashTree => ({ kind: "leaf", value });

const text = (content: string): HashTree =>
  leaf(hex([...content].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("")));

const number = (value: bigint): Hex => {
  const low = Number(value % 128n);
  const rest = value / 128n;
  const octet = (rest > 0n ? low + 128 : low).toString(16).padStart(2, "0");
  return hex(rest > 0n ? octet + number(rest) : octet);
};
