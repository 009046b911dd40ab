/**
 * The table of system calls as a law, and as a world in which any of its entries can be tried on any machine: a canister for each of them, named after it, whose script makes the call in that context.
 * @source facts/messages.md 10.4
 */
import * as fc from "fast-check";
import {
  canisterId,
  cycles,
  feesOfSystem,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  publishedParameters,
  type CanisterGenesis,
  type CanisterId,
  type ErrorCode,
  type Event,
  type Instruction,
  type Mode,
  type Result,
  type Scenario,
  type Script,
  type Trace,
} from "../spec/index.ts";
import { alone, callTo, fails, holds, readable, traceLaw, vacuous, type Property, type Vocabulary } from "../properties/index.ts";
import { encode } from "./json.ts";
import { plainCanister } from "./plain-canister.ts";
import { nameOfPhase, systemCallTable, type Phase, type SystemCall, type SystemCallEntry } from "./system-call-table.ts";

export * from "./system-call-table.ts";

/** A law like those of the suite, which whoever filters may choose by this name. */
export const systemCallsByContext: Property = traceLaw({
  id: "system-calls-by-context",
  statement: "every system call does what it does in the contexts in which it is allowed, and traps with IC0504 in all others",
  source: "facts/messages.md 10.4, MSG-10.4.6, MSG-10.4.7, MSG-10.4.9, MSG-10.4.10, MSG-10.4.11, MSG-10.4.13, MSG-10.4.14, MSG-10.4.16",
  cites: ["system-call", "message-accept"],
  cases: (vocabulary) => {
    const known = systemCallTable.filter((entry) => isKnown(entry, vocabulary));
    return fc
      .shuffledSubarray([...known], { minLength: Math.min(1, known.length), maxLength: Math.min(12, known.length) })
      .map((entries) => alone(systemCallWorld(entries)));
  },
  judge: (trace) => readable(() => judge(trace)),
});

/** A world that tries these entries. */
export const systemCallWorld = (entries: readonly SystemCallEntry[]): Scenario => ({
  genesis: {
    parameters: { ...publishedParameters, fees: feesOfSystem },
    time: nanoseconds(1_000n),
    canisters: [peer, ...entries.map(canisterOf)],
  },
  inputs: [
    ...entries.filter(isBegun).map((entry) => {
      const id = nameOf(entry);
      const message = { canister: id, method: "go", payload: hex("") } as const;
      return isQuestion(entry) ? ({ kind: "query", ...message } as const) : ({ kind: "ingress", id: ingressId(id), ...message } as const);
    }),
    // The first round sets the timers that the second one runs.
    ...["01", "02", "03"].map((tape) => ({ kind: "round", elapsed: nanoseconds(1_000_000_000n), tape: hex(tape.repeat(32)) }) as const),
  ],
});

