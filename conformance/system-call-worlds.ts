/**
 * Worlds in which entries of the table of system calls can be tried on any machine: a canister for each of them, named after it, whose
 * script makes the call in that context.
 */
import {
  asciiOf,
  canisterId,
  cycles,
  feesOfSystem,
  hex,
  ingressId,
  instructions,
  managementCanister,
  moduleName,
  nanoseconds,
  publishedParameters,
  type CanisterGenesis,
  type CanisterId,
  type Input,
  type Instruction,
  type Mode,
  type Module,
  type Scenario,
  type Script,
  type Value,
} from "../spec/index.ts";
import { callTo } from "../properties/index.ts";
import { plainCanister } from "./plain-canister.ts";
import { isReadable, type Phase, type Readable, type SystemCall, type SystemCallEntry } from "./system-call-table.ts";

/** A world that tries these entries. */
export const systemCallWorld = (entries: readonly SystemCallEntry[]): Scenario => ({
  genesis: {
    parameters: { ...publishedParameters, fees: feesOfSystem },
    time: nanoseconds(1_000n),
    ...(entries.some(isInstalled) && { modules: entries.filter(isInstalled).map(moduleOf) }),
    canisters: [peer, ...(entries.some(isInstalled) ? [installerOf(entries.filter(isInstalled))] : []), ...entries.map(canisterOf)],
  },
  inputs: [
    ...(entries.some(isInstalled) ? [goTo(installer)] : []),
    ...entries.filter((entry) => isBegun(entry) && !isQuestion(entry)).map((entry) => goTo(nameOf(entry))),
    round("01"),
    // Before the first round there is no certificate; it sets the timers that the second one runs.
    ...entries.filter(isQuestion).map((entry) => ({ kind: "query", canister: nameOf(entry), method: "go", payload: hex("") }) as const),
    round("02"),
    round("03"),
  ],
});

const round = (tape: string): Input => ({ kind: "round", elapsed: nanoseconds(1_000_000_000n), tape: hex(tape.repeat(32)) });

const goTo = (id: CanisterId): Input => ({ kind: "ingress", id: ingressId(id), canister: id, method: "go", payload: hex("") });

/** The name of the canister that tries an entry, and of the ingress message that makes it begin. */
export const nameOf = ({ call, phase }: SystemCallEntry): CanisterId => canisterId(`${call}-in-${phase}`);

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
  if (isReadable(call)) return { op: "when-odd", value: valueOf(call), then: [], otherwise: [] };
  switch (call) {
    case "consume":
      return { op: call, instructions: instructions(1) };
    case "write":
      return { op: call, page: 1, value: nothing };
    case "stable-grow":
      return { op: call, pages: 1 };
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

const valueOf = (kind: Readable): Value => {
  switch (kind) {
    case "page":
      return { kind, page: 0 };
    case "controller":
      return { kind, principal: peer.id };
    default:
      return { kind };
  }
};

/** A canister that makes the call in the context, once an ingress message to its method `go` makes it begin. */
export const canisterOf = (entry: SystemCallEntry): CanisterGenesis => {
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
    case "init":
    case "post-upgrade":
      return named([], { controllers: [installer] });
    case "pre-upgrade":
      return named([], { controllers: [installer], onPreUpgrade: script });
    case "hook":
      return named([{ op: "write", page: 0, value: nothing }], { lowMemory: { limit: 8, threshold: 8, hook: script } });
    case "inspection":
      return named([], { inspect: entry.call === "accept-message" ? script : [...script, { op: "accept-message" }] });
  }
};

/** The code that is installed for an entry, named as its canister. */
export const moduleOf = (entry: SystemCallEntry): Module => {
  const script = [instructionOf(entry.call)];
  return {
    name: moduleName(nameOf(entry)),
    methods: [],
    onTimer: [],
    ...(entry.phase === "init" && { onInit: script }),
    ...(entry.phase === "post-upgrade" && { onPostUpgrade: script }),
  };
};

const installer = canisterId("installer");

/** Installs the code of all these entries. */
const installerOf = (entries: readonly SystemCallEntry[]): CanisterGenesis =>
  canister(installer, {
    go: entries.map((entry) => {
      const words = `${nameOf(entry)} ${entry.phase === "init" ? "reinstall" : "upgrade"} ${moduleOf(entry).name}`;
      return callTo(managementCanister, "install_code", { payload: { kind: "bytes", bytes: asciiOf(words) } });
    }),
  });

/** Whether the call is made while code is installed. */
export const isInstalled = ({ phase }: SystemCallEntry): boolean => phase === "init" || phase.endsWith("-upgrade");

/** Whether a user makes the canister begin; a heartbeat comes by itself, and code is installed by another. */
const isBegun = (entry: SystemCallEntry): boolean => entry.phase !== "heartbeat" && !isInstalled(entry);

/** Whether a question does, between two rounds. */
export const isQuestion = ({ phase }: SystemCallEntry): boolean => phase === "query" || isOfComposite(phase);

export const isOfComposite = (phase: Phase): boolean => phase === "composite" || phase.startsWith("query-");
