/**
 * Stories of queries: one that calls another and is asked until there is no budget left, and what users ask in a round.
 *
 * The limits: 50 instructions for one query, 60 for a whole one, 5 for each call; calls at depth 1 and no deeper; a canister has 15
 * instructions for queries in each 10 ns.
 */
import {
  canisterId,
  hex,
  instructions,
  nanoseconds,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Mode,
  type Parameters,
  type Trace,
} from "../../spec/index.ts";
import { inducted, received } from "./tales-of-one.ts";
import {
  answeredUser,
  began,
  callTo,
  canister,
  ended,
  executed,
  fromUser,
  ingress,
  rejected,
  removed,
  replied,
  reply,
  replyMessage,
  round,
  story,
  turn,
  world,
  type Told,
} from "./stories.ts";

/** A question of a user. */
export const asks = (to: string, method: string, payload = ""): Input => ({
  kind: "query",
  canister: canisterId(to),
  method,
  payload: hex(payload),
});

/** The same canister with other modes for some of its methods. */
export const inModes = (genesis: CanisterGenesis, modes: Readonly<Record<string, Mode>>): CanisterGenesis => ({
  ...genesis,
  methods: genesis.methods.map((method) => ({ ...method, mode: modes[method.name] ?? "update" })),
});

const limits: Partial<Parameters> = {
  queryInstructionLimit: instructions(50),
  queryTreeInstructionLimit: instructions(60),
  queryCallOverhead: instructions(5),
  queryDepth: 1,
  queryBudget: instructions(15),
  queryWindow: nanoseconds(10n),
};

/** A composite query of a passes its message on to a query of b, which writes it down and says it back. */
export const parlour = (more: Partial<Parameters> = {}): Genesis =>
  world(
    [
      inModes(
        canister("a", {
          m0: [callTo({ payload: { kind: "message" }, onReply: [replyMessage], onReject: [reply("ff")] })],
          m2: [replyMessage],
        }),
        { m0: "composite" },
      ),
      inModes(canister("b", { m1: [{ op: "write", page: 0, value: { kind: "message" } }, replyMessage] }), { m1: "query" }),
    ],
    { ...limits, ...more },
  );

/** 1 instruction for the call, 2 of b and 5 for calling it, 1 for the callback. */
const answered: Told = {
  input: asks("a", "m0", "2a"),
  events: [
    {
      kind: "query-answered",
      canister: "a",
      method: "m0",
      result: replied("2a"),
      instructions: 9,
      nested: [{ depth: 1, caller: "a", callee: "b", method: "m1", result: replied("2a") }],
    },
  ],
};
const turnedAway: Told = { ...answered, events: [{ kind: "query-refused", canister: "a", method: "m0", error: "CN0021" }] };

/** Two answers use the budget of a up; b has its own; the next window, and a restart, bring it back. */
export const inquiry: Trace = story(parlour(), [
  answered,
  answered,
  turnedAway,
  {
    input: asks("b", "m1", "01"),
    events: [{ kind: "query-answered", canister: "b", method: "m1", result: replied("01"), instructions: 2, nested: [] }],
  },
  { input: asks("a", "m2"), events: [{ kind: "query-refused", canister: "a", method: "m2", error: "CN0021" }] },
  { input: round(10n), events: [began(1, 10n), ended(1, 0, 0)] },
  answered,
  { input: asks("a", "m2"), events: [{ kind: "query-refused", canister: "a", method: "m2", error: "IC0536" }] },
  answered,
  turnedAway,
  { input: { kind: "restart" }, events: [{ kind: "restarted" }] },
  answered,
]);

/** A query in a round writes down what it says, in vain; a composite one is not executed. */
export const hearing: Trace = story(
  world([
    inModes(canister("a", { m0: [{ op: "write", page: 0, value: { kind: "message" } }, replyMessage], m2: [replyMessage] }), {
      m0: "query",
      m2: "composite",
    }),
  ]),
  [
    { input: ingress("x", "a", "m0", "2a"), events: [received("x")] },
    { input: ingress("y", "a", "m2"), events: [received("y")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 6n, 994n),
        inducted("y", "a", 5n, 989n),
        ...turn(
          1,
          "a",
          6,
          executed("a", 0, { cause: fromUser("x"), instructions: 2, charged: 12n, balance: 977n }),
          ...answeredUser("a", 0, "x", replied("2a")),
          removed("a", 0),
          { kind: "not-executed", canister: "a", cause: fromUser("y", "m2"), error: "IC0527", charged: 10n, balance: 967n },
          ...answeredUser("a", null, "y", rejected("IC0527")),
        ),
        ended(1, 1, 6),
      ],
      ledger: { balances: 967n, burned: 33n },
    },
  ],
);
