/** Streams: what this subnet holds for another one, or for itself, until it was seen there. */
import type { Cycles, StreamMessage, SubnetId } from "../spec/index.ts";
import type { Engine } from "./state.ts";

export interface Stream {
  readonly to: SubnetId;
  /** The index of the first message that the stream still holds. */
  begin: number;
  /** What was in the stream since some time; the first `gone` of these have been collected. */
  messages: StreamMessage[];
  gone: number;
  /** The index of the first message of the other direction that was not seen yet. */
  signals: number;
}

/** The stream to a subnet, which begins to exist when it is first asked for. */
export const streamTo = ({ streams }: Pick<Engine, "streams">, to: SubnetId): Stream => {
  const known = streams.get(to);
  if (known !== undefined) return known;
  const stream: Stream = { to, begin: 0, messages: [], gone: 0, signals: 0 };
  streams.set(to, stream);
  return stream;
};

/** How many messages a stream holds. */
export const heldBy = ({ messages, gone }: Stream): number => messages.length - gone;

/** The messages that a stream holds, in an array of their own. */
export const messagesOf = ({ messages, gone }: Stream): StreamMessage[] => messages.slice(gone);

/** Whether a message may wait for its turn to enter the stream to a subnet. */
export const hasRoom = (engine: Engine, to: SubnetId): boolean => {
  const stream = engine.streams.get(to);
  return stream === undefined || heldBy(stream) < engine.genesis.parameters.streamCapacity;
};

/** A message becomes the last in the stream to a subnet, whether or not that has room. */
export const append = (engine: Engine, to: SubnetId, message: StreamMessage): void => {
  const stream = streamTo(engine, to);
  const index = stream.begin + heldBy(stream);
  stream.messages.push(message);
  engine.totals.sent += cyclesIn(message);
  engine.usage.replies += guaranteedBytes(message);
  engine.events.push({ kind: "message-streamed", to, index, message });
};

/** The messages of a stream before an index, which it holds, are gone. */
export const collect = (engine: Engine, stream: Stream, before: number): void => {
  const gone = stream.gone + before - stream.begin;
  for (let at = stream.gone; at < gone; at++) engine.usage.replies -= guaranteedBytes(stream.messages[at]!);
  stream.begin = before;
  stream.gone = gone;
  if (2 * gone > stream.messages.length) {
    stream.messages = stream.messages.slice(gone);
    stream.gone = 0;
  }
  engine.events.push({ kind: "stream-collected", to: stream.to, begin: before });
};

/** What travels on a message of a stream. */
export const cyclesIn = (message: StreamMessage): Cycles => {
  switch (message.kind) {
    case "request":
      return message.attached;
    case "response":
      return message.refund;
    case "refund":
      return message.cycles;
    default: {
      const never: never = message;
      throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** The bytes of a reply that was guaranteed its memory; of anything else 0. */
export const guaranteedBytes = (message: StreamMessage): number =>
  message.kind === "response" && message.deadline === null && message.result.kind === "reply" ? message.result.payload.length / 2 : 0;
