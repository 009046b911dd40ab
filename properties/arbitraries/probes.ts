/**
 * Probes: small worlds that are dense in one thing. Memory probes write pages and read them back, through restarts,
 * traps and calls; timer probes set alarms, and let the time come near them.
 */
import type * as fc from "fast-check";
import {
  canisterId,
  cycles,
  hex,
  ingressId,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Input,
  type Instruction,
  type Method,
  type Parameters,
  type Scenario,
  type Script,
} from "../../spec/index.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, networkOf } from "./networks.ts";
import { someBytes } from "./grammar.ts";
import { tapeOf } from "./moves.ts";
import { within } from "./scripts.ts";

/** Worlds in which pages are written and read back. */
export const memoryProbes = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => probe(dice, vocabulary, { methods: pageMethods, onTimer: [] }), withFewerInputs);

/** Worlds in which alarms are set. */
export const timerProbes = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => {
    const delays = dice.times(1, 3, () => dice.pick([0n, 1n, 1_000_000_000n, 2_500_000_000n, 5_000_000_000n, 1n << 40n]));
    return probe(dice, vocabulary, { methods: alarmMethods(delays), onTimer: dice.pick(taskScripts) });
  }, withFewerInputs);

type Weighted = Method & { readonly weight: number };

interface Program {
  readonly methods: readonly Weighted[];
  readonly onTimer: Script;
}

const done: Instruction = { op: "reply", payload: { kind: "bytes", bytes: hex("") } };

const keep = (page: number): Script => [{ op: "write", page, value: { kind: "message" } }, done];

/** Writing and reading come more often than what disturbs them: a method is drawn by its weight. */
const pageMethods: readonly Weighted[] = [
  { weight: 8, name: "keep0", body: keep(0) },
  { weight: 2, name: "keep1", body: keep(1) },
  { weight: 8, name: "recall0", body: [{ op: "reply", payload: { kind: "page", page: 0 } }] },
  { weight: 2, name: "recall1", body: [{ op: "reply", payload: { kind: "page", page: 1 } }] },
  { weight: 2, name: "spoil0", body: [{ op: "write", page: 0, value: { kind: "bytes", bytes: hex("ee") } }, { op: "trap" }] },
  { weight: 2, name: "spoil1", body: [...keep(1), { op: "trap" }] },
  { weight: 1, name: "copy", body: [{ op: "write", page: 2, value: { kind: "page", page: 0 } }, done] },
];

const alarmMethods = (delays: readonly bigint[]): readonly Weighted[] => [
  ...delays.map((delay, at): Weighted => ({ weight: 4, name: `alarm${at}`, body: [{ op: "set-timer", after: nanoseconds(delay) }, done] })),
  { weight: 2, name: "silence", body: [{ op: "set-timer", after: null }, done] },
  { weight: 2, name: "spoil", body: [{ op: "set-timer", after: nanoseconds(1n) }, { op: "trap" }] },
  { weight: 2, name: "recall0", body: [{ op: "reply", payload: { kind: "page", page: 0 } }] },
];

const taskScripts: readonly Script[] = [
  [{ op: "write", page: 0, value: { kind: "time" } }],
  [{ op: "write", page: 0, value: { kind: "time" } }, { op: "trap" }],
  [
    { op: "write", page: 0, value: { kind: "time" } },
    { op: "set-timer", after: nanoseconds(1_000_000_000n) },
  ],
  [],
];

/** A world of canisters with this program, each with a way to call the same method of another one. */
const probe = (dice: Dice, { instructions: words, inputs: kinds, limits }: Vocabulary, program: Program): Scenario => {
  const ids = dice.shuffle(["p", "q"].map(canisterId)).slice(
    0,
    dice.weigh([
      [2, 1],
      [1, 2],
    ]),
  );
  const network = networkOf(dice, freeOfCharge, among(limits, ["roundInstructionLimit"]));
  const parameters: Parameters = { ...network, cores: dice.whole(1, 2), pageSize: network.maxPayload, maxPages: 3 };
  const canisters = ids.map((id): CanisterGenesis => ({
    id,
    computeAllocation: percent(0),
    freezingThreshold: seconds(0),
    balance: cycles(dice.big(0n, 1_000n)),
    methods: [...program.methods, ...(words.has("call") ? program.methods.map((method) => through(method, dice.pick(ids))) : [])].map(
      ({ name, body }) => ({ name, body: within(words, body) }),
    ),
    onTimer: within(words, program.onTimer),
  }));
  const known: Input[] = [];
  const names = program.methods.map(({ weight, name }) => [weight, name] as const);
  const steps = dice.whole(16, 40);
  for (let at = 0; at < steps; at++) {
    const kind = dice.weigh<Input["kind"]>([
      [14, "ingress"],
      [6, "round"],
      [1, "restart"],
    ]);
    const method = dice.weigh(names);
    if (kind === "round") known.push(roundOf(dice));
    if (kind === "restart" && kinds.has(kind)) known.push({ kind });
    if (kind === "ingress" && kinds.has(kind)) {
      known.push({
        kind,
        id: ingressId(`i${at}`),
        canister: dice.pick(ids),
        method: words.has("call") && dice.chance(25) ? `${method}-elsewhere` : method,
        payload: someBytes(dice, dice.whole(0, 4)),
      });
    }
  }
  return {
    genesis: { parameters, time: nanoseconds(dice.big(0n, 10n ** 12n)), canisters },
    inputs: [...known, ...dice.times(2, 5, () => roundOf(dice))],
  };
};

/** A method that passes its message on to another canister, and the answer back. */
const through = ({ name }: Method, callee: CanisterId): Method => ({
  name: `${name}-elsewhere`,
  body: [
    {
      op: "call",
      callee,
      method: name,
      payload: { kind: "message" },
      attached: cycles(0n),
      onReply: [{ op: "reply", payload: { kind: "message" } }],
      onReject: [{ op: "reject" }],
      onCleanup: [],
      onRefused: [{ op: "reject" }],
    },
  ],
});

const roundOf = (dice: Dice): Input => ({
  kind: "round",
  elapsed: nanoseconds(dice.pick([0n, 1n, 500_000_000n, 1_000_000_000n, 2_500_000_000n, 1n << 41n])),
  tape: tapeOf(dice, []),
});
