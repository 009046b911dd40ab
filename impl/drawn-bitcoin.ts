/**
 * Worlds drawn from a seed in which canisters ask something of Bitcoin. They are other drawn worlds, most of which name a Bitcoin canister: one of this
 * subnet, of the other one, of a subnet that nobody drives, or of none, or one of those that ask, and mostly one that nobody calls by its name.
 * Wherever there are calls, also in composite queries, some of them go to the management canister with methods whose names begin as those of Bitcoin, or
 * nearly so, and some with such methods to whomever they went before.
 */
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  managementCanister,
  nanoseconds,
  percent,
  subnetId,
  type CanisterGenesis,
  type Genesis,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Move,
  type Parameters,
  type Scenario,
  type Slice,
} from "../spec/index.ts";
import { drawnCharges } from "./drawn-charges.ts";
import { managed } from "./drawn-management.ts";
import { drawnQueries } from "./drawn-queries.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withStableMemory } from "./drawn-stable.ts";
import { withValues } from "./drawn-values.ts";
import { amountFrom, drawnWorld } from "./drawn-world.ts";
import { rejectedByCanister, rejectWith } from "./refusals.ts";
import { ingress, networked } from "./small-world.ts";

export const drawnBitcoin = (seed: number): Scenario => {
  const draw = drawFrom(seed ^ 0xb7c);
  const worldFrom = draw.of([drawnWorld, drawnWorld, drawnSchedule, drawnQueries, drawnCharges]);
  const asked = (): Scenario => {
    const { inputs, ...world } = placed(draw, asking(draw, worldFrom(seed)));
    return withValues(seed, { ...world, inputs: inputs.slice(0, MOVES) });
  };
  return draw.chance(1, 3) ? withStableMemory(seed, aimed(draw, managed(draw, asked, methods, false))) : asked();
};

/** The same world, in which much of what is asked about canisters is asked about the usual Bitcoin canister. */
const aimed = (draw: Draw, { inputs, ...world }: Scenario): Scenario => ({
  ...world,
  inputs: inputs.map((move) => {
    const isAsked = move.kind === "ingress" && methods.some((method) => method === move.method);
    return isAsked && draw.chance(1, 2) ? { ...move, payload: asciiOf(usualBitcoin) } : move;
  }),
});

/** Some worlds go on for longer than there is anything new in them. */
const MOVES = 200;

/** What is asked about canisters, the Bitcoin canister among them, where something is. */
const methods: readonly ManagementMethod[] = ["start_canister", "stop_canister", "stop_canister"];

/** The Bitcoin canister of most worlds: where there is one of that name, nobody calls it by its name. */
export const usualBitcoin = canisterId("btc");

/** The same world, in which there is a Bitcoin canister somewhere, or nowhere; and now and then somebody does to it what is done to others. */
const placed = (draw: Draw, { genesis, others = [], inputs }: Scenario): Scenario => {
  const place = draw.of(["none", "a", "a", "here", "here", "here", "here", "away", "away", "beyond", "beyond", "nowhere"] as const);
  const naming = (one: Genesis): Genesis =>
    place === "none" || draw.chance(1, 12) ? one : { ...one, bitcoin: place === "a" ? canisterId("a") : usualBitcoin };
  const host = place === "here" ? 0 : place === "away" ? 1 : null;
  const worlds = [genesis, ...others];
  return {
    ...hosted(
      worlds.map((one, subnet) => {
        if (subnet === host) return naming(withBitcoin(draw, one));
        const home = worlds[host ?? -1]?.network?.own ?? (place === "away" || place === "beyond" ? "s9" : null);
        return naming(home === null ? one : routed(one, home));
      }),
    ),
    inputs: inputs.map((move, at) => answered(draw, renamed(draw, move), at)),
  };
};

const hosted = ([genesis, ...others]: readonly Genesis[]): Pick<Scenario, "genesis" | "others"> => ({ genesis: genesis!, others });

const routed = (one: Genesis, home: string): Genesis => {
  const { own, routes } = one.network ?? networked(one, "s0").network!;
  return { ...one, network: { own, routes: [...routes, { canister: usualBitcoin, subnet: subnetId(home) }] } };
};

/** A canister that does what another one does, and answers; what it asks of Bitcoin it asks of itself. */
const withBitcoin = (draw: Draw, one: Genesis): Genesis => {
  const bitcoin = { ...draw.of(one.canisters), id: usualBitcoin, balance: cycles(1_000_000_000n), computeAllocation: percent(0) };
  return { ...one, canisters: [...one.canisters, serving(draw, bitcoin)] };
};

const renamed = (draw: Draw, move: Move): Move => {
  if (move.kind === "create-canister") return draw.chance(1, 3) ? { ...move, canister: { ...move.canister, id: usualBitcoin } } : move;
  if (move.kind === "delete-canister" || move.kind === "uninstall") return draw.chance(1, 5) ? { ...move, canister: usualBitcoin } : move;
  const isOther = (move.kind === "top-up" || move.kind === "ingress" || move.kind === "query") && draw.chance(1, 12);
  return isOther ? { ...move, canister: usualBitcoin } : move;
};

