/**
 * What becomes of the cycles on a best-effort message that is dropped. The network says whether they are lost or return;
 * either way they are told once, and nothing else is ever lost but what nobody should have sent.
 */
import * as fc from "fast-check";
import type { Event } from "../../spec/index.ts";
import { lateWorlds } from "../arbitraries/focuses.ts";
import { strangeWorlds } from "../arbitraries/strange.ts";
import { alone } from "../case.ts";
import { cyclesOf, cyclesOn, messageText, type TrackedMessage } from "../tracking/messages.ts";
import { orphanedAnswer } from "../tracking/management.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { subnetOf, type World } from "../tracking/world.ts";
import { jammedWorlds } from "./deadlines-jams.ts";

export const droppedCyclesHaveOneFate = watchedLaw({
  id: "dropped-cycles-have-one-fate",
  statement:
    "The cycles on a dropped message that is not answered with them are lost where the network loses such cycles; elsewhere they return to their caller at once, or through the stream to its subnet; and the ledger's lost cycles grow by these, by what is on ignored messages, and by nothing else.",
  source: "facts/messages.md MSG-P2, MSG-P20, E8, E11, K11, RND-11, B12",
  cites: ["cycles-lose", "cycles-return", "refund-stream", "message-expire", "message-shed", "message-ignore"],
  otherwise: "no cycles were on a message that was dropped or ignored",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: jammedWorlds(vocabulary), weight: 14 },
        { arbitrary: lateWorlds(vocabulary), weight: 1 },
        { arbitrary: strangeWorlds(vocabulary), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let due: readonly string[] = [];
    let lost = 0n;
    let before = 0n;
    let interested = false;
    return {
      onEvent: (event, world) => {
        const [next, ...rest] = due;
        due = rest;
        const told = fateText(event);
        if (told !== (next ?? null))
          return next === undefined ? `${told}, and no such message was dropped` : `after a message was dropped, expected "${next}"`;
        if (event.kind === "message-dropped") due = fatesOf(event, world);
        if (event.kind === "cycles-dropped" && event.fate === "lost") lost += event.cycles;
        if (event.kind === "message-refused" && event.error === null && world.arrival !== null) lost += cyclesOn(world.arrival.message);
        interested ||= lost > 0n || due.length > 0;
        return undefined;
      },
      onStep: ({ observation: { ledger } }): Complaint => {
        const [grown, told] = [ledger.lost - before, lost];
        before = ledger.lost;
        lost = 0n;
        return grown === told ? undefined : `${grown} cycles are said to be lost, but ${told} were on what was dropped or ignored`;
      },
      interested: () => interested,
    };
  },
});

/** What an event says of dropped cycles; `null` where it says nothing. */
const fateText = (event: Event): string | null => {
  if (event.kind === "cycles-dropped") return `${event.cycles} cycles of ${event.owner} are ${event.fate}`;
  if (event.kind !== "message-streamed" || event.message.kind !== "refund") return null;
  return `${event.message.cycles} cycles are on their way to ${event.message.canister} on ${event.to}`;
};

type Dropped = Extract<Event, { readonly kind: "message-dropped" }>;

/** What must be said next of the cycles on a message that is dropped. */
const fatesOf = (event: Dropped, world: World): readonly string[] => {
  const { canister, queue, message: kind, reason } = event;
  const orphaned = orphanedAnswer(event, world);
  if (orphaned !== null) return orphaned === 0n ? [] : [`${orphaned} cycles of ${event.caller} are lost`];
  const message = lyingIn(event, world);
  if (message === undefined) throw new Error(`${messageText({ ...event, kind })} was not in the ${queue} queue of ${canister}`);
  const [count, owner] = [cyclesOf(message), message.caller];
  // A request that is shed before it left comes back with them.
  if (count === 0n || (reason === "shed" && queue === "output" && kind === "request")) return [];
  const fate = (word: string): string => `${count} cycles of ${owner} are ${word}`;
  if (world.parameters.droppedCycles === "lost" || subnetOf(world, owner) === undefined) return [fate("lost")];
  if (world.canisters.has(owner)) return [fate("returned")];
  return [fate("streamed"), `${count} cycles are on their way to ${owner} on ${world.routes.get(owner)}`];
};

const lyingIn = ({ canister, queue, message: kind, caller, callback }: Dropped, { canisters }: World): TrackedMessage | undefined => {
  const queues = canisters.get(canister)?.queues[queue === "input" ? "inputs" : "outputs"];
  return [...(queues?.values() ?? [])]
    .flat()
    .find((message) => message.kind === kind && message.caller === caller && message.callback === callback);
};
