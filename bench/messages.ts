/**
 * Messages: how many the optimized engine delivers in a second on one core when calls are short, on one subnet and between
 * two, and what a canister that does nothing costs in memory. A delivered message is a request or a response that entered the
 * input queue of its receiver; ingress messages are not counted.
 */
import { impl } from "../impl/index.ts";
import { canisterId, networkOf, type Genesis, type Move, type Observation, type Session } from "../spec/index.ts";
import { collectGarbage, heldBytes, interleaved, scaled, spreadOf, timed } from "./measure.ts";
import { callersOf, idlersOf, type CallerKind } from "./message-worlds.ts";
import type { DeliveredRow, MemoryRow, MessagesReport } from "./report.ts";

export const messages = (repetitions: number, pairs = 100, canisters: readonly number[] = [10_000, 100_000]): MessagesReport => ({
  delivered: [...delivered(repetitions, pairs)],
  memory: canisters.flatMap(memoryOf),
});

const kinds: readonly CallerKind[] = ["ten at once", "ten, best-effort", "one after another", "across subnets"];

const delivered = (repetitions: number, pairs: number): readonly DeliveredRow[] => {
  const acts = kinds.map((kind) => conversationOf(kind, pairs));
  const samples = interleaved(
    acts.map((act) => () => act().milliseconds),
    repetitions,
    5,
  );
  return kinds.map((calls, at): DeliveredRow => {
    const { messages: count, rounds } = acts[at]!();
    return { calls, pairs, messages: count, rounds, perSecond: scaled(spreadOf(samples[at]!), (time) => (1_000 * count) / time) };
  });
};

interface Conversation {
  /** Delivered messages. */
  readonly messages: number;
  readonly rounds: number;
  readonly milliseconds: number;
}

/** Each time it is called, every caller gets an ingress message, and rounds follow until all of them have their answer. */
const conversationOf = (kind: CallerKind, pairs: number): (() => Conversation) => {
  const { geneses, burst, round } = callersOf(kind, pairs);
  const sessions = geneses.map(booted);
  const network = networkOf(geneses);
  const apply = (move: Move): readonly [observation: Observation, milliseconds: number] => {
    const { subnet, input } = network.arrange(move);
    let observation: Observation | null = null;
    const milliseconds = timed(() => (observation = sessions[subnet]!.apply(input) as Observation));
    network.carry(subnet, observation!);
    return [observation!, milliseconds];
  };
  const talk = (): Conversation => {
    let [answered, count, rounds, time] = [0, 0, 0, 0];
    for (const input of burst()) apply(input);
    while (answered < pairs) {
      for (let subnet = 0; subnet < geneses.length; subnet++) {
        const [{ events }, milliseconds] = apply(round(subnet));
        time += milliseconds;
        rounds++;
        for (const { kind: event } of events)
          if (event === "ingress-answered") answered++;
          else if (event === "request-inducted" || event === "response-inducted") count++;
      }
      if (rounds > 1_000) throw new Error(`${kind}: ${answered} of ${pairs} were answered after ${rounds} rounds`);
    }
    return { messages: count, rounds, milliseconds: time };
  };
  return () =>
    Array.from({ length: bursts }, talk).reduce((sum, { messages: count, rounds, milliseconds }) => ({
      messages: sum.messages + count,
      rounds: sum.rounds + rounds,
      milliseconds: sum.milliseconds + milliseconds,
    }));
};

/** Conversations in one act: enough of them that a clock sees them. */
const bursts = 10;

/** What the engine holds for so many canisters beside their genesis, which it keeps, too: never used, and used long ago. */
const memoryOf = (canisters: number): readonly MemoryRow[] => {
  const { genesis, use } = idlersOf(canisters);
  const before = heldBytes();
  const made = genesis();
  const given = heldBytes();
  const session = booted(made);
  const each = (held: number): number => Math.max(1, held / canisters);
  const row = (state: string): MemoryRow => ({ canisters, state, bytes: each(heldBytes() - given), genesis: each(given - before) });
  const fresh = row("never did anything");
  for (const input of use()) void session.apply(input);
  const used = row("made a call and answered one, long ago");
  // A session that nobody needs any more may be swept up before it is measured.
  void session.apply({ kind: "uninstall", canister: canisterId("nobody") });
  return [fresh, used];
};

const booted = (genesis: Genesis): Session => {
  const session = impl.boot(genesis);
  if (session instanceof Promise) throw new Error(`${impl.name} answers later: it cannot be measured here`);
  collectGarbage();
  return session;
};
