/** Stories of one canister at a time: a greeting, a fall, an alarm, poverty, and two that want the same core. */
import { cycles, instructions, nanoseconds, type Trace } from "../../spec/index.ts";
import {
  answeredUser,
  began,
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
} from "./stories.ts";

export const received = (id: string): object => ({ kind: "ingress-received", ingress: id });

export const inducted = (id: string, to: string, fee: bigint, balance: bigint): object => ({
  kind: "ingress-inducted",
  ingress: id,
  canister: to,
  fee,
  balance,
});

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
      ...turn(
        1,
        "a",
        4,
        executed("a", 0, { cause: fromUser("x"), instructions: 2, charged: 12n, wrote: [[0, "2a"]], balance: 982n }),
        ...answeredUser("a", 0, "x", replied("2a")),
        removed("a", 0),
      ),
      ended(1, 1, 4),
    ],
    ledger: { balances: 982n, burned: 18n },
  },
]);

/** A canister writes, and traps: all that is left is the bill. */
export const fall: Trace = story(world([canister("a", { m0: [{ op: "write", page: 0, value: { kind: "message" } }, { op: "trap" }] })]), [
  { input: ingress("x", "a", "m0"), events: [received("x")] },
  {
    input: round(),
    events: [
      began(1, 1n),
      inducted("x", "a", 5n, 995n),
      ...turn(
        1,
        "a",
        4,
        executed("a", 0, { cause: fromUser("x"), trap: "IC0503", instructions: 2, charged: 12n, balance: 983n }),
        ...answeredUser("a", 0, "x", rejected("IC0503")),
        removed("a", 0),
      ),
      ended(1, 1, 4),
    ],
    ledger: { balances: 983n, burned: 17n },
  },
]);

/** A canister sets its timer 5 ns ahead; it runs when the time has come, and writes the time down. */
export const alarm: Trace = story(
  world([
    canister(
      "a",
      { m0: [{ op: "set-timer", after: nanoseconds(5n) }, reply()] },
      { onTimer: [{ op: "write", page: 0, value: { kind: "time" } }] },
    ),
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
          4,
          executed("a", 0, { cause: fromUser("x"), instructions: 2, charged: 12n, timer: 6n, balance: 983n }),
          ...answeredUser("a", 0, "x", replied("")),
          removed("a", 0),
        ),
        ended(1, 1, 4),
      ],
      ledger: { balances: 983n, burned: 17n },
    },
    {
      input: round(5n),
      events: [
        began(2, 6n),
        { kind: "tasks-chosen", canister: "a", turn: "timer" },
        ...turn(1, "a", 3, executed("a", 1, { wrote: [[0, "0000000000000006"]], balance: 972n }), removed("a", 1)),
        ended(2, 1, 3),
      ],
      ledger: { balances: 972n, burned: 28n },
    },
  ],
);

/** A canister can take a message in, but not run it. */
export const poverty: Trace = story(world([canister("a", { m0: [reply()] }, { balance: cycles(114n) })]), [
  { input: ingress("x", "a", "m0"), events: [received("x")] },
  {
    input: round(),
    events: [
      began(1, 1n),
      inducted("x", "a", 5n, 109n),
      ...turn(
        1,
        "a",
        2,
        { kind: "not-executed", canister: "a", cause: fromUser("x"), error: "IC0207", charged: 0n, balance: 109n },
        ...answeredUser("a", null, "x", rejected("IC0207")),
      ),
      ended(1, 1, 2),
    ],
    ledger: { balances: 109n, burned: 5n },
  },
]);

/** Two canisters, one core, and two messages each as long as a round: they take turns, and the bigger allocation is first. */
export const rivalry: Trace = story(
  world(
    [
      canister("a", { m0: [{ op: "consume", instructions: instructions(99) }, reply()] }),
      canister("b", { m0: [{ op: "consume", instructions: instructions(99) }, reply()] }),
    ],
    { roundInstructionLimit: instructions(102) },
  ),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    { input: ingress("y", "b", "m0"), events: [received("y")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        inducted("y", "b", 5n, 995n),
        ...turn(
          1,
          "a",
          102,
          executed("a", 0, { cause: fromUser("x"), instructions: 100, charged: 110n, balance: 885n }),
          ...answeredUser("a", 0, "x", replied("")),
          removed("a", 0),
        ),
        ended(1, 1, 102),
      ],
      ledger: { balances: 1880n, burned: 120n },
    },
    {
      input: round(),
      events: [
        began(2, 2n),
        ...turn(
          1,
          "b",
          102,
          executed("b", 0, { cause: fromUser("y"), instructions: 100, charged: 110n, balance: 885n }),
          ...answeredUser("b", 0, "y", replied("")),
          removed("b", 0),
        ),
        ended(2, 1, 102),
      ],
      ledger: { balances: 1770n, burned: 230n },
    },
  ],
);
