/** The stories themselves: a greeting, a payment, falls, an alarm, dice, poverty, a crowd. */
import { canisterId, cycles, hex, instructions, managementCanister, nanoseconds, type Trace } from "../../spec/index.ts";
import {
  answeredUser, began, callTo, canister, ended, executed, fromCall, fromUser, ingress, rejected, removed, replied, reply, replyMessage, round, sent, story, turn, world,
} from "./stories.ts";

const received = (id: string): object => ({ kind: "ingress-received", ingress: id });
const inducted = (id: string, to: string, fee: bigint, balance: bigint): object => ({ kind: "ingress-inducted", ingress: id, canister: to, fee, balance });
const requested = (callback: number): object => ({ kind: "request-inducted", caller: "a", callback, callee: "b" });
const responded = (callback: number, result: "reply" | "reject"): object => ({ kind: "response-inducted", caller: "a", callback, result });
const toCaller = (context: number | null, callback: number, result: object, refund = 0n): object => ({ kind: "answered", canister: "b", context, origin: { kind: "canister", canister: "a", callback }, result, refund });
const response = (callback: number, result: "reply" | "reject"): object => ({ kind: "response", callback, result });

/** Nothing happens: one round without messages. */
export const quiet: Trace = story(world([canister("a", {})]), [{ input: round(), events: [began(1, 1n), ended(1, 0, 0)] }]);

/** Nothing is even tried. */
export const untold: Trace = story(world([canister("a", {})]), []);

/** A user says 2a, the canister writes it down and says it back. */
export const greeting: Trace = story(world([canister("a", { m0: [{ op: "write", page: 0, value: { kind: "message" } }, replyMessage] })]), [
  { input: ingress("x", "a", "m0", "2a"), events: [received("x")] },
  {
    input: round(),
    events: [
      began(1, 1n),
      inducted("x", "a", 6n, 994n),
      ...turn(1, "a", 4, executed("a", 0, { cause: fromUser("x"), instructions: 2, charged: 12n, wrote: [[0, "2a"]], balance: 982n }), ...answeredUser("a", 0, "x", replied("2a")), removed("a", 0)),
      ended(1, 1, 4),
    ],
    ledger: { balances: 982n, burned: 18n },
  },
]);

/** A canister pays another 100; that one takes 40 and says 07, which goes on to the user. */
export const payment: Trace = story(
  world([canister("a", { m0: [callTo({ attached: cycles(100n), onReply: [replyMessage] })] }), canister("b", { m1: [{ op: "accept", cycles: cycles(40n) }, reply("07")] })]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(1, "a", 3, executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { attached: 100n })], balance: 735n })),
        requested(0),
        ...turn(2, "b", 4, executed("b", 0, { cause: fromCall("a", 0, 100n), instructions: 2, charged: 12n, accepted: 40n, balance: 1028n }), toCaller(0, 0, replied("07"), 60n), removed("b", 0)),
        responded(0, "reply"),
        ...turn(
          3, "a", 3,
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

/** A canister writes, and traps: all that is left is the bill. */
export const fall: Trace = story(world([canister("a", { m0: [{ op: "write", page: 0, value: { kind: "message" } }, { op: "trap" }] })]), [
  { input: ingress("x", "a", "m0"), events: [received("x")] },
  {
    input: round(),
    events: [
      began(1, 1n),
      inducted("x", "a", 5n, 995n),
      ...turn(1, "a", 4, executed("a", 0, { cause: fromUser("x"), trap: "IC0503", instructions: 2, charged: 12n, balance: 983n }), ...answeredUser("a", 0, "x", rejected("IC0503")), removed("a", 0)),
      ended(1, 1, 4),
    ],
    ledger: { balances: 983n, burned: 17n },
  },
]);

/** A callback writes and traps; its cleanup writes elsewhere, and that stays. */
export const mending: Trace = story(
  world([
    canister("a", { m0: [callTo({ onReply: [{ op: "write", page: 0, value: { kind: "message" } }, { op: "trap" }], onCleanup: [{ op: "write", page: 1, value: { kind: "bytes", bytes: hex("0c") } }] })] }),
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
          3, "a", 5,
          executed("a", 0, { cause: response(0, "reply"), trap: "IC0503", cleanup: "completed", instructions: 3, charged: 13n, transmissionReserve: 32n, wrote: [[1, "0c"]], balance: 964n }),
          ...answeredUser("a", 0, "x", rejected("IC0503")),
          removed("a", 0),
        ),
        ended(1, 3, 11),
      ],
      ledger: { balances: 1953n, burned: 47n },
    },
  ],
);

/** A canister sets its timer 5 ns ahead; it runs when the time has come, and writes the time down. */
export const alarm: Trace = story(
  world([canister("a", { m0: [{ op: "set-timer", after: nanoseconds(5n) }, reply()] }, { onTimer: [{ op: "write", page: 0, value: { kind: "time" } }] })]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(1, "a", 4, executed("a", 0, { cause: fromUser("x"), instructions: 2, charged: 12n, timer: 6n, balance: 983n }), ...answeredUser("a", 0, "x", replied("")), removed("a", 0)),
        ended(1, 1, 4),
      ],
      ledger: { balances: 983n, burned: 17n },
    },
    {
      input: round(5n),
      events: [
        began(2, 6n),
        { kind: "timer-due", canister: "a" },
        ...turn(1, "a", 3, executed("a", 1, { wrote: [[0, "0000000000000006"]], balance: 972n }), removed("a", 1)),
        ended(2, 1, 3),
      ],
      ledger: { balances: 972n, burned: 28n },
    },
  ],
);

