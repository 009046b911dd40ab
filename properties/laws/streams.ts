/**
 * What a stream is: an indexed list that only grows at its end and is only cut at its beginning, of limited length; and
 * the signals that say how much of the other direction was seen, which only grow. Whoever holds to this loses nothing.
 */
import type { Event, Step, StreamMessage, SubnetId } from "../../spec/index.ts";
import * as fc from "fast-check";
import { networkedWorlds } from "../arbitraries/busy.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { strangeWorlds } from "../arbitraries/strange.ts";
import { alone } from "../case.ts";
import { answersArrival } from "../tracking/notes-of-messages.ts";
import { endOf, streamTo } from "../tracking/streams.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { subnetOf, type World } from "../tracking/world.ts";

export const streamsKeepTheirIndexes = watchedLaw({
  id: "streams-keep-their-indexes",
  statement:
    "A message enters the stream to the subnet of its receiver at the next index, and, unless it is a reject to what came in or a refund, only while the stream holds fewer than its capacity; messages leave it from the front, exactly up to what a slice that was let in says it has seen; and our own signals only grow, by what was seen.",
  source: "facts/messages.md I2, I3, RND-6, RND-9, MSG-CAP11, MSG-P19, MSG-1.3.11",
  cites: ["message-stream", "stream-reject", "refund-stream", "slice-admit", "message-see"],
  otherwise: "no stream was cut or full, and no slice was refused",
  cases: (vocabulary) => fc.oneof(networkedWorlds(vocabulary), slowConsumerWorlds(vocabulary), strangeWorlds(vocabulary)).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { streamCapacity } = genesis.parameters;
    let seen = 0;
    return {
      onEvent: (event, world, step) => {
        switch (event.kind) {
          case "message-streamed":
            if (streamTo(world, event.to).messages.length >= streamCapacity) seen++;
            return misplaced(event, world, streamCapacity);
          case "stream-collected":
            seen++;
            return miscut(event, world, step);
          case "slice-taken":
            return missignalled(event, world, step);
          case "slice-refused":
            seen++;
            return undefined;
          default:
            return undefined;
        }
      },
      onStep: (_, { streams }) => {
        for (const { messages } of streams.values()) if (messages.length >= streamCapacity) seen++;
        return undefined;
      },
      interested: () => seen > 0,
    };
  },
});

type Of<Kind extends Event["kind"]> = Extract<Event, { readonly kind: Kind }>;

const misplaced = ({ to, index, message }: Of<"message-streamed">, world: World, capacity: number): Complaint => {
  const stream = streamTo(world, to);
  const home = homeOf(message, world, to);
  if (index !== endOf(stream)) return `message ${index} enters the stream to ${to}, whose next is ${endOf(stream)}`;
  if (home !== to) return `message ${index} enters the stream to ${to}, and its receiver is on ${home ?? "no subnet"}`;
  if (message.kind === "refund" || answersArrival(world) || stream.messages.length < capacity) return undefined;
  return `message ${index} enters the stream to ${to}, which holds ${stream.messages.length} of ${capacity} messages already`;
};

/** The subnet of the receiver. A reject to what came in goes back to where that came from, whoever it names. */
const homeOf = (message: StreamMessage, world: World, to: SubnetId): SubnetId | undefined => {
  if (answersArrival(world)) return to;
  return subnetOf(world, message.kind === "request" ? message.callee : message.kind === "response" ? message.caller : message.canister);
};

const miscut = ({ to, begin }: Of<"stream-collected">, world: World, { input }: Step): Complaint => {
  const stream = streamTo(world, to);
  if (begin <= stream.begin) return `the stream to ${to} is cut to ${begin}, and began at ${stream.begin}`;
  if (begin > endOf(stream)) return `the stream to ${to} is cut to ${begin}, behind its end ${endOf(stream)}`;
  const slices = input.kind === "round" ? (input.slices ?? []) : [];
  const said = [...slices.filter(({ from }) => from === to).map(({ signals }) => signals), ...(to === world.own ? [endOf(stream)] : [])];
  return said.includes(begin) ? undefined : `the stream to ${to} is cut to ${begin}, and the other side has said ${said.join(", ")}`;
};

const missignalled = ({ from, signals }: Of<"slice-taken">, world: World, { input }: Step): Complaint => {
  const known = streamTo(world, from).signals;
  if (signals <= known) return `signals for ${from} fall from ${known} to ${signals}`;
  const slices = input.kind === "round" ? (input.slices ?? []) : [];
  const ends = slices.filter((slice) => slice.from === from).map(({ begin, messages }) => begin + messages.length);
  if (from === world.own || ends.includes(signals)) return undefined;
  return `the stream of ${from} is said to be seen up to ${signals}, and what came ends at ${ends.join(", ")}`;
};
