/**
 * The books of tokens: a second currency, in the same way. What was transferred, paid, burned and minted is posted from the events,
 * and after every input the sums are held against what the machine says of tokens. Who got something and what it cost is in the events
 * alone; what was paid for a conversion is known by its number.
 */
import type { AccountId, Event, Genesis, Step, TokenLedger } from "../../spec/index.ts";
import type { TokenBook, TokenDisagreement, TokenEntry, TokenFlowName, TokenTotal } from "./data.ts";

type Place = keyof TokenLedger;

interface TokenFlow {
  readonly from: Place;
  readonly to: Place;
  readonly says: string;
}

const flow = (from: Place, to: Place, says: string): TokenFlow => ({ from, to, says });

/** Every flow of tokens by its name, in the order in which tables list them. */
export const tokenFlows: Readonly<Record<TokenFlowName, TokenFlow>> = {
  genesis: flow("minted", "accounts", "What an account holds at the beginning."),
  reward: flow("minted", "accounts", "Minted for a node provider or a neuron."),
  transfer: flow("accounts", "accounts", "From one account to another."),
  "transfer fee": flow("accounts", "burned", "Burned for each transfer and each payment."),
  payment: flow("accounts", "pending", "Paid for a conversion."),
  "converted tokens": flow("pending", "burned", "Burned for the cycles that were delivered."),
  returned: flow("pending", "accounts", "Of a conversion that failed, less the penalty."),
  penalty: flow("pending", "burned", "For a conversion that failed."),
};

export const tokenPlaces: readonly Place[] = ["accounts", "pending", "burned", "minted"];

/** The book of tokens of one subnet, `null` where there are none. `at` are the places of its steps in the whole trace. */
export const tokenBookOf = ({ tokens }: Genesis, steps: readonly Step[], at: readonly number[]): TokenBook | null => {
  if (tokens === undefined) return null;
  const desk: Desk = {
    accounts: new Map(),
    sums: { accounts: 0n, pending: 0n, burned: 0n, minted: 0n },
    paid: new Map(),
    entries: new Map(),
  };
  for (const { account, balance } of tokens.accounts) post(desk, "genesis", balance, null, account);
  const [opening, first] = [{ ...desk.sums }, new Map(desk.accounts)];
  const disagreements: TokenDisagreement[] = [];
  const forgiven: Record<Place, bigint> = { accounts: 0n, pending: 0n, burned: 0n, minted: 0n };
  steps.forEach(({ observation }, own) => {
    for (const event of observation.events) follow(desk, event);
    for (const place of tokenPlaces) {
      const [expected, derived] = [observation.tokens?.[place] ?? 0n, desk.sums[place] - forgiven[place]];
      if (expected === derived) continue;
      disagreements.push({ step: at[own]!, place, expected, derived, difference: derived - expected });
      forgiven[place] = desk.sums[place] - expected;
    }
  });
  return {
    flows: (Object.keys(tokenFlows) as TokenFlowName[]).flatMap((name) => desk.entries.get(name) ?? []),
    accounts: [...desk.accounts]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([account, closing]) => ({ account, opening: first.get(account) ?? 0n, closing })),
    totals: tokenPlaces.map((place): TokenTotal => ({ place, opening: opening[place], closing: desk.sums[place] })),
    disagreements,
  };
};

interface Desk {
  readonly accounts: Map<AccountId, bigint>;
  /** As a machine counts them: `minted` grows by what comes out of it. */
  readonly sums: Record<Place, bigint>;
  /** What was paid for each conversion, and by whom. */
  readonly paid: Map<number, { readonly from: AccountId; readonly tokens: bigint }>;
  readonly entries: Map<TokenFlowName, TokenEntry>;
}

const follow = (desk: Desk, event: Event): void => {
  switch (event.kind) {
    case "tokens-transferred":
      post(desk, "transfer", event.tokens, event.from, event.to);
      return post(desk, "transfer fee", event.fee, event.from, null);
    case "conversion-paid":
      desk.paid.set(event.conversion, event);
      post(desk, "payment", event.tokens, event.from, null);
      return post(desk, "transfer fee", event.fee, event.from, null);
    case "conversion-settled": {
      const { from, tokens } = desk.paid.get(event.conversion) ?? { from: null, tokens: 0n };
      if (event.outcome.kind !== "refunded") return post(desk, "converted tokens", tokens, null, null);
      post(desk, "returned", event.outcome.tokens, null, from);
      return post(desk, "penalty", tokens - event.outcome.tokens, null, null);
    }
    case "reward-minted":
      return post(desk, "reward", event.tokens, null, event.account);
    default:
  }
};

const post = (
  { accounts, sums, entries }: Desk,
  name: TokenFlowName,
  tokens: bigint,
  payer: AccountId | null,
  receiver: AccountId | null,
): void => {
  if (tokens === 0n) return;
  const { from, to } = tokenFlows[name];
  sums[from] += from === "minted" ? tokens : -tokens;
  sums[to] += tokens;
  if (payer !== null) accounts.set(payer, (accounts.get(payer) ?? 0n) - tokens);
  if (receiver !== null) accounts.set(receiver, (accounts.get(receiver) ?? 0n) + tokens);
  const entry = entries.get(name) ?? { flow: name, count: 0, tokens: 0n };
  entries.set(name, { flow: name, count: entry.count + 1, tokens: entry.tokens + tokens });
};
