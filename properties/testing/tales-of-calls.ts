/** Stories of calls: a payment, a mending, dice, a crowd, an errand to nobody. */
import { canisterId, cycles, hex, managementCanister, type Trace } from "../../spec/index.ts";
import {
  answeredUser,
  began,
  callTo,
  canister,
  ended,
  executed,
  fromCall,
  fromUser,
  ingress,
  rejected,
  removed,
  replied,
  reply,
  replyMessage,
  round,
  sent,
  story,
  turn,
  world,
} from "./stories.ts";

import { inducted, received } from "./tales-of-one.ts";

const requested = (callback: number): object => ({ kind: "request-inducted", caller: "a", callback, callee: "b" });

const responded = (callback: number, result: "reply" | "reject"): object => ({ kind: "response-inducted", caller: "a", callback, result });

const toCaller = (context: number | null, callback: number, result: object, refund = 0n): object => ({
  kind: "answered",
  canister: "b",
  context,
  origin: { kind: "canister", canister: "a", callback },
  result,
  refund,
});

const response = (callback: number, result: "reply" | "reject"): object => ({ kind: "response", callback, result });

/** A canister pays another 100; that one takes 40 and says 07, which goes on to the user. */
export const payment: Trace = story(
  world([
    canister("a", { m0: [callTo({ attached: cycles(100n), onReply: [replyMessage] })] }),
    canister("b", { m1: [{ op: "accept", cycles: cycles(40n) }, reply("07")] }),
  ]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(1, "a", 3, executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { attached: 100n })], balance: 735n })),
        requested(0),
        ...turn(
          2,
          "b",
          4,
          executed("b", 0, { cause: fromCall("a", 0, 100n), instructions: 2, charged: 12n, accepted: 40n, balance: 1028n }),
          toCaller(0, 0, replied("07"), 60n),
          removed("b", 0),
        ),
        responded(0, "reply"),
        ...turn(
          3,
          "a",
          3,
          executed("a", 0, { cause: response(0, "reply"), refunded: 60n, transmissionReserve: 32n, transmissionFee: 1n, balance: 925n }),
          ...answeredUser("a", 0, "x", replied("07")),
          removed("a", 0),
        ),
        ended(1, 3, 10),
      ],
      ledger: { balances: 1953n, burned: 47n },
    },
  ],
);

/** A callback writes and traps; its cleanup writes elsewhere, and that stays. */
export const mending: Trace = story(
  world([
    canister("a", {
      m0: [
        callTo({
          onReply: [{ op: "write", page: 0, value: { kind: "message" } }, { op: "trap" }],
          onCleanup: [{ op: "write", page: 1, value: { kind: "bytes", bytes: hex("0c") } }],
        }),
      ],
    }),
    canister("b", { m1: [reply()] }),
  ]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(1, "a", 3, executed("a", 0, { cause: fromUser("x"), calls: [sent(0)], balance: 835n })),
        requested(0),
        ...turn(2, "b", 3, executed("b", 0, { cause: fromCall("a", 0), balance: 989n }), toCaller(0, 0, replied("")), removed("b", 0)),
        responded(0, "reply"),
        ...turn(
          3,
          "a",
          5,
          executed("a", 0, {
            cause: response(0, "reply"),
            trap: "IC0503",
            cleanup: "completed",
            instructions: 3,
            charged: 13n,
            transmissionReserve: 32n,
            wrote: [[1, "0c"]],
            balance: 964n,
          }),
          ...answeredUser("a", 0, "x", rejected("IC0503")),
          removed("a", 0),
        ),
        ended(1, 3, 11),
      ],
      ledger: { balances: 1953n, burned: 47n },
    },
  ],
);

/** The first draw of a tape of zeros, computed with another tool. */
export const firstDraw = "4a50f3900085fb02d0f8dfca42b3dfdd9ff23f0450ef285b3afe0401b3ee1943";

