/** Canisters for thrifty worlds: they write, and take it back, empty themselves, wait, and do all of that at length, too. */
import {
  cycles,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  seconds,
  stableRoomOf,
  type CanisterGenesis,
  type CanisterId,
  type Instruction,
  type Parameters,
  type Script,
} from "../../spec/index.ts";
import { callFee, callReserve, freezingThreshold, prepayment, receptionFee, setAsideFor } from "../money.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { answer, callTo, message } from "./plain.ts";
import { within } from "./scripts.ts";

export interface Household {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
  readonly ids: readonly CanisterId[];
  readonly long: boolean;
  readonly stored: boolean;
  readonly billed: boolean;
  readonly repriced: boolean;
  readonly meanwhile: "executions" | "calls" | "fees" | "growth" | undefined;
}

/** Small enough for the border, and more than anything costs. */
export const rich = 10n ** 28n;

/** One that is rich, and may set aside what it likes, or one at the edge of what it needs. */
export const thriftyCanister = (house: Household, id: CanisterId, wealthy = house.dice.chance(25)): CanisterGenesis => {
  const { dice, vocabulary, stored } = house;
  const words = callless(house);
  const scripts = scriptsOf(house, id);
  const poor: CanisterGenesis = {
    id,
    computeAllocation: percent(dice.pick([0, 0, 0, 1, 5])),
    freezingThreshold: seconds(dice.pick([0, 0, 1, 10, 100])),
    balance: cycles(0n),
    ...(dice.chance(25) && { stablePages: dice.whole(0, stableRoomOf(house.parameters)) }),
    methods: Object.entries(scripts).map(([name, body]) => ({ name, body: within(words, body) })),
    onTimer: within(words, scripts["grow"]!.slice(0, -1)),
    ...(vocabulary.customs.has("heartbeats") &&
      dice.chance(8) && { onHeartbeat: within(words, dice.pick([scripts["more"]!, scripts["slow"]!]).slice(0, -1)) }),
    ...(stored && !wealthy && dice.chance(60) && { reservedLimit: cycles(limitOf(house)) }),
  };
  return { ...poor, balance: cycles(wealthy ? rich : edgeOf(house, poor)) };
};

/** Where a round has no time for all messages, calls would go through streams: not for a machine without them. */
const callless = ({ vocabulary: { instructions: known, limits } }: Household): ReadonlySet<Instruction["op"]> =>
  limits.has("roundInstructionLimit") ? known : new Set([...known].filter((word) => word !== "call"));

