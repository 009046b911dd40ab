/**
 * The network between the subnets of a scenario. It knows of the streams only what their machines let everybody see, and
 * hands slices of them over as the moves of the scenario say.
 */
import type { Genesis } from "./genesis.ts";
import type { Input } from "./input.ts";
import type { Observation } from "./observation.ts";
import type { Delivery, Move } from "./scenario.ts";
import type { Slice, StreamMessage } from "./stream.ts";

export interface Delivering {
  /** The subnet that a move is for, and the input as its machine gets it. */
  arrange(move: Move): { readonly subnet: number; readonly input: Input };
  /** Takes note of what a subnet put into its streams, collected from them, and has seen. */
  carry(subnet: number, observation: Observation): void;
}

export const networkOf = (genesis: readonly Genesis[]): Delivering => {
  const names = genesis.map(({ network }) => network?.own);
  const carried = genesis.map(() => new Map<string, Carried>());
  const stream = (of: number, other: string): Carried => {
    const known = carried[of]!.get(other) ?? { begin: 0, messages: new Map(), seen: 0 };
    carried[of]!.set(other, known);
    return known;
  };
  const sliceOf = (here: number, { from, count, again = 0 }: Delivery): readonly Slice[] => {
    const [to, name] = [names[here], names[from]];
    if (from === here || to === undefined || name === undefined) return [];
    const { begin: first, messages: there, seen: signals } = stream(from, to);
    const { seen } = stream(here, name);
    const begin = Math.max(first, seen - again);
    const messages: StreamMessage[] = [];
    for (let index = begin; index < seen + count && there.has(index); index++) messages.push(there.get(index)!);
    return [{ from: name, begin, messages, signals }];
  };
  return {
    arrange: (move) => {
      const { subnet: named = 0, deliveries, ...bare } = move as Move & { kind: "round" };
      const subnet = named in genesis ? named : 0;
      if (move.subnet === undefined && move.deliveries === undefined) return { subnet, input: move };
      if (bare.kind !== "round" || deliveries === undefined) return { subnet, input: bare };
      return { subnet, input: { ...bare, slices: [...(bare.slices ?? []), ...deliveries.flatMap((one) => sliceOf(subnet, one))] } };
    },
    carry: (subnet, { events }) => {
      for (const event of events) {
        if (event.kind === "message-streamed") stream(subnet, event.to).messages.set(event.index, event.message);
        else if (event.kind === "slice-taken") stream(subnet, event.from).seen = event.signals;
        else if (event.kind === "stream-collected") {
          const { messages } = stream(subnet, event.to);
          for (const index of messages.keys()) if (index < event.begin) messages.delete(index);
          stream(subnet, event.to).begin = event.begin;
        }
      }
    },
  };
};

/** What is known of the two streams between a subnet and another one: what it holds for the other, and what it has seen of it. */
interface Carried {
  begin: number;
  readonly messages: Map<number, StreamMessage>;
  seen: number;
}
