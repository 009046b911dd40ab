/**
 * Leased worlds: canisters that write some pages, and from then on only exist, for as long as rounds pass. How often they
 * are charged meanwhile must hardly matter; so in a second world each of those rounds passes in several.
 * @source facts/cycles.md CYC-P13
 */
import type * as fc from "fast-check";
import { allocatableOf, canisterId, cycles, hex, nanoseconds, percent, type CanisterGenesis, type Instruction } from "../../spec/index.ts";
import type { Case } from "../case.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { networkOf } from "./networks.ts";
import { answer, openDiary, plainCanister } from "./plain.ts";
import { elapsedDrawn, rentsDrawn } from "./rents.ts";

/** A world, and into how many parts its last rounds are split. */
export const leasedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Case> =>
  drawn(
    (dice) => leasedWorld(dice, vocabulary),
    function* ({ scenario, relation }) {
      for (const smaller of withFewerInputs(scenario)) yield { scenario: smaller, relation };
    },
  );

const leasedWorld = (dice: Dice, vocabulary: Vocabulary): Case => {
  const { limits, customs } = vocabulary;
  const drawnNetwork = networkOf(dice, rentsDrawn(dice, "normal"), among(limits, ["chargePeriod"]));
  const current = customs.has("current-scheduler") && dice.chance(50);
  const parameters = { ...drawnNetwork, ...(current && { scheduler: "current" as const, cores: 2 }) };
  const parts = dice.whole(2, 6);
  let reserved = allocatableOf(parameters) - 1;
  const canisters = names.slice(0, dice.whole(1, 4)).map((id): CanisterGenesis => {
    const pages = dice.whole(0, parameters.maxPages);
    const written = Array.from({ length: pages }, (_, page): Instruction => ({
      op: "write",
      page,
      value: { kind: "bytes", bytes: hex("01") },
    }));
    const allocation = Math.max(0, Math.min(reserved, dice.pick([0, 1, 13, 40])));
    reserved -= allocation;
    return {
      ...plainCanister(vocabulary, id, [{ name: "fill", body: [...written, answer()] }]),
      computeAllocation: percent(allocation),
      balance: cycles(10n ** 30n),
    };
  });
  const diary = openDiary(dice, vocabulary);
  for (const { id } of canisters) diary.ingress(id, "fill");
  const settled = dice.whole(1, 2);
  for (let round = 0; round < settled; round++) diary.round(dice.big(0n, 2_000_000_000n));
  for (let rounds = dice.whole(2, 6); rounds > 0; rounds--) {
    diary.restart(5);
    diary.round(elapsedDrawn(dice, parameters));
  }
  // In both worlds the last moment is one at which everybody is charged.
  const period = limits.has("chargePeriod") ? parameters.chargePeriod : 1n;
  diary.round(BigInt(parts) * (period + dice.big(0n, 3_000_000_000n)));
  return {
    scenario: { genesis: { parameters, time: nanoseconds(dice.big(0n, 10n ** 18n)), canisters }, inputs: diary.moves },
    relation: { kind: "rounds-split", after: settled, parts },
  };
};

const names = ["a", "k", "m", "z"].map(canisterId);
