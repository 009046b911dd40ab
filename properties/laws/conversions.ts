/**
 * Tokens become cycles: each payment once, all of it or, less a penalty, nothing; to the last cycle that the rate of the moment says; and
 * never more in a window of time than the limit. What the minting canister minted in vain it uses first.
 */
import type { Event, Genesis, Ledger } from "../../spec/index.ts";
import { tokenWorlds } from "../arbitraries/tokens.ts";
import { alone } from "../case.ts";
import { sidesOf } from "../flows.ts";
import { scale } from "../money.ts";
import { isProvided } from "../tracking/management.ts";
import { isMade } from "../tracking/settings.ts";
import { settlementOf, type Settlement, type TrackedTokens } from "../tracking/tokens.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

type Settled = Extract<Event, { readonly kind: "conversion-settled" }>;

export const conversionsSettleOnce = watchedLaw({
  id: "conversions-settle-once",
  statement:
    "A conversion that was paid is carried out when somebody first asks for it, and never again: every cycle that its tokens are worth then reaches its canister, a new one less the fee of a creation; or, where the limit, the canister or the fee stands against it, its tokens come back less the penalty.",
  source: "facts/cycles.md CYC-P20, CYC-7.1, CYC-7.2; docs/machine.md section 15",
  cites: [
    "conversion-notify",
    "conversion-pay",
    "conversion-top-up",
    "conversion-create",
    "conversion-burn",
    "conversion-refund",
    "cycles-mint",
    "rate-set",
    "restart",
  ],
  needs: ["tokens"],
  otherwise: "nobody asked for a conversion",
  cases: (vocabulary) => tokenWorlds(vocabulary).map(alone),
  watch: () => {
    let asked = false;
    return {
      onStep: ({ input, observation: { events } }, { tokens: book }) =>
        book === null || input.kind !== "notify" || events.length === 1 ? undefined : `${input.kind} made ${events.length} events`,
      onEvent: (event, world, { input }) => {
        const { tokens: book } = world;
        if (book === null) return undefined;
        if (input.kind !== "notify")
          return event.kind === "conversion-settled" || event.kind === "conversion-refused"
            ? `${input.kind} made the event ${event.kind}`
            : undefined;
        asked = true;
        return misconverted(event, input.conversion, world, book);
      },
      interested: () => asked,
    };
  },
});

const misconverted = (event: Event, conversion: number, world: World, book: TrackedTokens): Complaint => {
  if ((event.kind !== "conversion-settled" && event.kind !== "conversion-refused") || event.conversion !== conversion)
    return `a notification of conversion ${conversion} made the event ${event.kind}`;
  const paid = book.conversions[conversion];
  const refusal = paid === undefined ? "CN0017" : paid.settled ? "CN0018" : null;
  if (refusal !== null || paid === undefined)
    return event.kind === "conversion-refused" && event.error === refusal
      ? undefined
      : `conversion ${conversion} ${refusal === "CN0017" ? "was never paid" : "is settled"}, and a notification made the event ${event.kind}`;
  if (event.kind === "conversion-refused") return `conversion ${conversion} waits, and was refused with ${event.error}`;
  const due = settlementOf(world, book, paid);
  const came = cameOf(event);
  const expected = wordsOf(due);
  if (event.outcome.kind !== "refunded" && event.outcome.canister !== paid.purpose.canister)
    return `conversion ${conversion} was paid for ${paid.purpose.canister}, and ${event.outcome.canister} got it`;
  return came === expected
    ? undefined
    : `conversion ${conversion} of ${paid.tokens} at a rate of ${book.permyriad}, for a ${paid.purpose.kind} of ${paid.purpose.canister}: expected ${expected}, got ${came}`;
};

const cameOf = ({ outcome }: Settled): string => wordsOf(outcome);

type Words =
  | { readonly kind: "topped-up" | "created"; readonly cycles: bigint; readonly balance: bigint }
  | { readonly kind: "refunded"; readonly tokens: bigint; readonly error: string };

