/**
 * The table of system calls as a law, which tries entries of it on any machine.
 * @source facts/messages.md 10.4
 */
import * as fc from "fast-check";
import { certificateKinds, identityKinds, type ErrorCode, type Event, type Instruction, type Result, type Trace } from "../spec/index.ts";
import { alone, fails, holds, readable, traceLaw, vacuous, type Property, type Vocabulary } from "../properties/index.ts";
import { encode } from "./json.ts";
import { isReadable, nameOfPhase, systemCallTable, type Phase, type SystemCallEntry } from "./system-call-table.ts";
import { canisterOf, isInstalled, isOfComposite, isQuestion, moduleOf, nameOf, systemCallWorld } from "./system-call-worlds.ts";

export * from "./system-call-table.ts";
export { systemCallWorld } from "./system-call-worlds.ts";

/** A law like those of the suite, which whoever filters may choose by this name. */
export const systemCallsByContext: Property = traceLaw({
  id: "system-calls-by-context",
  statement: "every system call does what it does in the contexts in which it is allowed, and traps with IC0504 in all others",
  source:
    "facts/messages.md 10.4, MSG-10.4.1, MSG-10.4.2, MSG-10.4.4, MSG-10.4.5, MSG-10.4.6, MSG-10.4.8, MSG-10.4.7, MSG-10.4.9, MSG-10.4.10, MSG-10.4.11, MSG-10.4.13, MSG-10.4.14, MSG-10.4.15, MSG-10.4.16",
  cites: ["system-call", "message-accept", "value-read", "identity-read", "certificate-read"],
  cases: (vocabulary) => {
    const known = systemCallTable.filter((entry) => isKnown(entry, vocabulary));
    return fc
      .shuffledSubarray([...known], { minLength: Math.min(1, known.length), maxLength: Math.min(24, known.length) })
      .map((entries) => alone(systemCallWorld(entries)));
  },
  judge: (trace) => readable(() => judge(trace)),
});

const judge = ({ scenario, steps }: Trace) => {
  const tried = systemCallTable.filter((entry) => {
    const there = scenario.genesis.canisters.find(({ id }) => id === nameOf(entry));
    const modules = (scenario.genesis.modules ?? []).filter(({ name }) => name === moduleOf(entry).name);
    return (
      there !== undefined &&
      encode(there) === encode(canisterOf(entry)) &&
      (!isInstalled(entry) || encode(modules) === encode([moduleOf(entry)]))
    );
  });
  let shown = 0;
  for (const [at, { observation }] of steps.entries())
    for (const event of observation.events)
      for (const entry of tried) {
        const came = outcomeOf(entry, event);
        if (came === null) continue;
        shown++;
        const expected = expectedOf(entry);
        if (came !== expected) return fails(at, `${entry.call} in ${nameOfPhase[entry.phase]}: expected ${expected}, got ${came}`);
      }
  return shown > 0 ? holds : vacuous("no system call of the table was made");
};

type Outcome = "no trap" | "a trap" | ErrorCode;

/** How the execution that makes the call ends; that a cleanup trapped is known, but not with which error. */
const expectedOf = ({ call, phase, allowed }: SystemCallEntry): Outcome => {
  if (allowed && call !== "trap") return "no trap";
  if (phase === "cleanup" || phase === "query-cleanup") return "a trap";
  return allowed ? "IC0503" : "IC0504";
};

/** How the execution of an entry ended, when this event tells it. */
const outcomeOf = (entry: SystemCallEntry, event: Event): Outcome | null => {
  const name = nameOf(entry);
  if (entry.phase === "inspection") {
    if (event.kind === "ingress-received" && event.ingress === (name as string)) return "no trap";
    return event.kind === "ingress-refused" && event.ingress === (name as string) ? event.error : null;
  }
  if (isQuestion(entry))
    return event.kind === "query-answered" && event.canister === name ? outcomeOfQuery(entry.phase, event.result) : null;
  if (isInstalled(entry)) return event.kind === "installation-ran" && event.canister === name ? (event.trap ?? "no trap") : null;
  if (event.kind !== "executed" || event.canister !== name || !isOf(entry.phase, event)) return null;
  if (entry.phase === "cleanup") return event.cleanup === "completed" ? "no trap" : "a trap";
  return event.trap ?? "no trap";
};

/** What a query answers when nothing trapped; and a cleanup that did not leaves a page, which a later callback says. */
const outcomeOfQuery = (phase: Phase, result: Result): Outcome => {
  if (phase === "query-cleanup") return result.kind === "reply" && result.payload !== "" ? "no trap" : "a trap";
  return result.kind === "reply" || result.error === "IC0506" || result.error === "IC0406" ? "no trap" : result.error;
};

const isOf = (phase: Phase, { cause }: Extract<Event, { kind: "executed" }>): boolean => {
  switch (phase) {
    case "update":
    case "round-query":
      return cause.kind === "update";
    case "reply":
    case "reject":
      return cause.kind === "response" && cause.result === phase;
    case "cleanup":
      return cause.kind === "response";
    case "hook":
      return cause.kind === "low-memory";
    case "timer":
    case "heartbeat":
    case "inspection":
      return cause.kind === phase;
    default:
      return false;
  }
};

/** Whether a machine that knows these words can try an entry. */
const isKnown = (entry: SystemCallEntry, { inputs, instructions: known, customs }: Vocabulary): boolean => {
  const { phase } = entry;
  const needed = new Set([isReadable(entry.call) ? "when-odd" : entry.call, ...opsOf(phase)]);
  const custom = isOfComposite(phase) ? "composite-queries" : customOf[phase as "hook"];
  return (
    (phase === "heartbeat" || inputs.has(isQuestion(entry) ? "query" : "ingress")) &&
    [...needed].every((op) => known.has(op)) &&
    (custom === undefined || customs.has(custom)) &&
    (!identityKinds.has(entry.call) || customs.has("identities")) &&
    (!certificateKinds.has(entry.call) || customs.has("data-certificates"))
  );
};

const customOf = {
  heartbeat: "heartbeats",
  hook: "hooks",
  init: "code",
  "pre-upgrade": "code",
  "post-upgrade": "code",
  inspection: "inspections",
  "round-query": "replicated-queries",
} as const;

const opsOf = (phase: Phase): readonly Instruction["op"][] => {
  switch (phase) {
    case "reply":
    case "query-reply":
      return ["call", "reply"];
    case "reject":
    case "query-reject":
      return ["call", "reply", "reject"];
    case "cleanup":
      return ["call", "reply", "trap"];
    case "query-cleanup":
      return ["call", "reply", "trap", "write"];
    case "timer":
      return ["set-timer"];
    case "init":
    case "pre-upgrade":
    case "post-upgrade":
      return ["call"];
    case "hook":
      return ["write"];
    case "inspection":
      return ["accept-message"];
    default:
      return [];
  }
};
