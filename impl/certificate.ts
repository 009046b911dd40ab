/**
 * Reading from the certified state, section 7 of `docs/machine.md`: the witness is made from the digests that are kept, so it costs the paths that are asked
 * for and the forks above them, however large the state is.
 * @rule certificate-issue
 */
import {
  anonymous,
  certificateIssue,
  mostPaths,
  type ErrorCode,
  type HashTree,
  type Hex,
  type Input,
  type Label,
  type Path,
  type UserId,
} from "../spec/index.ts";
import { rootSignatureOf } from "./committee/signatures.ts";
import { hexOf, labeledDigest, leafDigest, type Digest } from "./digests.ts";
import type { IngressEntry } from "./history.ts";
import { digestOf, enter, find, isFork, neighbours, noLabels, type Fork, type Labels, type Place, type Tip } from "./labels.ts";
import { refusalOf } from "./refusals.ts";
import {
  belowCanister,
  belowMessage,
  canisterParts,
  messageParts,
  numberOf,
  readableParts,
  rootOf,
  type CertifiedCanister,
  type CertifiedMessage,
  type ReadablePart,
} from "./root.ts";
import type { Engine } from "./state.ts";

export const readState = (engine: Engine, { paths, sender = anonymous }: Extract<Input, { kind: "read-state" }>): void => {
  const error = refusalOfRead(engine, paths, sender);
  if (error !== null) return void engine.events.push({ kind: "read-state-refused", error });
  const root = rootOf(engine.root, engine.time); // first: now every digest is there
  engine.events.push({ kind: "certificate-issued", witness: witnessOf(engine, paths), signature: signatureOf(engine, root) });
};

const notCertified = refusalOf(certificateIssue.when.certified);
const tooMany = refusalOf(certificateIssue.when.few);
const notReadable = refusalOf(certificateIssue.when.readable);

const notOwn = refusalOf(certificateIssue.when.own);

const refusalOfRead = ({ height, history }: Engine, paths: readonly Path[], reader: UserId): ErrorCode | null => {
  if (height < 1) return notCertified;
  if (paths.length > mostPaths) return tooMany;
  if (!paths.every(isReadable)) return notReadable;
  return paths.every((path) => isOwn(history.entries, path, reader)) ? null : notOwn;
};

const isReadable = ([first, id, part, ...rest]: Path): boolean => {
  if (rest.length > 0) return false;
  if (first === "canister") return part === "certified_data" || part === "controllers";
  if (first === "request_status") return id !== undefined && (part === undefined || readable.has(part));
  return first === "time" && id === undefined;
};

const readable: ReadonlySet<Label> = new Set(["status", "reply", "reject_code", "error_code"]);

/** Whether the path names no message that somebody else sent, as far as the history knows. */
const isOwn = (known: ReadonlyMap<Label, IngressEntry>, [first, id]: Path, reader: UserId): boolean =>
  first !== "request_status" || (known.get(id!)?.sender ?? reader) === reader;

/** @rule certificate-sign */
const signatureOf = ({ committee }: Engine, root: Hex): Hex | null =>
  committee === null ? null : rootSignatureOf(committee.dealing, root);

/** The time is always there, and the two others when a path leads there. */
const witnessOf = ({ root, time }: Engine, paths: readonly Path[]): HashTree => {
  const asked = byLabel(paths);
  const level = <T extends Tip<T>>(label: Label, labels: Labels<T>, below: Below<T>): HashTree => {
    const within = asked.get(label);
    return within === undefined
      ? pruned(labeledDigest(label, digestOf(labels, digestHere)))
      : labeled(label, opened(labels, byLabel(within), below));
  };
  return fork(
    level("canister", root.canisters, canisterBelow),
    fork(level("request_status", root.messages, messageBelow), labeled("time", leaf(numberOf(time)))),
  );
};

/** What a witness has below a label, for what is told of the paths there. */
type Below<T> = (tip: T, paths: readonly Path[]) => HashTree;

/** The paths that can be read there are those to the certified data and to the controllers. */
const canisterBelow: Below<CertifiedCanister> = (canister, paths) => {
  if (paths.length === 0) return pruned(belowCanister(canister));
  const values = readableParts(canister);
  const digests = canisterParts(canister);
  const part = (label: ReadablePart): HashTree =>
    paths.some(([first]) => first === label) ? labeled(label, leaf(values[label])) : pruned(digests[label]);
  const readable = fork(part("certified_data"), part("controllers"));
  return fork(fork(readable, pruned(digests.memory)), pruned(digests.timer));
};

const messageBelow: Below<CertifiedMessage> = (message, paths) => {
  if (paths.length === 0) return pruned(belowMessage(message));
  const parts = messageParts(message);
  const labels = noLabels<Part>();
  for (const [id, value] of parts) enter(labels, { id, value, above: null, digest: null });
  digestOf(labels, partDigest);
  const isWhole = paths.some(({ length }) => length === 0);
  return opened(labels, byLabel(isWhole ? parts.map(([label]) => [label]) : paths), partBelow);
};

/** A value below a message. */
interface Part extends Tip<Part> {
  readonly value: Hex;
}

const partBelow: Below<Part> = ({ value }, paths) => (paths.length === 0 ? pruned(leafDigest(value)) : leaf(value));

const partDigest = ({ id, value }: Part): Digest => labeledDigest(id, leafDigest(value));

/** What stays of labels when some of them are asked for. */
const opened = <T extends Tip<T>>(labels: Labels<T>, asked: ReadonlyMap<Label, readonly Path[]>, below: Below<T>): HashTree => {
  const wanted = new Map<T, readonly Path[]>();
  for (const [label, paths] of asked) {
    const tip = find(labels, label);
    if (tip !== null) wanted.set(tip, paths);
    else for (const next of neighbours(labels, label)) if (!wanted.has(next)) wanted.set(next, []);
  }
  const kept = new Set<Fork<T>>();
  for (const { above } of wanted.keys()) for (let at = above; at !== null && !kept.has(at); at = at.above) kept.add(at);
  const open = (place: Place<T>): HashTree => {
    if (isFork(place)) return kept.has(place) ? fork(open(place.left), open(place.right)) : pruned(digestHere(place));
    const paths = wanted.get(place);
    return paths === undefined ? pruned(digestHere(place)) : labeled(place.id, below(place, paths));
  };
  return labels.top === null ? { kind: "empty" } : open(labels.top);
};

/** Paths by their first label, without it. */
const byLabel = (paths: readonly Path[]): ReadonlyMap<Label, readonly Path[]> => {
  const groups = new Map<Label, Path[]>();
  for (const [first, ...rest] of paths) {
    const group = groups.get(first!);
    if (group === undefined) groups.set(first!, [rest]);
    else group.push(rest);
  }
  return groups;
};

/** @throws Error when the digest is gone: whoever makes a witness has read the root */
const digestHere = ({ digest }: { readonly digest: Digest | null }): Digest => {
  if (digest === null) throw new Error("a witness needs a digest that is not there");
  return digest;
};

const fork = (left: HashTree, right: HashTree): HashTree => ({ kind: "fork", left, right });
const labeled = (label: Label, tree: HashTree): HashTree => ({ kind: "labeled", label, tree });
const leaf = (value: Hex): HashTree => ({ kind: "leaf", value });
const pruned = (digest: Digest): HashTree => ({ kind: "pruned", digest: hexOf(digest) });