const scriptsOf = ({ dice, vocabulary, parameters, ids, long }: Household, id: CanisterId): Readonly<Record<string, Script>> => {
  const { maxPages, heapPages, sliceInstructionLimit: slice, messageInstructionLimit: limit } = parameters;
  const peer = dice.pick(ids.length > 1 && dice.chance(80) ? ids.filter((other) => other !== id) : ids);
  // Of the heap a page is taken by writing it, of stable memory by growing.
  const write = (page = dice.whole(0, maxPages - 1)): Instruction =>
    page < heapPages
      ? { op: "write", page, value: { kind: "bytes", bytes: hex("01") } }
      : { op: "stable-grow", pages: dice.pick([1, 1, 1, 2]) };
  const writes = (most: number): Script => dice.times(1, most, () => write());
  const empty: Instruction = { op: "burn", cycles: cycles(rich * 10n) };
  const lasting: Instruction = { op: "consume", instructions: instructions(long ? dice.whole(slice, Math.max(slice, limit - 8)) : 1) };
  const payload = dice.pick([message, { kind: "bytes", bytes: hex("2a".repeat(dice.whole(0, 32))) } as const]);
  const asked = { payload, attached: cycles(dice.pick([0n, 0n, 7n])) };
  const best = vocabulary.customs.has("best-effort") && dice.chance(15) ? { timeout: nanoseconds(3_000_000_000n) } : {};
  const late = vocabulary.randomness && dice.chance(80);
  const later = vocabulary.randomness
    ? callTo(managementCanister, "raw_rand", { onReply: [answer(message)] })
    : callTo(peer, "serve", { onReply: [answer()] });
  const told: Script = [answer(message)];
  return {
    grow: [...writes(maxPages), answer()],
    more: [write(), answer()],
    spoil: [...writes(2), { op: "trap" }],
    empty: [empty, answer()],
    spree: [...(dice.chance(50) ? [empty] : []), write(), write(), empty, answer()],
    slow: [
      ...(dice.chance(50) ? writes(2) : []),
      lasting,
      ...(dice.chance(50) ? writes(2) : []),
      ...(dice.chance(40) ? [empty] : []),
      answer(),
    ],
    // Three slices, and a last one in which it grows.
    stretch: [{ op: "consume", instructions: instructions(long ? slice * 3 : 1) }, write(maxPages - 1), write(maxPages - 2), answer()],
    splurge: [lasting, empty, answer()],
    ruin: [lasting, write(), { op: "trap" }],
    ask: [callTo(peer, "serve", { ...asked, ...best, onReply: [write(), ...told], onReject: told, onCleanup: writes(2), onRefused: told })],
    // Whoever has nothing left is given its callback all the same.
    gamble: [
      callTo(late ? managementCanister : peer, late ? "raw_rand" : "wait", {
        attached: asked.attached,
        onReply: dice.chance(50) ? [empty, write(), ...told] : told,
        onReject: told,
        onRefused: [answer()],
      }),
      ...(dice.chance(70) ? [empty] : []),
    ],
    fail: [
      callTo(peer, "serve", {
        onReply: [...writes(2), { op: "trap" }],
        onReject: [write(), { op: "trap" }],
        onCleanup: writes(2),
        onRefused: [answer()],
      }),
    ],
    tarry: [
      callTo(peer, "serve", { ...asked, onReply: [lasting, write(), ...told], onReject: [lasting, ...told] }),
      ...(dice.chance(40) ? [empty] : []),
    ],
    send: [lasting, callTo(peer, "serve", asked), ...(dice.chance(50) ? [empty] : []), answer()],
    crowd: [callTo(peer, "wait", asked), callTo(peer, "wait", { onRefused: [write()] }), answer()],
    wait: [{ op: "accept", cycles: cycles(3n) }, later],
    serve: [{ op: "accept", cycles: cycles(2n) }, ...(dice.chance(20) ? [lasting] : []), answer(message)],
    alarm: [{ op: "set-timer", after: nanoseconds(dice.pick([0n, 1_000_000_000n, 5_000_000_000n])) }, answer()],
  };
};

/** What a canister may set aside: nothing, just so many pages, or one cycle less. */
const limitOf = ({ dice, parameters, ids }: Household): bigint => {
  const from = dice.whole(0, ids.length * parameters.maxPages) * parameters.pageSize;
  const some =
    setAsideFor(parameters, dice.chance(50) ? 0 : from, dice.whole(1, parameters.maxPages) * parameters.pageSize) +
    dice.pick([-1n, 0n, 1n]);
  return dice.weigh([
    [1, 0n],
    [6, some < 0n ? 0n : some],
    [1, rich],
  ]);
};

/** A balance that just reaches for some pages, a message or two and a call, or just does not. */
const edgeOf = ({ dice, parameters }: Household, canister: CanisterGenesis): bigint => {
  const memory = dice.whole(0, parameters.maxPages) * parameters.pageSize;
  const reserved = setAsideFor(parameters, 0, memory);
  const calls = dice.pick([0n, 0n, 1n, 1n, 2n]);
  const messages = Number(calls) * dice.pick([0, 1, 1]) * parameters.maxPayload;
  const kept = freezingThreshold(parameters, canister, { memory, messages, reserved });
  const runs = prepayment(parameters) * BigInt(dice.whole(1, 3)) + receptionFee(parameters, 0) * BigInt(dice.whole(0, 4));
  const sent = calls * (callFee(parameters, 0) + callReserve(parameters) + dice.pick([0n, 7n]));
  const edge =
    kept +
    reserved +
    runs +
    sent +
    dice.weigh([
      [2, 0n],
      [2, -1n],
      [1, 1n],
      [2, dice.big(0n, prepayment(parameters) + kept)],
    ]);
  return edge < 0n ? 0n : edge;
};
