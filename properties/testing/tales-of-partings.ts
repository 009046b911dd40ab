/** Stories of calls that do not come home as they went: a farewell, haste, and a visitor from another subnet. */
import { canisterId, cycles, managementCanister, nanoseconds, subnetId, type Slice, type Trace } from "../../spec/index.ts";
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
import { strange } from "./scenes.ts";
import { firstDraw } from "./tales-of-calls.ts";
import { inducted, received } from "./tales-of-one.ts";

const randomness = { callee: managementCanister, method: "raw_rand" };
const response = (callback: number, result: "reply" | "reject"): object => ({ kind: "response", callback, result });
const drawn = (id: string): object => ({ tape: 2, index: 0, purpose: "randomness", asked: 1, canister: id, callback: 0, bytes: firstDraw });

/** A canister is asked, asks somebody else, and loses its code; its caller is told at once, and the answer it waited for comes to nobody. */
export const farewell: Trace = story(
  world([
    canister("a", { m0: [callTo({ attached: cycles(100n), onReject: [replyMessage] })] }),
    canister("b", { m1: [{ op: "accept", cycles: cycles(40n) }, callTo(randomness)] }),
  ]),
  [
    { input: ingress("x", "a", "m0"), events: [received("x")] },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 5n, 995n),
        ...turn(1, "a", 3, executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { attached: 100n })], balance: 735n })),
        { kind: "request-inducted", caller: "a", callback: 0, callee: "b" },
        ...turn(
          2,
          "b",
          4,
          executed("b", 0, {
            cause: fromCall("a", 0, 100n),
            instructions: 2,
            charged: 12n,
            accepted: 40n,
            calls: [sent(0, randomness)],
            balance: 879n,
          }),
        ),
        { kind: "randomness-asked", canister: "b", callback: 0, asked: 1 },
        ended(1, 2, 7),
      ],
      ledger: { balances: 1_614n, contexts: 60n, callbacks: 284n, burned: 42n },
    },
    {
      input: { kind: "uninstall", canister: canisterId("b") },
      events: [
        { kind: "uninstalled", canister: "b" },
        {
          kind: "answered",
          canister: "b",
          context: 0,
          origin: { kind: "canister", canister: "a", callback: 0 },
          result: rejected("IC0406"),
          refund: 60n,
        },
        { kind: "context-deleted", canister: "b", context: 0 },
      ],
      ledger: { balances: 1_614n, messages: 60n, callbacks: 284n, burned: 42n },
    },
    {
      input: ingress("y", "b", "m1"),
      events: [{ kind: "ingress-refused", ingress: "y", error: "IC0537" }],
      ledger: { balances: 1_614n, messages: 60n, callbacks: 284n, burned: 42n },
    },
    {
      input: round(),
      events: [
        began(2, 2n),
        { kind: "randomness-answered", canister: "b", callback: 0 },
        ...turn(
          1,
          "b",
          2,
          {
            kind: "response-discarded",
            canister: "b",
            callback: 0,
            refunded: 0n,
            released: 110n,
            transmissionFee: 32n,
            balance: 989n,
          },
          removed("b", 0),
        ),
        { kind: "response-inducted", caller: "a", callback: 0, result: "reject" },
        ...turn(
          2,
          "a",
          3,
          executed("a", 0, { cause: response(0, "reject"), refunded: 60n, transmissionReserve: 32n, balance: 926n }),
          ...answeredUser("a", 0, "x", replied("04")),
          removed("a", 0),
        ),
        ended(2, 2, 5),
      ],
      draws: [drawn("b")],
      ledger: { balances: 1_915n, burned: 85n },
    },
  ],
);

/** A canister does not want to wait for randomness, and is told so; what it attached comes back late. */
export const haste: Trace = story(
  world([
    canister("a", {
      m0: [callTo({ ...randomness, attached: cycles(9n), timeout: nanoseconds(2n), onReply: [replyMessage], onReject: [replyMessage] })],
    }),
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
          3,
          executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { ...randomness, attached: 9n, deadline: 3n })], balance: 826n }),
        ),
        { kind: "randomness-asked", canister: "a", callback: 0, asked: 1 },
        ended(1, 1, 3),
      ],
      ledger: { balances: 826n, messages: 9n, callbacks: 142n, burned: 23n },
    },
    {
      input: round(5n),
      events: [
        began(2, 6n),
        { kind: "callback-expired", caller: "a", callback: 0 },
        { kind: "randomness-answered", canister: "a", callback: 0 },
        { kind: "response-late", caller: "a", callback: 0, refund: 9n, balance: 835n },
        ...turn(
          1,
          "a",
          3,
          executed("a", 0, { cause: response(0, "reject"), transmissionReserve: 32n, balance: 966n }),
          ...answeredUser("a", 0, "x", replied("06")),
          removed("a", 0),
        ),
        ended(2, 1, 3),
      ],
      draws: [drawn("a")],
      ledger: { balances: 966n, burned: 34n },
    },
  ],
);

const there = subnetId("there");
const question: Slice = {
  from: there,
  begin: 0,
  messages: [strange({ attached: cycles(100n) })],
  signals: 0,
};

/** A canister of another subnet asks and is answered; then that subnet says that it has seen the answer. */
export const visitor: Trace = story(
  {
    ...world([canister("a", { m1: [{ op: "accept", cycles: cycles(40n) }, reply("07")] })]),
    network: { own: subnetId("here"), routes: [{ canister: canisterId("far"), subnet: there }] },
  },
  [
    {
      input: round(1n, [question]),
      events: [
        began(1, 1n),
        { kind: "request-inducted", caller: "far", callback: 0, callee: "a" },
        { kind: "slice-taken", from: "there", signals: 1 },
        ...turn(
          1,
          "a",
          4,
          executed("a", 0, { cause: fromCall("far", 0, 100n), instructions: 2, charged: 12n, accepted: 40n, balance: 1_028n }),
          {
            kind: "answered",
            canister: "a",
            context: 0,
            origin: { kind: "canister", canister: "far", callback: 0 },
            result: replied("07"),
            refund: 60n,
          },
          removed("a", 0),
        ),
        {
          kind: "message-streamed",
          to: "there",
          index: 0,
          message: {
            kind: "response",
            caller: "far",
            callback: 0,
            respondent: "a",
            result: replied("07"),
            refund: 60n,
            deadline: null,
          },
        },
        ended(1, 1, 4),
      ],
      ledger: { balances: 1_028n, burned: 12n, sent: 60n, received: 100n },
    },
    {
      input: round(1n, [{ from: there, begin: 1, messages: [], signals: 1 }]),
      events: [began(2, 2n), { kind: "stream-collected", to: "there", begin: 1 }, ended(2, 0, 0)],
      ledger: { balances: 1_028n, burned: 12n, sent: 60n, received: 100n },
    },
  ],
);
