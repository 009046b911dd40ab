/**
 * The random tape. Nobody can know a draw when it is asked for: it comes from a tape of a later round. And nobody else
 * gets it: every draw is used once.
 */
import * as fc from "fast-check";
import { hex, type Draw, type Hex, type Input, type Observation, type Scenario, type Trace } from "../../spec/index.ts";
import { busyWorld, busyWorlds, withFewerInputs } from "../arbitraries/busy.ts";
import type { Focus } from "../arbitraries/focus.ts";
import { orAsking, outcallWorld } from "../arbitraries/outcalls.ts";
import { smugglersWorlds } from "../arbitraries/smugglers-worlds.ts";
import { tapeOf } from "../arbitraries/moves.ts";
import { drawn, type Dice } from "../arbitraries/dice.ts";
import { alone, twinOf, type Case } from "../case.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { fails, holds, judgeBoth, vacuous, type Property, type Verdict } from "../property.ts";
import { ascii, fromHex, joined, sha256, toHex } from "../hashing.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callText } from "../tracking/messages.ts";
import { callOf, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";

const random: Focus = {
  always: ["call", "reply"],
  plant: ["throwDice"],
  ample: [
    "roundInstructionLimit",
    "guaranteedResponseMemory",
    "callbackLimit",
    "requestLifetime",
    "ingressLifetime",
    "historyCapacity",
    "inspectionInstructionLimit",
  ],
  patient: true,
};

export const randomnessIsLateAndFresh = watchedLaw({
  id: "randomness-is-late-and-fresh",
  statement:
    "A request for randomness is answered in the first round that is not skipped and is the tape lag above the one that sent it, in the order of the requests, with 32 bytes of the tape of that round which no other request got.",
  source: "facts/messages.md MSG-P6, MSG-P22, J4, J5, J8; facts/scheduler.md SCH-P21; seed 003, random tape",
  cites: ["randomness-ask", "randomness-answer", "round-begin", "signature-ask"],
  otherwise: "nobody got randomness",
  cases: (vocabulary) => orAsking(busyWorlds(vocabulary, random), vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { tapeLag } = genesis.parameters;
    const known = new Map<Hex, string>();
    let index = 0;
    return {
      onEvent: (event, world, { input, observation }) => {
        if (event.kind === "round-began" || event.kind === "round-refused") index = 0;
        if (event.kind === "randomness-asked") {
          const sent = callOf(world, event.canister, event.callback)?.request.sentIn;
          return sent === undefined || sent === event.asked
            ? undefined
            : `${callText(event.canister, event.callback)} was sent in round ${sent}, and asks as of round ${event.asked}`;
        }
        if (event.kind === "randomness-answered") {
          const draw = forRandomness(observation)[index];
          const expected = index++;
          if (draw === undefined) return `${callText(event.canister, event.callback)} got randomness, but no draw is told`;
          if (draw.canister !== event.canister || draw.callback !== event.callback)
            return `draw ${expected} is for ${callText(draw.canister, draw.callback)}, but ${callText(event.canister, event.callback)} was answered`;
          return early(draw, expected, world, tapeLag) ?? (input.kind === "round" ? repeated(known, draw, input.tape) : undefined);
        }
        return event.kind === "turn-began" || event.kind === "round-ended" ? kept(world, tapeLag) : undefined;
      },
      onStep: ({ input, observation }) => {
        const made = forRandomness(observation).length;
        return input.kind === "round" && made !== index ? `${made} draws were made for ${index} requests` : undefined;
      },
      interested: () => known.size > 0,
    };
  },
});

/** Draws for other purposes are nobody's randomness. */
const forRandomness = ({ draws }: Observation): readonly Draw[] => draws.filter(({ purpose }) => purpose === "randomness");

const early = ({ tape, index, asked, canister, callback, bytes }: Draw, expected: number, world: World, tapeLag: number): Complaint => {
  const what = `the draw for ${callText(canister, callback)}`;
  const due = world.height + (world.genesis.committee?.offset ?? 0);
  if (tape !== due) return `${what} comes from the tape of height ${tape} in round ${world.height}, whose tape is that of height ${due}`;
  if (index !== expected) return `${what} has the number ${index} in its round, the next is ${expected}`;
  const first = world.waiting[0];
  if (first !== undefined && (first.caller !== canister || first.callback !== callback))
    return `${what} came before that for ${callText(first.caller, first.callback)}, which asked first`;
  const sent = callOf(world, canister, callback)?.request.sentIn;
  if (sent !== undefined && sent !== asked) return `${what} was asked for in round ${sent}, but says ${asked}`;
  if (world.height < asked + tapeLag)
    return `${what} was asked for in round ${asked} and answered in round ${world.height}: less than ${tapeLag} later`;
  return bytes.length === 64 ? undefined : `${what} has ${bytes.length / 2} bytes`;
};

/** Two draws may share bytes only when they are the same draw of the same tape, in two rounds to which the same tape was given. */
const repeated = (known: Map<Hex, string>, { bytes, index, canister, callback }: Draw, tape: Hex): Complaint => {
  const source = `${index} of ${tape}`;
  const earlier = known.get(bytes);
  known.set(bytes, source);
  return earlier === undefined || earlier === source ? undefined : `${callText(canister, callback)} got the bytes of another draw`;
};

const kept = ({ waiting, height, round }: World, tapeLag: number): Complaint => {
  if (round?.skipped === true) return undefined;
  const late = waiting.find(({ sentIn }) => sentIn !== null && height >= sentIn + tapeLag);
  // What was asked for in this round, after its draws, waits at least for the next.
  return late === undefined
    ? undefined
    : `${callText(late.caller, late.callback)} asked for randomness in round ${late.sentIn}, and still waits in round ${height}`;
};

export const randomnessComesFromTheTape = watchedLaw({
  id: "randomness-comes-from-the-tape",
  statement: "The bytes of a draw, whatever it is for, are those that the tape of its round and its number in the round determine.",
  source: "docs/machine.md section 6; facts/messages.md J4, MSG-P6",
  cites: ["randomness-answer", "round-begin", "signature-ask", "nonce-draw"],
  otherwise: "nothing was drawn",
  cases: (vocabulary) => orAsking(busyWorlds(vocabulary, random), vocabulary).map(alone),
  watch: () => {
    let drawnOnce = false;
    return {
      onStep: ({ input, observation: { draws } }) => {
        drawnOnce ||= draws.length > 0;
        if (input.kind !== "round") return undefined;
        const wrong = draws.find(({ index, bytes }) => bytes !== drawFrom(input.tape, index));
        return wrong === undefined
          ? undefined
          : `draw ${wrong.index} of round ${wrong.tape} is ${wrong.bytes}, but its tape gives ${drawFrom(input.tape, wrong.index)}`;
      },
      interested: () => drawnOnce,
    };
  },
});

const drawFrom = (tape: Hex, index: number): string => {
  const seed = sha256(joined(ascii("canon-random-tape"), fromHex(tape)));
  return toHex(sha256(joined(seed, ascii("raw-rand"), fromHex(index.toString(16).padStart(16, "0")))));
};

export const tapeNotAnticipated: Property = {
  id: "tape-not-anticipated",
  statement:
    "Two worlds that differ only in the tape of one round are the same before it, and after it until a draw from that tape; draws from that tape differ, and all others with the same number are the same.",
  source: "facts/messages.md MSG-P6, J6, J7; seed 003, random tape",
  cites: ["randomness-ask", "randomness-answer", "round-begin", "signature-ask", "nonce-draw"],
  kind: "law",
  cases: (vocabulary) =>
    fc.oneof(
      drawn((dice) => tapeReplaced(busyWorld(dice, vocabulary, random), dice, hex(`ff${tapeOf(dice, []).slice(2)}`)), fewerInputs),
      smugglersWorlds(vocabulary),
      ...(vocabulary.customs.has("outcalls") ? [signedWithAnother(vocabulary)] : []),
    ),
  check: ({ case: tried, drive }) => {
    if (tried.relation.kind !== "tape-replaced") return vacuous("there is only one world");
    const { round } = tried.relation;
    return judgeBoth(drive(tried.scenario), drive(twinOf(tried)), (one, other) => foreseen(one, other, round));
  },
};

/** The dice are thrown in the first round, mostly: so what comes of them is in the round that is the tape lag later. */
const tapeReplaced = (scenario: Scenario, dice: Dice, tape: Hex): Case => {
  const rounds = scenario.inputs.filter(({ kind }) => kind === "round").length;
  const round = dice.chance(97) ? 1 + scenario.genesis.parameters.tapeLag : dice.whole(1, Math.max(1, rounds));
  return { scenario, relation: { kind: "tape-replaced", round, tape } };
};

/** Of who asks in the first round, the id is drawn in the second, and the nonce in the third. */
const signedWithAnother = (vocabulary: Vocabulary): fc.Arbitrary<Case> =>
  drawn((dice) => {
    const scenario = outcallWorld(dice, vocabulary);
    return { scenario, relation: { kind: "tape-replaced", round: dice.whole(2, 5), tape: hex(`ff${tapeOf(dice, []).slice(2)}`) } };
  }, fewerInputs);

const fewerInputs = function* ({ scenario, relation }: Case): Iterable<Case> {
  for (const smaller of withFewerInputs(scenario)) yield { scenario: smaller, relation };
};

const foreseen = (one: Trace, other: Trace, round: number): Verdict => {
  const step = stepOfRound(one.scenario.inputs, round);
  if (step === null || sameTape(one, other, step)) return vacuous("the worlds do not differ in any tape");
  let parted = false;
  for (let at = 0; at < one.steps.length; at++) {
    const [mine, theirs] = [one.steps[at]?.observation, other.steps[at]?.observation];
    if (mine === undefined || theirs === undefined) return fails(at, "one of the two worlds ended here");
    parted ||= at === step && (mine.draws.length > 0 || theirs.draws.length > 0);
    if (!parted) {
      const difference = firstDifference(mine, theirs);
      if (difference !== null)
        return fails(at, `only the tape of round ${round} differs, from which nothing was drawn yet, but so does ${difference}`);
      continue;
    }
    for (let index = 0; index < Math.min(mine.draws.length, theirs.draws.length); index++) {
      const same = mine.draws[index]!.bytes === theirs.draws[index]!.bytes;
      if (same !== (at !== step))
        return fails(
          at,
          `draw ${index} is ${same ? "the same" : "another"} in two worlds in which the tape of this round is ${same ? "another" : "the same"}`,
        );
    }
  }
  return parted ? holds : vacuous("nobody drew from the tape that differs");
};

const stepOfRound = (inputs: readonly Input[], round: number): number | null => {
  let rounds = 0;
  for (let at = 0; at < inputs.length; at++) if (inputs[at]!.kind === "round" && ++rounds === round) return at;
  return null;
};

const sameTape = (one: Trace, other: Trace, step: number): boolean => {
  const [mine, theirs] = [one.scenario.inputs[step], other.scenario.inputs[step]];
  return mine?.kind === "round" && theirs?.kind === "round" && mine.tape === theirs.tape;
};
