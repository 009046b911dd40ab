/**
 * Tokens are conserved. They come into being by genesis and rewards alone, are gone by fees, conversions and penalties alone, and
 * in between they only change hands. No token ever comes of cycles: that is why cycles are worth what was burned for them.
 */
import type { Event, Genesis, Input, Step, TokenLedger } from "../../spec/index.ts";
import { tokenWorlds } from "../arbitraries/tokens.ts";
import { alone } from "../case.ts";
import { heldOn, onAccounts, pendingOf, rewarded, type TrackedTokens } from "../tracking/tokens.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";

export const tokensConserved = watchedLaw({
  id: "tokens-conserved",
  statement:
    "After every input the tokens on accounts, those paid for conversions that nobody carried out, and those burned are together those minted, each term by exactly what was told; only a reward mints tokens, whatever becomes of cycles; and a world without tokens tells of none.",
  source: "facts/cycles.md CYC-P21, CYC-7.5, CYC-7.6",
  cites: ["tokens-transfer", "conversion-pay", "conversion-burn", "conversion-refund", "conversion-notify", "reward-mint", "restart"],
  needs: ["tokens"],
  otherwise: "no tokens moved",
  cases: (vocabulary) => tokenWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    let before: TokenLedger | null = null;
    let moved = false;
    return {
      onEvent: (event) => {
        moved ||= isOfTokens(event);
        return isOfTokens(event) && genesis.tokens === undefined ? `there are no tokens, and ${event.kind} is told` : undefined;
      },
      onStep: ({ input, observation: { tokens } }, { tokens: book }) => {
        if (book === null || tokens === undefined)
          return book === null && tokens === undefined ? undefined : `tokens are ${tokens === undefined ? "not " : ""}told of`;
        const first = before ?? opened(genesis, tokens);
        before = tokens;
        return unbalanced(tokens) ?? unlike(tokens, book) ?? cameOfNothing(input, first, tokens);
      },
      interested: () => moved,
    };
  },
});

const isOfTokens = ({ kind }: Event): boolean => ofTokens.has(kind);

const ofTokens: ReadonlySet<Event["kind"]> = new Set<Event["kind"]>([
  "tokens-transferred",
  "conversion-paid",
  "transfer-refused",
  "conversion-settled",
  "conversion-refused",
  "reward-minted",
  "rate-set",
]);

const opened = ({ tokens }: Genesis, none: TokenLedger): { readonly minted: bigint } =>
  tokens === undefined ? none : { minted: tokens.accounts.reduce((sum, { balance }) => sum + balance, 0n) };

const unbalanced = ({ accounts, pending, burned, minted }: TokenLedger): Complaint =>
  accounts + pending + burned === minted
    ? undefined
    : `accounts ${accounts} + pending ${pending} + burned ${burned} = ${accounts + pending + burned}, but ${minted} were minted`;

const unlike = (tokens: TokenLedger, book: TrackedTokens): Complaint => {
  for (const [term, found, told] of [
    ["on accounts", tokens.accounts, onAccounts(book)],
    ["pending", tokens.pending, pendingOf(book)],
    ["burned", tokens.burned, book.burned],
    ["minted", tokens.minted, book.minted],
  ] as const)
    if (found !== told) return `${found} tokens are ${term}, and by what was told it is ${told}`;
  const overdrawn = [...book.accounts].find(([, held]) => held < 0n);
  return overdrawn === undefined ? undefined : `${overdrawn[0]} holds ${overdrawn[1]} tokens`;
};

const cameOfNothing = (input: Input, before: { readonly minted: bigint }, { minted }: TokenLedger): Complaint =>
  minted === before.minted || input.kind === "reward" ? undefined : `${input.kind} minted ${minted - before.minted} tokens`;

