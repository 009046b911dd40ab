/** What happens in worlds in which code comes and goes: errands for clerks, messages for tenants, and whatever inputs do to both. */
import {
  asciiOf,
  canisterId,
  cycles,
  hex,
  ingressId,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Move,
  type Parameters,
} from "../../spec/index.ts";
import { creationFee, installPrepayment } from "../money.ts";
import { stableDrawn } from "./canisters.ts";
import { firstAllotments, offering } from "./coded-allotments.ts";
import { askForChunks, firstChunks } from "./coded-chunks.ts";
import { codeOf, type Workshop } from "./coded-modules.ts";
import { firstProvisions } from "./coded-provisions.ts";
import { questionOf, type Registry, type Say } from "./coded-words.ts";
import type { Dice } from "./dice.ts";
import { nobody, someBytes } from "./grammar.ts";
import { openDiary } from "./plain.ts";

export const codedMoves = (shop: Workshop, registry: Registry): readonly Move[] => {
  const { dice, vocabulary, parameters } = shop;
  const { customs, inputs } = vocabulary;
  const { clerks, tenants, allotments } = registry;
  const [chief, rival] = clerks as readonly [CanisterId, CanisterId];
  const diary = openDiary(dice, vocabulary);
  const say: Say = (canister, method, payload) => {
    if (inputs.has("ingress")) diary.moves.push({ kind: "ingress", id: ingressId(`i${diary.moves.length}`), canister, method, payload });
  };
  const errand = (): void => {
    const clerk = dice.chance(85) ? chief : rival;
    if (dice.chance(8)) return say(clerk, `several-${dice.whole(0, 2)}`, hex(""));
    const { offers } = allotments;
    const [method, words] = questionOf(registry);
    if (method === "create_canister" && offers.length > 0 && dice.chance(60)) {
      const at = dice.whole(0, offers.length - 1);
      return say(clerk, offering(at), asciiOf(offers[at]!.words));
    }
    const how =
      method === "create_canister" && dice.chance(85)
        ? `-${dice.weigh([
            [4, 0],
            [5, 1],
            [2, 2],
            [6, 3],
          ])}`
        : dice.chance(8)
          ? "-soon"
          : "";
    say(clerk, `${method}${how}`, asciiOf(words));
  };
  const round = (): void =>
    diary.round(elapsedOf(dice, parameters), { ...(customs.has("checkpoints") && dice.chance(15) && { checkpoint: true }) });
  if (allotments.shares.size > 0) firstAllotments(registry, say, round);
  if (registry.provisions === "most") firstProvisions(registry, say, round);
  // There is mostly somebody who was made, and somebody who has pages.
  if (dice.chance(70)) say(chief, "create_canister-3", asciiOf("freezing_threshold=0"));
  if (registry.chunked && dice.chance(60)) firstChunks(registry, say, round);
  for (const tenant of tenants) if (dice.chance(70)) say(tenant, "keep", someBytes(dice, 2));
  // As long as nobody has changed who decides, an installation may come to its end.
  if (dice.chance(50))
    say(chief, "install_code", asciiOf(`${dice.pick(tenants)} ${dice.pick(["upgrade", "reinstall"])} ${dice.pick(registry.modules).name}`));
  if (dice.chance(60)) {
    dice.times(2, 2, round);
    for (const made of ["canister-0", "canister-1"])
      say(chief, "install_code", asciiOf(`${made} install ${dice.pick(registry.modules).name}`));
  }
  if (registry.chunked && parameters.chargePeriod >= 10n ** 12n) firstChunks(registry, say, round);
  if (registry.kept) firstSnapshots(registry, say, round);
  for (let rounds = dice.whole(8, 15); rounds > 0; rounds--) {
    dice.times(3, 5, errand);
    dice.times(0, 3, () => say(somebody(registry), methodFor(shop), someBytes(dice, dice.whole(0, 3))));
    diary.moves.push(...interventionsOf(shop, registry));
    if (customs.has("queries") && inputs.has("query") && dice.chance(shop.candid ? 80 : 40))
      diary.moves.push({ kind: "query", canister: somebody(registry), method: dice.pick(["ask", "ask", "read"]), payload: hex("") });
    diary.restart(12);
    round();
  }
  if (registry.kept || registry.chunked) {
    bringBack(registry, say, registry.kept ? 60 : 20);
    // Whoever has a snapshot to keep does not last for ever.
    if (parameters.chargePeriod < 10n ** 12n && dice.chance(70)) diary.round(10n ** 6n * second, {});
    round();
    for (const tenant of tenants) say(chief, "list_canister_snapshots", asciiOf(tenant));
    if (registry.chunked) askForChunks(registry, say);
  }
  // In the end everybody is asked what it is now.
  for (const tenant of tenants) say(tenant, dice.pick(["version", "show-stable", "show-heap", "size"]), hex(""));
  for (const tenant of tenants) say(chief, "canister_info", asciiOf(`${tenant} ${dice.pick([1, 1, 2, 255])}`));
  dice.times(3, parameters.tapeLag + 3, round);
  return diary.moves;
};