const judge = ({ scenario, steps }: Trace) => {
  const tried = systemCallTable.filter((entry) => {
    const there = scenario.genesis.canisters.find(({ id }) => id === nameOf(entry));
    return there !== undefined && encode(there) === encode(canisterOf(entry));
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

/** The name of the canister that tries an entry, and of the ingress message that makes it begin. */
const nameOf = ({ call, phase }: SystemCallEntry): CanisterId => canisterId(`${call}-in-${phase}`);

const nothing = { kind: "bytes", bytes: hex("") } as const;

const callPeer = (method: string, rest?: Partial<Instruction & { op: "call" }>): Instruction => callTo(peer.id, method, rest);

const canister = (id: CanisterId, methods: Readonly<Record<string, Script>>, rest?: Partial<CanisterGenesis>): CanisterGenesis =>
  plainCanister(
    id,
    Object.entries(methods).map(([name, body]) => ({ name, body })),
    rest,
  );

/** The same canister with some methods in another mode. */
const inMode = (genesis: CanisterGenesis, mode: Mode, names: readonly string[]): CanisterGenesis => ({
  ...genesis,
  methods: genesis.methods.map((method) => (names.includes(method.name) ? { ...method, mode } : method)),
});

const peer = inMode(
  canister(canisterId("peer"), {
    answer: [{ op: "reply", payload: nothing }],
    refuse: [{ op: "reject" }],
    say: [{ op: "reply", payload: nothing }],
    deny: [{ op: "reject" }],
  }),
  "query",
  ["say", "deny"],
);

const instructionOf = (call: SystemCall): Instruction => {
  switch (call) {
    case "consume":
      return { op: call, instructions: instructions(1) };
    case "write":
      return { op: call, page: 1, value: nothing };
    case "when-odd":
      return { op: call, value: { kind: "time" }, then: [], otherwise: [] };
    case "call":
      return callPeer("answer");
    case "accept":
    case "burn":
      return { op: call, cycles: cycles(1n) };
    case "reply":
      return { op: call, payload: nothing };
    case "set-timer":
      return { op: call, after: null };
    case "certify":
      return { op: call, data: nothing };
    case "reject":
    case "trap":
    case "accept-message":
      return { op: call };
  }
};

/** A canister that makes the call in the context, once an ingress message to its method `go` makes it begin. */
const canisterOf = (entry: SystemCallEntry): CanisterGenesis => {
  const script = [instructionOf(entry.call)];
  const named = (go: Script, rest?: Partial<CanisterGenesis>) => canister(nameOf(entry), { go }, rest);
  const asking = (mode: Mode, go: Script) => inMode(named(go), mode, ["go"]);
  switch (entry.phase) {
    case "round-query":
    case "query":
      return asking("query", script);
    case "composite":
      return asking("composite", script);
    case "query-reply":
      return asking("composite", [callPeer("say", { onReply: script })]);
    case "query-reject":
      return asking("composite", [callPeer("deny", { onReject: script })]);
    case "query-cleanup": {
      const cleanup: Script = [...script, { op: "write", page: 2, value: { kind: "bytes", bytes: hex("01") } }];
      const telling: Script = [{ op: "reply", payload: { kind: "page", page: 2 } }];
      return asking("composite", [
        callPeer("say", { onReply: [{ op: "trap" }], onCleanup: cleanup }),
        callPeer("say", { onReply: telling }),
      ]);
    }
    case "update":
      return named(script);
    case "reply":
      return named([callPeer("answer", { onReply: script })]);
    case "reject":
      return named([callPeer("refuse", { onReject: script })]);
    case "cleanup":
      return named([callPeer("answer", { onReply: [{ op: "trap" }], onCleanup: script })]);
    case "timer":
      return named([{ op: "set-timer", after: nanoseconds(0n) }], { onTimer: script });
    case "heartbeat":
      return named([], { onHeartbeat: script });
    case "hook":
      return named([{ op: "write", page: 0, value: nothing }], { lowMemory: { limit: 8, threshold: 8, hook: script } });
    case "inspection":
      return named([], { inspect: entry.call === "accept-message" ? script : [...script, { op: "accept-message" }] });
  }
};

/** Whether a user makes the canister begin; a heartbeat comes by itself. */
const isBegun = ({ phase }: SystemCallEntry): boolean => phase !== "heartbeat";

/** Whether a question does, between two rounds. */
const isQuestion = ({ phase }: SystemCallEntry): boolean => phase === "query" || isOfComposite(phase);

const isOfComposite = (phase: Phase): boolean => phase === "composite" || phase.startsWith("query-");

/** Whether a machine that knows these words can try an entry. */
const isKnown = (entry: SystemCallEntry, { inputs, instructions: known, customs }: Vocabulary): boolean => {
  const { phase } = entry;
  const needed = new Set<SystemCall>([entry.call, ...opsOf(phase)]);
  const custom = isOfComposite(phase) ? "composite-queries" : customOf[phase as "hook"];
  return (
    (!isBegun(entry) || inputs.has(isQuestion(entry) ? "query" : "ingress")) &&
    [...needed].every((op) => known.has(op)) &&
    (custom === undefined || customs.has(custom))
  );
};

const customOf = { heartbeat: "heartbeats", hook: "hooks", inspection: "inspections", "round-query": "replicated-queries" } as const;

const opsOf = (phase: Phase): readonly SystemCall[] => {
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
    case "hook":
      return ["write"];
    case "inspection":
      return ["accept-message"];
    default:
      return [];
  }
};
