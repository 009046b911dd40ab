/**
 * The state root: the digest of the tree of section 7 of `docs/machine.md`, kept up to date by the records that changed. Canisters, messages of the
 * ingress history and the pages of each canister are labels whose digests are kept; the few nodes between them are always the same, so they are
 * spelled out. A root costs the records that changed since the last one and the forks above them; most canisters of a large
 * subnet never did anything, and have the same tree below their labels.
 * @rule state-certify
 */
import { asciiOf, hex, type Hex, type IngressStatus, type Label, type Nanoseconds, type Principal } from "../spec/index.ts";
import { forkDigest, hexOf, labeledDigest, leafDigest, type Digest } from "./digests.ts";
import { change, digestOf, enter, find, leave, noLabels, type Labels, type Tip } from "./labels.ts";

/** What the tree tells of a canister. Whoever changes a part of it tells with `change`. */
export interface CertifiedCanister extends Tip<CertifiedCanister> {
  certifiedData: Hex;
  /** By id, each once. */
  controllers: readonly Principal[];
  timer: Nanoseconds | null;
  /** Its pages once more; `null` while there are none. */
  memory: Labels<CertifiedPage> | null;
}

export interface CertifiedPage extends Tip<CertifiedPage> {
  content: Hex;
}

/** What the tree tells of an ingress message. */
export interface CertifiedMessage extends Tip<CertifiedMessage> {
  status: IngressStatus;
}

export interface Root {
  readonly canisters: Labels<CertifiedCanister>;
  readonly messages: Labels<CertifiedMessage>;
  /** The root when it was last read, and what it was made of; `null` before that. */
  last: { readonly canisters: Digest; readonly messages: Digest; readonly time: Nanoseconds; readonly text: Hex } | null;
}

export const emptyRoot = (): Root => ({ canisters: noLabels(), messages: noLabels(), last: null });

/** The root of the state as it is at this time: 64 hexadecimal digits. Afterwards all digests are there. */
export const rootOf = (root: Root, time: Nanoseconds): Hex => {
  const canisters = digestOf(root.canisters, canisterDigest);
  const messages = digestOf(root.messages, messageDigest);
  const { last } = root;
  if (last !== null && last.time === time && last.canisters === canisters && last.messages === messages) return last.text;
  const behind = forkDigest(labeledDigest("request_status", messages), labeledDigest("time", leafDigest(numberOf(time))));
  const text = hexOf(forkDigest(labeledDigest("canister", canisters), behind));
  root.last = { canisters, messages, time, text };
  return text;
};

/** A page of a canister has this content now. */
export const certifyPage = (canister: CertifiedCanister, page: number, content: Hex): void => {
  const id = labelOf(page);
  const memory = (canister.memory ??= noLabels());
  const known = find(memory, id);
  if (known === null) enter(memory, { id, content, above: null, digest: null });
  else {
    known.content = content;
    change(known);
  }
  change(canister);
};

/** A page of a canister is no more. */
export const uncertifyPage = (canister: CertifiedCanister, page: number): void => {
  const memory = canister.memory!;
  leave(memory, find(memory, labelOf(page))!);
  if (memory.top === null) canister.memory = null;
  change(canister);
};

/** The values below the label of a canister of which users may know. */
export const readableParts = ({ certifiedData, controllers }: CertifiedCanister): Readonly<Record<ReadablePart, Hex>> => ({
  certified_data: certifiedData,
  controllers: asciiOf(controllers.join(" ")),
});

export type ReadablePart = "certified_data" | "controllers";

/** The digests of the four nodes below the label of a canister. */
export const canisterParts = (canister: CertifiedCanister): Readonly<Record<ReadablePart | "memory" | "timer", Digest>> => {
  const { memory, timer } = canister;
  const { certified_data: data, controllers } = readableParts(canister);
  return {
    certified_data: data === "" ? noData : labeledDigest("certified_data", leafDigest(data)),
    controllers: controllers === "" ? noControllers : labeledDigest("controllers", leafDigest(controllers)),
    memory: memory === null ? noMemory : labeledDigest("memory", digestOf(memory, pageDigest)),
    timer: timer === null ? noTimer : labeledDigest("timer", leafDigest(numberOf(timer))),
  };
};

/** The digest of what is below the label of a canister. */
export const belowCanister = (canister: CertifiedCanister): Digest => {
  const { certifiedData, controllers, memory, timer } = canister;
  const isPlain = certifiedData === "" && controllers.length === 0;
  if (isPlain && memory === null && timer === null) return quiet;
  const parts = canisterParts(canister);
  const readable = isPlain ? plain : forkDigest(parts.certified_data, parts.controllers);
  return forkDigest(forkDigest(readable, parts.memory), parts.timer);
};

/** The digest of what is below the label of a message. */
export const belowMessage = ({ status }: CertifiedMessage): Digest => {
  if (status.kind !== "answered") return bare[status.kind];
  const { result } = status;
  if (result.kind === "reply") return forkDigest(labeledDigest("reply", leafDigest(result.payload)), replied);
  const code = labeledDigest("reject_code", leafDigest(numberOf(BigInt(result.code))));
  return forkDigest(labeledDigest("error_code", leafDigest(asciiOf(result.error))), forkDigest(code, rejected));
};

/** The labels below that of a message, and their values. */
export const messageParts = ({ status }: CertifiedMessage): readonly (readonly [label: Label, value: Hex])[] => {
  if (status.kind !== "answered") return [["status", asciiOf(status.kind)]];
  const { result } = status;
  if (result.kind === "reply")
    return [
      ["reply", result.payload],
      ["status", asciiOf("replied")],
    ];
  return [
    ["error_code", asciiOf(result.error)],
    ["reject_code", numberOf(BigInt(result.code))],
    ["status", asciiOf("rejected")],
  ];
};

/** In LEB128: seven bits a byte, the lowest first. */
export const numberOf = (value: bigint): Hex => {
  let digits = "";
  let rest = value;
  for (; rest > 127n; rest >>= 7n) digits += (Number(rest & 127n) | 128).toString(16);
  return hex(digits + Number(rest).toString(16).padStart(2, "0"));
};

const labelOf = (page: number): Label => page.toString(16).padStart(16, "0");

const canisterDigest = (canister: CertifiedCanister): Digest => labeledDigest(canister.id, belowCanister(canister));
const messageDigest = (message: CertifiedMessage): Digest => labeledDigest(message.id, belowMessage(message));
const pageDigest = ({ id, content }: CertifiedPage): Digest => labeledDigest(id, leafDigest(content));

const noBytes = leafDigest(hex(""));
const noData = labeledDigest("certified_data", noBytes);
const noControllers = labeledDigest("controllers", noBytes);
const plain = forkDigest(noData, noControllers);
const noMemory = labeledDigest("memory", digestOf(noLabels<CertifiedPage>(), pageDigest));
const noTimer = labeledDigest("timer", noBytes);
const quiet = forkDigest(forkDigest(plain, noMemory), noTimer);

const statusDigest = (status: string): Digest => labeledDigest("status", leafDigest(asciiOf(status)));
const bare = { received: statusDigest("received"), processing: statusDigest("processing"), done: statusDigest("done") } as const;
const replied = statusDigest("replied");
const rejected = statusDigest("rejected");
