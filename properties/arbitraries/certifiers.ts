/**
 * Canisters for worlds of certified state: they certify what is short, what is as long as may be, what is too long and what they
 * certified before, in bodies, callbacks, tasks and, in vain, in cleanups, queries and inspections; and now and then trap behind it.
 */
import {
  anonymous,
  asciiOf,
  cycles,
  hex,
  instructions,
  managementCanister,
  mostCertified,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Hex,
  type Instruction,
  type Method,
  type Parameters,
  type Principal,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { mayRead, type Mode } from "../tracking/modes.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { handoutsOf } from "./handouts.ts";
import type { Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { answer, callTo, message } from "./plain.ts";
import { namedUsers, readOf } from "./reads.ts";
import { within } from "./scripts.ts";

/** What the scripts are drawn into. */
export interface Office {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
  readonly ids: readonly CanisterId[];
  /** Whether messages are executed in slices. */
  readonly long: boolean;
}

/** The methods that users call, by what they are; the others are asked between rounds. */
export const methodNames = {
  updates: ["set", "set", "keep", "keep", "both", "vain", "tell", "tell", "mend", "alarm", "sink", "long", "rule", "rule"],
  queries: ["look", "ask"],
} as const;

/** A canister; `poor`: it can pay for what it occupies for some seconds only. */
export const certifierOf = (office: Office, id: CanisterId, poor: boolean): CanisterGenesis => {
  const { dice, vocabulary } = office;
  const { customs, instructions: words } = vocabulary;
  const known = (script: Script): Script => within(words, script);
  return {
    id,
    computeAllocation: percent(poor ? 1 : 0),
    freezingThreshold: seconds(0),
    balance: cycles(poor ? BigInt(dice.whole(1, 9)) : 10n ** 9n),
    ...(dice.chance(75) && { controllers: controllersOf(office) }),
    methods: methodsOf(office).map((method) => ({ ...method, body: known(method.body) })),
    onTimer: known(taskOf(office)),
    ...(customs.has("heartbeats") && dice.chance(30) && { onHeartbeat: known(taskOf(office)) }),
    ...(customs.has("inspections") && words.has("accept-message") && dice.chance(15) && { inspect: known(inspectionOf(office)) }),
    ...(customs.has("hooks") && dice.chance(15) && { lowMemory: { limit: 2, threshold: 1, hook: known(taskOf(office)) } }),
  };
};

/** Users and canisters, in any order. */
const controllersOf = ({ dice, ids }: Office): readonly Principal[] => {
  const all: readonly Principal[] = [...namedUsers, anonymous, ...ids];
  return dice.shuffle(all.filter(() => dice.chance(60)));
};

/** What makes others the controllers of one of these; as long as the shortest payload at most. */
export const ruleFor = (dice: Dice, ids: readonly CanisterId[]): Hex =>
  asciiOf(`${dice.pick(ids)} controllers=${dice.pick(["", "@ann", "a", "b,@ann", "@bob,@ann", "z,@eve,a,m"])}`);

const methodsOf = (office: Office): readonly Method[] => {
  const { dice, vocabulary, parameters, ids, long } = office;
  const { customs } = vocabulary;
  const peer = (): CanisterId => dice.pick(ids);
  const effort = long ? parameters.sliceInstructionLimit * dice.whole(1, 3) : dice.whole(0, 5);
  return [
    { name: "set", body: [certify(message), ...dice.times(0, 1, () => doingOf(office)), answer(message)] },
    { name: "keep", body: [certify(valueOf(office)), ...dice.times(0, 2, () => doingOf(office)), ...endOf(office)] },
    { name: "both", body: [certify(valueOf(office)), certify(valueOf(office)), ...endOf(office)] },
    { name: "vain", body: [certify(valueOf(office)), dice.chance(50) ? { op: "trap" } : certify(tooLong(office)), answer()] },
    {
      name: "tell",
      body: [
        callTo(peer(), dice.pick(["set", "keep", "vain"]), {
          payload: message,
          onReply: [certify(message), ...endOf(office)],
          onReject: [certify(message), ...dice.times(0, 1, () => doingOf(office)), answer(message)],
          onRefused: [{ op: "reject" }],
        }),
      ],
    },
    {
      name: "mend",
      body: [
        callTo(peer(), dice.pick(["set", "vain"]), {
          payload: message,
          onReply: [certify(valueOf(office)), { op: "trap" }],
          onReject: [certify(message), { op: "trap" }],
          onCleanup: [{ op: "write", page: 1, value: valueOf(office, "cleanup") }, ...dice.times(0, 1, () => certify({ kind: "time" }))],
          onRefused: [{ op: "reject" }],
        }),
      ],
    },
    { name: "alarm", body: [{ op: "set-timer", after: nanoseconds(dice.pick([0n, 1n, 10n ** 9n])) }, answer()] },
    ...(customs.has("code")
      ? [
          {
            name: "rule",
            body: [
              callTo(managementCanister, "update_settings", {
                payload: { kind: "bytes", bytes: ruleFor(dice, ids) },
                onReply: [answer(message)],
                onReject: [answer(message)],
              }),
            ],
          },
        ]
      : []),
    { name: "sink", body: [dice.chance(50) ? { op: "reject" } : certify(valueOf(office))] },
    { name: "long", body: [{ op: "consume", instructions: instructions(effort) }, certify(message), ...endOf(office)] },
    ...(customs.has("queries") || customs.has("replicated-queries")
      ? [{ name: "look", mode: "query" as const, body: [...dice.times(0, 1, () => certify(message)), answer(message)] }]
      : []),
    ...(customs.has("composite-queries")
      ? [
          {
            name: "ask",
            mode: "composite" as const,
            body: [
              ...(dice.chance(15) ? [certify(message)] : []),
              callTo(peer(), "look", {
                payload: message,
                onReply: [...dice.times(0, 1, () => certify(message)), answer(message)],
                onReject: [answer(message), { op: "trap" }],
                onCleanup: dice.times(0, 1, () => certify({ kind: "time" })),
              }),
            ],
          },
        ]
      : []),
    ...handoutsOf(office),
  ];
};

const certify = (data: Value): Instruction => ({ op: "certify", data });

/** What a timer, a heartbeat or a hook runs. */
const taskOf = (office: Office): Script => {
  const { dice } = office;
  return [
    certify(dice.chance(50) ? { kind: "time" } : valueOf(office, "task")),
    ...dice.times(0, 1, () => doingOf(office, "task")),
    ...(dice.chance(15) ? ([{ op: "trap" }] as const) : []),
  ];
};

const inspectionOf = ({ dice }: Office): Script => [
  { op: "accept-message" },
  ...(dice.chance(50) ? [{ op: "when-odd" as const, value: message, then: [certify(message)], otherwise: [] }] : []),
];

const doingOf = (office: Office, mode: Mode = "update"): Instruction => {
  const { dice, parameters } = office;
  const given = (): Value => (mayRead("message", mode) ? message : valueOf(office, mode));
  return dice.weigh<() => Instruction>([
    [
      5,
      () => ({
        op: "write",
        page: dice.pick([0, 1, 2, parameters.maxPages - 1]),
        value: dice.chance(50) ? given() : valueOf(office, mode),
      }),
    ],
    [3, () => ({ op: "when-odd", value: given(), then: [certify(valueOf(office, mode))], otherwise: [] })],
    [2, () => ({ op: "set-timer", after: dice.chance(30) ? null : nanoseconds(dice.pick([0n, 1n, 300n, 10n ** 9n])) })],
    [1, () => ({ op: "consume", instructions: instructions(dice.whole(0, 3)) })],
  ])();
};

const endOf = (office: Office): Script => {
  const { dice } = office;
  return dice.weigh<() => Script>([
    [10, () => [answer(valueOf(office))]],
    [2, () => [{ op: "reject" }]],
    [1, () => []],
    [2, () => [{ op: "trap" }]],
    [1, () => [answer(), certify(valueOf(office))]],
  ])();
};

/** Data that mostly may be certified, and often are what they were. */
const valueOf = (office: Office, mode: Mode = "update"): Value => {
  const { dice, ids, vocabulary } = office;
  return readOf(dice, { mode, canisters: ids, customs: vocabulary.customs }, [
    [6, () => ({ kind: "bytes", bytes: someBytes(dice, dice.pick([0, 1, 1, 2, 3, mostCertified - 1, mostCertified])) })],
    [4, () => ({ kind: "bytes", bytes: hex("07") })],
    [3, () => message],
    [2, () => ({ kind: "page", page: dice.whole(0, 2) })],
    [1, () => ({ kind: "time" })],
    [1, () => ({ kind: "balance" })],
    [1, () => tooLong(office)],
  ]);
};

const tooLong = ({ dice }: Office): Value => ({ kind: "bytes", bytes: someBytes(dice, mostCertified + 1) });
