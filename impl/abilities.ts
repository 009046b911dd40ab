/**
 * What an execution may do, by what it is: the table of `docs/machine.md`, section 5, seen from the side of the executions. A script
 * that asks for more traps.
 */

/**
 * What executes: of an installation `farewell`, the script of the code that is replaced, and `installation`, one of the new code; between rounds
 * `question`, a query without calls, `composite`, one with calls, `follow-up`, a callback of it, and `afterthought`, the cleanup of such a callback.
 */
export type Kind =
  | "update"
  | "query"
  | "callback"
  | "task"
  | "cleanup"
  | "farewell"
  | "installation"
  | "inspection"
  | "question"
  | "composite"
  | "follow-up"
  | "afterthought";

export interface Abilities {
  /** What its calls are: requests that are sent, queries that are made once it is over, or a trap. */
  readonly calls: "requests" | "queries" | "none";
  readonly answers: boolean;
  /** Whether it takes cycles from its caller, and whether it burns its own. */
  readonly accepts: Permission;
  readonly burns: Permission;
  readonly setsTimer: boolean;
  readonly certifies: boolean;
  readonly inspects: boolean;
  /** Whether memory that it takes may have to be paid in advance, and may be more than there is. */
  readonly reserves: boolean;
  readonly reads: Reads;
}

/** Which of the values that are not there everywhere are there to be read. */
export type Reads = Readonly<Record<GuardedValue, boolean>>;
export const guardedValues = ["message", "available", "refunded", "deadline", "reject-code", "method", "certificate"] as const;
export type GuardedValue = (typeof guardedValues)[number];

/** Of some networks one thing holds, of others another. */
export type Permission = "always" | "never" | "by parameter";

const unread: Reads = {
  message: false,
  available: false,
  refunded: false,
  deadline: false,
  "reject-code": false,
  method: false,
  certificate: false,
};
const given: Reads = { ...unread, message: true };
const called: Reads = { ...given, deadline: true };
const endowed: Reads = { ...called, available: true };
const answered: Reads = { ...endowed, refunded: true, "reject-code": true };

const nothing: Abilities = {
  calls: "none",
  answers: false,
  accepts: "never",
  burns: "never",
  setsTimer: false,
  certifies: false,
  inspects: false,
  reserves: false,
  reads: unread,
};

const lasting: Abilities = { ...nothing, burns: "always", setsTimer: true, reserves: true };
const calling: Abilities = { ...lasting, calls: "requests", certifies: true };
const serving: Abilities = { ...calling, answers: true, accepts: "always", reads: endowed };
const installing: Abilities = { ...lasting, certifies: true };
const asked: Abilities = { ...nothing, answers: true, reads: { ...called, certificate: true } };
const asking: Abilities = { ...asked, calls: "queries" };

/**
 * @rule system-call
 * @rule value-read
 * @rule identity-read
 * @rule certificate-read
 */
export const abilities: Readonly<Record<Kind, Abilities>> = {
  update: serving,
  callback: { ...serving, reads: answered },
  task: calling,
  cleanup: { ...lasting, reads: { ...unread, "reject-code": true } },
  farewell: installing,
  installation: { ...installing, reads: given },
  query: { ...asked, accepts: "by parameter", burns: "by parameter", reads: endowed },
  inspection: { ...nothing, inspects: true, reads: { ...given, method: true } },
  question: asked,
  composite: asking,
  "follow-up": { ...asking, reads: { ...called, "reject-code": true } },
  afterthought: nothing,
};
