/**
 * How long a call takes at least. On its own subnet it may be there and back within a round; to another subnet and back
 * it takes two deliveries, each in a round of its own; and randomness comes when its tape does, in no other round.
 */
import * as fc from "fast-check";
import { managementCanister, type CallbackId, type CanisterId, type ErrorCode, type Event, type SubnetId } from "../../spec/index.ts";
import { networkedWorlds } from "../arbitraries/busy.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { callText, type TrackedCall } from "../tracking/messages.ts";
import type { Complaint } from "../tracking/watch.ts";
import { callOf } from "../tracking/world.ts";
import { farJammedWorlds } from "./deadlines-jams.ts";
import { lawBetween, type Site } from "./network-walk.ts";

export const callsTakeTheirTime = lawBetween({
  id: "calls-take-their-time",
  statement:
    "A call to another subnet that comes back with an answer of that subnet took two deliveries at least: one after the round that sent it, in a round of the callee's subnet, and one after that, in a round of the caller's; a call for randomness is answered exactly the tape lag after the round that sent it, or in the next that is not skipped; and nothing of another subnet runs before it was delivered.",
  source: "facts/messages.md MSG-P15, SEED-003-37, SEED-003-38, section 8; seed 003, fast execution",
  cites: ["message-stream", "stream-request", "stream-response", "slice-admit", "randomness-ask", "randomness-answer", "request-induct"],
  needs: ["networks"],
  otherwise: "no call to another subnet came back",
  worlds: (vocabulary) =>
    fc.oneof(
      { arbitrary: slowConsumerWorlds(vocabulary), weight: 3 },
      { arbitrary: networkedWorlds(vocabulary), weight: 1 },
      { arbitrary: farJammedWorlds(vocabulary), weight: 1 },
    ),
  watch: (sites) => {
    const journeys = new Map<string, Journey>();
    const homes = new Map(
      sites.flatMap(({ number, world }) => [...world.canisters.keys()].map((id): [CanisterId, number] => [id, number])),
    );
    const isFrom = (subnet: SubnetId, canister: CanisterId): boolean => sites[homes.get(canister) ?? -1]?.name === subnet;
    const journeyOf = (caller: CanisterId, callback: CallbackId): Journey => {
      const key = callText(caller, callback);
      const known = journeys.get(key) ?? { sent: null, there: null, back: null };
      journeys.set(key, known);
      return known;
    };
    /** By subnet, the last round that was not skipped: nobody gets randomness in one that is. */
    const executed = new Map<number, number>();
    let back = 0;
    return {
      onEvent: (event, site, at) => {
        const { arrival, round } = site.world;
        if (event.kind === "round-ended" && round?.skipped === false) executed.set(site.number, event.height);
        if (event.kind === "randomness-answered") return answered(event, site, executed.get(site.number) ?? 0);
        if (arrival !== null && arrival.message.kind === "request" && isFrom(arrival.from, arrival.message.caller)) {
          const journey = journeyOf(arrival.message.caller, arrival.message.callback);
          journey.there = at;
          return after("is delivered", journey.sent, at, arrival.message);
        }
        if (
          arrival !== null &&
          arrival.from !== site.name &&
          arrival.message.kind === "response" &&
          isFrom(arrival.from, arrival.message.respondent)
        ) {
          const journey = journeyOf(arrival.message.caller, arrival.message.callback);
          journey.back = at;
          return after("is answered", journey.there, at, arrival.message);
        }
        if (event.kind !== "executed") return undefined;
        for (const { callback } of event.calls) journeyOf(event.canister, callback).sent = at;
        const { cause } = event;
        if (cause.kind === "update" && cause.origin.kind === "canister" && isFar(homes, cause.origin.canister, event.canister)) {
          const { there } = journeyOf(cause.origin.canister, cause.origin.callback);
          if (there === null)
            return `${event.canister} takes up ${callText(cause.origin.canister, cause.origin.callback)}, which no stream brought`;
        }
        const call = cause.kind === "response" ? callOf(site.world, event.canister, cause.callback) : undefined;
        if (cause.kind !== "response" || call === undefined || !isFar(homes, call.caller, call.callee)) return undefined;
        // The platform rejects, and never replies in the place of a canister.
        if (cause.result === "reject" && isOfThePlatform(call)) return undefined;
        back++;
        const journey = journeyOf(call.caller, call.callback);
        return journey.back === null ? `${callText(call.caller, call.callback)} has an answer that no stream brought` : undefined;
      },
      interested: () => back > 0,
    };
  },
});

/** The steps of a trace in which a call was sent, was delivered, and in which its answer was delivered. */
interface Journey {
  sent: number | null;
  there: number | null;
  back: number | null;
}

const after = (
  what: string,
  before: number | null,
  at: number,
  { caller, callback }: { readonly caller: CanisterId; readonly callback: CallbackId },
): Complaint => {
  if (before === null) return `${callText(caller, callback)} ${what} before it could be`;
  return before < at ? undefined : `${callText(caller, callback)} ${what} in the very step from which it comes`;
};

const isFar = (homes: ReadonlyMap<CanisterId, number>, one: CanisterId, other: CanisterId): boolean =>
  homes.has(one) && homes.has(other) && homes.get(one) !== homes.get(other);

/** Whether a call was answered without its callee: it had no way to go, did not leave, was shed, or nobody waited longer. */
const isOfThePlatform = ({ response }: TrackedCall): boolean => response === null || (response.error !== null && ours.has(response.error));

const ours: ReadonlySet<ErrorCode> = new Set(["IC0301", "IC0601", "IC0602", "CN0210", "CN0211"] as const);

const answered = (event: Extract<Event, { readonly kind: "randomness-answered" }>, { world }: Site, latest: number): Complaint => {
  const call = callOf(world, event.canister, event.callback);
  const { tapeLag } = world.parameters;
  if (call === undefined || call.callee !== managementCanister || call.request.sentIn === null) return undefined;
  const due = call.request.sentIn + tapeLag;
  const lag = world.height - call.request.sentIn;
  return world.height === due || (world.height > due && latest < due)
    ? undefined
    : `${callText(event.canister, event.callback)} gets randomness ${lag} rounds after it was sent, not ${tapeLag}`;
};
