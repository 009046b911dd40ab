/**
 * What an onlooker knows of tokens: what each account holds, what was paid for and not carried out, what the minting canister
 * holds of the cycles that it minted, and when it minted how many. From that it follows to the last unit how a conversion
 * must end. Written from `docs/machine.md` section 15 alone.
 */
import type { AccountId, ErrorCode, Genesis, Purpose, Reward, TokenGenesis } from "../../spec/index.ts";
import { scale } from "../money.ts";
import { isTaken } from "./settings.ts";
import type { World } from "./world.ts";

export interface TrackedConversion {
  readonly sender: AccountId;
  /** @unit e8s */
  readonly tokens: bigint;
  readonly purpose: Purpose;
  settled: boolean;
}

export interface TrackedTokens {
  readonly terms: TokenGenesis;
  permyriad: bigint;
  /** @unit e8s */
  readonly accounts: Map<AccountId, bigint>;
  /** By number. */
  readonly conversions: TrackedConversion[];
  /** What the minting canister holds. @unit cycles */
  float: bigint;
  readonly mintings: { readonly time: bigint; readonly cycles: bigint }[];
  /** @unit e8s */
  burned: bigint;
  minted: bigint;
}

/** How a conversion must end. */
export type Settlement = { readonly minted: bigint } & (
  | { readonly kind: "topped-up" | "created"; readonly cycles: bigint; readonly balance: bigint }
  | { readonly kind: "refunded"; readonly tokens: bigint; readonly error: ErrorCode }
);

export const openTokens = ({ tokens }: Genesis): TrackedTokens | null =>
  tokens === undefined
    ? null
    : {
        terms: tokens,
        permyriad: tokens.permyriad,
        accounts: new Map(tokens.accounts.map(({ account, balance }) => [account, balance])),
        conversions: [],
        float: 0n,
        mintings: [],
        burned: 0n,
        minted: sum(tokens.accounts.map(({ balance }) => balance)),
      };

/** @unit e8s */
export const heldOn = ({ accounts }: TrackedTokens, account: AccountId): bigint => accounts.get(account) ?? 0n;

/** The tokens of conversions that nobody carried out. @unit e8s */
export const pendingOf = ({ conversions }: TrackedTokens): bigint =>
  sum(conversions.filter(({ settled }) => !settled).map(({ tokens }) => tokens));

/** On all accounts. @unit e8s */
export const onAccounts = ({ accounts }: TrackedTokens): bigint => sum([...accounts.values()]);

/** What was minted so lately that it counts against the limit. @unit cycles */
export const mintedLately = ({ mintings, terms }: TrackedTokens, now: bigint): bigint =>
  sum(mintings.filter(({ time }) => time > now - terms.mintWindow).map(({ cycles }) => cycles));

/** What becomes of a conversion that is carried out now. */
export const settlementOf = (world: World, tokens: TrackedTokens, paid: TrackedConversion): Settlement => {
  const cycles = paid.tokens * tokens.permyriad;
  const lacking = cycles > tokens.float ? cycles - tokens.float : 0n;
  const refunded = (error: ErrorCode, minted: bigint): Settlement => {
    const { topUp, create } = tokens.terms.penalties;
    const left = paid.tokens - (paid.purpose.kind === "top-up" ? topUp : create);
    return { kind: "refunded", tokens: left > 0n ? left : 0n, error, minted };
  };
  if (mintedLately(tokens, world.time) + lacking > tokens.terms.mintLimit) return refunded("CN0019", 0n);
  const { kind, canister: id } = paid.purpose;
  if (kind === "top-up") {
    const balance = world.canisters.get(id)?.balance;
    return balance === undefined ? refunded("IC0301", lacking) : { kind: "topped-up", cycles, balance: balance + cycles, minted: lacking };
  }
  if (isTaken(world, id)) return refunded("IC0205", lacking);
  const fee = scale(world.parameters, world.parameters.fees.creation);
  return cycles < fee ? refunded("IC0403", lacking) : { kind: "created", cycles, balance: cycles - fee, minted: lacking };
};

/** The tokens of a reward. @unit e8s */
export const rewarded = (reward: Reward, permyriad: bigint): bigint =>
  reward.unit === "tokens" ? reward.tokens : (reward.permyriad * 100_000_000n) / permyriad;

const sum = (counts: readonly bigint[]): bigint => counts.reduce((total, count) => total + count, 0n);
