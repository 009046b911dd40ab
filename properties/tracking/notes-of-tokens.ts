/** How tokens change hands, and become cycles: what that changes of what an onlooker knows. */
import type { AccountId, Purpose, TokenEvent } from "../../spec/index.ts";
import type { NotesOf } from "./absorb.ts";
import { emptyCanister } from "./settings.ts";
import { heldOn, type TrackedTokens } from "./tokens.ts";
import { enter, tracked, type World } from "./world.ts";

export const tokenNotes: NotesOf<TokenEvent["kind"]> = {
  "tokens-transferred": ({ tokens: book }, event) => {
    if (book !== null) bookTransfer(book, event);
  },
  "conversion-paid": ({ tokens: book }, event, { input }) => {
    if (book !== null && input.kind === "pay") bookPayment(book, event, input.purpose);
  },
  "transfer-refused": () => {},
  "conversion-settled": (world, event) => {
    if (world.tokens !== null) bookSettlement(world, world.tokens, event);
  },
  "conversion-refused": () => {},
  "reward-minted": ({ tokens: book }, event) => {
    if (book !== null) bookReward(book, event);
  },
  "rate-set": ({ tokens: book }, { permyriad }) => {
    if (book !== null) book.permyriad = permyriad;
  },
};

type Told<Kind extends TokenEvent["kind"]> = Omit<Extract<TokenEvent, { readonly kind: Kind }>, "kind">;

export const bookTransfer = (book: TrackedTokens, { from, to, tokens, fee }: Told<"tokens-transferred">): void => {
  move(book, from, -(tokens + fee));
  move(book, to, tokens);
  book.burned += fee;
};

export const bookPayment = (
  book: TrackedTokens,
  { from, tokens, fee }: Omit<Told<"conversion-paid">, "conversion">,
  purpose: Purpose,
): void => {
  move(book, from, -(tokens + fee));
  book.burned += fee;
  book.conversions.push({ sender: from, tokens, purpose, settled: false });
};

export const bookSettlement = (world: World, book: TrackedTokens, { conversion, minted, outcome }: Told<"conversion-settled">): void => {
  const paid = book.conversions[conversion];
  if (paid === undefined) return;
  paid.settled = true;
  book.float += minted;
  if (minted > 0n) book.mintings.push({ time: world.time, cycles: minted });
  if (outcome.kind === "refunded") {
    move(book, paid.sender, outcome.tokens);
    book.burned += paid.tokens - outcome.tokens;
    return;
  }
  book.float -= outcome.cycles;
  book.burned += paid.tokens;
  if (outcome.kind === "created") {
    world.had.add(outcome.canister);
    const empty = tracked(emptyCanister(outcome.canister, outcome.balance), world);
    enter(world.canisters, { ...empty, installed: false });
  }
  const canister = world.canisters.get(outcome.canister);
  if (canister !== undefined) canister.balance = outcome.balance;
};

export const bookReward = (book: TrackedTokens, { account, tokens }: Told<"reward-minted">): void => {
  move(book, account, tokens);
  book.minted += tokens;
};

const move = (book: TrackedTokens, account: AccountId, tokens: bigint): void =>
  void book.accounts.set(account, heldOn(book, account) + tokens);
