/**
 * An upgrade that completes beside one that does not. Two canisters have the same code, and get the same new code in the same round; what
 * differs is the data that they keep. The old code saves them where an upgrade leaves them, the new code reads them there, and traps over
 * those that it does not understand.
 */
import {
  asciiOf,
  canisterId,
  currentParameters,
  cycles,
  hex,
  ingressId,
  instructions,
  managementCanister,
  moduleName,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CodeGenesis,
  type Hex,
  type Input,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Scenario,
} from "../../spec/index.ts";

/** Page 0 is the heap, page 1 is stable memory. @source facts/messages.md F14, MSG-P24, MSG-M24a */
export const hookTraps = (): Scenario => ({
  genesis: {
    parameters: { ...currentParameters, heapPages: 1 },
    time: nanoseconds(0n),
    modules: [{ name: moduleName("second"), ...second }],
    canisters: [canister("badly", first), canister("well", first), canister("owner", clerk)],
  },
  inputs: [
    ask("put-well", "well", "put", hex("0a")),
    ask("put-badly", "badly", "put", hex("0b")),
    round(),
    ask("upgrade-well", "owner", "upgrade", asciiOf("well upgrade second")),
    ask("upgrade-badly", "owner", "upgrade", asciiOf("badly upgrade second")),
    round(),
    round(),
    ...["well", "badly"].flatMap((id) => questions.map((method) => query(id, method))),
    ask("history-well", "owner", "history", asciiOf("well 20")),
    ask("history-badly", "owner", "history", asciiOf("badly 20")),
    round(),
    round(),
  ],
});

/** What both canisters can be asked, whatever code they have. */
export const questions = ["code", "heap", "stable", "version"] as const;

const answering = (name: string): readonly Method[] => [
  { name: "code", mode: "query", body: [{ op: "reply", payload: { kind: "bytes", bytes: asciiOf(name) } }] },
  { name: "heap", mode: "query", body: [{ op: "reply", payload: { kind: "page", page: 0 } }] },
  { name: "stable", mode: "query", body: [{ op: "reply", payload: { kind: "page", page: 1 } }] },
  { name: "version", mode: "query", body: [{ op: "reply", payload: { kind: "version" } }] },
];

/** As much as it takes to go through the data. */
const work: Instruction = { op: "consume", instructions: instructions(1_000_000) };

/** Keeps its data in the heap, and saves them when it must. */
const first: CodeGenesis = {
  methods: [
    ...answering("first"),
    {
      name: "put",
      body: [
        { op: "write", page: 0, value: { kind: "message" } },
        { op: "set-timer", after: nanoseconds(3_600_000_000_000n) },
        { op: "reply", payload: { kind: "bytes", bytes: hex("") } },
      ],
    },
  ],
  onTimer: [],
  onPreUpgrade: [work, { op: "write", page: 1, value: { kind: "page", page: 0 } }],
};

/** Has no use for odd data. */
const second: CodeGenesis = {
  methods: answering("second"),
  onTimer: [],
  onPostUpgrade: [
    work,
    { op: "write", page: 0, value: { kind: "page", page: 1 } },
    { op: "when-odd", value: { kind: "page", page: 0 }, then: [{ op: "trap" }], otherwise: [] },
  ],
};

/** Asks for what it is told, and tells what it hears: the reply, or a byte with the code of the reject. */
const asking = (method: ManagementMethod): Instruction => ({
  op: "call",
  callee: managementCanister,
  method,
  payload: { kind: "message" },
  attached: cycles(0n),
  onReply: [{ op: "reply", payload: { kind: "message" } }],
  onReject: [{ op: "reply", payload: { kind: "message" } }],
  onCleanup: [],
  onRefused: [],
});

const clerk: CodeGenesis = {
  methods: [
    { name: "upgrade", body: [asking("install_code")] },
    { name: "history", body: [asking("canister_info")] },
  ],
  onTimer: [],
};

const canister = (id: string, code: CodeGenesis): CanisterGenesis => ({
  id: canisterId(id),
  computeAllocation: percent(0),
  freezingThreshold: seconds(2_592_000),
  balance: cycles(10n ** 12n),
  controllers: [canisterId("owner")],
  stablePages: 1,
  ...code,
});

const ask = (id: string, canister: string, method: string, payload: Hex): Input => ({
  kind: "ingress",
  id: ingressId(id),
  canister: canisterId(canister),
  method,
  payload,
});

const query = (id: string, method: string): Input => ({ kind: "query", canister: canisterId(id), method, payload: hex("") });

const round = (): Input => ({ kind: "round", elapsed: nanoseconds(1_000_000_000n), tape: hex("00".repeat(32)) });
