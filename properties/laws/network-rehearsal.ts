/**
 * A part of a round, told in advance. What the platform does with messages under way is no choice of anybody's: who
 * knows where each lies can say which events come next, one by one. A law of this kind rehearses its part on a copy of
 * what an onlooker knows, and holds the machine to every word of it; so nothing may be missing, nothing may come in
 * another order, and nothing may come at another time.
 */
import type { Event, Step, StreamMessage } from "../../spec/index.ts";
import { callText, fromStream, messageText, type TrackedCall, type TrackedMessage } from "../tracking/messages.ts";
import type { TrackedQueues } from "../tracking/queues.ts";
import type { Complaint, Watcher } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

/** One part of a round. */
export interface Part {
  /** The part in words. */
  readonly name: string;
  /** How often it is played. */
  readonly once: "a round" | "an iteration";
  /** Whether the part begins before this event, if it has not begun yet. */
  readonly begins: (event: Event, world: World) => boolean;
  /** What must be told in it, in lines; `world` is a copy to try it on. */
  readonly rehearse: (world: World, step: Step) => readonly string[];
  /** Whether an event can belong to no other part. */
  readonly owns: (event: Event, world: World) => boolean;
}

/** Holds the machine to a part of each round, or of each iteration of it. `onLines` is told what was rehearsed. */
export const heldTo = (part: Part, onLines: (lines: readonly string[]) => void): NonNullable<Watcher["onEvent"]> => {
  const { name, once, begins, rehearse, owns } = part;
  let until = 0;
  let played = "";
  return (event, world, step, position): Complaint => {
    const { round } = world;
    if (position === 0) until = 0;
    if (round === null || step.input.kind !== "round" || position < until) return undefined;
    const iterations = round.iterations.filter(({ turns }) => turns.length > 0).length;
    const turn = once === "a round" ? `${round.height}` : `${round.height} ${iterations}`;
    if (played !== turn && begins(event, world)) {
      played = turn;
      const lines = rehearse(rehearsalOf(world), step);
      onLines(lines);
      until = position + lines.length;
      for (const [k, expected] of lines.entries()) {
        const came = lineOf(step.observation.events[position + k]);
        if (came !== expected) return `${name}: expected "${expected}", and "${came}" came`;
      }
      if (lines.length > 0) return undefined;
    }
    return owns(event, world) ? `${name}: nothing more was expected, and "${lineOf(event)}" came` : undefined;
  };
};

/** An event in one line, with all that can be known of it in advance; a request is known by the size of its payload. */
export const lineOf = (event: Event | undefined): string => {
  if (event === undefined) return "the end";
  switch (event.kind) {
    case "request-bounced":
      return `${callText(event.caller, event.callback)} comes back with ${event.error}`;
    case "message-dropped":
      return `${messageText({ ...event, kind: event.message })} in the ${event.queue} queue of ${event.canister} is ${event.reason}`;
    case "cycles-dropped":
      return `${event.cycles} cycles of ${event.owner} are ${event.fate}`;
    case "callback-expired":
      return `${callText(event.caller, event.callback)} expires`;
    case "ingress-expired":
      return `${event.ingress} expires`;
    case "ingress-answered":
      return `${event.ingress} is answered with ${event.result.kind === "reply" ? "a reply" : event.result.error}`;
    case "message-streamed":
      return `the stream to ${event.to} has at ${event.index} ${cargoText(event.message)}`;
    case "stream-collected":
      return `the stream to ${event.to} begins at ${event.begin}`;
    case "slice-taken":
      return `the stream of ${event.from} was seen up to ${event.signals}`;
    case "slice-refused":
      return `a slice of ${event.from} is refused with ${event.error}`;
    case "message-refused":
      return `message ${event.index} of ${event.from} is ${event.error === null ? "ignored" : `refused with ${event.error}`}`;
    case "refund-inducted":
      return `${event.cycles} cycles are refunded to ${event.canister}`;
    case "request-inducted":
      return `the request of ${callText(event.caller, event.callback)} enters the queue of ${event.callee}`;
    case "response-inducted":
      return `the ${event.result} to ${callText(event.caller, event.callback)} enters its queue`;
    case "response-late":
      return `the response to ${callText(event.caller, event.callback)} is late, with ${event.refund} cycles`;
    case "management-asked":
      return `${callText(event.caller, event.callback)} to ${event.method} of ${event.canister ?? "nobody"} waits for the management canister`;
    case "randomness-asked":
      return `${callText(event.canister, event.callback)} waits for randomness since ${event.asked}`;
    default:
      return event.kind;
  }
};

/** A message of a stream in words. */
const cargoText = (message: StreamMessage): string =>
  message.kind === "refund" ? `a refund of ${message.cycles} cycles to ${message.canister}` : letterText(fromStream(message)!);

/** A message in words, with all that a stream carries of it but the content of an argument. */
export const letterText = (message: TrackedMessage): string => {
  const deadline = message.deadline === null ? "" : `, until ${message.deadline}`;
  if (message.kind === "request") {
    const { callee, method, bytes, attached } = message;
    return `${messageText(message)} to ${method} of ${callee} with ${bytes} bytes and ${attached} cycles${deadline}`;
  }
  const { respondent, result, error, message: content, refund } = message;
  const says = result === "reply" ? `the reply ${content}` : `reject ${content} ${error}`;
  return `${messageText(message)} by ${respondent}: ${says} and ${refund} cycles${deadline}`;
};

/** A copy of what an onlooker knows of messages, to try things on: messages are shared, the places where they lie are not. */
export const rehearsalOf = (world: World): World => ({
  ...world,
  canisters: new Map([...world.canisters].map(([id, canister]) => [id, copyOf(canister)])),
  streams: new Map([...world.streams].map(([to, stream]) => [to, { ...stream, messages: [...stream.messages] }])),
  pool: [...world.pool],
  waiting: [...world.waiting],
  management: [...world.management],
  consensus: new Map(world.consensus),
});

/** Of its calls, only those that are not closed. */
const copyOf = (canister: TrackedCanister): TrackedCanister => {
  const openCalls = new Set([...canister.openCalls].map((call): TrackedCall => ({ ...call })));
  return {
    ...canister,
    stops: [...canister.stops],
    queues: copiedQueues(canister.queues),
    contexts: new Map([...canister.contexts].map(([id, context]) => [id, { ...context }])),
    calls: new Map([...openCalls].map((call) => [call.callback, call])),
    openCalls,
  };
};

const copiedQueues = ({ ingress, inputs, outputs, local, remote, source }: TrackedQueues): TrackedQueues => ({
  ingress: [...ingress],
  inputs: new Map([...inputs].map(([peer, queue]) => [peer, [...queue]])),
  outputs: new Map([...outputs].map(([peer, queue]) => [peer, [...queue]])),
  local: [...local],
  remote: [...remote],
  source,
});