/** The first draw of a tape of zeros, computed with another tool. */
export const firstDraw = "4a50f3900085fb02d0f8dfca42b3dfdd9ff23f0450ef285b3afe0401b3ee1943";

/** A canister asks for randomness, and tells it in the next round. */
export const dice: Trace = story(world([canister("a", { m0: [callTo({ callee: managementCanister, method: "raw_rand", onReply: [replyMessage] })] })]), [
  { input: ingress("x", "a", "m0"), events: [received("x")] },
  {
    input: round(),
    events: [
      began(1, 1n),
      inducted("x", "a", 5n, 995n),
      ...turn(1, "a", 3, executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { callee: "aaaaa-aa", method: "raw_rand" })], balance: 835n })),
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
      ...turn(1, "a", 3, executed("a", 0, { cause: response(0, "reply"), transmissionReserve: 32n, transmissionFee: 32n, balance: 934n }), ...answeredUser("a", 0, "x", replied(firstDraw)), removed("a", 0)),
      ended(2, 1, 3),
    ],
    draws: [{ tape: 2, index: 0, asked: 1, canister: "a", callback: 0, bytes: firstDraw }],
    ledger: { balances: 934n, burned: 66n },
  },
]);

/** A canister can take a message in, but not run it. */
export const poverty: Trace = story(world([canister("a", { m0: [reply()] }, { balance: cycles(114n) })]), [
  { input: ingress("x", "a", "m0"), events: [received("x")] },
  {
    input: round(),
    events: [
      began(1, 1n),
      inducted("x", "a", 5n, 109n),
      ...turn(1, "a", 2, { kind: "not-executed", canister: "a", cause: fromUser("x"), error: "IC0207", charged: 0n, balance: 109n }, ...answeredUser("a", null, "x", rejected("IC0207"))),
      ended(1, 1, 2),
    ],
    ledger: { balances: 109n, burned: 5n },
  },
]);

/** A canister calls another three times, and a queue holds two: the third is refused, and a note is made of it. */
export const crowd: Trace = story(
  world([
    canister("a", { m0: [callTo(), callTo(), callTo({ onRefused: [{ op: "write", page: 0, value: { kind: "bytes", bytes: hex("ff") } }] }), reply()] }),
    canister("b", { m1: [reply()] }),
  ]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(1, "a", 7, executed("a", 0, { cause: fromUser("x"), instructions: 5, charged: 15n, calls: [sent(0), sent(1)], wrote: [[0, "ff"]], balance: 682n }), ...answeredUser("a", 0, "x", replied(""))),
        requested(0),
        requested(1),
        ...turn(
          2, "b", 6,
          executed("b", 0, { cause: fromCall("a", 0), balance: 989n }), toCaller(0, 0, replied("")), removed("b", 0),
          executed("b", 1, { cause: fromCall("a", 1), balance: 978n }), toCaller(1, 1, replied("")), removed("b", 1),
        ),
        responded(0, "reply"),
        responded(1, "reply"),
        ...turn(
          3, "a", 4,
          executed("a", 0, { cause: response(0, "reply"), instructions: 0, charged: 10n, transmissionReserve: 32n, balance: 814n }),
          executed("a", 0, { cause: response(1, "reply"), instructions: 0, charged: 10n, transmissionReserve: 32n, balance: 946n }), removed("a", 0),
        ),
        ended(1, 3, 17),
      ],
      ledger: { balances: 1924n, burned: 76n },
    },
  ],
);

/** Two canisters, one core, and two messages each as long as a round: they take turns, and the bigger allocation is first. */
export const rivalry: Trace = story(
  world([canister("a", { m0: [{ op: "consume", instructions: instructions(99) }, reply()] }), canister("b", { m0: [{ op: "consume", instructions: instructions(99) }, reply()] })], { roundInstructionLimit: instructions(102) }),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    { input: ingress("y", "b", "m0"), events: [received("y")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        inducted("y", "b", 5n, 995n),
        ...turn(1, "a", 102, executed("a", 0, { cause: fromUser("x"), instructions: 100, charged: 110n, balance: 885n }), ...answeredUser("a", 0, "x", replied("")), removed("a", 0)),
        ended(1, 1, 102),
      ],
      ledger: { balances: 1880n, burned: 120n },
    },
    {
      input: round(),
      events: [
        began(2, 2n),
        ...turn(1, "b", 102, executed("b", 0, { cause: fromUser("y"), instructions: 100, charged: 110n, balance: 885n }), ...answeredUser("b", 0, "y", replied("")), removed("b", 0)),
        ended(2, 1, 102),
      ],
      ledger: { balances: 1770n, burned: 230n },
    },
  ],
);

/** A call to a canister that does not exist comes back. */
export const errand: Trace = story(world([canister("a", { m0: [callTo({ callee: canisterId("nobody"), attached: cycles(9n), onReject: [replyMessage] })] })]), [
  { input: ingress("x", "a", "m0"), events: [received("x")] },
  {
    input: round(),
    events: [
      began(1, 1n),
      inducted("x", "a", 5n, 995n),
      ...turn(1, "a", 3, executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { callee: "nobody", attached: 9n })], balance: 826n })),
      { kind: "request-bounced", caller: "a", callback: 0, error: "IC0301" },
      ...turn(2, "a", 3, executed("a", 0, { cause: response(0, "reject"), refunded: 9n, transmissionReserve: 32n, balance: 966n }), ...answeredUser("a", 0, "x", replied("03")), removed("a", 0)),
      ended(1, 2, 6),
    ],
    ledger: { balances: 966n, burned: 34n },
  },
]);

export const tales: Readonly<Record<string, Trace>> = { quiet, untold, greeting, payment, fall, mending, alarm, dice, poverty, crowd, rivalry, errand };
