/**
 * The ledger of draws: every 32 bytes of a generator are somebody's, once; and what somebody gets depends on the tape
 * and on the place of the request alone, so exchanging two requests exchanges their bytes, and nobody else's message
 * changes any.
 */
import type * as fc from "fast-check";
import {
  hex,
  type CanisterId,
  type Draw,
  type Executed,
  type Hex,
  type IngressId,
  type Input,
  type Observation,
  type Scenario,
  type Trace,
} from "../../spec/index.ts";
import { committeeWorlds } from "../arbitraries/committees.ts";
import { orAsking } from "../arbitraries/outcalls.ts";
import { askers, bystander } from "../arbitraries/askers.ts";
import { alone } from "../case.ts";
import { fails, holds, judgeBoth, vacuous, type Claim, type Property, type Verdict } from "../property.ts";
import { ascii, fromHex, joined, sha256, toHex } from "../hashing.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callText } from "../tracking/messages.ts";
import type { World } from "../tracking/world.ts";

export const drawsAreAccounted = watchedLaw({
  id: "draws-are-accounted",
  statement:
    "Every draw for randomness is used by exactly one answer, in the order of the answers, and before any draw for an id or a nonce; every draw is the bytes that the tape of the round and its number determine, and one for randomness what the canister that asked is given.",
  source: "facts/messages.md J4, J5, MSG-P22; docs/machine.md section 6",
  cites: ["randomness-answer", "randomness-ask", "round-begin", "callback-begin", "signature-ask", "nonce-draw"],
  otherwise: "nothing was drawn",
  cases: (vocabulary) => orAsking(committeeWorlds(vocabulary), vocabulary).map(alone),
  watch: () => {
    /** By canister and callback: what was drawn for it, and not yet given to it. */
    const open = new Map<string, Hex>();
    const used = new Set<string>();
    let given: { readonly canister: CanisterId; readonly bytes: Hex } | null = null;
    return {
      onEvent: (event, world) => {
        if (event.kind === "executed") {
          given = takenBy(event, world, open);
          return undefined;
        }
        const expected = given;
        given = null;
        if (expected === null || event.kind !== "answered" || event.result.kind !== "reply") return undefined;
        const { payload } = event.result;
        return payload === expected.bytes
          ? undefined
          : `${expected.canister} says that it was given ${payload}, but ${expected.bytes} was drawn for it`;
      },
      onStep: ({ input, observation }) => misaccounted(observation, input, used, open),
      interested: () => used.size > 0,
    };
  },
});

/** What a callback was given that says it before anything else. */
const takenBy = (event: Executed, world: World, open: Map<string, Hex>): { readonly canister: CanisterId; readonly bytes: Hex } | null => {
  const { canister, cause } = event;
  if (cause.kind !== "response") return null;
  const name = callText(canister, cause.callback);
  const bytes = open.get(name);
  open.delete(name);
  const first = event.trap === null ? world.foreseen?.script[0] : undefined;
  return bytes !== undefined && first?.op === "reply" && first.payload.kind === "message" ? { canister, bytes } : null;
};

const misaccounted = ({ events, draws }: Observation, input: Input, used: Set<string>, open: Map<string, Hex>): Complaint => {
  const answers = events.filter((event) => event.kind === "randomness-answered");
  const made = draws.filter(({ purpose }) => purpose === "randomness").length;
  if (answers.length !== made) return `${made} draws were made, and ${answers.length} requests answered`;
  for (const [at, draw] of draws.entries()) {
    const { canister, callback } = answers[at] ?? draw;
    const what = `draw ${at} of the round, for ${callText(canister, callback)}`;
    if (input.kind !== "round") return `${what}, was made by no round`;
    if ((draw.purpose === "randomness") !== at < answers.length) return `${what}, is told to be for ${draw.purpose}`;
    if (draw.canister !== canister || draw.callback !== callback)
      return `${what}, is told to be for ${callText(draw.canister, draw.callback)}`;
    if (draw.index !== at) return `${what}, has the number ${draw.index}`;
    const place = `${draw.tape} ${draw.index}`;
    if (used.has(place)) return `${what}, was used before: number ${draw.index} of the tape of height ${draw.tape}`;
    used.add(place);
    const expected = drawFrom(input.tape, at);
    if (draw.bytes !== expected) return `${what}, is ${draw.bytes}, but its tape gives ${expected}`;
    if (draw.purpose === "randomness") open.set(callText(canister, callback), draw.bytes);
  }
  return undefined;
};

/** The bytes that a tape and a number determine, computed once. @source docs/machine.md section 6 */
export const drawFrom = (tape: Hex, index: number): Hex => {
  const name = `${tape} ${index}`;
  const before = drawn.get(name);
  if (before !== undefined) return before;
  if (drawn.size >= mostDrawn) drawn.clear();
  const seed = sha256(joined(ascii("canon-random-tape"), fromHex(tape)));
  const bytes = hex(toHex(sha256(joined(seed, ascii("raw-rand"), fromHex(index.toString(16).padStart(16, "0"))))));
  drawn.set(name, bytes);
  return bytes;
};

