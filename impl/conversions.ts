/**
 * Conversions: tokens that were paid become cycles, once, or go back. The minting canister makes what it lacks of them, even when it
 * then turns out that nobody is there to get them; so it has them for the next one.
 */
import {
  conversionCreate,
  conversionNotify,
  conversionTopUp,
  cycles,
  cyclesMint,
  e8s,
  type CanisterId,
  type Conversion,
  type Cycles,
  type ErrorCode,
  type Input,
  type Purpose,
} from "../spec/index.ts";
import { emptyCanister } from "./canister.ts";
import { balanceOf } from "./cohorts.ts";
import { bear, isTaken } from "./membership.ts";
import { refusalOf } from "./refusals.ts";
import { setBalance, type Engine } from "./state.ts";
import { deposit, type Payment, type Tokens } from "./tokens.ts";

/** @rule conversion-notify */
export const notify = (engine: Engine, { conversion }: Extract<Input, { kind: "notify" }>): void => {
  const { tokens, events } = engine;
  if (tokens === null) return;
  const payment = tokens.payments.get(conversion);
  if (payment === undefined) {
    const wasPaid = Number.isInteger(conversion) && conversion >= 0 && conversion < tokens.paid;
    return void events.push({ kind: "conversion-refused", conversion, error: wasPaid ? isSettled : notPaid });
  }
  tokens.payments.delete(conversion);
  tokens.totals.pending -= payment.tokens;
  const worth = cycles(payment.tokens * tokens.permyriad);
  const lacking = cycles(worth > tokens.float ? worth - tokens.float : 0n);
  const isMinted = mint(engine, tokens, lacking);
  const error = isMinted ? refusalOfPurpose(engine, payment.purpose, worth) : limitReached;
  const outcome = error === null ? carryOut(engine, tokens, payment, worth) : giveBack(tokens, payment, error);
  events.push({ kind: "conversion-settled", conversion, minted: isMinted ? lacking : noCycles, outcome });
};

const notPaid = refusalOf(conversionNotify.when.paid);
const isSettled = refusalOf(conversionNotify.when.unsettled);
const limitReached = refusalOf(cyclesMint.when.within);
const noneToTopUp = refusalOf(conversionTopUp.when.exists);
const idTaken = refusalOf(conversionCreate.when.fresh);
const underfunded = refusalOf(conversionCreate.when.funded);

const noCycles = cycles(0n);

/**
 * Makes cycles, if so many may be made in a window that ends now; says whether they may.
 * @rule cycles-mint
 */
const mint = ({ time, totals }: Engine, tokens: Tokens, lacking: Cycles): boolean => {
  const { mintings, terms } = tokens;
  while (mintings.length > 0 && mintings[0]!.time <= time - terms.mintWindow) tokens.counted -= mintings.shift()!.cycles;
  if (tokens.counted + lacking > terms.mintLimit) return false;
  if (lacking === 0n) return true;
  mintings.push({ time, cycles: lacking });
  tokens.counted += lacking;
  tokens.float += lacking;
  totals.minted += lacking;
  return true;
};

const refusalOfPurpose = (engine: Engine, { kind, canister }: Purpose, worth: Cycles): ErrorCode | null => {
  switch (kind) {
    case "top-up":
      return engine.byId.has(canister) ? null : noneToTopUp;
    case "create":
      if (isTaken(engine, canister)) return idTaken;
      return worth < engine.prices.creation ? underfunded : null;
    default: {
      const never: never = kind;
      throw new Error(`a purpose of no kind: ${String(never)}`);
    }
  }
};

/**
 * The cycles go where they are to go, and the tokens are gone.
 * @rule conversion-burn
 */
const carryOut = (engine: Engine, tokens: Tokens, { purpose, tokens: paid }: Payment, worth: Cycles): Conversion => {
  const { kind, canister } = purpose;
  tokens.float -= worth;
  tokens.totals.burned += paid;
  const balance = kind === "top-up" ? topUp(engine, canister, worth) : create(engine, canister, worth);
  return { kind: kind === "top-up" ? "topped-up" : "created", canister, cycles: worth, balance };
};

/** @rule conversion-top-up */
const topUp = (engine: Engine, id: CanisterId, worth: Cycles): Cycles => {
  const canister = engine.byId.get(id)!;
  setBalance(engine, canister, cycles(balanceOf(canister) + worth));
  return balanceOf(canister);
};

/** @rule conversion-create */
const create = (engine: Engine, id: CanisterId, worth: Cycles): Cycles => balanceOf(bear(engine, emptyCanister(id, worth), null));

/** @rule conversion-refund */
const giveBack = (tokens: Tokens, { from, tokens: paid, purpose }: Payment, error: ErrorCode): Conversion => {
  const { penalties } = tokens.terms;
  const penalty = purpose.kind === "top-up" ? penalties.topUp : penalties.create;
  const refunded = e8s(paid > penalty ? paid - penalty : 0n);
  deposit(tokens, from, refunded);
  tokens.totals.burned += paid - refunded;
  return { kind: "refunded", tokens: refunded, error };
};
