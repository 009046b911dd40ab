/** The end of an execution: its frame is committed or forgotten, its prepayment settled, and its call context brought to where it belongs. */
import { cycles, instructions, type Cause, type Cycles, type ErrorCode, type Executed, type RefusedCall } from "../spec/index.ts";
import { commit } from "./commit.ts";
import { endContext } from "./contexts.ts";
import { noCycles, type Frame } from "./frame.ts";
import { setBalance, type Canister, type Context, type Engine } from "./state.ts";
import { lookAtMemory } from "./tasks.ts";

/** How an execution went. */
export interface Outcome {
  /** The balance to which a trap returns; the prepayment is not in it. */
  readonly before: Cycles;
  readonly trap: ErrorCode | null;
  readonly cleanup: "none" | "completed" | "trapped";
  readonly used: number;
  /** What is to be committed; `null` when everything is rolled back. */
  readonly frame: Frame | null;
  /** What a response brought to the balance, and what of that was burned on the way. */
  readonly brought: Pick<Executed, "refunded" | "transmissionReserve" | "transmissionFee">;
}

export const nothingBrought: Outcome["brought"] = { refunded: noCycles, transmissionReserve: noCycles, transmissionFee: noCycles };

/**
 * Says how many instructions were used.
 * @rule execution-rollback
 * @rule execution-settle
 */
export const conclude = (engine: Engine, canister: Canister, context: Context, cause: Cause, outcome: Outcome): number => {
  const { prices, totals } = engine;
  const { before, trap, cleanup, used, frame, brought } = outcome;
  const wrote = frame === null ? [] : commit(engine, frame);
  const refund = prices.refund(used);
  const charged = cycles(prices.prepayment - refund);
  const balance = cycles((frame === null ? before : frame.balance) + refund);
  setBalance(engine, canister, balance);
  totals.burned += charged;
  engine.events.push({
    kind: "executed",
    canister: canister.id,
    cause,
    context: context.id,
    trap,
    cleanup,
    instructions: instructions(used),
    prepaid: prices.prepayment,
    charged,
    refunded: brought.refunded,
    transmissionReserve: brought.transmissionReserve,
    transmissionFee: brought.transmissionFee,
    accepted: frame === null ? noCycles : frame.accepted,
    burned: frame === null ? noCycles : frame.burned,
    calls: frame === null ? [] : frame.calls.map(({ sent }) => sent),
    refusedCalls: frame?.refusedCalls ?? noneRefused,
    wrote,
    timer: canister.timer,
    balance,
  });
  lookAtMemory(engine, canister);
  endContext(engine, canister, context, frame === null ? null : frame.answer, trap);
  return used;
};

const noneRefused: readonly RefusedCall[] = [];