export const transfersBurnTheirFee = watchedLaw({
  id: "transfers-burn-their-fee",
  statement:
    "Whoever pays or hands over tokens needs them and the fee, which is burned once, and then does it, whoever the receiver is; else it is refused with CN0016, and nothing changes. Payments are numbered in their order.",
  source: "facts/cycles.md CYC-7.2, CYC-7.5",
  cites: ["tokens-transfer", "conversion-pay"],
  needs: ["tokens"],
  otherwise: "nobody spent tokens",
  cases: (vocabulary) => tokenWorlds(vocabulary).map(alone),
  watch: () => {
    let spent = false;
    return {
      onStep: (step, { tokens: book }) =>
        book === null || (step.input.kind !== "transfer" && step.input.kind !== "pay") || step.observation.events.length === 1
          ? undefined
          : `${step.input.kind} made ${step.observation.events.length} events`,
      onEvent: (event, { tokens: book }, { input }) => {
        if (book === null || (input.kind !== "transfer" && input.kind !== "pay")) return undefined;
        spent = true;
        return misspent(event, input, book);
      },
      interested: () => spent,
    };
  },
});

const misspent = (event: Event, input: Extract<Input, { readonly kind: "transfer" | "pay" }>, book: TrackedTokens): Complaint => {
  const { from, tokens } = input;
  const fee = book.terms.transferFee;
  const held = heldOn(book, from);
  const what = `${from} holds ${held}, and ${input.kind === "pay" ? "pays" : "hands over"} ${tokens} for a fee of ${fee}`;
  if (held < tokens + fee)
    return event.kind === "transfer-refused" && event.error === "CN0016" && event.from === from
      ? undefined
      : `${what}: expected that it is refused with CN0016, got ${event.kind}`;
  if (event.kind === "tokens-transferred" && input.kind === "transfer")
    return event.from === from && event.to === input.to && event.tokens === tokens && event.fee === fee
      ? undefined
      : `${what}: told are ${event.tokens} of ${event.from} to ${event.to} for a fee of ${event.fee}`;
  if (event.kind === "conversion-paid" && input.kind === "pay") {
    if (event.conversion !== book.conversions.length) return `payment ${book.conversions.length} has the number ${event.conversion}`;
    return event.from === from && event.tokens === tokens && event.fee === fee
      ? undefined
      : `${what}: told are ${event.tokens} of ${event.from} for a fee of ${event.fee}`;
  }
  return `${what}: expected that it is done, got ${event.kind}`;
};

export const rewardsAreRoundedDown = watchedLaw({
  id: "rewards-are-rounded-down",
  statement:
    "A reward in tokens mints just these; one in XDR mints as many as it is worth at the rate of the moment and not one more, less than one of the smallest parts short of it. The rate is the one that was set last.",
  source: "facts/cycles.md CYC-7.5, CYC-P21, CYC-7.1",
  cites: ["reward-mint", "rate-set"],
  needs: ["tokens"],
  otherwise: "nobody was rewarded",
  cases: (vocabulary) => tokenWorlds(vocabulary).map(alone),
  watch: () => {
    let given = false;
    return {
      onStep: (step, { tokens: book }) => (book === null ? undefined : untold(step)),
      onEvent: (event, { tokens: book }, { input }) => {
        if (book === null || input.kind !== "reward" || event.kind !== "reward-minted") return undefined;
        given = true;
        return (
          misgiven(event.tokens, input, book) ??
          (event.account === input.account ? undefined : `${event.account} got the reward of ${input.account}`)
        );
      },
      interested: () => given,
    };
  },
});

const misgiven = (tokens: bigint, { reward }: Extract<Input, { readonly kind: "reward" }>, { permyriad }: TrackedTokens): Complaint => {
  if (reward.unit === "tokens") return tokens === reward.tokens ? undefined : `a reward of ${reward.tokens} minted ${tokens}`;
  const due = rewarded(reward, permyriad);
  return tokens === due
    ? undefined
    : `a reward of ${reward.permyriad}, where a token is worth ${permyriad}, minted ${tokens} instead of ${due}`;
};

const untold = ({ input, observation: { events } }: Step): Complaint => {
  if (input.kind !== "reward" && input.kind !== "set-rate") return undefined;
  const [event] = events;
  if (event === undefined || events.length !== 1) return `${input.kind} made ${events.length} events`;
  if (input.kind === "reward") return event.kind === "reward-minted" ? undefined : `a reward made the event ${event.kind}`;
  return event.kind === "rate-set" && event.permyriad === input.permyriad
    ? undefined
    : `the rate was set to ${input.permyriad}, and ${event.kind} told`;
};