/** A canister asks for randomness, and tells it in the next round. */
export const dice: Trace = story(
  world([canister("a", { m0: [callTo({ callee: managementCanister, method: "raw_rand", onReply: [replyMessage] })] })]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(
          1,
          "a",
          3,
          executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { callee: "aaaaa-aa", method: "raw_rand" })], balance: 835n }),
        ),
        { kind: "randomness-asked", canister: "a", callback: 0, asked: 1 },
        ended(1, 1, 3),
      ],
      ledger: { balances: 835n, callbacks: 142n, burned: 23n },
    },
    {
      input: round(),
      events: [
        began(2, 2n),
        { kind: "randomness-answered", canister: "a", callback: 0 },
        ...turn(
          1,
          "a",
          3,
          executed("a", 0, { cause: response(0, "reply"), transmissionReserve: 32n, transmissionFee: 32n, balance: 934n }),
          ...answeredUser("a", 0, "x", replied(firstDraw)),
          removed("a", 0),
        ),
        ended(2, 1, 3),
      ],
      draws: [{ tape: 2, index: 0, purpose: "randomness", asked: 1, canister: "a", callback: 0, bytes: firstDraw }],
      ledger: { balances: 934n, burned: 66n },
    },
  ],
);

/** A canister calls another three times, and a queue holds two: the third is refused, and a note is made of it. */
export const crowd: Trace = story(
  world([
    canister("a", {
      m0: [callTo(), callTo(), callTo({ onRefused: [{ op: "write", page: 0, value: { kind: "bytes", bytes: hex("ff") } }] }), reply()],
    }),
    canister("b", { m1: [reply()] }),
  ]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(
          1,
          "a",
          7,
          executed("a", 0, {
            cause: fromUser("x"),
            instructions: 5,
            charged: 15n,
            calls: [sent(0), sent(1)],
            refusedCalls: [{ callee: "b", error: "IC0201" }],
            wrote: [[0, "ff"]],
            balance: 682n,
          }),
          ...answeredUser("a", 0, "x", replied("")),
        ),
        requested(0),
        requested(1),
        ...turn(
          2,
          "b",
          6,
          executed("b", 0, { cause: fromCall("a", 0), balance: 989n }),
          toCaller(0, 0, replied("")),
          removed("b", 0),
          executed("b", 1, { cause: fromCall("a", 1), balance: 978n }),
          toCaller(1, 1, replied("")),
          removed("b", 1),
        ),
        responded(0, "reply"),
        responded(1, "reply"),
        ...turn(
          3,
          "a",
          4,
          executed("a", 0, { cause: response(0, "reply"), instructions: 0, charged: 10n, transmissionReserve: 32n, balance: 814n }),
          executed("a", 0, { cause: response(1, "reply"), instructions: 0, charged: 10n, transmissionReserve: 32n, balance: 946n }),
          removed("a", 0),
        ),
        ended(1, 3, 17),
      ],
      ledger: { balances: 1924n, burned: 76n },
    },
  ],
);

/** A call to a canister that does not exist comes back. */
export const errand: Trace = story(
  world([canister("a", { m0: [callTo({ callee: canisterId("nobody"), attached: cycles(9n), onReject: [replyMessage] })] })]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(1, "a", 3, executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { callee: "nobody", attached: 9n })], balance: 826n })),
        { kind: "request-bounced", caller: "a", callback: 0, error: "IC0301" },
        ended(1, 1, 3),
      ],
      ledger: { balances: 826n, messages: 9n, callbacks: 142n, burned: 23n },
    },
    {
      input: round(),
      events: [
        began(2, 2n),
        ...turn(
          1,
          "a",
          3,
          executed("a", 0, { cause: response(0, "reject"), refunded: 9n, transmissionReserve: 32n, balance: 966n }),
          ...answeredUser("a", 0, "x", replied("03")),
          removed("a", 0),
        ),
        ended(2, 1, 3),
      ],
      ledger: { balances: 966n, burned: 34n },
    },
  ],
);
