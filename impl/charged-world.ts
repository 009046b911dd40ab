/**
 * Small worlds in which canisters are charged, for the tests of this room: a page costs 1 cycle a second, a percent of a core 1, and
 * charges come every 10 seconds.
 */
import { nanoseconds, type Event, type Genesis, type Input, type Parameters } from "../spec/index.ts";
import type { EngineSession } from "./engine.ts";
import { round, smallWorld, type SmallCanister } from "./small-world.ts";

export const second = 1_000_000_000n;
const never = nanoseconds(2n ** 61n);
const limits: Partial<Parameters> = {
  chargePeriod: nanoseconds(10n * second),
  requestLifetime: never,
  ingressLifetime: never,
  historyLifetime: never,
};

export const charged = (canisters: Readonly<Record<string, SmallCanister>>, parameters: Partial<Parameters> = {}): Genesis =>
  smallWorld(canisters, { ...limits, ...parameters });

/** A round so many seconds later, to the thousandth. */
export const pass = (seconds: number): Extract<Input, { kind: "round" }> => ({
  ...(round() as Extract<Input, { kind: "round" }>),
  elapsed: nanoseconds(BigInt(Math.round(seconds * 1_000)) * 1_000_000n),
});

/** What a round says of charges. */
export const told = (session: EngineSession, input: Input): readonly Event[] =>
  session.apply(input).events.filter(({ kind }) => kind === "resources-charged" || kind === "ran-dry");

export const all = (canisters: number, memory: bigint, compute: bigint, messages = 0n) => ({
  kind: "resources-charged",
  canisters,
  memory,
  messages,
  compute,
});
export const dry = (canister: string, burned: bigint) => ({ kind: "ran-dry", canister, burned });

export const balances = (session: EngineSession): readonly bigint[] => session.view().canisters.map(({ balance }) => balance);
