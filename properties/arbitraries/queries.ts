/**
 * Worlds of queries: canisters that users ask between rounds, and that are asked in rounds; some are frozen to the cycle, without
 * code, elsewhere or nowhere. The limits of queries are small, so that trees of calls are cut down, and the budget of a window
 * of time, where it is scarce, is used up by a few.
 * @source facts/messages.md MSG-6.1, MSG-6.2, MSG-6.4, MSG-11.1; seed 000, query calls; seed 003, queries
 */
import type * as fc from "fast-check";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  seconds,
  subnetId,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Move,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { freezingThreshold, ofPages, prepayment, receptionFee } from "../money.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { stableDrawn, unitOf } from "./canisters.ts";
import { drawn, type Dice } from "./dice.ts";
import { nobody, someBytes } from "./grammar.ts";
import { handoutNames, handoutsOf } from "./handouts.ts";
import { methodNames, methodsOf, type Salon } from "./inquisitive.ts";
import { tapeOf } from "./moves.ts";
import { freeOfCharge, networkOf } from "./networks.ts";
import { controllersDrawn, senderDrawn } from "./reads.ts";
import { rentsDrawn } from "./rents.ts";
import { controllersOfStatus, statusQuestion, stoppingMethods } from "./statuses.ts";

/** What a property needs of such a world. */
export interface Curiosity {
  /** Whether budgets are always, or never, scarce. */
  readonly scarce?: boolean;
  /** Whether users mostly ask again what they asked. */
  readonly again?: boolean;
  /** Whether queries are mostly called in rounds. */
  readonly replicated?: boolean;
  /** Whether there is room for calls, mostly. */
  readonly calling?: boolean;
  /** Whether it is mostly about the status of somebody, some of whom are being stopped. */
  readonly informed?: boolean;
}

export const queryWorlds = (vocabulary: Vocabulary, wanted: Curiosity = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => queryWorld(dice, vocabulary, wanted), withFewerInputs);

/** One world of the kind. */
export const queryWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Curiosity = {}): Scenario => {
  const { customs, instructions: words } = vocabulary;
  const informed = customs.has("status-queries") && (wanted.informed ?? dice.chance(15));
  const parameters = { ...parametersOf(dice, vocabulary, wanted), ...(informed && { tapeLag: dice.pick([2, 3]) }) };
  const ids = names.slice(0, dice.whole(1, wanted.scarce === true ? 2 : 4));
  const routed = customs.has("networks") && dice.chance(25);
  const strays = [nobody, ...(customs.has("status-queries") ? [managementCanister] : []), ...(routed ? [far] : [])];
  const salon: Salon = { dice, parameters, ids, strays, words, ...modesOf(vocabulary), statuses: informed ? 45 : 0 };
  const genesis: Genesis = {
    parameters,
    time: nanoseconds(dice.pick([0n, 1n, dice.big(0n, 10n ** 18n)])),
    ...(routed && { network: { own: subnetId("here"), routes: [{ canister: far, subnet: subnetId("there") }] } }),
    canisters: dice.shuffle(ids.map((id) => canisterOf(salon, vocabulary, id))),
  };
  return { genesis, inputs: movesOf(salon, vocabulary, wanted) };
};

/** What a machine knows of queries. */
export const modesOf = ({ customs }: Vocabulary): Pick<Salon, "asked" | "replicated" | "composite" | "hurried" | "customs"> => ({
  customs,
  asked: customs.has("queries"),
  replicated: customs.has("replicated-queries"),
  composite: customs.has("composite-queries"),
  hurried: customs.has("best-effort"),
});

const names = ["a", "c0", "m", "z"].map(canisterId);
const far = canisterId("far");