/** In rounds come answers of a Bitcoin canister on a subnet that nobody drives, more as time goes on, some of them to calls that were made. */
const answered = (draw: Draw, move: Move, at: number): Move =>
  move.kind === "round" && draw.chance(1, 3) ? { ...move, slices: [...(move.slices ?? []), sliceFrom(draw, at)] } : move;

const sliceFrom = (draw: Draw, at: number): Slice => ({
  from: subnetId("s9"),
  begin: 0,
  signals: draw.of([0, 0, 0, 1, 2]),
  messages: draw.list(1, 8 + at, () => ({
    kind: "response",
    caller: canisterId(draw.of(["a", "a", "b", "c"])),
    callback: draw.below(3),
    respondent: draw.chance(1, 6) ? managementCanister : usualBitcoin,
    result: draw.chance(1, 4) ? rejectWith(rejectedByCanister) : { kind: "reply", payload: hex(draw.of(["", "07"])) },
    refund: cycles(draw.of([0n, 0n, 0n, 1n])),
    deadline: draw.chance(3, 4) ? null : nanoseconds(1003n),
  })),
});

/** The same world, in which there is more to be asked and more to be answered, and often room for it. */
const asking = (draw: Draw, { genesis, others = [], inputs }: Scenario): Scenario => {
  const room = draw.chance(2, 3) ? roomFrom(draw) : {};
  const bornFrom = (born: CanisterGenesis): CanisterGenesis => diverted(draw, draw.chance(2, 3) ? serving(draw, born) : born);
  const asked = (one: Genesis): Genesis => ({
    ...one,
    parameters: { ...one.parameters, ...room },
    canisters: one.canisters.map((born) => ({
      ...bornFrom(born),
      ...(draw.chance(1, 2) && { balance: cycles(born.balance + 10_000_000n), inspect: [{ op: "accept-message" }] }),
    })),
  });
  return {
    genesis: asked(genesis),
    others: others.map(asked),
    inputs: inputs.flatMap((move): Move[] => {
      const subnet = move.subnet ?? 0;
      if (move.kind === "create-canister") return [{ ...move, canister: bornFrom(move.canister) }];
      if (move.kind === "round") return [...draw.list(0, 1, () => ({ ...messageFrom(draw), subnet })), move];
      const isOther = (move.kind === "ingress" || move.kind === "query") && draw.chance(1, 12);
      return [isOther ? { ...move, method: draw.of(served) } : move];
    }),
  };
};

/** Room for calls, but hardly more slots. */
const roomFrom = (draw: Draw): Partial<Parameters> => ({
  queueCapacity: draw.of([1, 2, 4]),
  guaranteedResponseMemory: bytes(draw.of([500, 10_000])),
  callbackLimit: 20,
  callbackQuota: 10,
  historyCapacity: 200,
});

const messageFrom = (draw: Draw): Move => ingress(`b${draw.below(10_000)}`, draw.of(["a", "b", "c", "x", "y"]));

const served = ["bitcoin_get_balance", "bitcoin_get_utxos"];
/** The last is asked of the management canister alone. */
const askable = [...served, "bitcoin_"];
const similar = ["bitcoin", "bitcoin-get_balance", "bitcoins_get_balance", "get_bitcoin_"];

/** The same canister, with some methods more that are called as those of Bitcoin are. */
const serving = (draw: Draw, born: CanisterGenesis): CanisterGenesis => ({
  ...born,
  methods: [
    ...born.methods,
    ...served
      .filter((name) => draw.chance(5, 6) && born.methods.every((method) => method.name !== name))
      .map((name): Method => ({
        name,
        mode: draw.of(["update", "update", "update", "query", "composite"]),
        body: [
          { op: "accept", cycles: amountFrom(draw) },
          ...(draw.chance(1, 3) ? born.methods[0]!.body : []),
          { op: "reply", payload: { kind: "message" } },
        ],
      })),
  ],
});

/** The same, wherever its calls went, with some that go to the management canister, or have other methods. */
const diverted = <T>(draw: Draw, value: T): T => {
  const divert = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(divert);
    if (typeof part !== "object" || part === null) return part;
    const inner = Object.fromEntries(Object.entries(part).map(([name, field]) => [name, divert(field)]));
    return inner["op"] === "call" ? { ...inner, ...directionFrom(draw) } : inner;
  };
  return divert(value) as T;
};

const directionFrom = (draw: Draw): Partial<Extract<Instruction, { op: "call" }>> => {
  const cut = draw.below(12);
  if (cut < 6) return { callee: managementCanister, method: draw.of(askable) };
  if (cut < 8) return { method: draw.of(served) };
  return cut < 9 ? { callee: managementCanister, method: draw.of(similar) } : {};
};
