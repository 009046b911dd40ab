/**
 * The events of the simplest turns as lanes of numbers: one message, one reply, nothing written. It is the least that one thread
 * could leave for another in memory that both see, so it says how cheap handing events over can ever be.
 */
import { cycles, hex, instructions, type CanisterId, type Event, type Executed, type IngressId } from "../spec/index.ts";

export interface Lanes {
  /** Known on both sides before a round. */
  readonly canisters: readonly CanisterId[];
  readonly messages: readonly IngressId[];
  readonly reply: string;
  /** Iteration, core, context, instructions of the message and of the turn. */
  readonly numbers: Float64Array;
  /** Prepaid, charged, balance. */
  readonly money: BigUint64Array;
}

const perTurn = { events: 6, numbers: 5, money: 3 } as const;

/** @throws Error when a turn is not one of the simplest */
export const lanesOf = (events: readonly Event[]): Lanes => {
  const count = events.length / perTurn.events;
  const canisters: CanisterId[] = [];
  const messages: IngressId[] = [];
  const numbers = new Float64Array(count * perTurn.numbers);
  const money = new BigUint64Array(count * perTurn.money);
  let reply = "";
  for (let at = 0; at < count; at++) {
    const [began, executed, answered, known, , ended] = events.slice(at * perTurn.events);
    if (
      began?.kind !== "turn-began" ||
      executed?.kind !== "executed" ||
      answered?.kind !== "answered" ||
      answered.result.kind !== "reply" ||
      known?.kind !== "ingress-answered" ||
      ended?.kind !== "turn-ended"
    )
      throw new Error(`turn ${at + 1} is not one message and one reply`);
    canisters.push(began.canister);
    messages.push(known.ingress);
    reply = answered.result.payload;
    numbers.set([began.iteration, began.core, executed.context, executed.instructions, ended.instructions], at * perTurn.numbers);
    money.set([executed.prepaid, executed.charged, executed.balance], at * perTurn.money);
  }
  return { canisters, messages, reply, numbers, money };
};

const nothing = cycles(0n);

/** The same events again. */
export const eventsOf = ({ canisters, messages, reply, numbers, money }: Lanes): readonly Event[] => {
  const events: Event[] = [];
  for (let at = 0; at < canisters.length; at++) {
    const [from, cash] = [at * perTurn.numbers, at * perTurn.money];
    const canister = canisters[at]!;
    const ingress = messages[at]!;
    const iteration = numbers[from]!;
    const core = numbers[from + 1]!;
    const context = numbers[from + 2] as Executed["context"];
    const origin = { kind: "ingress", ingress } as const;
    const result = { kind: "reply", payload: hex(reply) } as const;
    events.push(
      { kind: "turn-began", iteration, core, canister },
      {
        kind: "executed",
        canister,
        cause: { kind: "update", origin, method: "work", attached: nothing },
        context,
        trap: null,
        cleanup: "none",
        instructions: instructions(numbers[from + 3]!),
        prepaid: cycles(money[cash]!),
        charged: cycles(money[cash + 1]!),
        refunded: nothing,
        transmissionReserve: nothing,
        transmissionFee: nothing,
        accepted: nothing,
        burned: nothing,
        reserved: nothing,
        calls: [],
        refusedCalls: [],
        wrote: [],
        timer: null,
        balance: cycles(money[cash + 2]!),
      },
      { kind: "answered", canister, context, origin, result, refund: nothing },
      { kind: "ingress-answered", ingress, result },
      { kind: "context-removed", canister, context, remaining: 0 },
      { kind: "turn-ended", iteration, core, canister, instructions: instructions(numbers[from + 4]!), drained: true },
    );
  }
  return events;
};
