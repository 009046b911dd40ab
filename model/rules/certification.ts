/** Certification: the clauses of `spec/rules/certification.ts`, one line each. */
import { castDraft } from "immer";
import {
  bigEndian,
  byId,
  byteLength,
  certificateIssue,
  certificateRead,
  certificateSign,
  dataCertify,
  type HashTree,
  hex,
  type Hex,
  ingressId,
  type IngressStatus,
  isIdentifier,
  mostCertified,
  mostPaths,
  type Path,
  stateCertify,
  type UserId,
  type Value,
} from "../../spec/index.ts";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { committeeOf, draftOf, runningOf } from "../reading.ts";
import type { Certifiable, State } from "../state.ts";
import { leadsTo, leafOf, treeOf, type Branch } from "../tree.ts";
import { signatureOfState } from "../threshold/certificate.ts";
import { transition } from "../transition.ts";
import { isAny } from "./execution.ts";

export const certifyData = transition(dataCertify)<{ data: Hex }>({
  when: {
    fits: (_before, { data }) => byteLength(data) <= mostCertified,
  },
  then: {
    set: (after, before, { data }) => void (draftOf(after, runningOf(before).canister).certifiedData = data),
  },
});

export const certifyState = transition(stateCertify)<Record<never, never>>({
  when: {},
  then: {
    time: (after) => void after.tree.ofSubnet.push(timeOf),
    data: (after) => void after.tree.ofCanister.push(dataOf),
    controllers: (after) => void after.tree.ofCanister.push(controllersOf),
    memory: (after) => void after.tree.ofCanister.push(memoryOf),
    timers: (after) => void after.tree.ofCanister.push(timerOf),
    statuses: (after) => void after.tree.ofMessage.push(statusOf),
    replies: (after) => void after.tree.ofMessage.push(replyOf),
    rejects: (after) => void after.tree.ofMessage.push(rejectOf),
  },
});

/** `tree` is that of the state. */
export const issueCertificate = transition(certificateIssue)<{ paths: readonly Path[]; tree: HashTree; sender: UserId }>({
  when: {
    certified: (before) => before.height > 0,
    few: (_before, { paths }) => paths.length <= mostPaths,
    readable: (_before, { paths }) => paths.every(isReadable),
    own: ({ senders }, { paths, sender }) => paths.every((path) => (senderOf(senders, path) ?? sender) === sender),
  },
  then: {
    time: (after) => void (after.certificate.always = [["time"]]),
    values: (after, _before, { paths, tree }) => void (after.certificate.present = castDraft(paths.filter((path) => leadsTo(tree, path)))),
    absences: (after, _before, { paths, tree }) =>
      void (after.certificate.absent = castDraft(paths.filter((path) => !leadsTo(tree, path)))),
    prune: (after) => void (after.certificate.pruned = true),
  },
});

export const readCertificate = transition(certificateRead)<{ value: Value }>({
  when: {
    asked: (before, { value }) => value.kind !== "certificate" || isAsked(before),
    issued: (before, { value }) => value.kind !== "certificate" || before.height > 0,
  },
  then: {
    present: (after, before, { value }) => {
      if (value.kind === "certified") after.running!.value = hex(before.height > 0 && isAsked(before) ? "01" : "00");
    },
    root: (after, before, { value }) => {
      if (value.kind === "certificate") after.running!.value = before.asking.root();
    },
  },
});

export const signCertificate = transition(certificateSign)<{ root: Hex }>({
  when: {
    committee: (before) => before.committee !== null,
  },
  then: {
    sign: (after, before, { root }) => void (after.certificate.signature = signatureOfState(committeeOf(before), root)),
  },
});

/** Whether the body of a query runs, of whom the user asked. */
const isAsked = (before: State): boolean => isAny(before, "query", "composite") && runningOf(before).canister === before.asking.asked;

const isReadable = ([first, id, part, ...more]: Path): boolean =>
  (first === "time" && id === undefined) ||
  (first === "canister" && part !== undefined && partsOfCanister.has(part) && more.length === 0) ||
  (first === "request_status" && id !== undefined && more.length === 0 && (part === undefined || partsOfStatus.has(part)));

/** Who sent the message that a path names, if there is one. */
const senderOf = (senders: State["senders"], [first, id]: Path): UserId | undefined =>
  first === "request_status" && id !== undefined && isIdentifier(id) ? senders.get(ingressId(id)) : undefined;

const partsOfCanister: ReadonlySet<string> = new Set(["certified_data", "controllers"]);

const partsOfStatus: ReadonlySet<string> = new Set(["status", "reply", "reject_code", "error_code"]);

const timeOf = ({ time }: Pick<State, "time">): readonly Branch[] => [["time", leafOf(natural(time))]];

const dataOf = ({ certifiedData }: Certifiable): readonly Branch[] => [["certified_data", leafOf(certifiedData)]];

const controllersOf = ({ controllers }: Certifiable): readonly Branch[] => [
  ["controllers", textLeaf([...controllers].sort(byId).join(" "))],
];

const memoryOf = ({ pages }: Certifiable): readonly Branch[] => [
  ["memory", treeOf([...pages].map(([page, content]): Branch => [bigEndian(BigInt(page), 8), leafOf(content)]))],
];

const timerOf = ({ timer }: Certifiable): readonly Branch[] => [["timer", leafOf(timer === null ? hex("") : natural(timer))]];

const statusOf = (status: IngressStatus): readonly Branch[] => [
  ["status", textLeaf(status.kind !== "answered" ? status.kind : status.result.kind === "reply" ? "replied" : "rejected")],
];

const replyOf = (status: IngressStatus): readonly Branch[] =>
  status.kind === "answered" && status.result.kind === "reply" ? [["reply", leafOf(status.result.payload)]] : [];

const rejectOf = (status: IngressStatus): readonly Branch[] =>
  status.kind === "answered" && status.result.kind === "reject"
    ? [
        ["reject_code", leafOf(natural(BigInt(status.result.code)))],
        ["error_code", textLeaf(status.result.error)],
      ]
    : [];

const textLeaf = (text: string): HashTree => leafOf(hex(bytesToHex(utf8ToBytes(text))));

/** A natural number in LEB128: seven bits a byte, the lowest first, and the highest bit says that there are more. */
export const natural = (count: bigint): Hex =>
  count < 128n ? bigEndian(count, 1) : hex(bigEndian((count % 128n) + 128n, 1) + natural(count / 128n));
