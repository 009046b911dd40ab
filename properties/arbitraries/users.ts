/**
 * Worlds in which users ask the management canister: they control some of the canisters, and ask for all that there is to ask, about
 * those that they control and about others, in their own name and in none, in words that make sense and in others. Those whom it is
 * about can pay for it or just cannot, are executing, are stopped, and are gone before a block has the message.
 * @source facts/messages.md A1, A2, A8, F1, F3, F5, F7, F26, MSG-10.1.28
 */
import * as fc from "fast-check";
import {
  anonymous,
  asciiOf,
  cycles,
  ingressId,
  managementCanister,
  nanoseconds,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type IngressId,
  type Move,
  type Parameters,
  type Scenario,
  type UserId,
} from "../../spec/index.ts";
import { receptionFee } from "../money.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { nothingAllotted } from "./coded-allotments.ts";
import { codedWorld } from "./coded.ts";
import { excesses, questionOf } from "./coded-words.ts";
import { drawn, type Dice } from "./dice.ts";
import { nobody } from "./grammar.ts";
import { managedWorld } from "./managed.ts";
import { namedUsers } from "./reads.ts";
import { withToll } from "./tolls.ts";

/** What a property needs of such a world. */
export interface Audience {
  /** Whether messages are mostly executed in slices. */
  readonly long?: boolean;
  /** Whether it is mostly about stopping. */
  readonly slow?: boolean;
}

export const usersWorlds = (vocabulary: Vocabulary, wanted: Audience = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => usersWorld(dice, vocabulary, wanted), withFewerInputs);

/** Worlds, and among them some in which users ask; none of these where a machine does not answer them. */
export const orUsers = (worlds: fc.Arbitrary<Scenario>, vocabulary: Vocabulary, wanted: Audience = {}): fc.Arbitrary<Scenario> =>
  vocabulary.customs.has("users")
    ? fc.oneof({ arbitrary: worlds, weight: 5 }, { arbitrary: usersWorlds(vocabulary, wanted), weight: 1 })
    : worlds;

/** One world of the kind; where a machine does not answer users, one in which they do not ask. */
export const usersWorld = (dice: Dice, vocabulary: Vocabulary, { long, slow }: Audience = {}): Scenario => {
  const court = slow === true || long === true || dice.chance(55);
  const world = court
    ? managedWorld(dice, vocabulary, { long: long ?? dice.chance(50), slow: slow === true })
    : codedWorld(dice, vocabulary, { kept: dice.chance(25), chunked: dice.chance(20), provided: dice.chance(40) });
  return vocabulary.customs.has("users") ? peopled(dice, vocabulary, world) : world;
};

const [ann, bob, eve] = namedUsers;

/** The same world, in which users control canisters, and ask. */
const peopled = (dice: Dice, vocabulary: Vocabulary, scenario: Scenario): Scenario => {
  const paid = dice.chance(75) ? withToll(scenario.genesis) : scenario.genesis;
  const genesis = { ...paid, canisters: paid.canisters.map((canister) => ruled(dice, paid.parameters, canister)) };
  return { ...scenario, genesis, inputs: visited(dice, vocabulary, genesis, scenario.inputs) };
};

/** A canister that users control, too, or nobody but them; some can hardly pay for what is asked about them. */
const ruled = (dice: Dice, parameters: Parameters, canister: CanisterGenesis): CanisterGenesis => {
  const users = dice.weigh<readonly UserId[]>([
    [8, [ann]],
    [4, [bob, ann]],
    [2, [anonymous]],
    [2, []],
  ]);
  const others = dice.chance(90) ? (canister.controllers ?? []) : [];
  const poor = dice.chance(15);
  const fee = receptionFee(parameters, canister.id.length);
  const few = fee * dice.big(0n, 3n) + dice.pick([-1n, 0n, 0n, 1n]);
  return {
    ...canister,
    controllers: [...others, ...users],
    ...(poor && { balance: cycles(few > 0n ? few : 0n), freezingThreshold: seconds(0) }),
  };
};

/** What happens anyway, and before each round what users ask. */
const visited = (dice: Dice, vocabulary: Vocabulary, genesis: Genesis, moves: readonly Move[]): readonly Move[] => {
  if (!vocabulary.inputs.has("ingress")) return moves;
  const known: IngressId[] = [];
  let now: bigint = genesis.time;
  return moves.flatMap((move): readonly Move[] => {
    if (move.kind !== "round") return [move];
    const wishes = dice.chance(65) ? dice.times(1, 3, () => wishOf(dice, vocabulary, genesis, known, now)).flat() : [];
    now += move.elapsed;
    return [...wishes, move];
  });
};

