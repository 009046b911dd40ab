/**
 * What is done with tokens, one input after the other. Whoever draws keeps the books of an onlooker as he goes, so that he can
 * place an amount where a unit decides, and the end of a round where the window of a minting ends.
 */
import {
  accountId,
  canisterId,
  cycles,
  e8s,
  managementCanister,
  percent,
  type AccountId,
  type CanisterId,
  type Conversion,
  type E8s,
  type Genesis,
  type Input,
  type Move,
  type Purpose,
} from "../../spec/index.ts";
import { scale } from "../money.ts";
import { bookPayment, bookReward, bookSettlement, bookTransfer } from "../tracking/notes-of-tokens.ts";
import { heldOn, mintedLately, rewarded, settlementOf, type Settlement, type TrackedTokens } from "../tracking/tokens.ts";
import { openWorld, tracked, type World } from "../tracking/world.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { openDiary, plainCanister, type Diary } from "./plain.ts";

/** Ids of canisters that come later, of one that never comes, and of one on another subnet. */
export const newcomers = ["c0", "n0", "n1", "z"].map(canisterId);
export const routed = canisterId("far");
const ghost = canisterId("ghost");

/** The inputs of a world. @param unit of a usual payment, in e8s */
export const spendingsOf = (dice: Dice, vocabulary: Vocabulary, genesis: Genesis, unit: bigint): readonly Move[] => {
  const world = openWorld(genesis);
  const diary = openDiary(dice, vocabulary);
  const desk: Desk = { dice, vocabulary, world, book: world.tokens, unit, diary };
  for (let left = dice.whole(14, 34); left > 0; left--) {
    const kind = dice.weigh(habits);
    if (vocabulary.inputs.has(kindOf[kind])) deeds[kind](desk);
  }
  passTime(desk);
  return diary.moves;
};

interface Desk {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly world: World;
  readonly book: TrackedTokens | null;
  readonly unit: bigint;
  readonly diary: Diary;
}

/** Whoever has tokens to spend. */
interface Counter extends Desk {
  readonly book: TrackedTokens;
}

const owners = ["alice", "bob", "carol", "nobody"].map(accountId);

const passTime = ({ dice, world, book, diary }: Desk): void => {
  const window = book?.terms.mintWindow ?? 0n;
  const last = book?.mintings.at(dice.pick([0, -1]));
  const ends = last === undefined ? window : last.time + window - world.time;
  const wanted = dice.pick([0n, 1n, window, ends - 1n, ends, ends, ends + 1n, window / 2n, dice.big(0n, 2_000_000_000n)]);
  const elapsed = wanted > 0n ? wanted : 0n;
  world.time += elapsed;
  diary.round(elapsed);
};

const transfer = (desk: Counter): void => {
  const { dice, book, unit, diary } = desk;
  const [from, to] = [spenderOf(desk), dice.pick(owners)];
  const { transferFee } = book.terms;
  const held = heldOn(book, from);
  const tokens = amount(
    dice.weigh([
      [4, dice.big(0n, unit / 2n)],
      [1, 0n],
      [1, held],
      [2, held - transferFee],
      [1, held - transferFee + 1n],
    ]),
  );
  diary.moves.push({ kind: "transfer", from, to, tokens });
  if (held >= tokens + transferFee) bookTransfer(book, { from, to, tokens, fee: transferFee });
};

const pay = (desk: Counter): void => {
  const { dice, book, diary } = desk;
  const from = spenderOf(desk);
  const purpose = purposeOf(desk);
  const tokens = amount(priceOf(desk, from, purpose));
  diary.moves.push({ kind: "pay", from, tokens, purpose });
  const fee = book.terms.transferFee;
  if (heldOn(book, from) < tokens + fee) return;
  const conversion = book.conversions.length;
  bookPayment(book, { from, tokens, fee }, purpose);
  if (dice.chance(50)) notify(desk, conversion);
};

/** What is paid: of what the sender has, or about as much as decides how the conversion ends. */
const priceOf = ({ dice, book, world, unit }: Counter, from: AccountId, { kind }: Purpose): bigint => {
  const { terms, permyriad, float } = book;
  const creation = scale(world.parameters, world.parameters.fees.creation);
  const left = terms.mintLimit - mintedLately(book, world.time) + float;
  const edge = dice.weigh([
    [3, kind === "top-up" ? terms.penalties.topUp : terms.penalties.create],
    [kind === "create" ? 6 : 0, creation / permyriad],
    [terms.mintLimit < 2n ** 98n ? 4 : 0, left / permyriad],
    [float > 0n ? 3 : 0, float / permyriad],
    [1, heldOn(book, from) - terms.transferFee],
  ]);
  return dice.weigh([
    [6, dice.big(unit / 2n, unit + unit / 2n)],
    [1, 0n],
    [1, 1n],
    [8, edge + dice.pick([-1n, 0n, 0n, 1n])],
  ]);
};

const purposeOf = ({ dice, world }: Counter): Purpose => {
  const here = [...world.canisters.keys()];
  const known: CanisterId = here.length > 0 ? dice.pick(here) : ghost;
  const canister = dice.weigh([
    [6, known],
    [8, dice.pick(newcomers)],
    [1, ghost],
    [1, routed],
    [1, managementCanister],
  ]);
  return dice.chance(45) ? { kind: "top-up", canister: dice.chance(60) ? known : canister } : { kind: "create", canister };
};

