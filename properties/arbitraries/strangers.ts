/**
 * Strangers: subnets that are no machines, and say what they please. Their slices repeat what was said, leave something
 * out, or claim to have seen what was never sent; their messages come in the name of canisters of a third subnet, go to
 * canisters that do not exist, answer calls that nobody sent, and bring cycles from nowhere. Most are in order all the
 * same, or nothing of them would be let in.
 * @source facts/messages.md B12, I3, E13
 */
import {
  cycles,
  nanoseconds,
  subnetId,
  type CallbackId,
  type CanisterId,
  type Cycles,
  type Nanoseconds,
  type Slice,
  type StreamMessage,
  type SubnetId,
} from "../../spec/index.ts";
import type { Dice } from "./dice.ts";
import { levels, nobody, someBytes, type Terrain } from "./grammar.ts";

export interface Stranger {
  readonly subnet: SubnetId;
  /** The canisters to which routes lead there. */
  readonly hosted: readonly CanisterId[];
  /** All that it ever put into its stream. */
  readonly sent: StreamMessage[];
  /** Calls that may wait for an answer of its canisters. */
  readonly asked: AskedCall[];
}

/** A call that a canister here sends to one of a stranger's. */
export interface AskedCall {
  readonly caller: CanisterId;
  readonly callback: CallbackId;
  readonly callee: CanisterId;
  readonly attached: Cycles;
  /** As it is when the call is sent in the first round that can send it. */
  readonly deadline: Nanoseconds | null;
}

/** What one of them hands over now; the others are there to be named wrongly. */
export const slicesOf = (dice: Dice, terrain: Terrain, strangers: readonly Stranger[], now: bigint): readonly Slice[] => {
  if (strangers.length === 0 || dice.chance(35)) return [];
  const stranger = dice.pick(strangers);
  const named = dice.chance(5) ? subnetId("nowhere") : stranger.subnet;
  dice.times(0, 4, () => stranger.sent.push(messageOf(dice, terrain, stranger, strangers, now)));
  const slice = sliceOf(dice, stranger, named);
  return dice.chance(15) ? [slice, sliceOf(dice, stranger, named)] : [slice];
};

/** A slice that repeats everything is always in order; with others a message may be left out. */
const sliceOf = (dice: Dice, { sent }: Stranger, from: SubnetId): Slice => {
  const begin = dice.weigh([
    [12, 0],
    [3, Math.max(0, sent.length - dice.whole(1, 4))],
    [1, sent.length + dice.whole(1, 2)],
  ]);
  const signals = dice.weigh([
    [8, 0],
    [3, 1],
    [3, dice.whole(2, 4)],
    [1, 1_000],
  ]);
  return { from, begin, messages: sent.slice(begin, dice.chance(85) ? sent.length : sent.length - 1), signals };
};

const messageOf = (
  dice: Dice,
  { parameters, canisters, customs, unit }: Terrain,
  { hosted, sent, asked }: Stranger,
  strangers: readonly Stranger[],
  now: bigint,
): StreamMessage => {
  const theirs = (): CanisterId =>
    dice.chance(90) ? dice.pick(hosted) : dice.pick([...strangers.flatMap((other) => other.hosted), ...canisters, nobody]);
  const ours = (): CanisterId => (dice.chance(90) ? dice.pick(canisters) : dice.pick([nobody, ...hosted]));
  const money = () => cycles(dice.chance(40) ? 0n : dice.big(1n, unit));
  const payload = () => someBytes(dice, dice.whole(0, Math.min(12, parameters.maxPayload)));
  return dice.weigh<() => StreamMessage>([
    [
      10,
      () => ({
        kind: "request",
        caller: theirs(),
        callback: sent.length,
        callee: ours(),
        method: dice.chance(5) ? "nowhere" : dice.pick(levels),
        payload: payload(),
        attached: money(),
        deadline: customs.has("best-effort") ? deadlineOf(dice, now) : null,
      }),
    ],
    [
      6,
      () => {
        // Of calls that were made a moment ago some have not left yet.
        const guessed = dice.chance(50) ? asked : asked.slice(-4);
        const answered = guessed.length > 0 && dice.chance(85) ? dice.pick(guessed) : null;
        return {
          kind: "response",
          caller: answered?.caller ?? ours(),
          callback: answered?.callback ?? neverSent,
          respondent: answered?.callee ?? theirs(),
          result: dice.chance(70) ? { kind: "reply", payload: payload() } : { kind: "reject", code: 4, error: "IC0406" },
          refund: cycles(dice.chance(95) ? dice.big(0n, answered?.attached ?? 0n) : (answered?.attached ?? 0n) + 1n),
          deadline: answered && dice.chance(95) ? answered.deadline : customs.has("best-effort") ? deadlineOf(dice, now) : null,
        };
      },
    ],
    [2, () => ({ kind: "refund", canister: ours(), cycles: money() })],
  ])();
};

/** The number of a call that no small world comes to. */
const neverSent = 99;

const deadlineOf = (dice: Dice, now: bigint): Nanoseconds | null =>
  dice.chance(60) ? null : nanoseconds(now + dice.big(0n, 4_000_000_000n));
