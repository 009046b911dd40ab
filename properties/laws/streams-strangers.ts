/**
 * Whoever stands at the other end of a stream may say what he pleases; but he speaks for his own canisters alone, he answers
 * only what he was asked, and he gives back no more than he got. What else he says is seen, and nothing comes of it.
 */
import { cycles, type CanisterId, type Event, type Move, type Scenario, type StreamMessage } from "../../spec/index.ts";
import { nobody } from "../arbitraries/grammar.ts";
import { strangeWorlds } from "../arbitraries/strange.ts";
import { alone } from "../case.ts";
import { cyclesOn } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { faultOf } from "./streams-honesty.ts";

export const strangersSpeakForThemselves = watchedLaw({
  id: "strangers-speak-for-themselves",
  statement:
    "Nothing enters a queue or a balance from a stream in the name of a canister that is not of its subnet, for a canister that is not here, as an answer to a call that another was asked or that has not left, with another deadline than the call's, or with more than was attached or may be said; such a message is ignored, is answered by nobody, and its cycles are lost.",
  source: "facts/messages.md B12, I3, E13",
  cites: ["stream-request", "stream-response", "refund-induct", "message-ignore", "stream-reject"],
  otherwise: "nobody sent what no honest subnet sends",
  cases: (vocabulary) => strangeWorlds(vocabulary).map((scenario) => alone(withLies(scenario))),
  watch: () => {
    let ignored = false;
    let refused: Event | null = null;
    return {
      onEvent: (event, world): Complaint => {
        const before = refused;
        refused = event.kind === "message-refused" ? event : null;
        if (before?.kind === "message-refused") {
          const answered = event.kind === "message-streamed" && event.message.kind === "response";
          if (before.error === null && answered) return `message ${before.index} of ${before.from} was ignored, and is answered`;
          if (before.error !== null && !answered) return `message ${before.index} of ${before.from} was refused, and is not answered`;
        }
        const { arrival } = world;
        if (arrival === null) return undefined;
        const fault = faultOf(arrival, world);
        ignored ||= fault !== null;
        const isIgnored = event.kind === "message-refused" && event.error === null;
        if (fault !== null && !isIgnored) return `message ${arrival.index} of ${arrival.from} is not ignored (${event.kind}): ${fault}`;
        return fault === null && isIgnored
          ? `message ${arrival.index} of ${arrival.from} is ignored, with ${cyclesOn(arrival.message)} cycles`
          : undefined;
      },
      interested: () => ignored,
    };
  },
});

/** The same world, in which strangers lie more often; a message that they repeat is the same again. */
const withLies = (scenario: Scenario): Scenario => {
  const { canisters } = scenario.genesis;
  const asked = canisters.flatMap(({ id, methods }): readonly Asked[] => {
    const first = methods[0]?.body[0];
    return first?.op === "call" ? [{ caller: id, callee: first.callee }] : [];
  });
  const here = canisters[0]?.id;
  const told = (message: StreamMessage, index: number): StreamMessage =>
    here === undefined ? message : lieOf(message, index, here, asked);
  const inputs = scenario.inputs.map((move): Move => {
    if (move.kind !== "round" || move.slices === undefined) return move;
    const slices = move.slices.map((slice) => ({ ...slice, messages: slice.messages.map((message, k) => told(message, slice.begin + k)) }));
    return { ...move, slices };
  });
  return { ...scenario, inputs };
};

/** Whom a canister asks. */
interface Asked {
  readonly caller: CanisterId;
  readonly callee: CanisterId;
}

/** Of four messages one is in the name of another subnet, one answers whatever was asked, one that with too much. */
const lieOf = (message: StreamMessage, index: number, here: CanisterId, asked: readonly Asked[]): StreamMessage => {
  const kind = index % 4;
  if (kind === 0) return message;
  if (message.kind === "refund") return kind === 3 ? { ...message, canister: nobody } : message;
  if (kind === 3) return message.kind === "request" ? { ...message, caller: here } : { ...message, respondent: here };
  const call = asked[index % Math.max(1, asked.length)];
  if (message.kind === "request" || call === undefined) return message;
  const { caller, callee: respondent } = call;
  return { ...message, caller, respondent, callback: index % 5, ...(kind === 2 && { refund: cycles(1_000_000n) }) };
};