/** Of everybody something is kept, that is changed, that comes back, and that is looked at. */
const firstSnapshots = (registry: Registry, say: Say, round: () => void): void => {
  const { dice, tenants, clerks } = registry;
  const [chief] = clerks as readonly [CanisterId];
  for (const tenant of tenants) if (dice.chance(60)) say(tenant, "certify", someBytes(dice, 1));
  dice.times(1, 2, round);
  for (const tenant of tenants) dice.times(1, 2, () => say(chief, "take_canister_snapshot", asciiOf(tenant)));
  dice.times(2, 2, round);
  for (const tenant of tenants) if (dice.chance(70)) say(tenant, dice.pick(["keep", "certify", "stretch"]), someBytes(dice, 1));
  dice.times(1, 2, round);
  bringBack(registry, say, 70);
  dice.times(1, 2, round);
  for (const tenant of tenants) if (dice.chance(80)) say(tenant, dice.pick(["show-heap", "show-stable", "size"]), hex(""));
};

const bringBack = ({ dice, tenants, clerks }: Registry, say: Say, percent: number): void => {
  const [chief] = clerks as readonly [CanisterId];
  for (const tenant of tenants) {
    const source = dice.chance(65) ? tenant : dice.pick(tenants);
    if (dice.chance(percent)) say(chief, "load_canister_snapshot", asciiOf(`${tenant} ${source} ${dice.pick([0, 0, 0, 1])}`));
  }
};

const somebody = ({ dice, tenants }: Registry): CanisterId =>
  dice.chance(78) ? dice.pick(tenants) : canisterId(`canister-${dice.whole(0, 1)}`);

const methodFor = ({ dice, stored, candid, kept, parameters }: Workshop): string =>
  dice.weigh([
    [candid ? 40 : 5, "version"],
    [5, "keep"],
    [kept ? 7 : 2, "show-heap"],
    [kept ? 7 : 2, "show-stable"],
    [kept ? 4 : 2, "size"],
    [4, "stretch"],
    [stored ? 6 : 2, "grow"],
    [parameters.sliceInstructionLimit < parameters.messageInstructionLimit ? 16 : 3, "toil"],
    [3, "linger"],
    [3, "falter"],
    [1, "fail"],
    [2, "alarm"],
    [kept ? 8 : 4, "certify"],
    [2, "visit"],
    [1, "ask"],
    [2, `only-m${dice.whole(0, 4)}`],
  ]);

/** Mostly about a second, so that a stop, a timer and a timeout come to pass. */
const elapsedOf = (dice: Dice, { chargePeriod }: Parameters): bigint =>
  dice.weigh<bigint>([
    [6, second],
    [2, 0n],
    [1, 1n],
    [2, dice.big(0n, 3n * second)],
    [chargePeriod < 10n ** 12n ? 8 : 0, dice.pick([10n, 100n, 10_000n]) * second],
  ]);

const second = 1_000_000_000n;

/** What is done from outside, whatever clerks do. */
const interventionsOf = (shop: Workshop, registry: Registry): readonly Move[] => {
  const { dice, vocabulary, parameters } = shop;
  const { inputs } = vocabulary;
  const canister = dice.chance(4) ? nobody : somebody(registry);
  const gift = installPrepayment(parameters) * dice.pick([0n, 1n, 2n]) + dice.big(0n, 50n);
  const newcomer: CanisterGenesis = {
    id: canisterId(dice.pick(["canister-0", "canister-1", "x"])),
    computeAllocation: percent(0),
    freezingThreshold: seconds(dice.pick([0, 1])),
    balance: cycles(creationFee(parameters) + 10n ** 9n),
    ...stableDrawn(dice, parameters),
    controllers: registry.clerks,
    ...codeOf(shop, "x"),
  };
  return dice.weigh<() => readonly Move[]>([
    [registry.kept || registry.chunked ? 30 : 14, () => []],
    [inputs.has("top-up") ? 2 : 0, () => [{ kind: "top-up", canister, cycles: cycles(gift) }]],
    [inputs.has("uninstall") ? (registry.chunked ? 2 : 1) : 0, () => [{ kind: "uninstall", canister }]],
    [inputs.has("delete-canister") ? 1 : 0, () => [{ kind: "delete-canister", canister }]],
    [
      inputs.has("set-compute-allocation") ? 1 : 0,
      () => [{ kind: "set-compute-allocation", canister, computeAllocation: percent(dice.pick([0, 1, 3])) }],
    ],
    [inputs.has("create-canister") ? 1 : 0, () => [{ kind: "create-canister", canister: newcomer }]],
  ])();
};
