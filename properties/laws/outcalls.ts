/** What leaves the layer: it is paid for at once, its draws are nobody else's, and it comes back exactly as a block says. */
import type { CallbackId, CanisterId, ConsensusAnswer, Draw, Event, Step } from "../../spec/index.ts";
import { outcallWorlds } from "../arbitraries/outcalls.ts";
import * as fc from "fast-check";
import { alone } from "../case.ts";
import {
  hasRoom,
  isHeld,
  isOfConsensus,
  needsId,
  needsNonce,
  outwardBy,
  priceOf,
  refusalOfAnswer,
  resultOf,
} from "../tracking/consensus.ts";
import { callText, rejectOf, type TrackedRequest } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";
import { teller } from "./management-consequences.ts";
import { phaseOf, phases } from "./phases.ts";

type Asked = Extract<Event, { readonly kind: "consensus-asked" }>;

export const answersComeFromBlocks = watchedLaw({
  id: "answers-come-from-blocks",
  statement:
    "Requests that leave the layer are numbered from 0, in the order in which they leave; each waits until a block answers it, and is answered once, when streams have come in, also in a round that is skipped, with what the block says and what it kept of its cycles; the answers of a block are looked at from the last to the first, and what nobody waits for, or waits for without its nonce yet, or is longer than was asked for, is left aside, with the error that says so.",
  source: "facts/messages.md F28, F29, RND-7, RND-8b, MSG-P3, MSG-1.3.1; facts/scheduler.md SCH-R2, SCH-0.3",
  cites: ["consensus-answer", "signature-ask", "outcall-ask", "nonce-draw", "management-answer", "round-gate", "restart"],
  needs: ["outcalls"],
  otherwise: "no block answered anybody",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: outcallWorlds(vocabulary), weight: 3 },
        { arbitrary: outcallWorlds(vocabulary, { gated: true }), weight: 1 },
        { arbitrary: outcallWorlds(vocabulary, { deserted: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let answered = false;
    let next = 0;
    /** The answers of the block that were not looked at yet, the next one at the end; `null` when it is too late for any. */
    let block: ConsensusAnswer[] | null = null;
    /** What follows from the answer that was told last. */
    let expected: readonly object[] = [];
    return {
      onEvent: (event, world, { input }) => {
        if (event.kind === "round-began") block = input.kind === "round" ? [...(input.answers ?? [])] : [];
        const [due, ...rest] = expected;
        expected = rest;
        if (due !== undefined) return untold(event, due);
        if (event.kind === "consensus-asked") {
          const number = next++;
          return event.request === number
            ? undefined
            : `${callText(event.caller, event.callback)} left with the number ${event.request}, and ${number} comes next`;
        }
        if (event.kind === "consensus-answered" || event.kind === "consensus-refused") {
          const answer = block?.pop();
          if (answer === undefined) return `${event.kind} was told of ${event.request}, and the block says nothing more`;
          answered ||= event.kind === "consensus-answered";
          expected = event.kind === "consensus-answered" ? consequencesOf(answer, world) : [];
          return misjudged(event, answer, world);
        }
        const phase = phaseOf(event, world);
        if (block === null || phase === null || phases.indexOf(phase) <= phases.indexOf("the answers of consensus")) return undefined;
        const left = block.pop();
        block = null;
        return left === undefined ? undefined : `the block answers ${left.request}, and nothing was told of it`;
      },
      onStep: () => (expected.length === 0 ? undefined : `${(expected[0] as Event).kind} was to follow, and nothing did`),
      interested: () => answered,
    };
  },
});

const untold = (event: Event, expected: object): Complaint => {
  const difference = firstDifference(event, expected);
  return difference === null ? undefined : `${(expected as Event).kind} was to be told: ${difference}`;
};

const misjudged = (
  event: Extract<Event, { readonly kind: "consensus-answered" | "consensus-refused" }>,
  answer: ConsensusAnswer,
  world: World,
): Complaint => {
  const { request } = answer;
  if (event.request !== request) return `${event.kind} was told of ${event.request}, and the answer to ${request} is next`;
  const error = refusalOfAnswer(world, answer);
  if (event.kind === "consensus-answered") return error === null ? undefined : `an answer to ${request} was taken, in spite of ${error}`;
  return event.error === error ? undefined : `an answer to ${request} was refused with ${event.error} instead of ${error ?? "being taken"}`;
};

const consequencesOf = (answer: ConsensusAnswer, world: World): readonly object[] => {
  const outcall = world.consensus.get(answer.request);
  return outcall === undefined ? [] : teller(world)(outcall.request, resultOf(answer), outcall.kept);
};

export const signaturesAreDrawnFor = watchedLaw({
  id: "signatures-are-drawn-for",
  statement:
    "In a round is drawn: for each answer with randomness; then, for each request for a signature or a key that leaves, an id; then, for each request for a signature that waits since an earlier round and has none, in the order of their numbers, a nonce; nothing else, in this order, with one count, and for whoever asked.",
  source: "facts/messages.md F28, J5, RND-8g, MSG-P6, MSG-P22; facts/scheduler.md SCH-R8; seed 003, random tape",
  cites: ["signature-ask", "nonce-draw", "randomness-answer", "consensus-answer", "restart"],
  needs: ["outcalls"],
  otherwise: "nothing was drawn for a signature",
  cases: (vocabulary) =>
    fc
      .oneof({ arbitrary: outcallWorlds(vocabulary), weight: 3 }, { arbitrary: outcallWorlds(vocabulary, { gated: true }), weight: 1 })
      .map(alone),
  watch: () => {
    let signed = false;
    let skipped = false;
    /** What is drawn for in this round, as far as its events tell. */
    let due: Omit<Draw, "bytes" | "index" | "tape">[] = [];
    /** Who waits for a nonce, by number, and since which round. */
    const bare = new Map<number, { readonly since: number; readonly who: Waiting }>();
    return {
      onEvent: (event, world) => {
        switch (event.kind) {
          case "round-began":
            [due, skipped] = [[], false];
            return undefined;
          case "round-skipped":
            skipped = true;
            return undefined;
          case "randomness-answered":
            due.push({ purpose: "randomness", ...waitingOf(event.canister, event.callback, world) } as Draw);
            return undefined;
          case "consensus-asked": {
            const who = waitingOf(event.caller, event.callback, world);
            if (needsId(event.method)) due.push({ purpose: "id", ...who } as Draw);
            if (needsNonce(event.method)) bare.set(event.request, { since: world.height, who });
            return undefined;
          }
          case "consensus-answered":
            bare.delete(event.request);
            return undefined;
          case "round-ended":
            for (const [number, { since, who }] of skipped ? [] : [...bare].sort(([left], [right]) => left - right)) {
              if (since >= world.height) continue;
              due.push({ purpose: "nonce", ...who } as Draw);
              bare.delete(number);
            }
            return undefined;
          default:
            return undefined;
        }
      },
      onStep: ({ input, observation: { draws, events } }, world) => {
        if (input.kind !== "round" || events[0]?.kind !== "round-began") return undefined;
        signed ||= due.some(({ purpose }) => purpose !== "randomness");
        return misdrawn(draws, due, world);
      },
      interested: () => signed,
    };
  },
});

type Waiting = Pick<Draw, "canister" | "callback"> & { readonly asked: number | null };

/** Who is drawn for; a canister that is gone asked in time, whenever that was. */
const waitingOf = (canister: CanisterId, callback: CallbackId, world: World): Waiting => {
  const isIt = (request: TrackedRequest): boolean => request.caller === canister && request.callback === callback;
  const waits = world.waiting.find(isIt) ?? callOf(world, canister, callback)?.request;
  return { canister, callback, asked: waits?.sentIn ?? null };
};

const misdrawn = (draws: readonly Draw[], due: readonly object[], { height, genesis }: World): Complaint => {
  const tape = height + (genesis.committee?.offset ?? 0);
  for (const [index, expected] of due.entries()) {
    const draw = draws[index];
    const what = drawText(expected as Draw);
    if (draw === undefined) return `${what} was to be drawn, and was not`;
    const { bytes: _, ...told } = draw;
    const difference = firstDifference(told, { ...expected, index, tape });
    if (difference !== null) return `${what} was to be draw ${index}: ${difference}`;
  }
  const more = draws[due.length];
  return more === undefined ? undefined : `${drawText(more)} was drawn, and nobody needs it`;
};

const drawText = ({ purpose, canister, callback }: Draw): string => `${article[purpose]} for ${callText(canister, callback)}`;

const article: Readonly<Record<Draw["purpose"], string>> = { randomness: "randomness", id: "an id", nonce: "a nonce" };

export const consensusIsPaidFor = watchedLaw({
  id: "consensus-is-paid-for",
  statement:
    "A request leaves the layer exactly when the subnet has its key, fewer than so many of its kind wait, and the cycles on it cover its price: of a signature or a key that of the table, of an outcall what all nodes take for its argument and the longest answer that it allows; the price is burned at once, the rest waits with it; and whoever is refused hears IC0406, with all of its cycles.",
  source:
    "facts/messages.md F28, F29, IC0406, MSG-P2; facts/cycles.md CYC-1.3.1, CYC-C13, CYC-C14, CYC-C15, CYC-C16, CYC-C17, CYC-C18, CYC-C24, T59",
  cites: ["signature-ask", "outcall-ask", "management-answer", "consensus-answer", "fees-set", "restart"],
  needs: ["outcalls"],
  otherwise: "nothing left the layer, and nothing was kept from it",
  cases: (vocabulary) => outcallWorlds(vocabulary).map(alone),
  watch: () => {
    let asked = false;
    let burned = 0n;
    let fees = 0n;
    return {
      onEvent: (event, world) => {
        if (event.kind === "consensus-asked") {
          asked = true;
          fees += event.fee;
          return mispaid(event, world);
        }
        const refused = event.kind === "management-answered" && !isOfConsensus(event, world) ? event : null;
        const request = refused === null ? undefined : requestIn(world, refused.caller, refused.callback);
        if (refused === null || request === undefined) return undefined;
        asked ||= outwardBy(request) !== null;
        return misrefused(refused, request, world);
      },
      onStep: ({ observation: { ledger } }: Step) => {
        const [before, paid] = [burned, fees];
        [burned, fees] = [ledger.burned, 0n];
        return ledger.burned >= before + paid
          ? undefined
          : `${paid} cycles were paid for what left the layer, and ${ledger.burned - before} burned`;
      },
      interested: () => asked,
    };
  },
});

const requestIn = ({ management }: World, caller: CanisterId, callback: CallbackId): TrackedRequest | undefined =>
  management
    .flatMap(({ request }) => (request.kind === "request" ? [request] : []))
    .find((request) => request.caller === caller && request.callback === callback);

const mispaid = ({ caller, callback, fee, kept }: Asked, world: World): Complaint => {
  const what = callText(caller, callback);
  const request = requestIn(world, caller, callback);
  const asked = request === undefined ? null : outwardBy(request);
  if (request === undefined || asked === null) return `${what} left the layer, and did not ask for it`;
  if (!isHeld(world, asked)) return `${what} left the layer for a key that the subnet does not have`;
  if (!hasRoom(world, asked)) return `${what} left the layer, where as many wait as may`;
  const price = priceOf(world, asked, request);
  if (fee !== price) return `${what} costs ${price}, and paid ${fee}`;
  if (kept < 0n) return `${what} costs ${price}, and had ${request.attached}`;
  return kept === request.attached - fee ? undefined : `${what} paid ${fee} of ${request.attached}, and kept ${kept}`;
};

const misrefused = (
  { caller, callback, result, refund }: Extract<Event, { readonly kind: "management-answered" }>,
  request: TrackedRequest,
  world: World,
): Complaint => {
  const asked = outwardBy(request);
  if (asked === null) return undefined;
  const what = callText(caller, callback);
  if (isHeld(world, asked) && hasRoom(world, asked) && request.attached >= priceOf(world, asked, request))
    return `${what} was answered at once, and may leave the layer`;
  const difference = firstDifference({ result, refund }, { result: rejectOf("IC0406"), refund: request.attached });
  return difference === null ? undefined : `${what} does not leave the layer: ${difference}`;
};
