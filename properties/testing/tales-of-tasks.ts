/** Stories of what a canister does unasked, and of who is kept outside: a pulse, a cramp, a doorkeeper, oblivion. */
import { bytes, hex, instructions, nanoseconds, type Trace } from "../../spec/index.ts";
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
  round,
  story,
  turn,
  world,
} from "./stories.ts";
import { inducted, received } from "./tales-of-one.ts";

export const chosen = (id: string, first: string): object => ({ kind: "tasks-chosen", canister: id, turn: first });

/** A heart beats, a timer is set, and a message comes: in three rounds each of them is first once. */
export const pulse: Trace = story(
  world([
    canister(
      "a",
      { m0: [{ op: "set-timer", after: nanoseconds(5n) }, reply()], m1: [reply()] },
      { onHeartbeat: [{ op: "write", page: 0, value: { kind: "time" } }] },
    ),
  ]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        chosen("a", "heartbeat"),
        ...turn(
          1,
          "a",
          7,
          executed("a", 0, { cause: { kind: "heartbeat" }, wrote: [[0, "0000000000000001"]], balance: 984n }),
          removed("a", 0),
          executed("a", 1, { cause: fromUser("x"), instructions: 2, charged: 12n, timer: 6n, balance: 972n }),
          ...answeredUser("a", 1, "x", replied("")),
          removed("a", 1),
        ),
        ended(1, 1, 7),
      ],
      ledger: { balances: 972n, burned: 28n },
    },
    { input: ingress("y", "a", "m1"), events: [received("y")], ledger: { balances: 972n, burned: 28n } },
    {
      input: round(5n),
      events: [
        began(2, 6n),
        inducted("y", "a", 5n, 967n),
        chosen("a", "message"),
        ...turn(
          1,
          "a",
          3,
          executed("a", 2, { cause: fromUser("y", "m1"), timer: 6n, balance: 956n }),
          ...answeredUser("a", 2, "y", replied("")),
          removed("a", 2),
        ),
        ended(2, 1, 3),
      ],
      ledger: { balances: 956n, burned: 44n },
    },
    {
      input: round(),
      events: [
        began(3, 7n),
        chosen("a", "timer"),
        ...turn(
          1,
          "a",
          5,
          executed("a", 3, { instructions: 0, charged: 10n, balance: 946n }),
          removed("a", 3),
          executed("a", 4, { cause: { kind: "heartbeat" }, wrote: [[0, "0000000000000007"]], balance: 935n }),
          removed("a", 4),
        ),
        ended(3, 1, 5),
      ],
      ledger: { balances: 935n, burned: 65n },
    },
  ],
);

/** A canister that may use one page uses it: its hook runs before the next message, which may not use another one. */
export const cramp: Trace = story(
  world([
    canister(
      "a",
      {
        m0: [{ op: "write", page: 0, value: { kind: "bytes", bytes: hex("aa") } }, reply()],
        m1: [{ op: "write", page: 1, value: { kind: "bytes", bytes: hex("bb") } }, reply()],
      },
      { lowMemory: { limit: 1, threshold: 1, hook: [{ op: "consume", instructions: instructions(3) }] } },
    ),
  ]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    { input: ingress("y", "a", "m1"), events: [received("y")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        inducted("y", "a", 5n, 990n),
        ...turn(
          1,
          "a",
          13,
          executed("a", 0, { cause: fromUser("x"), instructions: 2, charged: 12n, wrote: [[0, "aa"]], balance: 978n }),
          { kind: "hook-ready", canister: "a" },
          ...answeredUser("a", 0, "x", replied("")),
          removed("a", 0),
          executed("a", 1, { cause: { kind: "low-memory" }, instructions: 3, charged: 13n, balance: 965n }),
          removed("a", 1),
          executed("a", 2, { cause: fromUser("y", "m1"), trap: "IC0539", instructions: 2, charged: 12n, balance: 953n }),
          ...answeredUser("a", 2, "y", rejected("IC0539")),
          removed("a", 2),
        ),
        ended(1, 1, 13),
      ],
      ledger: { balances: 953n, burned: 47n },
    },
  ],
);

/** A canister lets odd messages in, and no others. */
export const doorkeeper: Trace = story(
  world([
    canister(
      "a",
      { m0: [reply()] },
      { inspect: [{ op: "when-odd", value: { kind: "message" }, then: [{ op: "accept-message" }], otherwise: [] }] },
    ),
  ]),
  [
    { input: ingress("x", "a", "m0", "01"), events: [received("x")] },
    { input: ingress("y", "a", "m0", "02"), events: [{ kind: "ingress-refused", ingress: "y", error: "IC0406" }] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 6n, 994n),
        ...turn(
          1,
          "a",
          3,
          executed("a", 0, { cause: fromUser("x"), balance: 983n }),
          ...answeredUser("a", 0, "x", replied("")),
          removed("a", 0),
        ),
        ended(1, 1, 3),
      ],
      ledger: { balances: 983n, burned: 17n },
    },
  ],
);

/** An answer is too large to be kept, then too old to be known; so the same message comes again. */
export const oblivion: Trace = story(
  world([canister("a", { m0: [reply("2a2b")] })], {
    historyMemory: bytes(1),
    historyLifetime: nanoseconds(5n),
    ingressLifetime: nanoseconds(5n),
  }),
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
          executed("a", 0, { cause: fromUser("x"), balance: 984n }),
          ...answeredUser("a", 0, "x", replied("2a2b")),
          removed("a", 0),
        ),
        { kind: "ingress-forgotten", ingress: "x" },
        ended(1, 1, 3),
      ],
      ledger: { balances: 984n, burned: 16n },
    },
    { input: round(5n), events: [began(2, 6n), ended(2, 0, 0)], ledger: { balances: 984n, burned: 16n } },
    {
      input: round(),
      events: [began(3, 7n), { kind: "ingress-pruned", ingress: "x" }, ended(3, 0, 0)],
      ledger: { balances: 984n, burned: 16n },
    },
    { input: ingress("x", "a", "m0"), events: [received("x")], ledger: { balances: 984n, burned: 16n } },
    {
      input: round(),
      events: [
        began(4, 8n),
        inducted("x", "a", 5n, 979n),
        ...turn(
          1,
          "a",
          3,
          executed("a", 1, { cause: fromUser("x"), balance: 968n }),
          ...answeredUser("a", 1, "x", replied("2a2b")),
          removed("a", 1),
        ),
        { kind: "ingress-forgotten", ingress: "x" },
        ended(4, 1, 3),
      ],
      ledger: { balances: 968n, burned: 32n },
    },
  ],
);
