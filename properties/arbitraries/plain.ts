/**
 * Plain parts for worlds that are made for one purpose: canisters that cost nothing, calls and answers with nothing in them
 * but what they are told, and the inputs of a world as they come, each for its subnet.
 */
import {
  cycles,
  hex,
  ingressId,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Instruction,
  type Method,
  type MethodName,
  type Move,
  type Script,
  type Value,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { tapeOf } from "./moves.ts";
import { senderDrawn } from "./reads.ts";
import { within } from "./scripts.ts";

/** A canister with these methods, as far as a machine knows their words. */
export const plainCanister = ({ instructions }: Vocabulary, id: CanisterId, methods: readonly Method[]): CanisterGenesis => ({
  id,
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(10_000n),
  methods: methods.map(({ name, body }) => ({ name, body: within(instructions, body) })),
  onTimer: [],
});

export const nothing: Value = { kind: "bytes", bytes: hex("") };

export const message: Value = { kind: "message" };

/** A call that does nothing but what it is told to. */
export const callTo = (callee: CanisterId, method: MethodName, more: Partial<Instruction & { op: "call" }> = {}): Instruction => ({
  op: "call",
  callee,
  method,
  payload: nothing,
  attached: cycles(0n),
  onReply: [],
  onReject: [],
  onCleanup: [],
  onRefused: [],
  ...more,
});

export const answer = (payload: Value = nothing): Instruction => ({ op: "reply", payload });

/** A world's inputs, as they are drawn. */
export interface Diary {
  readonly moves: Move[];
  /** A message of a user, where there are users. */
  ingress(canister: CanisterId, method: MethodName, subnet?: number): void;
  round(elapsed: bigint, more?: Omit<Partial<Move & { kind: "round" }>, "kind" | "elapsed" | "tape">): void;
  /** Where machines are restarted, one of them is, in so many of a hundred worlds. */
  restart(chance: number, subnet?: number): void;
}

export const openDiary = (dice: Dice, vocabulary: Vocabulary): Diary => {
  const { inputs: kinds } = vocabulary;
  const moves: Move[] = [];
  const at = (subnet: number): { subnet?: number } => (subnet === 0 ? {} : { subnet });
  return {
    moves,
    ingress: (canister, method, subnet = 0) => {
      if (!kinds.has("ingress")) return;
      const id = ingressId(`i${moves.length}`);
      moves.push({
        kind: "ingress",
        id,
        ...senderDrawn(dice, vocabulary),
        canister,
        method,
        payload: someBytes(dice, dice.whole(0, 3)),
        ...at(subnet),
      });
    },
    round: (elapsed, more = {}) => void moves.push({ kind: "round", elapsed: nanoseconds(elapsed), tape: tapeOf(dice, moves), ...more }),
    restart: (chance, subnet = 0) => {
      if (kinds.has("restart") && dice.chance(chance)) moves.push({ kind: "restart", ...at(subnet) });
    },
  };
};

/** A list of so many of the same. */
export const repeated = (times: number, script: Script): Script => Array.from({ length: times }, () => script).flat();
