/**
 * The certified tree of what an onlooker knows, written from section 7 of `docs/machine.md` alone: which values it holds at which
 * paths, where labels part, and the digests. A tree is grown from the one before it: whatever is the same is the same object, so
 * that only what changed is digested again.
 */
import { byId, hex, type HashTree, type Hex, type Label, type Path } from "../../spec/index.ts";
import { ascii, fromHex, joined, sha256, toHex } from "../hashing.ts";
import type { TrackedIngress } from "../tracking/ingress.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

/** What is below a place in the tree: a value, or other places by their labels. */
export type Content = string | ReadonlyMap<Label, Content>;

/** All that can be read or is certified of a world. */
export const contentOf = ({ time, canisters, ingress }: Pick<World, "time" | "canisters" | "ingress">): Content =>
  branch({
    time: numberOf(time),
    canister: new Map([...canisters.values()].map((canister) => [canister.id, contentOfCanister(canister)])),
    request_status: new Map([...ingress.values()].map((message) => [message.id, contentOfMessage(message)])),
  });

/** What is at a path; `undefined` when nothing is. */
export const contentAt = (content: Content | undefined, path: Path): Content | undefined =>
  path.reduce((place: Content | undefined, label) => (typeof place === "object" ? place.get(label) : undefined), content);

/** Makes a tree of each next content of a world. */
export const treeGrower = (): ((content: Content) => HashTree) => {
  let tree: HashTree = { kind: "empty" };
  return (content) => (tree = grown(content, tree));
};

/** The state root of a world as it is now. */
export const rootOf = (world: World): Hex => {
  const grow = growers.get(world) ?? treeGrower();
  growers.set(world, grow);
  return digestOf(grow(contentOf(world)));
};

/** What makes the trees of each world, so that what is the same between two roots is digested once. */
const growers = new WeakMap<World, ReturnType<typeof treeGrower>>();

/** 32 bytes as text. */
export const digestOf = (tree: HashTree): Hex => hex(toHex(digested(tree)));

/** The labels side by side in a tree, from left to right, each with what it labels. */
export const levelOf = (tree: HashTree): readonly Labeled[] =>
  tree.kind === "labeled" ? [tree] : tree.kind === "fork" ? [...levelOf(tree.left), ...levelOf(tree.right)] : [];

export type Labeled = Extract<HashTree, { readonly kind: "labeled" }>;

const branch = (places: Readonly<Record<Label, Content>>): Content => new Map(Object.entries(places));

const contentOfCanister = ({ genesis: { controllers = [] }, certifiedData, pages, timer }: TrackedCanister): Content =>
  branch({
    certified_data: certifiedData,
    controllers: textOf(controllers.toSorted(byId).join(" ")),
    memory: new Map([...pages].map(([page, content]) => [page.toString(16).padStart(16, "0"), content])),
    timer: timer === null ? "" : numberOf(timer),
  });

const contentOfMessage = ({ status, result }: TrackedIngress): Content => {
  if (status !== "answered" || result === null) return branch({ status: textOf(status) });
  return result.kind === "reply"
    ? branch({ status: textOf("replied"), reply: result.payload })
    : branch({ status: textOf("rejected"), reject_code: numberOf(BigInt(result.code)), error_code: textOf(result.error) });
};

const textOf = (text: string): string => toHex(ascii(text));

/** LEB128: seven bits a byte, the lowest first; in all but the last byte the highest bit is 1. */
const numberOf = (count: bigint): string => {
  if (count < 0n) throw new RangeError(`the tree holds no number below 0, and ${count} was to be in it`);
  const more = count >> 7n;
  const byte = Number(count & 127n) + (more > 0n ? 128 : 0);
  return byte.toString(16).padStart(2, "0") + (more > 0n ? numberOf(more) : "");
};

const grown = (content: Content, before: HashTree): HashTree => {
  if (typeof content === "string")
    return before.kind === "leaf" && before.value === content ? before : { kind: "leaf", value: hex(content) };
  const known = new Map(levelOf(before).map((node) => [node.label, node]));
  const nodes = [...content].map(([label, below]): Labeled => {
    const node = known.get(label);
    const tree = grown(below, node?.tree ?? empty);
    return node !== undefined && node.tree === tree ? node : { kind: "labeled", label, tree };
  });
  return parted(nodes.sort((left, right) => (left.label < right.label ? -1 : 1)));
};

const empty: HashTree = { kind: "empty" };

/** The tree of some labels, in their order. That is the order of their bits, so the first and the last differ in the first bit in which any do. */
const parted = (nodes: readonly Labeled[]): HashTree => {
  const [first, last] = [nodes[0], nodes.at(-1)];
  if (first === undefined || last === undefined) return empty;
  if (nodes.length === 1) return first;
  let bit = 0;
  while (bitAt(first.label, bit) === bitAt(last.label, bit)) bit++;
  const ones = nodes.findIndex(({ label }) => bitAt(label, bit) === 1);
  return forked(parted(nodes.slice(0, ones)), parted(nodes.slice(ones)));
};

/** From the highest bit of the first byte on; zeros behind the last byte. */
const bitAt = (label: Label, bit: number): number => ((label.charCodeAt(bit >> 3) || 0) >> (7 - (bit & 7))) & 1;

/** The one fork of two trees. */
const forked = (left: HashTree, right: HashTree): HashTree => {
  const known = forks.get(left)?.get(right);
  if (known !== undefined) return known;
  const fork: HashTree = { kind: "fork", left, right };
  forks.set(left, (forks.get(left) ?? new WeakMap<HashTree, HashTree>()).set(right, fork));
  return fork;
};

const forks = new WeakMap<HashTree, WeakMap<HashTree, HashTree>>();

const digested = (tree: HashTree): Uint8Array => {
  if (tree.kind === "pruned") return fromHex(tree.digest);
  const known = digests.get(tree);
  if (known !== undefined) return known;
  const digest = digestedAfresh(tree);
  digests.set(tree, digest);
  return digest;
};

const digests = new WeakMap<HashTree, Uint8Array>();

const digestedAfresh = (tree: Exclude<HashTree, { readonly kind: "pruned" }>): Uint8Array => {
  switch (tree.kind) {
    case "empty":
      return hashed("ic-hashtree-empty");
    case "fork":
      return hashed("ic-hashtree-fork", digested(tree.left), digested(tree.right));
    case "labeled":
      return hashed("ic-hashtree-labeled", ascii(tree.label), digested(tree.tree));
    case "leaf":
      return hashed("ic-hashtree-leaf", fromHex(tree.value));
  }
};

/** What is hashed begins with what it is hashed for, and that with its length. */
const hashed = (purpose: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  sha256(joined(Uint8Array.of(purpose.length), ascii(purpose), ...parts));
