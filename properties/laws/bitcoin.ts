/** Bitcoin: a script asks the management canister, and who is asked is the canister that keeps it, like any other callee. */
import * as fc from "fast-check";
import { bitcoinPrefix, managementCanister, type Event, type Executed } from "../../spec/index.ts";
import { bitcoinWorlds } from "../arbitraries/bitcoin.ts";
import { alone } from "../case.ts";
import { calleeOf, isOfBitcoin } from "../tracking/bitcoin.ts";
import type { Foreseen } from "../tracking/foresight.ts";
import { callText } from "../tracking/messages.ts";
import { foreseeQuery } from "../tracking/questions.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, subnetOf, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";

export const bitcoinAnswersForItself = watchedLaw({
  id: "bitcoin-answers-for-itself",
  statement:
    "A call to the management canister of a method whose name begins with bitcoin_ is one to the Bitcoin canister, where the subnet knows one, and takes its slot there; no other call, and none of a composite query, is one to anybody but whom its script names; that canister alone answers it, straight to whoever asked, and the management canister never; where the subnet knows none, or knows one that is nowhere, the request comes back, with IC0536 or IC0301.",
  source: "facts/messages.md F30, F41, MSG-CAP01; seed 003, messages to Bitcoin",
  cites: ["bitcoin-route", "call-send", "request-bounce", "management-ask", "context-respond", "restart"],
  needs: ["bitcoin"],
  otherwise: "nobody asked for anything of Bitcoin",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: bitcoinWorlds(vocabulary), weight: 3 },
        { arbitrary: bitcoinWorlds(vocabulary, { place: "here", crowded: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let asked = false;
    return {
      onEvent: (event, world, { input }) => {
        switch (event.kind) {
          case "executed":
            if (world.foreseen === null) return undefined;
            asked ||= world.foreseen.calls.some(({ instruction }) => isOfBitcoin(instruction));
            return misrouted(event, world.foreseen, world);
          case "query-answered":
            return input.kind === "query" ? misasked(event, foreseeQuery(world, input)) : undefined;
          case "management-asked":
            return meddling("waits for the management canister", event, world);
          case "randomness-asked":
            return meddling("waits for randomness", { caller: event.canister, callback: event.callback }, world);
          case "management-answered":
            return meddling("is answered by the management canister", event, world);
          case "request-bounced":
            return wrongBounce(event, world);
          case "answered":
            return misanswered(event, world);
          case "response-inducted":
            return unanswered(event, world);
          default:
            return undefined;
        }
      },
      interested: () => asked,
    };
  },
});

/** Whom an execution called, or could not call, against whom its scripts name. */
const misrouted = ({ canister, calls, refusedCalls }: Executed, { calls: foretold, refused }: Foreseen, world: World): Complaint => {
  const bitcoin = world.genesis.bitcoin ?? null;
  const told = [...calls.map(({ callee, method }) => `${method} of ${callee}`), ...refusedCalls.map(unsent)];
  const expected = [
    ...foretold.map(({ instruction }) => `${instruction.method} of ${calleeOf(instruction, bitcoin)}`),
    ...refused.map(unsent),
  ];
  const at = expected.findIndex((what, place) => told[place] !== what);
  if (at < 0 && told.length === expected.length) return undefined;
  const place = at < 0 ? expected.length : at;
  return `${canister} called ${told[place] ?? "nobody more"}, and was to call ${expected[place] ?? "nobody more"}`;
};

const unsent = ({ callee, error }: Foreseen["refused"][number]): string => `${callee} in vain (${error})`;

const misasked = (
  { nested }: Extract<Event, { readonly kind: "query-answered" }>,
  foretold: ReturnType<typeof foreseeQuery>,
): Complaint => {
  const expected = foretold.kind === "query-answered" ? foretold.nested : [];
  const difference = firstDifference(nested.map(asking), expected.map(asking));
  return difference === null ? undefined : `a query did not ask whom it names: ${difference}`;
};

const asking = ({ caller, callee, method }: { readonly caller: string; readonly callee: string; readonly method: string }): string =>
  `${method} of ${callee} for ${caller}`;

type Named = Pick<Extract<Event, { readonly kind: "request-bounced" }>, "caller" | "callback">;

/** The management canister has nothing to do with what is asked of Bitcoin. */
const meddling = (what: string, { caller, callback }: Named, world: World): Complaint => {
  const method = callOf(world, caller, callback)?.request.method;
  return method?.startsWith(bitcoinPrefix) === true ? `${callText(caller, callback)} for ${method} ${what}` : undefined;
};

const wrongBounce = (event: Extract<Event, { readonly kind: "request-bounced" }>, world: World): Complaint => {
  const call = bitcoinCall(event, world);
  // What did not leave in time, or found no room, comes back whomever it was for.
  if (call === undefined || event.error === "CN0210" || event.error === "CN0211") return undefined;
  const { callee } = call;
  const expected = callee === managementCanister ? "IC0536" : subnetOf(world, callee) === undefined ? "IC0301" : null;
  return event.error === expected
    ? undefined
    : `${callText(event.caller, event.callback)} to ${callee} came back with ${event.error}: expected ${expected ?? "that it does not come back"}`;
};

/** What a canister says to a call that asked for something of Bitcoin, and is one to another one. */
const misanswered = ({ canister, origin }: Extract<Event, { readonly kind: "answered" }>, world: World): Complaint => {
  const call = origin.kind === "canister" ? bitcoinCall({ caller: origin.canister, callback: origin.callback }, world) : undefined;
  return call === undefined || call.callee === canister
    ? undefined
    : `${canister} answers ${callText(call.caller, call.callback)}, which is one to ${call.callee}`;
};

const unanswered = (event: Extract<Event, { readonly kind: "response-inducted" }>, world: World): Complaint => {
  const call = bitcoinCall(event, world);
  if (call === undefined || world.arrival === null) return undefined;
  const { message } = world.arrival;
  const respondent = message.kind === "response" ? message.respondent : "nobody";
  return respondent === call.callee
    ? undefined
    : `${callText(call.caller, call.callback)} is one to ${call.callee}, and what comes back is of ${respondent}`;
};

/** A call for which a script asked the management canister for something of Bitcoin. */
const bitcoinCall = ({ caller, callback }: Named, world: World) => {
  const call = callOf(world, caller, callback);
  return call?.instruction != null && isOfBitcoin(call.instruction) ? call : undefined;
};
