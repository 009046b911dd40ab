/** Canisters for the worlds of the scheduler: their methods are short, just a slice, several slices, endless, or ask each other. */
import {
  canisterId,
  cycles,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type Instruction,
  type Parameters,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { computeDay, memoryDay, prepayment, priceFor, receptionFee } from "../money.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { callTo } from "./plain.ts";
import { within } from "./scripts.ts";

export interface Newcomer {
  readonly at: number;
  readonly count: number;
  /** @unit percent */
  readonly allocation: number;
  readonly long: boolean;
  readonly heap: boolean;
  /** It writes all the time. */
  readonly written: boolean;
  readonly priced: boolean;
  /** It pays for what it occupies. */
  readonly charged: boolean;
  /** It looks at nothing but its messages, and can pay for all of them. */
  readonly calm: boolean;
}

export const canisterOf = (
  dice: Dice,
  { instructions: known, customs, limits, randomness }: Vocabulary,
  parameters: Parameters,
  { at, count, allocation, long, heap, written, priced, charged, calm }: Newcomer,
): CanisterGenesis => {
  // A round has little time here, so calls would go through the loopback stream: not for a machine without streams.
  const words = limits.has("roundInstructionLimit") ? known : new Set([...known].filter((word) => word !== "call"));
  const { messageInstructionLimit: limit, sliceInstructionLimit: slice } = parameters;
  const seen: readonly Value[] = calm ? [{ kind: "message" }, { kind: "page", page: 1 }] : [{ kind: "time" }, { kind: "balance" }];
  const reply: Instruction = { op: "reply", payload: dice.pick(seen) };
  const consume = (most: number): Instruction => ({ op: "consume", instructions: instructions(Math.max(1, most)) });
  const write = (): Instruction => ({ op: "write", page: dice.whole(0, 3), value: dice.pick(seen.slice(0, calm || written ? 1 : 2)) });
  const writes = heap || dice.chance(30) ? dice.times(written ? 2 : 1, 3, write) : [];
  const peer = idOf(dice.whole(0, count - 1));
  const call = (method: string, late: boolean): Instruction => ({
    op: "call",
    callee: peer,
    method,
    payload: { kind: "message" },
    attached: cycles(dice.chance(60) ? 5n : 0n),
    ...(customs.has("best-effort") && (late || dice.chance(20)) && { timeout: nanoseconds(late ? 1_500_000_000n : 2_000_000_000n) }),
    onReply: [
      consume(dice.chance(30) ? slice : 2),
      ...(dice.chance(40) ? [reply] : []),
      ...(dice.chance(15) ? [{ op: "trap" } as const] : []),
    ],
    onReject: [{ op: "reject" }],
    onCleanup: dice.chance(30) ? [consume(2), { op: "write", page: dice.whole(0, 3), value: { kind: "page", page: 1 } }] : [],
    onRefused: [],
  });
  const lasting = consume(dice.whole(slice, Math.max(slice, limit - 4)));
  const scripts: Readonly<Record<string, Script>> = {
    short: [consume(dice.whole(1, Math.max(1, Math.floor(slice / 2)))), ...writes.slice(0, 1), reply],
    whole: [...writes, consume(slice - writes.length - 2), reply],
    long: long ? [...writes, lasting, ...(dice.chance(20) ? [{ op: "trap" } as const] : []), reply] : [reply],
    endless: [consume(limit), reply],
    ask: [
      call(dice.pick(["short", "long"]), false),
      ...(dice.chance(50) ? [consume(dice.chance(50) && long ? slice : 1)] : []),
      ...(dice.chance(30) ? [reply] : []),
    ],
    visit: [call(randomness && dice.chance(94) ? "dawdle" : "endless", true)],
    // What takes no time of a core, and some rounds.
    dawdle: [callTo(managementCanister, "raw_rand", { onReply: [reply], onReject: [{ op: "reject" }] })],
    // What takes long and then does something that depends on when it began, and on what else was done meanwhile.
    plan: [
      lasting,
      { op: "set-timer", after: nanoseconds(2_000_000_000n) },
      { op: "burn", cycles: cycles(3n) },
      call("short", dice.chance(50)),
      reply,
    ],
  };
  return {
    id: idOf(at),
    computeAllocation: percent(allocation),
    freezingThreshold: seconds(priced && !calm ? dice.pick([0, 0, 1_000]) : 0),
    balance: cycles(
      (priced || charged) && !calm && dice.chance(charged ? 70 : 45)
        ? scarce(dice, parameters) + (charged ? rentOf(dice, parameters, allocation) : 0n)
        : 10n ** 30n,
    ),
    methods: Object.entries(scripts).map(([name, body]) => ({ name, body: within(words, body) })),
    onTimer: within(words, [consume(long && dice.chance(30) ? slice + 2 : 2), { op: "set-timer", after: nanoseconds(1_000_000_000n) }]),
    ...(customs.has("heartbeats") &&
      !calm &&
      dice.chance(15) && { onHeartbeat: within(words, [consume(dice.chance(30) && long ? slice + 1 : 2)]) }),
    ...(customs.has("hooks") &&
      heap &&
      dice.chance(15) && { lowMemory: { limit: 4, threshold: dice.whole(1, 3), hook: [consume(long ? slice + 1 : 1)] } }),
  };
};

/** Enough for some executions, and for some messages of users. */
const scarce = (dice: Dice, parameters: Parameters): bigint =>
  dice.chance(30)
    ? dice.big(0n, 10n ** 12n)
    : prepayment(parameters) * BigInt(dice.whole(1, 4)) + receptionFee(parameters, 0) * BigInt(dice.whole(0, 6)) + BigInt(dice.whole(0, 3));

/** Enough for some seconds of all that it can occupy. */
const rentOf = (dice: Dice, parameters: Parameters, allocation: number): bigint =>
  priceFor(memoryDay(parameters, parameters.maxPages) + computeDay(parameters, allocation), dice.big(0n, 40n));

export const idOf = (at: number) => canisterId(`c${String(at).padStart(2, "0")}`);
