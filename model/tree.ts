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
export const digestOf = (tree: HashTree): Hex =>
  match(tree)
    .with({ kind: "empty" }, () => hashed("ic-hashtree-empty", []))
    .with({ kind: "fork" }, ({ left, right }) => hashed("ic-hashtree-fork", [digestOf(left), digestOf(right)]))
    .with({ kind: "labeled" }, ({ label, tree: below }) => hashed("ic-hashtree-labeled", [bytesToHex(utf8ToBytes(label)), digestOf(below)]))
    .with({ kind: "leaf" }, ({ value }) => hashed("ic-hashtree-leaf", [value]))
    .with({ kind: "pruned" }, ({ digest }) => digest)
    .exhaustive();

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
const levelOf = (tree: HashTree): readonly Branch[] =>
  match(tree)
    .with({ kind: "fork" }, ({ left, right }) => [...levelOf(left), ...levelOf(right)])
    .with({ kind: "labeled" }, ({ label, tree: below }): readonly Branch[] => [[label, below]])
    .otherwise(() => []);

/** Of branches in ascending order. */
const grown = (branches: readonly Branch[]): HashTree => {
  const [first, last] = [branches[0], branches.at(-1)];
  if (first === undefined || last === undefined) return { kind: "empty" };
  if (first === last) return { kind: "labeled", label: first[0], tree: first[1] };
  const at = firstDifference(first[0], last[0]);
  const middle = branches.findIndex(([label]) => bitOf(label, at) === 1);
  return { kind: "fork", left: grown(branches.slice(0, middle)), right: grown(branches.slice(middle)) };
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

/** Digests by what was hashed: most of a tree is as it was before. Emptied before it grows large. */
const computed = new Map<string, Hex>();
const mostKept = 50_000;

const hashed = (purpose: string, parts: readonly string[]): Hex => {
  const name = purpose + parts.join("");
  const before = computed.get(name);
  if (before !== undefined) return before;
  if (computed.size >= mostKept) computed.clear();
  const digest = hex(bytesToHex(sha256(concatBytes(Uint8Array.of(purpose.length), utf8ToBytes(purpose), ...parts.map(hexToBytes)))));
  computed.set(name, digest);
  return digest;
};
