/** The certified state: its tree, put together from what the rule says part by part, and the certificates that are issued of it. */
import { type HashTree, type Hex, type Label, type Path } from "../spec/index.ts";
import { certifyState, issueCertificate, signCertificate } from "./rules/certification.ts";
import { errorOf, tell } from "./reading.ts";
import type { State } from "./state.ts";
import { digestOf, treeOf, witnessOf, type Branch } from "./tree.ts";
import type { Fire } from "./transition.ts";

/** The root of the state. */
export const stateRootOf = (fire: Fire, state: State): Hex => digestOf(certified(fire, state));

/** A user reads the state as it is: nothing of it changes. */
export const readState = (fire: Fire, before: State, paths: readonly Path[]): State => {
  const tree = certified(fire, before);
  const issued = fire(issueCertificate, before, { paths, tree });
  if (!issued.applied) return tell(before, { kind: "read-state-refused", error: errorOf(issued.error) });
  const { certificate } = fire(signCertificate, issued.state, { root: digestOf(tree) }).state;
  const { always, present, absent, pruned, signature } = certificate;
  const witness = witnessOf(tree, { present: [...always, ...present], absent, pruned });
  return tell(before, { kind: "certificate-issued", witness, signature });
};

/** The tree of a state. */
const certified = (fire: Fire, before: State): HashTree => {
  const { tree, canisters, history } = fire(certifyState, before, {}).state;
  const { time, data, memory, timers, statuses, replies, rejects } = tree;
  return treeOf([
    ...time,
    ["canister", treeOf(joined(canisters.keys(), [data, memory, timers]))],
    ["request_status", treeOf(joined(history.keys(), [statuses, replies, rejects]))],
  ]);
};

/** A branch for each id, with what the parts have for it. */
const joined = (ids: Iterable<Label>, parts: readonly ReadonlyMap<Label, readonly Branch[]>[]): readonly Branch[] =>
  [...ids].map((id) => [id, treeOf(parts.flatMap((part) => part.get(id) ?? []))]);
