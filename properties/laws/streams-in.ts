/**
 * How messages of other subnets come in, and those of the loopback stream. A slice is let in or refused as a whole; of
 * its messages each is seen once, and has one fate. Written from `docs/machine.md` section 4.2 alone.
 */
import * as fc from "fast-check";
import type { ErrorCode, Event, Slice, Step, SubnetId } from "../../spec/index.ts";
import { networkedWorlds } from "../arbitraries/busy.ts";
import { crampedWorlds } from "../arbitraries/focuses.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { strangeWorlds } from "../arbitraries/strange.ts";
import { alone } from "../case.ts";
import { hasMemory, hasSlot, isAwaited } from "../tracking/memory.ts";
import { callText, fromStream, rejectOf, responseTo, type TrackedRequest, type TrackedResponse } from "../tracking/messages.ts";
import { incomingOf, refusalOfSlice, streamTo, type Streamed } from "../tracking/streams.ts";
import { watchedLaw } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";
import { enter, streamed } from "./network-moves.ts";
import { heldTo } from "./network-rehearsal.ts";
import { faultOf } from "./streams-honesty.ts";

export const streamsComeIn = watchedLaw({
  id: "streams-come-in",
  statement:
    "Slices come in by subnet, the loopback stream before them: one that leaves something out, or says that it saw what was never sent, is refused whole; of the others each new message is seen once, in order, and enters its queue, is rejected through the stream of the other direction, credited, or ignored, as its sender, its receiver, slots and memory say.",
  source: "facts/messages.md I3, I4, RND-6, B4, B9, B10, B12, MSG-CAP03, MSG-CAP04, MSG-P18",
  cites: [
    "slice-admit",
    "stream-request",
    "stream-reject",
    "stream-response",
    "message-see",
    "message-ignore",
    "refund-induct",
    "response-late",
  ],
  otherwise: "no message came in through a stream, and no slice was refused",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: networkedWorlds(vocabulary), weight: 3 },
        { arbitrary: strangeWorlds(vocabulary), weight: 3 },
        { arbitrary: slowConsumerWorlds(vocabulary), weight: 2 },
        { arbitrary: crampedWorlds(vocabulary), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let came = false;
    return {
      onEvent: heldTo(
        {
          name: "streams come in",
          once: "a round",
          begins: (event, { previous }) => previous !== null && !isLateness(event, previous),
          rehearse: slicesIn,
          owns: belongsToSlices,
        },
        (lines) => (came ||= lines.length > 0),
      ),
      interested: () => came,
    };
  },
});

/** Whether an event still tells what was late when the round began. */
const isLateness = (event: Event, previous: Event): boolean => {
  switch (event.kind) {
    case "message-dropped":
      return event.reason === "expired";
    case "request-bounced":
      return event.error === "CN0210";
    case "message-streamed":
      return event.message.kind === "refund" && previous.kind === "cycles-dropped";
    case "ingress-answered":
      return previous.kind === "ingress-expired";
    default:
      return event.kind === "cycles-dropped" || event.kind === "callback-expired" || event.kind === "ingress-expired";
  }
};

const belongsToSlices = (event: Event, { round, previous }: World): boolean => {
  const induction = round !== null && round.iterations.length > 0;
  switch (event.kind) {
    case "slice-refused":
    case "slice-taken":
    case "stream-collected":
    case "message-refused":
    case "refund-inducted":
      return true;
    case "request-inducted":
    case "response-inducted":
      return !induction;
    case "response-late":
      return !induction && previous?.kind !== "randomness-answered" && previous?.kind !== "management-answered";
    default:
      return false;
  }
};

const slicesIn = (world: World, { input }: Step): readonly string[] => {
  if (input.kind !== "round") return [];
  return incomingOf(world, input).flatMap(({ slice, loopback, messages }) => {
    const { from } = slice;
    // Nobody hands over the loopback stream: who names this subnet is a stranger.
    const refusal = loopback ? null : refusalOfSlice(world, slice);
    if (refusal !== null) return [`a slice of ${from} is refused with ${refusal}`];
    const lines = collected(world, slice);
    const stream = streamTo(world, from);
    const fresh = messages.filter(({ index }) => index >= stream.signals);
    for (const arrival of fresh) {
      stream.signals = arrival.index + 1;
      lines.push(...fateOf(world, from, arrival));
    }
    return fresh.length === 0 ? lines : [...lines, `the stream of ${from} was seen up to ${stream.signals}`];
  });
};

/** What the other side has seen leaves the stream to it. */
const collected = (world: World, { from, signals }: Slice): string[] => {
  const stream = streamTo(world, from);
  if (signals <= stream.begin) return [];
  stream.messages.splice(0, signals - stream.begin);
  stream.begin = signals;
  return [`the stream to ${from} begins at ${signals}`];
};

const fateOf = (world: World, from: SubnetId, { index, message, tracked }: Streamed): readonly string[] => {
  const letter = tracked ?? fromStream(message);
  if (faultOf({ from, index, message, tracked: letter }, world) !== null) return [`message ${index} of ${from} is ignored`];
  if (message.kind === "refund") return [`${message.cycles} cycles are refunded to ${message.canister}`];
  return letter?.kind === "request" ? requested(world, from, index, letter) : responded(world, letter!);
};

const requested = (world: World, from: SubnetId, index: number, request: TrackedRequest): readonly string[] => {
  const error = refusalOf(world, request);
  if (error !== null)
    return [
      `message ${index} of ${from} is refused with ${error}`,
      streamed(world, from, responseTo(request, rejectOf(error), request.attached)),
    ];
  enter(world, world.canisters.get(request.callee)!, request);
  return [`the request of ${callText(request.caller, request.callback)} enters the queue of ${request.callee}`];
};

const refusalOf = (world: World, request: TrackedRequest): ErrorCode | null => {
  if (!world.canisters.has(request.callee)) return "IC0301";
  if (!hasSlot(world, request)) return "IC0201";
  return hasMemory(world, request) ? null : "IC0507";
};

/** What becomes of a response that an honest subnet can have sent. */
const responded = (world: World, response: TrackedResponse): readonly string[] => {
  const { caller, callback, respondent, result, refund } = response;
  if (callOf(world, caller, callback)?.callee !== respondent || !isAwaited(world, caller, callback))
    return [`the response to ${callText(caller, callback)} is late, with ${refund} cycles`];
  enter(world, world.canisters.get(caller)!, response);
  return [`the ${result} to ${callText(caller, callback)} enters its queue`];
};