const parametersOf = (dice: Dice, { limits, customs, instructions: words }: Vocabulary, { scarce, calling }: Curiosity): Parameters => {
  const fees = dice.chance(35) ? { ...freeOfCharge, subnetSize: 13 } : rentsDrawn(dice);
  const network = networkOf(dice, fees, among(limits, (scarce ?? dice.chance(40)) ? ["queryBudget"] : []));
  const sliced = customs.has("slices") && limits.has("roundInstructionLimit") && dice.chance(20);
  const slice = dice.whole(3, 12);
  const stored = customs.has("reservations") && dice.chance(20);
  return {
    ...network,
    queueCapacity: 5,
    pageSize: network.maxPayload,
    maxPages: Math.max(3, network.maxPages),
    ...(words.has("stable-grow") && dice.chance(60) && { heapPages: dice.whole(1, 2) }),
    ...(scarce === true && limits.has("queryBudget") && { queryBudget: instructions(dice.whole(0, 60)) }),
    queryInstructionLimit: instructions(dice.whole(calling === true ? 20 : 6, 60)),
    queryTreeInstructionLimit: instructions(calling !== true && dice.chance(65) ? dice.whole(2, 35) : dice.whole(60, 400)),
    queryCallOverhead: instructions(
      dice.weigh([
        [2, 0],
        [2, 1],
        [4, dice.whole(1, 12)],
        [1, dice.whole(12, 80)],
      ]),
    ),
    queryDepth: dice.pick(calling === true ? [1, 2, 3, 3, 6] : [0, 1, 1, 2, 2, 3, 3, 6]),
    replicatedQueryAccepts: dice.chance(50),
    ...(stored && { storage: { threshold: bytes(0), capacity: bytes(network.maxPayload * 12), period: seconds(10 ** dice.whole(3, 9)) } }),
    ...(sliced && {
      sliceInstructionLimit: instructions(slice),
      roundInstructionLimit: instructions((slice + network.messageOverhead) * dice.whole(1, 3)),
    }),
  };
};

const canisterOf = (salon: Salon, vocabulary: Vocabulary, id: CanisterId): CanisterGenesis => {
  const { dice, parameters, statuses } = salon;
  const { customs } = vocabulary;
  const poor: CanisterGenesis = {
    id,
    computeAllocation: percent(dice.pick([0, 0, 1])),
    freezingThreshold: seconds(dice.pick([0, 1_000, 1_000, 86_400])),
    balance: cycles(0n),
    ...stableDrawn(dice, parameters),
    ...controllersDrawn(dice, customs, salon.ids),
    ...(statuses > 0 && { controllers: controllersOfStatus(dice, salon.ids) }),
    methods: [...methodsOf(salon), ...handoutsOf({ ...salon, vocabulary }), ...(statuses > 0 ? stoppingMethods(vocabulary) : [])],
    onTimer: [],
    ...(customs.has("hooks") &&
      dice.chance(20) && {
        lowMemory: { limit: dice.whole(0, 2), threshold: dice.whole(0, 2), hook: [{ op: "consume", instructions: instructions(0) }] },
      }),
  };
  const rich = dice.chance(statuses > 0 ? 85 : 60);
  const threshold = freezingThreshold(parameters, poor, ofPages(parameters, rich ? parameters.maxPages : dice.whole(0, 2)));
  if (rich) return { ...poor, balance: cycles(threshold + unitOf(parameters) * BigInt(dice.whole(20, 400))) };
  // What is written for so many messages leaves the balance at the threshold, or just above or below it.
  const spent = BigInt(dice.whole(0, 2)) * (prepayment(parameters) + receptionFee(parameters, 1));
  const balance = threshold + spent + dice.pick([-1n, -1n, 0n, 0n, 1n]);
  return { ...poor, balance: cycles(balance < 0n ? 0n : balance) };
};

type Asked = Move & { readonly kind: "query" };

