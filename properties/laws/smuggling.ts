/**
 * Nobody smuggles a bit out of a tape before its time. Two worlds differ in one tape; canisters try whatever they can
 * to know it early, to know it twice, or to let it change what was asked for before.
 */
import type { Draw, Observation, Trace } from "../../spec/index.ts";
import { smugglersWorlds } from "../arbitraries/smugglers-worlds.ts";
import { twinOf } from "../case.ts";
import { fails, holds, judgeBoth, vacuous, type Property, type Verdict } from "../property.ts";
import { callText } from "../tracking/messages.ts";
import { firstDifference } from "./comparison.ts";

export const nobodySmuggles: Property = {
  id: "nobody-smuggles",
  statement:
    "When one tape is another, everything before its round is the same, whatever canisters do to know it; in its round the same requests are answered in the same order, each with other bytes; and a request that was made before is answered later with the same bytes.",
  source: "facts/messages.md MSG-P6, MSG-5.3, J6, J7; seed 003, random tape",
  cites: ["randomness-ask", "randomness-answer", "round-begin", "restart"],
  kind: "law",
  cases: smugglersWorlds,
  check: ({ case: tried, drive }) => {
    if (tried.relation.kind !== "tape-replaced") return vacuous("there is only one world");
    const { round } = tried.relation;
    return judgeBoth(drive(tried.scenario), drive(twinOf(tried)), (one, other) => smuggled(one, other, round));
  },
};

const smuggled = (one: Trace, other: Trace, round: number): Verdict => {
  const rounds = one.steps.flatMap(({ input }, at) => (input.kind === "round" ? [at] : []));
  const parted = rounds[round - 1];
  const [mine, theirs] = [one.steps, other.steps];
  if (parted === undefined || firstDifference(mine[parted]?.input, theirs[parted]?.input) === null)
    return vacuous("the worlds do not differ in any tape");
  for (let at = 0; at < parted; at++) {
    const difference = firstDifference(mine[at]?.observation, theirs[at]?.observation);
    if (difference !== null) return fails(at, `only the tape of round ${round} differs, which comes later, but so does ${difference}`);
  }
  const judged = sameQuestions(mine[parted]!.observation, theirs[parted]?.observation, parted);
  return judged ?? later(one, other, parted, round);
};

/** In the round whose tape differs: the same requests, in the same order, and every answer another. */
const sameQuestions = ({ draws: mine }: Observation, observation: Observation | undefined, at: number): Verdict | null => {
  const theirs = observation?.draws ?? [];
  if (mine.length !== theirs.length)
    return fails(at, `${mine.length} requests are answered with one tape, and ${theirs.length} with the other`);
  for (const [k, draw] of mine.entries()) {
    const twin = theirs[k]!;
    if (nameOf(draw) !== nameOf(twin))
      return fails(at, `draw ${k} is for ${nameOf(draw)} with one tape, and for ${nameOf(twin)} with the other`);
    if (draw.bytes === twin.bytes) return fails(at, `${nameOf(draw)} is answered with the same bytes by two tapes`);
  }
  return null;
};

/** What was asked for before the tapes parted is answered later, and alike. */
const later = (one: Trace, other: Trace, parted: number, round: number): Verdict => {
  const before = (draw: Draw): boolean => draw.asked < heightAt(one, parted);
  for (let at = parted + 1; at < one.steps.length; at++) {
    const [mine, theirs] = [one, other].map(({ steps }) =>
      (steps[at]?.observation.draws ?? []).filter(before).map(({ bytes, ...draw }) => `${nameOf(draw)}: ${bytes}`),
    );
    const difference = firstDifference(mine, theirs);
    if (difference !== null) return fails(at, `what was asked for before round ${round} is answered otherwise after it: ${difference}`);
  }
  return one.steps[parted]!.observation.draws.length > 0 ? holds : vacuous("nobody drew from the tape that differs");
};

const heightAt = ({ steps }: Trace, at: number): number => {
  const [event] = steps[at]!.observation.events;
  return event?.kind === "round-began" ? event.height : 0;
};

const nameOf = ({ canister, callback, asked }: Pick<Draw, "canister" | "callback" | "asked">): string =>
  `${callText(canister, callback)} of round ${asked}`;
