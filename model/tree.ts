/**
 * Hash trees: how labels grow into a tree, what its digest is, and what is left of it when it shows no more than it has
 * to. Labels part at the first bit in which they differ, so a set of labels has one tree, and its labels ascend.
 * @source interface specification, certification
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { match } from "ts-pattern";
import { byId, hex, type HashTree, type Hex, type Label, type Path } from "../spec/index.ts";

/** A label, and what is below it. */
export type Branch = readonly [label: Label, tree: HashTree];

export const leafOf = (value: Hex): HashTree => ({ kind: "leaf", value });

/** The tree of some branches. @throws Error when two of them have one label. */
export const treeOf = (branches: readonly Branch[]): HashTree => grown([...branches].sort(([left], [right]) => byId(left, right)));

/** The digest of a tree, 32 bytes; of the whole tree it is the root. */
export const digestOf = (tree: HashTree): Hex => {
  const before = digests.get(tree);
  if (before !== undefined) return before;
  const digest = computedOf(tree);
  digests.set(tree, digest);
  return digest;
};

/** Whether there is something at a path. */
export const leadsTo = (tree: HashTree, [label, ...below]: Path): boolean => {
  if (label === undefined) return true;
  const there = levelOf(tree).find(([name]) => name === label);
  return there !== undefined && leadsTo(there[1], below);
};

/** What a witness tells. */
export interface Told {
  /** Paths that lead to something: it shows all of it. */
  readonly present: readonly Path[];
  /** Paths that lead nowhere: it shows that. */
  readonly absent: readonly Path[];
  /** Whether it holds digests in place of all else. */
  readonly pruned: boolean;
}

/** What is left of a tree that tells no more than this. */
export const witnessOf = (tree: HashTree, told: Told): HashTree => {
  const { present, absent } = told;
  if (present.some((path) => path.length === 0)) return tree;
  if (present.length + absent.length === 0) return closed(tree, told);
  return opened(tree, new Set([...present.map(([label]) => label!), ...absent.flatMap(([label]) => nearest(tree, label!))]), told);
};

/** Of the labels side by side, those that are wanted stay, and what is told below them. */
const opened = (tree: HashTree, wanted: ReadonlySet<Label>, told: Told): HashTree =>
  match(tree)
    .with({ kind: "fork" }, (fork) =>
      levelOf(fork).some(([label]) => wanted.has(label))
        ? { ...fork, left: opened(fork.left, wanted, told), right: opened(fork.right, wanted, told) }
        : closed(fork, told),
    )
    .with({ kind: "labeled" }, ({ kind, label, tree: below }) =>
      wanted.has(label)
        ? { kind, label, tree: witnessOf(below, { ...told, present: behind(label, told.present), absent: behind(label, told.absent) }) }
        : closed(tree, told),
    )
    .otherwise(() => tree);

const closed = (tree: HashTree, { pruned }: Told): HashTree => (pruned ? { kind: "pruned", digest: digestOf(tree) } : tree);

const behind = (label: Label, paths: readonly Path[]): readonly Path[] =>
  paths.filter(([first]) => first === label).map((path) => path.slice(1));

/** The label itself where there is one, else the labels next to where it would be. */
const nearest = (tree: HashTree, label: Label): readonly Label[] => {
  const labels = levelOf(tree).map(([name]) => name);
  if (labels.includes(label)) return [label];
  return [...labels.filter((name) => name < label).slice(-1), ...labels.filter((name) => name > label).slice(0, 1)];
};

/** The branches side by side, from left to right. */
const levelOf = (tree: HashTree): readonly Branch[] => {
  if (tree.kind === "fork") return [...levelOf(tree.left), ...levelOf(tree.right)];
  return tree.kind === "labeled" ? [[tree.label, tree.tree]] : [];
};

/** Of branches in ascending order. */
const grown = (level: readonly Branch[]): HashTree => {
  const [first, last] = [level[0], level.at(-1)];
  if (first === undefined || last === undefined) return { kind: "empty" };
  if (first === last) return branchOf(...first);
  const at = firstDifference(first[0], last[0]);
  const middle = level.findIndex(([label]) => bitOf(label, at) === 1);
  return forkOf(grown(level.slice(0, middle)), grown(level.slice(middle)));
};

const byteOf = (label: Label, at: number): number => (at < label.length ? label.charCodeAt(at) : 0);

/** The bits of a label: those of its bytes, highest first, and then zeros for ever. */
const bitOf = (label: Label, at: number): number => (byteOf(label, Math.floor(at / 8)) >> (7 - (at % 8))) & 1;

const firstDifference = (left: Label, right: Label): number => {
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = byteOf(left, at) ^ byteOf(right, at);
    if (difference !== 0) return 8 * at + Math.clz32(difference) - 24;
  }
  throw new Error(`a tree with two branches ${left}`);
};

const computedOf = (tree: HashTree): Hex => {
  switch (tree.kind) {
    case "empty":
      return hashed(ofEmpty, "");
    case "fork":
      return hashed(ofFork, digestOf(tree.left) + digestOf(tree.right));
    case "labeled":
      return hashed(ofLabeled, bytesToHex(utf8ToBytes(tree.label)) + digestOf(tree.tree));
    case "leaf":
      return hashed(ofLeaf, tree.value);
    case "pruned":
      return tree.digest;
  }
};

/** What is hashed begins with what it is for, and how long that is. */
const hashed = (purpose: Uint8Array, content: string): Hex => hex(bytesToHex(sha256(concatBytes(purpose, hexToBytes(content)))));

const purposeOf = (name: string): Uint8Array => concatBytes(Uint8Array.of(name.length), utf8ToBytes(name));

const ofEmpty = purposeOf("ic-hashtree-empty");
const ofFork = purposeOf("ic-hashtree-fork");
const ofLabeled = purposeOf("ic-hashtree-labeled");
const ofLeaf = purposeOf("ic-hashtree-leaf");

/** The branch and the fork that were last made of a tree: from one input to the next, most of a tree is as it was. */
const branches = new WeakMap<HashTree, HashTree & { kind: "labeled" }>();
const forks = new WeakMap<HashTree, HashTree & { kind: "fork" }>();

const branchOf = (label: Label, tree: HashTree): HashTree => {
  const last = branches.get(tree);
  if (last?.label === label) return last;
  const branch = { kind: "labeled", label, tree } as const;
  branches.set(tree, branch);
  return branch;
};

const forkOf = (left: HashTree, right: HashTree): HashTree => {
  const last = forks.get(left);
  if (last?.right === right) return last;
  const fork = { kind: "fork", left, right } as const;
  forks.set(left, fork);
  return fork;
};

/** Digests of trees that were asked for before. */
const digests = new WeakMap<HashTree, Hex>();
