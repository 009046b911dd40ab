/** How tokens change hands, and become cycles: what that changes of what an onlooker knows. */
import { cycles as cyclesOf, percent, seconds, type AccountId, type CanisterGenesis, type CanisterId } from "../../spec/index.ts";
import type { NotesOf } from "./absorb.ts";
import { enter } from "./notes-of-scheduling.ts";
import { heldOn, type TrackedTokens } from "./tokens.ts";
import { tracked } from "./world.ts";

export const tokenNotes: NotesOf<
  "tokens-transferred" | "conversion-paid" | "transfer-refused" | "conversion-settled" | "conversion-refused" | "reward-minted" | "rate-set"
> = {
  "tokens-transferred": ({ tokens: book }, { from, to, tokens, fee }) => {
    if (book === null) return;
    move(book, from, -(tokens + fee));
    move(book, to, tokens);
    book.burned += fee;
  },
  "conversion-paid": ({ tokens: book }, { from, tokens, fee }, { input }) => {
    if (book === null || input.kind !== "pay") return;
    move(book, from, -(tokens + fee));
    book.burned += fee;
    book.conversions.push({ sender: from, tokens, purpose: input.purpose, settled: false });
  },
  "transfer-refused": () => {},
  "conversion-settled": (world, { conversion, minted, outcome }) => {
    const book = world.tokens;
    const paid = book?.conversions[conversion];
    if (book === null || paid === undefined) return;
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
      book.had.add(outcome.canister);
      const empty = tracked(emptyCanister(outcome.canister, outcome.balance), world.time);
      enter(world.canisters, { ...empty, installed: false });
    }
    const canister = world.canisters.get(outcome.canister);
    if (canister !== undefined) canister.balance = outcome.balance;
  },
  "conversion-refused": () => {},
  "reward-minted": ({ tokens: book }, { account, tokens }) => {
    if (book === null) return;
    move(book, account, tokens);
    book.minted += tokens;
  },
  "rate-set": ({ tokens: book }, { permyriad }) => {
    if (book !== null) book.permyriad = permyriad;
  },
};

/** What a conversion creates: no code, no share of a core. */
const emptyCanister = (id: CanisterId, balance: bigint): CanisterGenesis => ({
  id,
  computeAllocation: percent(0),
  freezingThreshold: seconds(2_592_000),
  balance: cyclesOf(balance > 0n ? balance : 0n),
  methods: [],
  onTimer: [],
});

const move = (book: TrackedTokens, account: AccountId, tokens: bigint): void =>
  void book.accounts.set(account, heldOn(book, account) + tokens);