const drawn = new Map<string, Hex>();
const mostDrawn = 20_000;

/** A law that compares a world with others that are made from it; `twin` is `null` where there is none. */
interface RelatedLaw extends Pick<Claim, "id" | "statement"> {
  readonly twin: (scenario: Scenario) => Scenario | null;
  readonly compare: (one: Trace, other: Trace) => Verdict;
}

const relatedLaw = ({ twin, compare, ...said }: RelatedLaw): Property => ({
  ...said,
  source: "facts/messages.md MSG-P22, J5, MSG-5.3",
  cites: ["randomness-ask", "randomness-answer"],
  kind: "law",
  cases: (vocabulary): fc.Arbitrary<ReturnType<typeof alone>> => askers(vocabulary).map(alone),
  check: ({ case: { scenario }, drive }) => {
    const related = twin(scenario);
    if (related === null) return vacuous("the world has no other that is related to it");
    return judgeBoth(drive(scenario), drive(related), compare);
  },
});

export const exchangedRequestsExchangeBytes = relatedLaw({
  id: "exchanged-requests-exchange-bytes",
  statement: "When two messages that each ask once change places, they get each other's bytes, and everybody else gets the same as before.",
  twin: (scenario) => {
    const pair = firstAndLast(scenario);
    return pair === null ? null : exchanged(scenario, pair);
  },
  compare: (one, other) => {
    const pair = firstAndLast(one.scenario)!;
    const [mine, theirs] = [answersOf(one), answersOf(other)];
    if (!pair.every((id) => mine.has(id))) return vacuous("one of the two was not answered");
    if (mine.get(pair[0]) === mine.get(pair[1])) return fails(null, `${pair[0]} and ${pair[1]} got the same bytes`);
    for (const [id, bytes] of mine) {
      const partner = id === pair[0] ? pair[1] : id === pair[1] ? pair[0] : id;
      const got = theirs.get(partner);
      if (got !== bytes)
        return fails(null, `${pair[0]} and ${pair[1]} changed places; then ${partner} got ${got ?? "nothing"}, and ${id} had got ${bytes}`);
    }
    return holds;
  },
});

export const drawsIgnoreBystanders = relatedLaw({
  id: "draws-ignore-bystanders",
  statement: "Messages to canisters that ask for nothing change no draw.",
  twin: (scenario) => {
    const inputs = scenario.inputs.filter((input) => input.kind !== "ingress" || input.canister !== bystander);
    return inputs.length === scenario.inputs.length ? null : { ...scenario, inputs };
  },
  compare: (one, other) => {
    const [mine, theirs] = [drawsOf(one), drawsOf(other)];
    if (mine.length === 0 && theirs.length === 0) return vacuous("nothing was drawn");
    const at = mine.findIndex((draw, k) => placeOf(draw) !== (theirs[k] && placeOf(theirs[k])));
    if (at >= 0 || mine.length !== theirs.length)
      return fails(null, `without the messages of bystanders, draw ${Math.max(0, at)} of all is another`);
    return holds;
  },
});

/** Of the messages of the first block that ask the same of the same canister: the first, and the last that is another. */
const firstAndLast = ({ inputs }: Scenario): readonly [IngressId, IngressId] | null => {
  const until = inputs.findIndex(({ kind }) => kind === "round");
  const asking = inputs.slice(0, Math.max(0, until)).filter((input) => input.kind === "ingress" && input.canister !== bystander);
  for (const first of asking) {
    const last = asking.findLast(
      (input) => input.kind === "ingress" && first.kind === "ingress" && input.canister === first.canister && input.method === first.method,
    );
    if (first.kind === "ingress" && last?.kind === "ingress" && first.id !== last.id) return [first.id, last.id];
  }
  return null;
};

const exchanged = (scenario: Scenario, [one, other]: readonly [IngressId, IngressId]): Scenario => ({
  ...scenario,
  inputs: scenario.inputs.map((input): Input => {
    if (input.kind !== "ingress") return input;
    return input.id === one ? { ...input, id: other } : input.id === other ? { ...input, id: one } : input;
  }),
});

/** What each message was told: an asker says what it was given. */
const answersOf = ({ steps }: Trace): ReadonlyMap<IngressId, Hex> => {
  const answers = new Map<IngressId, Hex>();
  for (const { observation } of steps) {
    for (const event of observation.events)
      if (event.kind === "ingress-answered" && event.result.kind === "reply") answers.set(event.ingress, event.result.payload);
  }
  return answers;
};

const drawsOf = ({ steps }: Trace): readonly Draw[] => steps.flatMap(({ observation }) => observation.draws);

const placeOf = ({ tape, index, canister, callback, bytes }: Draw): string => `${tape} ${index} ${canister} ${callback} ${bytes}`;
