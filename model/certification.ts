/** The certified state: its tree, put together from what the rule says part by part, and the certificates that are issued of it. */
import type { HashTree, Hex, Path, UserId } from "../spec/index.ts";
import { certifyState, issueCertificate, signCertificate } from "./rules/certification.ts";
import { errorOf, tell } from "./reading.ts";
import type { Canister, State, TreeParts } from "./state.ts";
import { digestOf, treeOf, witnessOf, type Branch } from "./tree.ts";
import type { Fire } from "./transition.ts";

/** The root of the state. What is certified is settled now; the hashing waits until somebody wants to know. */
export const stateRootOf = (fire: Fire, state: State): (() => Hex) => {
  const parts = partsOf(fire, state);
  return () => digestOf(treeWith(state, parts));
};

/** A user reads the state as it is: nothing of it changes. */
export const readState = (fire: Fire, before: State, paths: readonly Path[], sender: UserId): State => {
  const tree = certified(fire, before);
  const issued = fire(issueCertificate, before, { paths, tree, sender });
  if (!issued.applied) return tell(before, { kind: "read-state-refused", error: errorOf(issued.error) });
  const { certificate } = fire(signCertificate, issued.state, { root: digestOf(tree) }).state;
  const { always, present, absent, pruned, signature } = certificate;
  const witness = witnessOf(tree, { present: [...always, ...present], absent, pruned });
  return tell(before, { kind: "certificate-issued", witness, signature });
};

/** The tree of a state. */
const certified = (fire: Fire, before: State): HashTree => treeWith(before, partsOf(fire, before));

/** What the tree is put together from. */
const partsOf = (fire: Fire, before: State): TreeParts => fire(certifyState, before, {}).state.tree;

const treeWith = (before: State, tree: TreeParts): HashTree => {
  const { canisters, history } = before;
  return treeOf([
    ...tree.ofSubnet.flatMap((part) => part(before)),
    ["canister", treeOf([...canisters].map(([id, canister]) => [id, belowCanister(canister, tree.ofCanister)]))],
    ["request_status", treeOf([...history].map(([id, status]) => [id, below(status, "", status, tree.ofMessage)]))],
  ]);
};

const belowCanister = (canister: Canister, parts: TreeParts["ofCanister"]): HashTree =>
  below(canister.pages, `${canister.timer} ${canister.certifiedData} ${[...canister.controllers].join(" ")}`, canister, parts);

/** What the tree holds of a canister or a message. One that is as it was, by identity and value, and is read as it was, has the tree that it had. */
const below = <T>(identity: object, value: string, one: T, parts: readonly ((one: T) => readonly Branch[])[]): HashTree => {
  const known = trees.get(identity);
  const isRead = known?.parts.length === parts.length && parts.every((part, at) => part === known.parts[at]);
  if (known !== undefined && isRead && known.value === value) return known.tree;
  const tree = treeOf(parts.flatMap((part) => part(one)));
  trees.set(identity, { value, parts, tree });
  return tree;
};

const trees = new WeakMap<object, { readonly value: string; readonly parts: readonly unknown[]; readonly tree: HashTree }>();
