/**
 * A story of rent: every two seconds canisters are charged. A page costs 1 a second, memory as such 2, a percent of a core 3.
 */
import { canisterId, cycles, hex, managementCanister, nanoseconds, percent, type Genesis, type Trace } from "../../spec/index.ts";
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
  network,
  rejected,
  removed,
  replied,
  replyMessage,
  round,
  sent,
  story,
  turn,
  world,
} from "./stories.ts";
import { firstDraw } from "./tales-of-calls.ts";
import { inducted, received } from "./tales-of-one.ts";

export const rented = {
  cores: 4,
  tapeLag: 2,
  chargePeriod: nanoseconds(2_000_000_000n),
  fees: { ...network.fees, gibSecond: cycles(2n ** 25n), baseSecond: cycles(2n), percentSecond: cycles(3n) },
};

const randomness = { callee: managementCanister, method: "raw_rand" };
const mark = { op: "write", page: 0, value: { kind: "bytes", bytes: hex("01") } } as const;
const refused = rejected("IC0406");

const street: Genesis = world(
  [
    canister("a", { m0: [mark, callTo({ attached: cycles(100n), onReject: [replyMessage] })] }),
    canister(
      "b",
      { m1: [{ op: "accept", cycles: cycles(40n) }, callTo(randomness)] },
      { computeAllocation: percent(20), balance: cycles(230n) },
    ),
    canister("k", {}, { computeAllocation: percent(1) }),
  ],
  rented,
);

/** Somebody is asked, waits for randomness, and cannot pay for its part of a core: its caller is told, and what comes back is its own. */
export const eviction: Trace = story(street, [
  { input: ingress("x", "a", "m0"), events: [received("x")] },
  {
    input: round(1_000_000_000n),
    events: [
      began(1, 1_000_000_000n),
      inducted("x", "a", 5n, 995n),
      ...turn(
        1,
        "a",
        4,
        executed("a", 0, {
          cause: fromUser("x"),
          instructions: 2,
          charged: 12n,
          calls: [sent(0, { attached: 100n })],
          wrote: [[0, "01"]],
          balance: 734n,
        }),
      ),
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
          balance: 109n,
        }),
      ),
      { kind: "randomness-asked", canister: "b", callback: 0, asked: 1 },
      ended(1, 2, 8),
    ],
    ledger: { balances: 1_843n, contexts: 60n, callbacks: 284n, burned: 43n },
  },
  {
    // Two and a half seconds count as two. 20 % for so long cost 120.
    input: round(1_500_000_000n),
    events: [
      began(2, 2_500_000_000n),
      { kind: "resources-charged", canisters: 3, memory: 6n, messages: 0n, compute: 6n },
      { kind: "ran-dry", canister: "b", burned: 109n },
      {
        kind: "answered",
        canister: "b",
        context: 0,
        origin: { kind: "canister", canister: "a", callback: 0 },
        result: refused,
        refund: 60n,
      },
      { kind: "context-deleted", canister: "b", context: 0 },
      {
        kind: "message-streamed",
        to: "subnet",
        index: 0,
        message: { kind: "response", caller: "a", callback: 0, respondent: "b", result: refused, refund: 60n, deadline: null },
      },
      ended(2, 0, 0),
    ],
    ledger: { balances: 1_722n, callbacks: 284n, burned: 164n, sent: 60n },
  },
  {
    input: { kind: "top-up", canister: canisterId("b"), cycles: cycles(50n) },
    events: [{ kind: "topped-up", canister: "b", cycles: 50n, balance: 50n }],
    ledger: { balances: 1_772n, callbacks: 284n, burned: 164n, sent: 60n, minted: 2_280n },
  },
  {
    input: ingress("y", "b", "m1"),
    events: [{ kind: "ingress-refused", ingress: "y", error: "IC0537" }],
    ledger: { balances: 1_772n, callbacks: 284n, burned: 164n, sent: 60n, minted: 2_280n },
  },
  {
    input: round(500_000_000n),
    events: [
      began(3, 3_000_000_000n),
      { kind: "stream-collected", to: "subnet", begin: 1 },
      { kind: "response-inducted", caller: "a", callback: 0, result: "reject" },
      { kind: "slice-taken", from: "subnet", signals: 1 },
      { kind: "randomness-answered", canister: "b", callback: 0 },
      ...turn(
        1,
        "a",
        3,
        executed("a", 0, {
          cause: { kind: "response", callback: 0, result: "reject" },
          refunded: 60n,
          transmissionReserve: 32n,
          balance: 919n,
        }),
        ...answeredUser("a", 0, "x", replied("04")),
        removed("a", 0),
      ),
      { kind: "turn-began", iteration: 1, core: 1, canister: "b" },
      {
        kind: "response-discarded",
        canister: "b",
        callback: 0,
        refunded: 0n,
        released: 110n,
        transmissionFee: 32n,
        balance: 160n,
      },
      removed("b", 0),
      { kind: "turn-ended", iteration: 1, core: 1, canister: "b", instructions: 2, drained: true },
      ended(3, 1, 3),
    ],
    draws: [{ tape: 3, index: 0, purpose: "randomness", asked: 1, canister: "b", callback: 0, bytes: firstDraw }],
    ledger: { balances: 2_073n, burned: 207n, sent: 60n, received: 60n, minted: 2_280n },
  },
  {
    // Three and a half seconds later: who has nothing pays nothing.
    input: round(3_000_000_000n),
    events: [began(4, 6_000_000_000n), { kind: "resources-charged", canisters: 3, memory: 9n, messages: 0n, compute: 9n }, ended(4, 0, 0)],
    ledger: { balances: 2_055n, burned: 225n, sent: 60n, received: 60n, minted: 2_280n },
  },
]);
