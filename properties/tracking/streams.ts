/**
 * Streams as an onlooker keeps them: what a subnet holds for each other one, and which message of which stream an event
 * at the start of a round is about. Written from `docs/machine.md` sections 1 and 4.2 alone.
 */
import { byId, type ErrorCode, type Event, type Input, type Slice, type StreamMessage, type SubnetId } from "../../spec/index.ts";
import { fromStream, type TrackedCall, type TrackedMessage } from "./messages.ts";
import type { World } from "./world.ts";

/** A message in a stream; `tracked` is `null` for a refund. */
export interface Streamed {
  readonly index: number;
  readonly message: StreamMessage;
  readonly tracked: TrackedMessage | null;
}

export interface TrackedStream {
  /** The index of the first message that it still holds, or of the next one. */
  begin: number;
  readonly messages: Streamed[];
  /** The index of the first message of the other direction that was not seen. */
  signals: number;
}

/** A message of a stream that comes in. */
export interface Arrival extends Streamed {
  readonly from: SubnetId;
}

/** A slice that is still to come in this round; `loopback` is the one that nobody hands over. */
export interface Incoming {
  readonly slice: Slice;
  readonly loopback: boolean;
  readonly messages: readonly Streamed[];
}

/** The stream to a subnet; an empty one where there was nothing to say yet. */
export const streamTo = ({ streams }: World, subnet: SubnetId): TrackedStream => {
  const known = streams.get(subnet);
  if (known !== undefined) return known;
  const stream: TrackedStream = { begin: 0, messages: [], signals: 0 };
  streams.set(subnet, stream);
  return stream;
};

/** The index behind the last message of a stream. */
export const endOf = ({ begin, messages }: TrackedStream): number => begin + messages.length;

/** The slices of a round, in the order in which they are looked at: the loopback stream when it holds a message, then the others by subnet. */
export const incomingOf = (world: World, { slices = [] }: Input & { readonly kind: "round" }): readonly Incoming[] => {
  const own = streamTo(world, world.own);
  const loopback: Incoming = {
    slice: { from: world.own, begin: own.begin, messages: own.messages.map(({ message }) => message), signals: endOf(own) },
    loopback: true,
    messages: [...own.messages],
  };
  const others = [...slices]
    .sort((left, right) => byId(left.from, right.from))
    .map((slice): Incoming => ({
      slice,
      loopback: false,
      messages: slice.messages.map((message, at) => ({ index: slice.begin + at, message, tracked: fromStream(message) })),
    }));
  return own.messages.length === 0 ? others : [loopback, ...others];
};

/** Why a slice that was handed over is refused at this moment; `null` when it is let in. */
export const refusalOfSlice = (world: World, { from, begin, signals }: Slice): ErrorCode | null => {
  if (!world.subnets.has(from)) return "CN0012";
  const stream = streamTo(world, from);
  if (begin > stream.signals) return "CN0013";
  return signals > endOf(stream) ? "CN0014" : null;
};

/** The message of a stream that an event is about, when it is about one. */
export const arrivalOf = (world: World, event: Event): Arrival | null => {
  const { round, previous } = world;
  if (round === null || round.iterations.length > 0 || !aboutArrivals.has(event.kind)) return null;
  // Randomness for a caller that waits no longer is late at once.
  if (event.kind === "response-late" && (previous?.kind === "randomness-answered" || previous?.kind === "management-answered")) return null;
  for (;;) {
    while (round.arriving.length === 0 && round.incoming.length > 0) {
      const next = round.incoming.shift()!;
      if (!next.loopback && refusalOfSlice(world, next.slice) !== null) {
        if (event.kind === "slice-refused" && event.from === next.slice.from) return null;
        continue;
      }
      const { signals } = streamTo(world, next.slice.from);
      const fresh = next.messages.filter(({ index }) => index >= signals);
      round.arriving.push(...fresh.map((message) => ({ ...message, from: next.slice.from })));
      if (event.kind === "stream-collected" && event.to === next.slice.from) return null;
    }
    if (event.kind === "stream-collected" || event.kind === "slice-refused") return null;
    const arrival = round.arriving.shift();
    if (arrival === undefined || isAbout(event, arrival)) return arrival ?? null;
  }
};

/** Whether what just came in is a response to a call by somebody else than its callee. */
export const isMisdirected = ({ arrival }: World, { callee }: TrackedCall): boolean =>
  arrival?.message.kind === "response" && arrival.message.respondent !== callee;

const aboutArrivals: ReadonlySet<Event["kind"]> = new Set([
  "request-inducted",
  "response-inducted",
  "response-late",
  "refund-inducted",
  "message-refused",
  "stream-collected",
  "slice-refused",
] as const);

const isAbout = (event: Event, { from, index, message }: Arrival): boolean => {
  switch (event.kind) {
    case "message-refused":
      return event.from === from && event.index === index;
    case "request-inducted":
      return message.kind === "request" && message.caller === event.caller && message.callback === event.callback;
    case "response-inducted":
    case "response-late":
      return message.kind === "response" && message.caller === event.caller && message.callback === event.callback;
    case "refund-inducted":
      return message.kind === "refund" && message.canister === event.canister;
    default:
      return false;
  }
};
