/** Tokens: what is told of them, and how a conversion goes step by step: `docs/machine.md`, section 15. */
import { match } from "ts-pattern";
import { cycles, e8s, type Cycles, type E8s, type ErrorCode, type Input, type Reward } from "../spec/index.ts";
import { canisterOf, errorOf, known, tell } from "./reading.ts";
import {
  burnConverted,
  createByConversion,
  lacking,
  mintCycles,
  mintReward,
  notifyConversion,
  payConversion,
  refundConversion,
  returned,
  setRate,
  tokensOf,
  topUpByConversion,
  transferTokens,
} from "./rules/tokens.ts";
import type { Paid, State } from "./state.ts";
import type { Fire, Fired } from "./transition.ts";

type Asked = Extract<Input, { kind: "transfer" | "pay" | "notify" | "reward" | "set-rate" }>;

/** Where there are no tokens, nothing is asked of them. */
export const moveTokens = (fire: Fire, before: State, asked: Asked): State =>
  before.tokens === null
    ? before
    : match(asked)
        .with({ kind: "transfer" }, ({ from, to, tokens }) =>
          told(fire(transferTokens, before, { from, to, tokens }), before, {
            done: () => ({ kind: "tokens-transferred", from, to, tokens, fee: tokensOf(before).said.transferFee }),
            refused: (error) => ({ kind: "transfer-refused", from, error }),
          }),
        )
        .with({ kind: "pay" }, ({ from, tokens, purpose }) =>
          told(fire(payConversion, before, { from, tokens, purpose }), before, {
            done: () => {
              const { conversions, said } = tokensOf(before);
              return { kind: "conversion-paid", from, conversion: conversions.length, tokens, fee: said.transferFee };
            },
            refused: (error) => ({ kind: "transfer-refused", from, error }),
          }),
        )
        .with({ kind: "notify" }, ({ conversion }) => convert(fire, before, conversion))
        .with({ kind: "reward" }, ({ account, reward }) => {
          const tokens = rewarded(before, reward);
          return tell(fire(mintReward, before, { account, tokens }).state, { kind: "reward-minted", account, tokens });
        })
        .with({ kind: "set-rate" }, ({ permyriad }) => tell(fire(setRate, before, { permyriad }).state, { kind: "rate-set", permyriad }))
        .exhaustive();

const told = (
  fired: Fired,
  before: State,
  { done, refused }: { done: () => State["events"][number]; refused: (error: ErrorCode) => State["events"][number] },
): State => (fired.applied ? tell(fired.state, done()) : tell(before, refused(errorOf(fired.error))));

/** A conversion either delivers all its cycles and burns all its tokens, or returns the tokens less a penalty. */
const convert = (fire: Fire, before: State, conversion: number): State => {
  const notified = fire(notifyConversion, before, { conversion });
  if (!notified.applied) return tell(before, { kind: "conversion-refused", conversion, error: errorOf(notified.error) });
  const paid = known(tokensOf(before).conversions[conversion], `conversion ${conversion}`);
  const wanted = cycles(paid.tokens * tokensOf(before).permyriad);
  const minted = fire(mintCycles, notified.state, { wanted });
  if (!minted.applied) return refund(fire, notified.state, { conversion, paid, minted: cycles(0n), error: errorOf(minted.error) });
  const lacked = lacking(notified.state, wanted);
  const { kind, canister } = paid.purpose;
  const delivered = fire(kind === "top-up" ? topUpByConversion : createByConversion, minted.state, { canister, wanted });
  if (!delivered.applied) return refund(fire, minted.state, { conversion, paid, minted: lacked, error: errorOf(delivered.error) });
  const { balance } = canisterOf(delivered.state, canister);
  return tell(fire(burnConverted, delivered.state, { paid }).state, {
    kind: "conversion-settled",
    conversion,
    minted: lacked,
    outcome: { kind: kind === "top-up" ? "topped-up" : "created", canister, cycles: wanted, balance },
  });
};

interface Failed {
  readonly conversion: number;
  readonly paid: Paid;
  readonly minted: Cycles;
  readonly error: ErrorCode;
}

const refund = (fire: Fire, before: State, { conversion, paid, minted, error }: Failed): State =>
  tell(fire(refundConversion, before, { paid }).state, {
    kind: "conversion-settled",
    conversion,
    minted,
    outcome: { kind: "refunded", tokens: returned(before, paid), error },
  });

const e8sOfToken = 100_000_000n;

/** @source facts/cycles.md CYC-7.5 */
const rewarded = (before: State, reward: Reward): E8s =>
  reward.unit === "tokens" ? reward.tokens : e8s((reward.permyriad * e8sOfToken) / tokensOf(before).permyriad);
