/**
 * What an execution may do, by what it is: the table of `docs/machine.md`, section 5, seen from the side of the executions. A script
 * that asks for more traps.
 */

/** What executes: between rounds `question`, a query without calls, `composite`, one with calls or a callback of it, and `afterthought`, the cleanup of such a callback. */
export type Kind =
  "update" | "query" | "callback" | "task" | "cleanup" | "installation" | "inspection" | "question" | "composite" | "afterthought";

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
  /** Whether the pages that it is the first to write may have to be paid in advance. */
  readonly reserves: boolean;
}

/** Of some networks one thing holds, of others another. */
export type Permission = "always" | "never" | "by parameter";

const nothing: Abilities = {
  calls: "none",
  answers: false,
  accepts: "never",
  burns: "never",
  setsTimer: false,
  certifies: false,
  inspects: false,
  reserves: false,
};

const lasting: Abilities = { ...nothing, burns: "always", setsTimer: true, reserves: true };
const calling: Abilities = { ...lasting, calls: "requests", certifies: true };
const serving: Abilities = { ...calling, answers: true, accepts: "always" };

/** @rule system-call */
export const abilities: Readonly<Record<Kind, Abilities>> = {
  update: serving,
  callback: serving,
  task: calling,
  cleanup: lasting,
  installation: { ...lasting, certifies: true },
  query: { ...nothing, answers: true, accepts: "by parameter", burns: "by parameter" },
  inspection: { ...nothing, inspects: true },
  question: { ...nothing, answers: true },
  composite: { ...nothing, answers: true, calls: "queries" },
  afterthought: nothing,
};