const wordsOf = (end: Words | Settlement): string =>
  end.kind === "refunded"
    ? `${end.tokens} tokens back, ${end.error}`
    : `${end.kind} with ${end.cycles} cycles to a balance of ${end.balance}`;

export const cyclesMintedAsTold = watchedLaw({
  id: "cycles-minted-as-told",
  statement:
    "Cycles come into being by top-ups, creations and conversions alone, by exactly what is told of them, and are then somewhere: for a conversion what the minting canister lacks, for it uses first what it minted for conversions that failed; and in no window of time are more minted for tokens than the limit.",
  source: "facts/cycles.md CYC-P19, CYC-7.2, CYC-7.3, T53, T54",
  cites: ["cycles-mint", "conversion-top-up", "conversion-create", "top-up", "canister-create"],
  needs: ["tokens"],
  otherwise: "no cycles were minted for tokens",
  cases: (vocabulary) => tokenWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    let before = mintedAtGenesis(genesis);
    let told = 0n;
    let converted = false;
    return {
      onEvent: (event, world) => {
        told += mintedBy(event, world);
        const { tokens: book } = world;
        if (book === null || event.kind !== "conversion-settled") return undefined;
        converted = true;
        return misminted(event, world, book);
      },
      onStep: ({ observation: { ledger } }, { tokens: book }) => {
        const complaint = undeclared(ledger, before + told, book);
        before = ledger.minted;
        told = 0n;
        return complaint;
      },
      interested: () => converted,
    };
  },
});

const mintedAtGenesis = ({ canisters }: Genesis): bigint => canisters.reduce((sum, { balance }) => sum + balance, 0n);

const mintedBy = (event: Event, world: World): bigint => {
  const { parameters } = world;
  switch (event.kind) {
    case "topped-up":
    case "cycles-provided":
      return event.cycles;
    case "canister-created":
      if (isProvided(world)) return event.balance;
      return isMade(world) ? 0n : event.balance + scale(parameters, parameters.fees.creation);
    case "conversion-settled":
      return event.minted;
    default:
      return 0n;
  }
};

const misminted = ({ conversion, minted, outcome }: Settled, { time }: World, book: TrackedTokens): Complaint => {
  const paid = book.conversions[conversion];
  if (paid === undefined) return undefined;
  const worth = paid.tokens * book.permyriad;
  const lacking = worth > book.float ? worth - book.float : 0n;
  const { mintLimit, mintWindow } = book.terms;
  const lately = book.mintings.filter((past) => past.time + mintWindow > time).reduce((sum, past) => sum + past.cycles, 0n);
  const over = lately + lacking > mintLimit;
  if (minted + lately > mintLimit && minted > 0n)
    return `${lately} cycles were minted in the window, then ${minted}: the limit is ${mintLimit}`;
  if (over !== (outcome.kind === "refunded" && outcome.error === "CN0019"))
    return `${lately} cycles were minted in the window, and ${lacking} are lacking: the limit is ${mintLimit}, and conversion ${conversion} ${over ? "was carried out" : "met it"}`;
  const due = over ? 0n : lacking;
  return minted === due
    ? undefined
    : `conversion ${conversion} is worth ${worth} cycles, ${book.float} are held: ${minted} were minted instead of ${due}`;
};

const undeclared = (ledger: Ledger, minted: bigint, book: TrackedTokens | null): Complaint => {
  if (ledger.minted !== minted) return `${ledger.minted} cycles were minted, and told are ${minted}`;
  const { there, come } = sidesOf(ledger);
  if (there !== come) return `${come} cycles came into being or from elsewhere, and ${there} are there or gone`;
  const float = book?.float ?? 0n;
  return ledger.float === float ? undefined : `the minting canister holds ${ledger.float} cycles, and by what was told it is ${float}`;
};
