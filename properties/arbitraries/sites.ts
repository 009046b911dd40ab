/**
 * Sites: the subnets of a world that is being drawn, each with the canisters that live there and the routes to the others.
 * Routes are mostly right; some lead to a canister that is not where they say, some to a subnet that does not exist, and
 * some are missing.
 */
import {
  canisterId,
  nanoseconds,
  subnetId,
  type CanisterId,
  type Genesis,
  type Network,
  type Parameters,
  type Route,
  type SubnetId,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { allocationsOf, canisterOf, unitOf } from "./canisters.ts";
import type { Dice } from "./dice.ts";
import type { Focus, Lexicon } from "./focus.ts";
import type { Terrain } from "./grammar.ts";
import type { IdiomName } from "./idioms.ts";
import { feesDrawn, networkOf } from "./networks.ts";
import type { Stranger } from "./strangers.ts";

/** One subnet of a world that is being drawn. */
export interface Site {
  readonly genesis: Genesis;
  readonly terrain: Terrain;
  /** Subnets that are no sites, and of which slices come all the same. */
  readonly strangers: readonly Stranger[];
  /** The time after the rounds that were drawn so far. @unit nanoseconds */
  now: bigint;
}

/** A canister whose program was planted, and the number of its subnet. */
export interface Star {
  readonly site: number;
  readonly canister: CanisterId;
  readonly idiom: IdiomName;
}

/** So many subnets, whose canisters know of each other. */
export const sitesOf = (
  dice: Dice,
  vocabulary: Vocabulary,
  lexicon: Lexicon,
  focus: Focus,
  count: number,
): { readonly sites: readonly Site[]; readonly star: Star | null } => {
  const ids = populations(dice, focus, count);
  const [first, ...others] = ids.map(() => parametersOf(dice, vocabulary, lexicon, focus));
  // All subnets agree on the largest payload: nobody could hold what another one sends.
  const parameters = [first!, ...others.map((drawn): Parameters => ({ ...drawn, maxPayload: first!.maxPayload }))];
  const star = starOf(dice, focus, ids);
  const time = dice.big(0n, 10n ** 18n);
  const sites = ids.map((canisters, number): Site => {
    const strangers = lexicon.customs.has("networks") && count === 1 ? strangersOf(dice) : [];
    const network = networkAt(dice, ids, number, strangers, lexicon.customs.has("strays"));
    const terrain: Terrain = {
      parameters: parameters[number]!,
      canisters,
      far: network === null ? [] : network.routes.map(({ canister }) => canister),
      words: lexicon.instructions,
      customs: lexicon.customs,
      randomness: lexicon.randomness,
      patient: focus.patient === true,
      unit: unitOf(parameters[number]!),
    };
    const allocations = allocationsOf(dice, canisters.length, terrain.parameters.cores);
    const start = nanoseconds(time + (number === 0 ? 0n : dice.big(0n, 2_000_000_000n)));
    return {
      genesis: {
        parameters: terrain.parameters,
        time: start,
        ...(network && { network }),
        canisters: canisters.map((id, at) =>
          canisterOf(dice, terrain, id, allocations[at]!, focus, star?.canister === id ? star.idiom : null),
        ),
      },
      terrain,
      strangers: lexicon.customs.has("strangers") ? strangers : [],
      now: start,
    };
  });
  return { sites, star };
};

/** Who lives on each of so many subnets. A subnet alone is larger than one among others. */
const populations = (dice: Dice, { crowded = false }: Focus, count: number): readonly (readonly CanisterId[])[] => {
  const mixed = dice.shuffle(names);
  if (count === 1) {
    const size = dice.weigh([
      [crowded ? 0 : 1, 1],
      [3, 2],
      [4, 3],
      [3, 4],
      [2, 5],
      [2, 6],
    ]);
    return [mixed.slice(0, size)];
  }
  let from = 0;
  return Array.from({ length: count }, () => {
    const size = dice.weigh([
      [crowded ? 0 : 3, 1],
      [5, 2],
      [2, 3],
    ]);
    from += size;
    return mixed.slice(from - size, from);
  });
};

const names = ["a", "b", "c-1", "c0", "delta", "e", "m", "y2", "z"].map(canisterId);

const parametersOf = (dice: Dice, vocabulary: Vocabulary, { customs, scarce, instructions }: Lexicon, focus: Focus): Parameters => {
  const drawn = networkOf(dice, feesDrawn(dice, focus.priced), scarce);
  const fates = [...vocabulary.droppedCycles];
  const preferred = focus.fate ?? "returned";
  const fate = fates.includes(preferred) && dice.chance(focus.fate === undefined ? 20 : 70) ? [preferred] : fates;
  const network = { ...drawn, ...(fate.length > 0 && { droppedCycles: dice.pick(fate) }) };
  return {
    ...(focus.network?.(network, dice) ?? network),
    // The first page is always one of the heap.
    ...(instructions.has("stable-grow") && dice.chance(40) && { heapPages: dice.whole(1, network.maxPages) }),
    // A callee that still holds a request of an expired call has one slot less than its caller thinks: where no message may be
    // left over at the end of a round, there are slots for all.
    ...(customs.has("best-effort") && !vocabulary.limits.has("roundInstructionLimit") && { queueCapacity: 200 }),
  };
};

const starOf = (dice: Dice, { plant }: Focus, ids: readonly (readonly CanisterId[])[]): Star | null => {
  if (plant === undefined) return null;
  const site = dice.whole(0, ids.length - 1);
  return { site, canister: dice.pick(ids[site]!), idiom: dice.pick(plant) };
};

const subnets: readonly SubnetId[] = ["mid", "east", "west"].map(subnetId);

/** Subnets that are no sites, with the canisters that they are said to host. */
const strangersOf = (dice: Dice): readonly Stranger[] =>
  dice
    .shuffle(["abroad", "zone"])
    .slice(0, dice.whole(1, 2))
    .map((name, at) => ({
      subnet: subnetId(name),
      hosted: farNames.slice(at * 2, at * 2 + dice.whole(1, 2)),
      sent: [],
      asked: [],
    }));

const farNames = ["far-0", "far-1", "b-far", "zz-far"].map(canisterId);

/** The place of a subnet among others; none for one that knows nobody. */
const networkAt = (
  dice: Dice,
  ids: readonly (readonly CanisterId[])[],
  number: number,
  strangers: readonly Stranger[],
  strays: boolean,
): Network | null => {
  const routes: Route[] = [
    ...ids.flatMap((canisters, other) => (other === number ? [] : canisters.map((canister) => ({ canister, subnet: subnets[other]! })))),
    ...strangers.flatMap(({ subnet, hosted }) => hosted.map((canister) => ({ canister, subnet }))),
  ];
  if (routes.length === 0) return null;
  if (ids.length > 1 && dice.chance(15)) routes.splice(dice.whole(0, routes.length - 1), 1);
  // Who is not where a route says is answered by the subnet that the route leads to; who is said to be nowhere, by nobody.
  if (ids.length > 1 && strays && dice.chance(40)) routes.push({ canister: canisterId("ghost"), subnet: subnets[number === 0 ? 1 : 0]! });
  if (ids.length > 1 && dice.chance(10)) routes.push({ canister: canisterId("exile"), subnet: subnetId("atlantis") });
  return { own: subnets[number]!, routes: dice.shuffle(routes) };
};