const movesOf = (salon: Salon, vocabulary: Vocabulary, wanted: Curiosity): readonly Move[] => {
  const { inputs: kinds } = vocabulary;
  const { dice, ids, parameters } = salon;
  const moves: Move[] = [];
  const may = (kind: Move["kind"], chance: number): boolean => kinds.has(kind) && dice.chance(chance);
  const round = (): void => void moves.push({ kind: "round", elapsed: elapsedOf(salon), tape: tapeOf(dice, moves) });
  const ingress = (method: string, canister = dice.pick(ids), payload = someBytes(dice, dice.whole(0, 3))): void => {
    if (!kinds.has("ingress")) return;
    const id = ingressId(`i${moves.length}`);
    moves.push({ kind: "ingress", id, ...senderDrawn(dice, vocabulary), canister, method, payload });
  };
  /** Somebody is to wait, and to be stopped meanwhile; or to run again. */
  const interrupt = (): void => {
    const whom = dice.pick(ids);
    const method = dice.chance(85) ? "halt" : "wake";
    if (method === "halt") ingress("linger", whom);
    for (const id of ids) ingress(method, id, asciiOf(whom));
  };
  const many = salon.statuses > 0 ? 10 : 7;
  const again = wanted.again === true ? 65 : 20;
  if (may("query", 25)) moves.push({ ...questionOf(salon, vocabulary, wanted), ...senderDrawn(dice, vocabulary) });
  dice.times(1, 3, () => ingress("keep"));
  round();
  dice.times(2, 6, () => {
    dice.times(0, wanted.replicated === true ? 5 : 2, () => ingress(methodOf(salon, wanted)));
    if (salon.statuses > 0 && dice.chance(80)) interrupt();
    if (kinds.has("query"))
      dice.times(wanted.replicated === true ? 0 : wanted.scarce === true ? 4 : 1, wanted.scarce === true ? 12 : many, () => {
        const before = moves.at(-1);
        moves.push(
          before?.kind === "query" && dice.chance(again)
            ? before
            : { ...questionOf(salon, vocabulary, wanted), ...senderDrawn(dice, vocabulary) },
        );
      });
    if (may("top-up", 12)) moves.push({ kind: "top-up", canister: dice.pick(ids), cycles: cycles(dice.big(0n, unitOf(parameters))) });
    if (may("set-compute-allocation", 10))
      moves.push({ kind: "set-compute-allocation", canister: dice.pick(ids), computeAllocation: percent(dice.pick([0, 1, 2])) });
    if (may("uninstall", 8)) moves.push({ kind: "uninstall", canister: dice.pick(ids) });
    if (may("delete-canister", 3)) moves.push({ kind: "delete-canister", canister: dice.pick(ids) });
    if (may("restart", 10)) moves.push({ kind: "restart" });
    if (dice.chance(75)) round();
  });
  dice.times(0, 3, round);
  return moves;
};

/** What is asked for in a round: a query mostly where that is what it is about; a composite one is refused. */
const methodOf = ({ dice, replicated, composite }: Salon, wanted: Curiosity): string => {
  const { updates, queries, composites } = methodNames;
  return dice.weigh<() => string>([
    [3, () => dice.pick(updates)],
    [replicated ? (wanted.replicated === true ? 12 : 3) : 0, () => dice.pick(queries)],
    [composite ? 1 : 0, () => dice.pick(composites)],
  ])();
};

/** What users ask: mostly what calls others, and seldom what nobody can answer. */
const questionOf = ({ dice, ids, strays, parameters, composite, statuses }: Salon, vocabulary: Vocabulary, wanted: Curiosity): Asked => {
  const { updates, queries, composites } = methodNames;
  const handouts = handoutNames(vocabulary);
  if (dice.chance(statuses)) return { kind: "query", ...statusQuestion(dice, ids) };
  return {
    kind: "query",
    canister: dice.chance(4) ? dice.pick(strays) : dice.pick(ids),
    method: dice.weigh<() => string>([
      [composite ? (wanted.calling === true || statuses > 0 ? 40 : 12) : 0, () => dice.pick(composites)],
      [8, () => dice.pick(queries)],
      [handouts.length > 0 ? 2 : 0, () => dice.pick(handouts)],
      [1, () => dice.pick(updates)],
      [1, () => "nowhere"],
    ])(),
    payload: dice.chance(3) ? hex("00".repeat(parameters.maxPayload + 1)) : someBytes(dice, dice.whole(0, 3)),
  };
};

/** Within a window, to the end of it, or a whole one. */
const elapsedOf = ({ dice, parameters: { queryWindow } }: Salon): ReturnType<typeof nanoseconds> =>
  nanoseconds(
    dice.weigh([
      [2, 0n],
      [3, 1n],
      [2, queryWindow],
      [3, dice.big(0n, queryWindow)],
    ]),
  );