/** One message, with what is done about the same canister besides. */
const wishOf = (dice: Dice, vocabulary: Vocabulary, genesis: Genesis, known: IngressId[], now: bigint): readonly Move[] => {
  const { inputs } = vocabulary;
  const { canister: about, controllers } = subjectOf(dice, genesis);
  const [method, words] = wordsOf(dice, vocabulary, genesis, about);
  const owners = controllers.filter((one) => one.startsWith("@")) as readonly UserId[];
  const sender = owners.length > 0 && dice.chance(88) ? dice.pick(owners) : dice.pick([ann, bob, eve, anonymous]);
  const id = known.length > 0 && dice.chance(3) ? dice.pick(known) : ingressId(`u${known.length}`);
  known.push(id);
  const toiling = genesis.canisters.some(({ id: one, methods }) => one === about && methods.some(({ name }) => name === "toil"));
  return [
    ...(toiling && dice.chance(25)
      ? [{ kind: "ingress", id: ingressId(`t${known.length}`), canister: about, method: "toil", payload: asciiOf("") } as const]
      : []),
    {
      kind: "ingress",
      id,
      // Who says nothing is the same as who says that it is nobody.
      ...((sender !== anonymous || dice.chance(30)) && { sender }),
      canister: managementCanister,
      method,
      payload: asciiOf(words),
      ...(vocabulary.limits.has("ingressLifetime") && dice.chance(20) && { expiry: expiryOf(dice, genesis.parameters, now) }),
    },
    ...(inputs.has("delete-canister") && dice.chance(2) ? [{ kind: "delete-canister", canister: about } as const] : []),
  ];
};

/** Mostly somebody whom a user controls. */
const subjectOf = (
  dice: Dice,
  { canisters }: Genesis,
): { readonly canister: CanisterId } & Pick<Required<CanisterGenesis>, "controllers"> => {
  if (dice.chance(3) || canisters.length === 0) return { canister: nobody, controllers: [] };
  const { id, controllers = [] } = dice.pick(canisters);
  return { canister: id, controllers };
};

/** A round or two from now, already past, or as late as may be, or later. */
const expiryOf = (dice: Dice, { ingressLifetime }: Parameters, now: bigint) =>
  nanoseconds(
    dice.weigh([
      [8, now + dice.big(0n, 3_000_000_000n)],
      [2, now],
      [1, now > 0n ? now - 1n : now],
      [1, now + ingressLifetime],
      [1, now + ingressLifetime + 1n],
    ]),
  );

type Words = readonly [method: string, words: string];

/** What is asked, and with which words. */
const wordsOf = (dice: Dice, vocabulary: Vocabulary, genesis: Genesis, about: CanisterId): Words => {
  const { customs } = vocabulary;
  const drawnWords = dice.weigh<() => Words>([
    [50, () => [dice.pick(["stop_canister", "stop_canister", "start_canister", "canister_status", "delete_canister"]), about]],
    [customs.has("code") ? 40 : 0, () => codeQuestion(dice, genesis, about)],
    [customs.has("provision") ? 14 : 0, () => provisionQuestion(dice, about)],
    [3, () => ["uninstall_code", about]],
    [7, () => [dice.pick(closed), dice.chance(80) ? about : ""]],
    [4, () => ["bitcoin_get_utxos", ""]],
    [5, () => [dice.pick(["stop_canister", "canister_status", "uninstall_code"]), dice.pick(["", "A", `${about} `, `${about} ${about}`])]],
    [4, () => [dice.pick(["stop", "canister_statu", "provisional"]), about]],
  ])();
  return drawnWords[1].length <= genesis.parameters.maxPayload ? drawnWords : ["canister_status", about];
};

/** What users may not ask for. */
const closed = ["deposit_cycles", "canister_info", "create_canister", "raw_rand", "sign_with_ecdsa", "vetkd_derive_key", "http_request"];

const provisionQuestion = (dice: Dice, about: CanisterId): Words =>
  dice.chance(65)
    ? ["provisional_top_up_canister", `${about} ${dice.pick([0, 7, 600])}`]
    : [
        "provisional_create_canister_with_cycles",
        dice.pick(["", "12", "600 controllers=@bob,@ann", "0 compute_allocation=1", dice.pick(excesses)]),
      ];

/** Code, settings, snapshots and chunks; and who else is to decide. */
const codeQuestion = (dice: Dice, { parameters, modules = [], canisters }: Genesis, about: CanisterId): Words => {
  const ids = canisters.map(({ id }) => id);
  if (dice.chance(25) || modules.length === 0) {
    if (dice.chance(10)) return ["update_settings", `${about} ${dice.pick(excesses)}`];
    const controllers = dice.pick(["@ann", "@bob,@ann", `@ann,${about}`, "@anonymous", `${ids.join(",")},@bob`, "@eve", "@"]);
    return ["update_settings", `${about} controllers=${controllers}`];
  }
  return questionOf({
    dice,
    parameters,
    modules,
    tenants: [about],
    clerks: ids,
    stored: false,
    hurried: dice.chance(25),
    kept: dice.chance(30),
    chunked: dice.chance(30),
    allotments: nothingAllotted,
    provisions: "none",
  });
};
