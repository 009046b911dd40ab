/**
 * Worlds of certified state: canisters that certify, users who ask them for it and for what became of their messages, at paths
 * where there is something and at their neighbours, where there is nothing; before the first round and after the end of whom they ask about.
 * In some of them a committee signs.
 * @source facts/messages.md H8, H9, MSG-ST15, MSG-10.1.25, MSG-10.1.26, X27
 */
import type * as fc from "fast-check";
import {
  anonymous,
  bytes,
  canisterId,
  cycles,
  height,
  hex,
  ingressId,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  type Committee,
  type Genesis,
  type Hex,
  type IngressId,
  type Move,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { tapeOf as committeeTapeOf } from "../committee/signatures.ts";
import { among, type Limit, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { certifierOf, methodNames, ruleFor, type Office } from "./certifiers.ts";
import { drawn, type Dice } from "./dice.ts";
import { nobody, someBytes } from "./grammar.ts";
import { handoutNames } from "./handouts.ts";
import { tapeOf } from "./moves.ts";
import { freeOfCharge, homeward, networkOf } from "./networks.ts";
import { pathsDrawn, type Readable } from "./readings.ts";
import { namedUsers } from "./reads.ts";

/** What a property needs of such a world. */
export interface Certifying {
  /** Whether canisters certify in every one of them. */
  readonly certified?: boolean;
  /** Whether users read the state behind the first round in every one of them. */
  readonly read?: boolean;
  /** Whether there is mostly a committee. */
  readonly signed?: boolean;
  /** Whether users mostly ask for what queries hand out. */
  readonly handed?: boolean;
}

export const certifyingWorlds = (vocabulary: Vocabulary, wanted: Certifying = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => certifyingWorld(dice, vocabulary, wanted), withFewerInputs);

/** One world of the kind. */
export const certifyingWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Certifying = {}): Scenario => {
  const committee = vocabulary.committee && dice.chance(wanted.signed === true ? 75 : 12) ? committeeOf(dice) : undefined;
  const dry = vocabulary.limits.has("chargePeriod") && dice.chance(40);
  const parameters = parametersOf(dice, vocabulary, dry);
  const ids = dice.shuffle(names).slice(0, dice.whole(1, 4));
  const office: Office = { dice, vocabulary, parameters, ids, long: parameters.sliceInstructionLimit < parameters.messageInstructionLimit };
  const genesis: Genesis = {
    parameters,
    time: nanoseconds(dice.pick([0n, 1n, 127n, 128n, 300n, dice.big(0n, 10n ** 18n)])),
    canisters: ids.map((id, at) => certifierOf(office, id, dry && (at === 0 || dice.chance(40)))),
    ...(committee && { committee }),
  };
  return { genesis, inputs: movesOf(office, committee, wanted).filter(({ kind }) => vocabulary.inputs.has(kind)) };
};

/** Some of them are the beginning of others. */
const names = ["a", "a-", "a0", "b", "m", "m-1", "m-10", "z"].map(canisterId);
const newcomer = canisterId("m-11");
const tickets = ["x", "x-", "x0", "x00", "x1", "y", "w", "x-0", "0", "-"];

const committeeOf = (dice: Dice): Committee => {
  const [nodes, threshold] = dice.pick([
    [1, 1],
    [4, 2],
  ] as const);
  return { nodes, threshold, dealing: hex(dice.pick(["07", "1f"]).repeat(32)), offset: dice.pick([0, 1]) };
};

const parametersOf = (dice: Dice, vocabulary: Vocabulary, dry: boolean): Parameters => {
  const { limits, customs } = vocabulary;
  const brief: readonly Limit[] = dice.chance(30) ? ["ingressLifetime", "historyLifetime", "historyMemory"] : [];
  const fees = { ...freeOfCharge, ...(dry && { percentSecond: cycles(1n) }) };
  const network = networkOf(dice, fees, among(limits, brief));
  const sliced = customs.has("slices") && limits.has("roundInstructionLimit") && dice.chance(30);
  const slice = dice.whole(4, 12);
  return {
    ...network,
    ...homeward(vocabulary),
    // One byte more than may be certified is no more than may be said.
    maxPayload: bytes(dice.whole(33, 40)),
    pageSize: bytes(dice.whole(33, 40)),
    maxPages: dice.pick([3, 5, 18]),
    queueCapacity: 5,
    ...(dry && { chargePeriod: nanoseconds(dice.pick([0n, 1n, 10n ** 9n, 3n * 10n ** 9n])) }),
    ...(sliced && {
      messageInstructionLimit: instructions(slice * 6),
      sliceInstructionLimit: instructions(slice),
      roundInstructionLimit: instructions((slice + network.messageOverhead) * dice.whole(1, 3)),
      maxPausedExecutions: dice.pick([0, 1, 2]),
    }),
  };
};

const movesOf = (office: Office, committee: Committee | undefined, wanted: Certifying): readonly Move[] => {
  const { dice, ids, vocabulary } = office;
  const { customs } = vocabulary;
  const handing = customs.has("data-certificates");
  const ruling = customs.has("users") && customs.has("code");
  const moves: Move[] = [];
  const said: (Sender & { readonly id: IngressId })[] = [];
  const asked: Move[] = [];
  const folk = folkOf(dice, vocabulary);
  const rounds = openRounds(dice, vocabulary, moves, committee);
  const here = [...ids];
  const say = (method: string): void => {
    const ticket = tickets[said.length];
    const id = said.length > 0 && dice.chance(5) ? dice.pick(said).id : ingressId(ticket ?? `x${said.length}`);
    const sender = dice.pick(folk);
    said.push({ id, ...sender });
    const wish = method === "rule" && ruling && dice.chance(70);
    const to = wish
      ? { canister: managementCanister, method: "update_settings", payload: ruleFor(dice, here) }
      : { canister: dice.chance(3) ? nobody : dice.pick(here), method, payload: payloadOf(dice) };
    moves.push({ kind: "ingress", id, ...sender, ...to });
  };
  /** Mostly what became of the messages of whoever reads. */
  const read = (): void =>
    void dice.times(1, committee === undefined ? 2 : 1, () => {
      const reader = dice.pick(folk);
      const own = said.filter(({ sender = anonymous }) => sender === (reader.sender ?? anonymous));
      const known: Readable = { canisters: here, messages: (dice.chance(60) ? own : said).map(({ id }) => id) };
      moves.push({ kind: "read-state", ...reader, paths: pathsDrawn(dice, known) });
    });
  /** Often what was asked before: what is handed out changes with the state. */
  const ask = (): void => {
    const question: Move =
      asked.length > 0 && dice.chance(45)
        ? dice.pick(asked)
        : {
            kind: "query",
            ...dice.pick(folk),
            canister: dice.chance(35) ? ids[0]! : dice.pick(here),
            method: dice.pick(handing && dice.chance(75) ? handoutNames(vocabulary) : methodNames.queries),
            payload: payloadOf(dice),
          };
    asked.push(question);
    moves.push(question);
  };
  if (dice.chance(35)) read();
  if (dice.chance(!handing ? 10 : wanted.handed === true ? 65 : 30)) dice.times(1, 2, ask);
  if (wanted.certified === true || dice.chance(80)) say("set");
  dice.times(0, 2, () => say(dice.chance(office.long ? 40 : 0) ? "long" : dice.pick(methodNames.updates)));
  dice.times(2, committee === undefined ? 8 : 4, () => {
    rounds.next();
    if (wanted.read === true || dice.chance(60)) read();
    dice.times(0, 3, () => say(dice.chance(office.long ? 40 : 0) ? "long" : dice.pick(methodNames.updates)));
    dice.times(0, !handing ? 1 : wanted.handed === true ? 5 : 2, ask);
    if (dice.chance(12)) moves.push({ kind: "restart" });
    if (dice.chance(10)) moves.push({ kind: "uninstall", canister: dice.pick(here) });
    if (dice.chance(8)) moves.push({ kind: "top-up", canister: dice.pick(here), cycles: cycles(20n) });
    if (dice.chance(6)) moves.push({ kind: "delete-canister", canister: dice.pick(here) });
    if (!here.includes(newcomer) && dice.chance(8)) {
      here.push(newcomer);
      moves.push({ kind: "create-canister", canister: { ...certifierOf(office, newcomer, false), computeAllocation: percent(0) } });
    }
    if (dice.chance(40)) read();
  });
  rounds.next();
  read();
  return moves;
};

type Sender = Pick<Move & { readonly kind: "ingress" }, "sender">;

/** Who sends and reads; where users have no names, nobody says who it is. */
const folkOf = (dice: Dice, { customs }: Vocabulary): readonly Sender[] => {
  if (!customs.has("users")) return [{}];
  const [ann, bob] = namedUsers.map((sender): Sender => ({ sender })) as [Sender, Sender];
  return dice.pick([[{}], [{}, ann], [ann, bob], [ann, bob, {}], [{}, { sender: anonymous }, ann]]);
};

/** Mostly short; now and then as long as may be certified, or one byte longer. */
const payloadOf = (dice: Dice): Hex => someBytes(dice, dice.pick([0, 1, 1, 2, 3, 32, 33]));

/** The rounds of a world, each with what its committee must have done before. */
const openRounds = (dice: Dice, vocabulary: Vocabulary, moves: Move[], committee: Committee | undefined): { next(): void } => {
  const elapsed = (): ReturnType<typeof nanoseconds> =>
    nanoseconds(
      dice.weigh([
        [2, 0n],
        [2, 1n],
        [2, 100n],
        [4, 10n ** 9n],
        [3, dice.big(0n, 6n * 10n ** 9n)],
      ]),
    );
  if (committee === undefined || !vocabulary.inputs.has("share"))
    return { next: () => void moves.push({ kind: "round", elapsed: elapsed(), tape: tapeOf(dice, moves) }) };
  const makers = Array.from({ length: committee.threshold }, (_, k) => k + 1);
  let last = -1;
  let of = committee.offset;
  return {
    next: () => {
      of++;
      for (; last < of - 1; last++) for (const node of makers) moves.push({ kind: "finalise", node, height: height(last + 1) });
      for (const from of makers.slice(1)) moves.push({ kind: "share", from, to: 1, height: height(of), origin: { kind: "released" } });
      moves.push({ kind: "round", elapsed: elapsed(), tape: committeeTapeOf(committee, of) });
    },
  };
};