const notify = (desk: Counter, wanted?: number): void => {
  const { dice, book, world, diary } = desk;
  const waiting = book.conversions.flatMap(({ settled }, number) => (settled ? [] : [number]));
  const some = waiting.length > 0 && dice.chance(80) ? dice.pick(waiting) : dice.whole(0, book.conversions.length + 1);
  const conversion = wanted ?? some;
  diary.moves.push({ kind: "notify", conversion });
  const paid = book.conversions[conversion];
  if (paid === undefined || paid.settled) return;
  const settlement = settlementOf(world, book, paid);
  bookSettlement(world, book, { conversion, minted: cycles(settlement.minted), outcome: outcomeOf(settlement, paid.purpose) });
};

const outcomeOf = (settlement: Settlement, { canister }: Purpose): Conversion =>
  settlement.kind === "refunded"
    ? { kind: "refunded", tokens: e8s(settlement.tokens), error: settlement.error }
    : { kind: settlement.kind, canister, cycles: cycles(settlement.cycles), balance: cycles(settlement.balance) };

const reward = ({ dice, book, unit, diary }: Counter): void => {
  const account = dice.pick(owners);
  // So many e8s, and a little more or less: what is rounded is what a token is worth.
  const drawnWorth = (dice.big(0n, unit) * book.permyriad) / 100_000_000n + dice.pick([0n, 1n, 2n]);
  const worth = drawnWorth < largest ? drawnWorth : largest;
  const given = dice.chance(70)
    ? ({ unit: "xdr", permyriad: worth } as const)
    : ({ unit: "tokens", tokens: e8s(dice.big(0n, unit)) } as const);
  diary.moves.push({ kind: "reward", account, reward: given });
  bookReward(book, { account, tokens: e8s(rewarded(given, book.permyriad)) });
};

const setRate = ({ dice, book, diary }: Counter): void => {
  const { permyriad: now } = book;
  const permyriad = dice.pick([1n, now + 1n, now > 1n ? now - 1n : 3n, now / 2n + 1n, dice.big(1n, 10n)]);
  diary.moves.push({ kind: "set-rate", permyriad });
  book.permyriad = permyriad;
};

/** Canisters come and go by other ways, too: then a conversion finds another world than the one in which it was paid. */
const create = ({ dice, vocabulary, world, diary }: Desk): void => {
  const id = dice.pick(newcomers);
  const canister = { ...plainCanister(vocabulary, id, []), balance: cycles(2n ** 98n) };
  diary.moves.push({ kind: "create-canister", canister });
  if (world.had.has(id)) return;
  world.had.add(id);
  world.canisters.set(id, tracked(canister, world));
};

const remove = ({ dice, world, diary }: Desk): void => {
  const canister = dice.pick([...world.canisters.keys(), ghost]);
  diary.moves.push({ kind: "delete-canister", canister });
  world.canisters.delete(canister);
};

const ask = ({ dice, diary }: Desk): void => {
  const [canister, method] = dice.pick([[canisterId("a"), "ask"] as const, [dice.pick(newcomers), "serve"] as const]);
  diary.ingress(canister, method);
};

const habits = [
  [3, "transfer"],
  [9, "pay"],
  [6, "notify"],
  [4, "reward"],
  [2, "rate"],
  [7, "round"],
  [1, "create"],
  [2, "delete"],
  [1, "top-up"],
  [1, "allocate"],
  [1, "restart"],
  [1, "ask"],
] as const satisfies readonly (readonly [number, string])[];

type Deed = (typeof habits)[number][1];

/** Where there are tokens. */
const spending =
  (spend: (desk: Counter) => void) =>
  (desk: Desk): void => {
    if (desk.book !== null) spend({ ...desk, book: desk.book });
  };

const deeds: Readonly<Record<Deed, (desk: Desk) => void>> = {
  transfer: spending(transfer),
  pay: spending(pay),
  notify: spending(notify),
  reward: spending(reward),
  rate: spending(setRate),
  round: passTime,
  create,
  delete: remove,
  "top-up": ({ dice, diary }) =>
    void diary.moves.push({ kind: "top-up", canister: dice.pick(newcomers), cycles: cycles(dice.big(0n, 9n)) }),
  allocate: ({ dice, diary }) =>
    void diary.moves.push({
      kind: "set-compute-allocation",
      canister: dice.pick(newcomers),
      computeAllocation: percent(dice.pick([1, 30])),
    }),
  restart: ({ diary }) => diary.restart(100),
  ask,
};

const kindOf: Readonly<Record<Deed, Input["kind"]>> = {
  transfer: "transfer",
  pay: "pay",
  notify: "notify",
  reward: "reward",
  rate: "set-rate",
  round: "round",
  create: "create-canister",
  delete: "delete-canister",
  "top-up": "top-up",
  allocate: "set-compute-allocation",
  restart: "restart",
  ask: "ingress",
};

/** Mostly the one who has most. */
const spenderOf = ({ dice, book }: Counter): AccountId => {
  const richest = owners.reduce((most, owner) => (heldOn(book, owner) > heldOn(book, most) ? owner : most));
  return dice.chance(70) ? richest : dice.pick(owners);
};

/** Small enough for the border. */
const largest = 2n ** 63n;

const amount = (tokens: bigint): E8s => e8s(tokens < 0n ? 0n : tokens < largest ? tokens : largest);
