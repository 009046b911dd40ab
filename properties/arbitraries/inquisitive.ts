/**
 * Canisters for worlds of queries: methods of all modes, whose scripts write before they look, call whoever may or may not
 * answer, themselves included, trap in callbacks and clean up, answer early, late, twice or never, and now and then try what
 * no query may do.
 */
import {
  cycles,
  hex,
  instructions,
  nanoseconds,
  stableRoomOf,
  type CanisterId,
  type Instruction,
  type Method,
  type Parameters,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { mayRead, type Mode } from "../tracking/modes.ts";
import type { Custom } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { growOf, nobody, someBytes, type Op } from "./grammar.ts";
import { answer, callTo, message } from "./plain.ts";
import { readOf } from "./reads.ts";
import { within } from "./scripts.ts";
import { statusCall } from "./statuses.ts";

/** What the scripts are drawn into. */
export interface Salon {
  readonly dice: Dice;
  readonly parameters: Parameters;
  /** Who can be called, oneself included; and who cannot, wherever that is. */
  readonly ids: readonly CanisterId[];
  readonly strays: readonly CanisterId[];
  readonly words: ReadonlySet<Op>;
  /** Whether users ask, whether queries are called in rounds, whether there are composite ones, and calls with a deadline. */
  readonly asked: boolean;
  readonly replicated: boolean;
  readonly composite: boolean;
  readonly hurried: boolean;
  /** How many of a hundred calls of queries ask for the status of somebody. */
  readonly statuses: number;
  readonly customs: ReadonlySet<Custom>;
}

/** The methods of one canister. */
export const methodsOf = (salon: Salon): readonly Method[] => {
  const { dice, words, asked, replicated, composite } = salon;
  const drawn: readonly Method[] = [
    { name: "keep", body: [{ op: "write", page: 0, value: message }, answer(message)] },
    { name: "add", body: [{ op: "write", page: dice.whole(0, 2), value: { kind: "time" } }, growOf(dice, salon), answer()] },
    { name: "relay", body: relayOf(salon, replicated ? "read" : "keep") },
    ...(asked || replicated
      ? ([
          { name: "read", mode: "query", body: dice.chance(60) ? [answer({ kind: "page", page: 0 })] : queryOf(salon) },
          { name: "look", mode: "query", body: queryOf(salon) },
        ] as const)
      : []),
    ...(composite ? (["ask", "fan"] as const).map((name): Method => ({ name, mode: "composite", body: compositeOf(salon) })) : []),
  ];
  return drawn.map((method) => ({ ...method, body: within(words, method.body) }));
};

/** The names of methods by what they are; those of another kind are what nobody answers there. */
export const methodNames = { updates: ["keep", "add", "relay"], queries: ["read", "look"], composites: ["ask", "fan"] } as const;

/** An update that calls a query of another canister, in a round. */
const relayOf = (salon: Salon, plain: string): Script => {
  const { dice, ids, replicated, composite } = salon;
  const method = dice.weigh<string>([
    [2, plain],
    [replicated ? 4 : 0, "look"],
    [replicated && composite ? 1 : 0, "ask"],
  ]);
  const attached = cycles(dice.pick([0n, 0n, 3n, 40n]));
  return [
    callTo(dice.pick(ids), method, {
      payload: message,
      attached,
      onReply: [{ op: "write", page: 1, value: message }, answer(message)],
      onReject: [answer(message)],
      onRefused: [{ op: "reject" }],
    }),
  ];
};

const queryOf = (salon: Salon): Script => [...salon.dice.times(0, 3, () => doingOf(salon, 2, "query")), ...answerOf(salon, "query")];

const compositeOf = (salon: Salon): Script => {
  const { dice } = salon;
  const early = dice.chance(12) ? answerOf(salon, "composite-query") : [];
  const doing = dice.times(0, 2, () => doingOf(salon, 2, "composite-query"));
  return [...doing, ...dice.times(1, 3, () => callOf(salon, 2, "composite-query")), ...early];
};

const callOf = (salon: Salon, depth: number, mode: Mode): Instruction => {
  const { dice, ids, strays, hurried, statuses } = salon;
  const callback = (): Script => [
    ...dice.times(0, 2, () => doingOf(salon, 1, "query-callback")),
    ...(depth > 0 && dice.chance(20) ? [callOf(salon, depth - 1, "query-callback")] : []),
    ...(dice.chance(60) ? answerOf(salon, "query-callback") : []),
    ...(dice.chance(12) ? ([{ op: "trap" }] as const) : []),
  ];
  const more = {
    ...(hurried && dice.chance(5) && { timeout: nanoseconds(1n) }),
    onReply: callback(),
    onReject: callback(),
    onCleanup: dice.chance(50) ? [doingOf(salon, 0, "query-cleanup"), ...dice.times(0, 2, () => doingOf(salon, 1, "query-cleanup"))] : [],
  };
  if (dice.chance(statuses)) return statusCall(dice, ids, more);
  return callTo(
    dice.chance(10) ? dice.pick(strays) : dice.pick(ids),
    dice.weigh([
      [4, "read"],
      [4, "look"],
      [3, "ask"],
      [3, "fan"],
      [1, "keep"],
      [1, "nowhere"],
    ]),
    {
      payload: dice.chance(4) ? tooLarge(salon) : valueOf(salon, mode),
      attached: cycles(dice.chance(3) ? 1n : 0n),
      ...more,
      onRefused: [{ op: "trap" }],
    },
  );
};

const doingOf = (salon: Salon, depth: number, mode: Mode): Instruction => {
  const { dice, parameters } = salon;
  return dice.weigh<() => Instruction>([
    [10, () => ({ op: "write", page: dice.chance(2) ? parameters.maxPages : dice.whole(0, 2), value: valueOf(salon, mode) })],
    [stableRoomOf(parameters) > 0 ? 4 : 0, () => growOf(dice, salon)],
    [5, () => ({ op: "consume", instructions: instructions(effortOf(salon)) })],
    [
      depth > 0 ? 4 : 0,
      () => {
        const branch = (): Script => dice.times(0, 2, () => doingOf(salon, depth - 1, mode));
        return {
          op: "when-odd",
          value: mayRead("message", mode) && dice.chance(70) ? message : valueOf(salon, mode),
          then: branch(),
          otherwise: branch(),
        };
      },
    ],
    [1, () => dice.pick(forbidden)],
  ])();
};

/** What no query may do, or not everywhere. */
const forbidden: Script = [
  { op: "accept", cycles: cycles(2n) },
  { op: "burn", cycles: cycles(3n) },
  { op: "set-timer", after: nanoseconds(0n) },
  { op: "certify", data: { kind: "time" } },
  { op: "accept-message" },
  { op: "reject" },
  answer(),
  callTo(nobody, "read"),
  { op: "trap" },
];

const answerOf = (salon: Salon, mode: Mode): Script => {
  const { dice } = salon;
  return dice.weigh<() => Script>([
    [14, () => [answer(valueOf(salon, mode))]],
    [2, () => [{ op: "reject" }]],
    [2, () => []],
    [1, () => [answer(valueOf(salon, mode)), { op: "trap" }]],
    [1, () => [answer(valueOf(salon, mode)), answer()]],
  ])();
};

/** More bytes than any message has. */
const tooLarge = ({ parameters }: Salon): Value => ({ kind: "bytes", bytes: hex("00".repeat(parameters.maxPayload + 1)) });

const valueOf = (salon: Salon, mode: Mode): Value => {
  const { dice, parameters, ids, customs } = salon;
  return readOf(dice, { mode, canisters: ids, customs }, [
    [8, () => ({ kind: "page", page: dice.chance(3) ? parameters.maxPages : dice.whole(0, 2) })],
    [stableRoomOf(parameters) > 0 ? 4 : 1, () => ({ kind: "stable-size" })],
    [7, () => message],
    [5, () => ({ kind: "bytes", bytes: someBytes(dice, dice.whole(0, 3)) })],
    [dice.chance(5) ? 5 : 0, () => tooLarge(salon)],
    [3, () => ({ kind: "balance" })],
    [2, () => ({ kind: "time" })],
    [2, () => ({ kind: "instructions" })],
    [1, () => ({ kind: "deadline" })],
    [mode === "query" ? 1 : 0, () => ({ kind: "available" })],
  ]);
};

/** Little, or near what one query may use, or the whole of them. */
const effortOf = ({ dice, parameters: { queryInstructionLimit, queryTreeInstructionLimit } }: Salon): number =>
  dice.weigh<() => number>([
    [8, () => dice.whole(0, 5)],
    [2, () => Math.floor(queryInstructionLimit / dice.whole(2, 4))],
    [1, () => Math.max(0, queryInstructionLimit - dice.whole(0, 4))],
    [1, () => Math.floor(queryTreeInstructionLimit / dice.whole(1, 3))],
  ])();
