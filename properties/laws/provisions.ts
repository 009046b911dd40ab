/** Cycles from nothing: where the genesis speaks of them, whoever asks gets as many as were asked for, and nowhere else anybody gets one. */
import * as fc from "fast-check";
import { asciiOf, isProvisional, type CanisterId, type Event, type Result } from "../../spec/index.ts";
import { providedWorlds } from "../arbitraries/focuses.ts";
import { managedWorlds } from "../arbitraries/managed.ts";
import { alone } from "../case.ts";
import { changesOf, flowsOf } from "../flows.ts";
import { askedIn, isProvided, nextAsking } from "../tracking/management.ts";
import { callText } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";

export const provisionsAreMinted = watchedLaw({
  id: "provisions-are-minted",
  statement:
    "Where the genesis speaks of cycles from nothing, a canister is made, or topped up, with exactly as many as were asked for, or as the genesis says where nobody said how many; so many are minted, nobody pays a fee, and all that was attached comes back with the answer; where the genesis does not speak of them, whoever asks for some hears that there is no such method, and nobody gets any.",
  source: "facts/messages.md F2, F3; facts/cycles.md T54, CYC-C38",
  cites: ["cycles-provide", "canister-make", "management-ask", "management-answer", "management-allow"],
  needs: ["provision"],
  otherwise: "nobody asked for cycles from nothing",
  cases: (vocabulary) =>
    fc.oneof({ arbitrary: providedWorlds(vocabulary), weight: 9 }, { arbitrary: managedWorlds(vocabulary), weight: 1 }).map(alone),
  watch: () => {
    let asked = false;
    /** What is minted by what is told of one input, and all that was minted before. */
    let [minted, before] = [0n, null as bigint | null];
    /** How the request is to be answered for which cycles were made just before. */
    let due: Due | null = null;
    return {
      onEvent: (event, world) => {
        minted += changesOf(flowsOf(event, world)).minted;
        switch (event.kind) {
          case "request-bounced": {
            const method = callOf(world, event.caller, event.callback)?.request.method;
            if (method === undefined || !isProvisional(method)) return undefined;
            asked = true;
            return event.error === "IC0536" && world.genesis.provisional !== undefined
              ? `${callText(event.caller, event.callback)} for ${method} came back, as if there were no cycles from nothing`
              : undefined;
          }
          case "management-asked":
            if (!isProvisional(event.method)) return undefined;
            asked = true;
            return world.genesis.provisional === undefined
              ? `${callText(event.caller, event.callback)} for ${event.method} waits, where no cycles are made from nothing`
              : undefined;
          case "cycles-provided":
            due = dueNow(world, "");
            return misprovided(event, world);
          case "canister-created":
            if (!isProvided(world)) return undefined;
            due = dueNow(world, asciiOf(event.canister));
            return misendowed(event, world);
          case "management-answered": {
            const awaited = due;
            due = null;
            return awaited === null ? undefined : misanswered(event, awaited);
          }
          default:
            return undefined;
        }
      },
      onStep: ({ observation: { ledger } }) => {
        const [made, told] = [before === null ? null : ledger.minted - before, minted];
        [before, minted] = [ledger.minted, 0n];
        if (due !== null) return `cycles were made for ${callText(due.caller, due.callback)}, which was not answered`;
        return made === null || made === told ? undefined : `${told} cycles were told to be minted, and ${made} were`;
      },
      interested: () => asked,
    };
  },
});

interface Due {
  readonly caller: CanisterId;
  readonly callback: number;
  /** @unit cycles */
  readonly refund: bigint;
  readonly payload: string;
}

/** All that was attached comes back with the answer to what is executed now. */
const dueNow = (world: World, payload: string): Due | null => {
  const request = nextAsking(world)?.request;
  if (request?.kind !== "request") return null;
  const { caller, callback, attached } = request;
  return { caller, callback, refund: callOf(world, caller, callback)?.attached ?? attached, payload };
};

const misprovided = ({ canister: id, cycles, balance }: Extract<Event, { readonly kind: "cycles-provided" }>, world: World): Complaint => {
  const asking = nextAsking(world);
  const asked = asking === undefined ? null : askedIn(asking);
  if (asked?.method !== "provisional_top_up_canister" || asked.canister !== id)
    return `cycles were made for ${id}, and nobody asked for that`;
  if (cycles !== asked.amount) return `${cycles} cycles were made for ${id}, of which ${asked.amount} were asked for`;
  const had = world.canisters.get(id)?.balance;
  if (had === undefined) return `cycles were made for ${id}, which is nowhere`;
  return balance === had + cycles ? undefined : `${id} had ${had} cycles, got ${cycles} from nothing, and has ${balance}`;
};

const misendowed = ({ canister: id, balance }: Extract<Event, { readonly kind: "canister-created" }>, world: World): Complaint => {
  const asking = nextAsking(world);
  const asked = asking === undefined ? null : askedIn(asking);
  const said = asked?.method === "provisional_create_canister_with_cycles" ? asked.amount : null;
  const portion = said ?? world.genesis.provisional;
  return balance === portion ? undefined : `${id} was made with ${balance} cycles from nothing, and was to have ${portion ?? "none"}`;
};

const misanswered = (
  {
    caller,
    callback,
    result,
    refund,
  }: { readonly caller: CanisterId; readonly callback: number; readonly result: Result; readonly refund: bigint },
  due: Due,
): Complaint => {
  const what = `${callText(caller, callback)} asked for cycles from nothing`;
  if (caller !== due.caller || callback !== due.callback) return `${callText(caller, callback)} is answered before who asked for cycles`;
  if (result.kind !== "reply" || result.payload !== due.payload) return `${what}, and heard something else`;
  return refund === due.refund ? undefined : `${what} with ${due.refund} attached, and gets ${refund} back`;
};
