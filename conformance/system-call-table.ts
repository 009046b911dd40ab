/** Which system call is allowed in which context: an entry for each pair. @source facts/messages.md 10.4 */
import type { Instruction, Value } from "../spec/index.ts";

/** What a canister can read. */
export type Readable = Exclude<Value["kind"], "bytes">;

/** What a canister can do, and when. */
export type SystemCall = Instruction["op"] | Readable;
export type Phase = (typeof phases)[number];

export const phases = [
  "update",
  "reply",
  "reject",
  "cleanup",
  "timer",
  "heartbeat",
  "hook",
  "init",
  "pre-upgrade",
  "post-upgrade",
  "inspection",
  "round-query",
  "query",
  "composite",
  "query-reply",
  "query-reject",
  "query-cleanup",
] as const;

/** All that is asked between two rounds. */
const asked = ["query", "composite", "query-reply", "query-reject", "query-cleanup"] as const;

/** All that runs while code is installed. */
const installed = ["init", "pre-upgrade", "post-upgrade"] as const;

/** Whom nobody called. */
const tasks = ["timer", "heartbeat", "hook"] as const;

/** By instruction, the contexts in which it traps with IC0504. In all others it does what it does. */
const forbiddenActs: Readonly<Record<Instruction["op"], readonly Phase[]>> = {
  consume: [],
  write: [],
  "stable-grow": [],
  "when-odd": [],
  trap: [],
  call: ["cleanup", ...installed, "inspection", "round-query", "query", "query-cleanup"],
  // Where a parameter says so, a query in a round may accept and burn; here it does not.
  accept: ["cleanup", ...tasks, ...installed, "inspection", "round-query", ...asked],
  reply: ["cleanup", ...tasks, ...installed, "inspection", "query-cleanup"],
  reject: ["cleanup", ...tasks, ...installed, "inspection", "query-cleanup"],
  burn: ["inspection", "round-query", ...asked],
  "set-timer": ["inspection", "round-query", ...asked],
  certify: ["cleanup", "inspection", "round-query", ...asked],
  "accept-message": ["update", "reply", "reject", "cleanup", ...tasks, ...installed, "round-query", ...asked],
};

/** The same of what is read. */
const forbiddenReads: Readonly<Record<Readable, readonly Phase[]>> = {
  page: [],
  "stable-size": [],
  instructions: [],
  time: [],
  balance: [],
  version: [],
  self: [],
  caller: [],
  status: [],
  controller: [],
  message: ["cleanup", ...tasks, "pre-upgrade", "query-cleanup"],
  available: ["cleanup", ...tasks, ...installed, "inspection", ...asked],
  refunded: ["update", "cleanup", ...tasks, ...installed, "inspection", "round-query", ...asked],
  deadline: ["cleanup", ...tasks, ...installed, "inspection", "query-cleanup"],
  "reject-code": ["update", ...tasks, ...installed, "inspection", "round-query", "query", "composite", "query-cleanup"],
  certified: [],
  certificate: [
    "update",
    "reply",
    "reject",
    "cleanup",
    ...tasks,
    ...installed,
    "inspection",
    "round-query",
    "query-reply",
    "query-reject",
    "query-cleanup",
  ],
  method: ["update", "reply", "reject", "cleanup", ...tasks, ...installed, "round-query", ...asked],
};

const forbidden: Readonly<Record<SystemCall, readonly Phase[]>> = { ...forbiddenActs, ...forbiddenReads };

/** Whether a system call reads, and does nothing else. */
export const isReadable = (call: SystemCall): call is Readable => call in forbiddenReads;

export const systemCalls = Object.keys(forbidden) as readonly SystemCall[];

export interface SystemCallEntry {
  readonly call: SystemCall;
  readonly phase: Phase;
  readonly allowed: boolean;
}

/** Every pair. */
export const systemCallTable: readonly SystemCallEntry[] = systemCalls.flatMap((call) =>
  phases.map((phase): SystemCallEntry => ({ call, phase, allowed: !forbidden[call].includes(phase) })),
);

/** Of a context, for people. */
export const nameOfPhase: Readonly<Record<Phase, string>> = {
  update: "an update",
  reply: "a reply callback",
  reject: "a reject callback",
  cleanup: "a cleanup",
  timer: "a timer task",
  heartbeat: "a heartbeat",
  hook: "a low-memory hook",
  init: "the beginning of code that is installed",
  "pre-upgrade": "the hook before an upgrade",
  "post-upgrade": "the hook after an upgrade",
  inspection: "an inspection",
  "round-query": "a query in a round",
  query: "a query",
  composite: "a composite query",
  "query-reply": "a reply callback of a query",
  "query-reject": "a reject callback of a query",
  "query-cleanup": "a cleanup of a query",
};
