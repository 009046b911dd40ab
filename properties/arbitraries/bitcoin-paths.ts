/** Paths of what is asked of Bitcoin: whom it reaches, and what comes back. */
import { bitcoinPrefix, managementCanister, type CanisterId, type Event, type Genesis } from "../../spec/index.ts";

export const bitcoinPaths = [
  "the Bitcoin canister is asked on its subnet",
  "the Bitcoin canister is asked from another subnet",
  "the Bitcoin canister has no slot left",
  "the Bitcoin canister answers",
  "a call to the Bitcoin canister is rejected",
  "an ordinary canister is asked as if it were for Bitcoin",
  "a query asks for Bitcoin in vain",
] as const;

/** Those of worlds in which the Bitcoin canister is somewhere else. */
export const rareBitcoinPaths = [
  "the Bitcoin canister asks itself",
  "a Bitcoin canister that is nowhere is asked",
  "Bitcoin is asked for where nobody keeps it",
  "the Bitcoin canister is too slow for who asks",
] as const;

type BitcoinPath = (typeof bitcoinPaths)[number] | (typeof rareBitcoinPaths)[number];

/** Calls for something of Bitcoin: whom each is one to, by caller and number. */
export type BitcoinWalk = Map<string, CanisterId>;

/** The paths that an event shows, in a world that begins like this. */
export const bitcoinPathsOf = (event: Event, { bitcoin, network, canisters }: Genesis, asked: BitcoinWalk): readonly BitcoinPath[] => {
  switch (event.kind) {
    case "executed": {
      const { canister, calls, refusedCalls, cause } = event;
      const callees = calls
        .filter(({ method }) => method.startsWith(bitcoinPrefix))
        .map(({ callback, callee }) => {
          asked.set(`${canister} ${callback}`, callee);
          return callee;
        });
      const reached = callees.some((callee) => callee === bitcoin);
      const isHere = canisters.some(({ id }) => id === bitcoin);
      const isFar = network?.routes.some((route) => route.canister === bitcoin) === true;
      const answerer = cause.kind === "response" ? asked.get(`${canister} ${cause.callback}`) : undefined;
      return [
        ...when("the Bitcoin canister is asked on its subnet", reached && isHere),
        ...when("the Bitcoin canister is asked from another subnet", reached && isFar),
        ...when("the Bitcoin canister asks itself", canister === bitcoin && callees.includes(canister)),
        ...when(
          "an ordinary canister is asked as if it were for Bitcoin",
          callees.some((callee) => callee !== bitcoin && callee !== managementCanister),
        ),
        ...when(
          "the Bitcoin canister has no slot left",
          refusedCalls.some(({ callee, error }) => callee === bitcoin && error === "IC0201"),
        ),
        ...(cause.kind === "response" && answerer !== undefined && answerer === bitcoin
          ? ([cause.result === "reply" ? "the Bitcoin canister answers" : "a call to the Bitcoin canister is rejected"] as const)
          : []),
      ];
    }
    case "query-answered":
      return when(
        "a query asks for Bitcoin in vain",
        event.nested.some(({ callee, method }) => callee === managementCanister && method.startsWith(bitcoinPrefix)),
      );
    case "request-bounced": {
      const callee = asked.get(`${event.caller} ${event.callback}`);
      return [
        ...when("a Bitcoin canister that is nowhere is asked", event.error === "IC0301" && callee !== undefined && callee === bitcoin),
        ...when("Bitcoin is asked for where nobody keeps it", event.error === "IC0536" && callee === managementCanister),
      ];
    }
    case "callback-expired": {
      const callee = asked.get(`${event.caller} ${event.callback}`);
      return when("the Bitcoin canister is too slow for who asks", callee !== undefined && callee === bitcoin);
    }
    default:
      return [];
  }
};

const when = (path: BitcoinPath, taken: boolean): readonly BitcoinPath[] => (taken ? [path] : []);
