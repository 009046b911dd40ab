/**
 * What is done to the subnets of a world: messages of users in bursts, rounds whose time crosses what may expire, cycles,
 * uninstallations, restarts; and, between several subnets, a network that is prompt in one direction and slow in another,
 * repeats what it delivered, and lets one stream starve. At the end come quiet rounds, so that calls come home.
 */
import {
  cycles,
  hex,
  ingressId,
  nanoseconds,
  type CanisterId,
  type Delivery,
  type Hex,
  type IngressId,
  type Input,
  type InputKind,
  type Move,
  type Nanoseconds,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import type { Focus, Lexicon } from "./focus.ts";
import { levels, nobody, someBytes } from "./grammar.ts";
import { pathsDrawn } from "./readings.ts";
import { senderDrawn } from "./reads.ts";
import type { Site, Star } from "./sites.ts";
import { slicesOf } from "./strangers.ts";

export const movesOf = (
  dice: Dice,
  vocabulary: Vocabulary,
  { inputs: kinds }: Lexicon,
  focus: Focus,
  sites: readonly Site[],
  star: Star | null,
): readonly Move[] => {
  const moves: Move[] = [];
  const known: IngressId[] = [];
  const network = weatherOf(dice, sites.length, focus.sluggish === true);
  const at = (number: number, input: Move): void => void moves.push(number === 0 ? input : { ...input, subnet: number });
  const anywhere = (): number => dice.whole(0, sites.length - 1);
  const ingress = (number: number, canister: CanisterId | null): void => {
    if (!kinds.has("ingress")) return;
    const again = focus.limits?.includes("historyLifetime") === true ? 50 : 5;
    const id = known.length > 0 && dice.chance(again) ? dice.pick(known) : ingressId(`x${known.length}`);
    known.push(id);
    const dated = dice.chance(focus.limits?.includes("ingressLifetime") === true ? 40 : 15);
    at(number, ingressOf(dice, sites[number]!, id, canister, dated, vocabulary));
  };
  const round = (number: number, weather: Weather): void => {
    const site = sites[number]!;
    const elapsed = elapsedOf(dice, sites.length > 1, focus.hasty === true);
    const slices = slicesOf(dice, site.terrain, site.strangers, site.now);
    const deliveries = deliveriesOf(dice, weather, number, sites.length);
    site.now += elapsed;
    const tape = tapeOf(dice, moves);
    at(number, {
      kind: "round",
      elapsed,
      tape,
      ...(slices.length > 0 && { slices }),
      ...(deliveries.length > 0 && { deliveries }),
    });
  };
  const uninstall = (number: number): void => {
    const { canisters } = sites[number]!.terrain;
    if (kinds.has("uninstall")) at(number, { kind: "uninstall", canister: dice.chance(8) ? nobody : dice.pick(canisters) });
  };
  const wanted = sites.length === 1 ? dice.whole(4, 32) : dice.whole(8, 36);
  const starred = star === null ? 0 : dice.whole(1, 3);
  while (moves.length < wanted) {
    if (star !== null && moves.length < starred * 2) ingress(star.site, star.canister);
    const kind = dice.weigh<InputKind>([
      [40, "ingress"],
      [sites.length === 1 ? 30 : 60, "round"],
      [6, "top-up"],
      [2, "uninstall"],
      [5, "restart"],
      [4, "read-state"],
    ]);
    const number = anywhere();
    const { terrain } = sites[number]!;
    if (kind === "ingress") dice.times(1, 4, () => ingress(number, null));
    if (kind === "round" || moves.length === 0) {
      round(number, network);
      // What is under way is known to those who look just after a round.
      if (focus.inputs?.includes("uninstall") === true && dice.chance(60)) uninstall(number);
    }
    if (kind === "top-up" && kinds.has(kind))
      at(number, {
        kind,
        canister: dice.chance(8) ? nobody : dice.pick(terrain.canisters),
        cycles: cycles(dice.big(0n, terrain.unit * dice.pick([1n, 10n]))),
      });
    if (kind === "uninstall") uninstall(number);
    if (kind === "restart" && kinds.has(kind)) at(number, { kind });
    if (kind === "read-state" && kinds.has(kind))
      at(number, { kind, paths: pathsDrawn(dice, { canisters: terrain.canisters, messages: known }) });
  }
  // Quiet rounds, in which everything arrives, and randomness too.
  const weather = dice.chance(85) ? prompt : network;
  dice.times(sites.length === 1 ? 3 : 4, 6, () => sites.forEach((_, number) => round(number, weather)));
  return moves;
};

const ingressOf = (dice: Dice, site: Site, id: IngressId, canister: CanisterId | null, dated: boolean, vocabulary: Vocabulary): Input => {
  const { parameters, canisters } = site.terrain;
  const size = dice.chance(2) ? parameters.maxPayload + 1 : dice.whole(0, 5);
  return {
    kind: "ingress",
    id,
    ...senderDrawn(dice, vocabulary),
    canister: canister ?? (dice.chance(3) ? nobody : dice.pick(canisters)),
    method:
      canister !== null
        ? levels[0]
        : dice.chance(3)
          ? "nowhere"
          : dice.weigh([
              [5, levels[0]],
              [3, levels[1]],
              [2, levels[2]],
            ]),
    payload: someBytes(dice, size),
    ...(dated && { expiry: expiryOf(dice, site, vocabulary.limits.has("ingressLifetime")) }),
  };
};

/** Mostly a round or two from now; where nothing may expire that was let in, it is not let in, or is as late as may be. */
const expiryOf = (dice: Dice, { now, terrain }: Site, mayExpire: boolean): Nanoseconds => {
  const latest = now + terrain.parameters.ingressLifetime;
  const expires = mayExpire ? 1 : 0;
  return nanoseconds(
    dice.weigh([
      [4 * expires, now + dice.big(0n, 6_000_000_000n)],
      [1 * expires, now],
      [1, now > 0n ? now - 1n : now],
      [1, latest],
      [1, latest + 1n],
    ]),
  );
};

/** Between several subnets no round lasts for days: whatever was under way would have expired. */
const elapsedOf = (dice: Dice, joined: boolean, hasty: boolean): Nanoseconds =>
  nanoseconds(
    dice.weigh([
      [hasty ? 1 : 4, 0n],
      [hasty ? 0 : 2, 1n],
      [8, 1_000_000_000n],
      [8, dice.big(0n, 3_000_000_000n)],
      [2, dice.big(3_000_000_000n, 12_000_000_000n)],
      [joined ? 0 : 1, 10n ** 15n],
    ]),
  );

/** A tape of its own for each round, mostly. The first byte of a drawn tape is 0, so that another tape is easily made. */
export const tapeOf = (dice: Dice, before: readonly Move[]): Hex => {
  const earlier = dice.chance(5) ? before.find((input) => input.kind === "round") : undefined;
  if (earlier !== undefined) return earlier.tape;
  const word = dice.whole(0, 0x7fffffff).toString(16).padStart(8, "0");
  return hex(`00${word.slice(2)}${word.repeat(7)}`);
};

/** How the network treats each direction. */
type Weather = (from: number, to: number) => "prompt" | "slow" | "seldom" | "never";

const prompt: Weather = () => "prompt";

const weatherOf = (dice: Dice, count: number, sluggish: boolean): Weather => {
  const lines = Array.from({ length: count * count }, () =>
    dice.weigh<ReturnType<Weather>>([
      [sluggish ? 5 : 10, "prompt"],
      [sluggish ? 8 : 5, "slow"],
      [3, "seldom"],
      [2, "never"],
    ]),
  );
  return (from, to) => lines[from * count + to]!;
};

/** What a round is handed of the streams of the others, in any order, some of it twice. */
const deliveriesOf = (dice: Dice, weather: Weather, to: number, count: number): readonly Delivery[] => {
  if (count === 1) return [];
  const others = Array.from({ length: count }, (_, from) => from).filter((from) => from !== to);
  const deliveries = others.flatMap((from): readonly Delivery[] => {
    const again = dice.chance(20) ? { again: dice.whole(1, 5) } : {};
    switch (weather(from, to)) {
      case "prompt":
        return dice.chance(10)
          ? [
              { from, count: 1 },
              { from, count: 20, ...again },
            ]
          : [{ from, count: 20, ...again }];
      case "slow":
        return [{ from, count: dice.whole(0, 1), ...again }];
      case "seldom":
        return dice.chance(30) ? [{ from, count: dice.whole(1, 20), ...again }] : [];
      case "never":
        return [];
    }
  });
  return dice.shuffle(dice.chance(2) ? [...deliveries, { from: dice.pick([to, count]), count: 3 }] : deliveries);
};
