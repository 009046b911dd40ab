/** The laws of inputs, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, hex, subnetId, type Slice, type StreamMessage, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import {
  answeredUser,
  began,
  canister,
  edited,
  ended,
  executed,
  fromCall,
  fromUser,
  ingress,
  removed,
  repeated,
  replied,
  reply,
  round,
  story,
  turn,
  world,
} from "../testing/stories.ts";
import { inducted, received } from "../testing/tales-of-one.ts";
import { crowd, greeting, payment } from "../testing/tales.ts";
import { inputsTakeTurns, nobodyIsPassedOver } from "./inputs.ts";

const request = (caller: string, callback: number): StreamMessage => ({
  kind: "request",
  caller: canisterId(caller),
  callback,
  callee: canisterId("a"),
  method: "m1",
  payload: hex(""),
  attached: cycles(0n),
  deadline: null,
});

/** Four messages of a user, two of one and one of another canister of a subnet far away; and the order in which they are taken. */
const rush = (...order: readonly string[]): Trace => {
  const from = subnetId("there");
  const slice: Slice = { from, begin: 0, messages: [request("far", 0), request("far", 1), request("further", 0)], signals: 0 };
  const users = ["w", "x", "y", "z"];
  const taken = (name: string, context: number): readonly object[] => {
    const [caller, callback] = name.split(" ");
    const isUser = callback === undefined;
    return [
      executed("a", context, { cause: isUser ? fromUser(name, "m1") : fromCall(caller!, Number(callback)) }),
      ...(isUser
        ? answeredUser("a", context, name, replied(""))
        : [
            {
              kind: "answered",
              canister: "a",
              context,
              origin: { kind: "canister", canister: caller, callback: Number(callback) },
              result: replied(""),
              refund: 0n,
            },
          ]),
      removed("a", context),
    ];
  };
  const routes = ["far", "further"].map((id) => ({ canister: canisterId(id), subnet: from }));
  return story({ ...world([canister("a", { m1: [reply()] })]), network: { own: subnetId("here"), routes } }, [
    ...users.map((id) => ({ input: ingress(id, "a", "m1"), events: [received(id)] })),
    {
      input: round(1n, [slice]),
      events: [
        began(1, 1n),
        ...slice.messages.map((message) => ({ ...message, kind: "request-inducted" })),
        ...users.map((id) => inducted(id, "a", 5n, 995n)),
        ...turn(1, "a", order.length * 3, ...order.flatMap(taken)),
        ended(1, 1, order.length * 3),
      ],
    },
  ]);
};

const fair = ["w", "far 0", "x", "further 0", "y", "far 1", "z"];

describe("inputs-take-turns", () => {
  test("accepts users and remote callers by turns", () => expect(judged(inputsTakeTurns, rush(...fair))).toBe("holds"));
  test("passes over canisters with one kind of inputs", () => expect(judged(inputsTakeTurns, payment)).toBe("vacuous"));
  test("condemns a remote caller before a user whose turn it is", () =>
    expect(judged(inputsTakeTurns, rush("far 0"))).toBe("a took another message, and ingress w was next"));
  test("condemns the same caller again, while another waits", () =>
    expect(judged(inputsTakeTurns, rush("w", "far 0", "x", "far 1"))).toBe(
      "a took another message, and the request of call 0 of further was next",
    ));
  test("condemns users out of order", () =>
    expect(judged(inputsTakeTurns, rush("x"))).toBe("a took another message, and ingress w was next"));
  test("condemns a message that nobody sent", () =>
    expect(judged(inputsTakeTurns, edited(greeting, "executed", 0, { cause: fromUser("z") }))).toBe(
      "a took another message, and ingress x was next",
    ));
  test("condemns a message where there is none", () =>
    expect(judged(inputsTakeTurns, repeated(payment, "executed", 0))).toBe("a took a message, and there was none"));
  test("condemns requests of one peer out of order", () =>
    expect(judged(inputsTakeTurns, edited(crowd, "executed", 1, { cause: fromCall("a", 1) }))).toBe(
      "b took another message, and the request of call 0 of a was next",
    ));
});

describe("nobody-is-passed-over", () => {
  test("accepts users and remote callers by turns", () => expect(judged(nobodyIsPassedOver, rush(...fair))).toBe("holds"));
  test("accepts any first one", () => expect(judged(nobodyIsPassedOver, rush("far 0", "w", "further 0"))).toBe("holds"));
  test("passes over canisters at which nobody waits", () => expect(judged(nobodyIsPassedOver, payment)).toBe("vacuous"));
  test("condemns users who keep remote callers out", () =>
    expect(judged(nobodyIsPassedOver, rush("w", "x", "y"))).toBe("the remote inputs of a were passed over 3 times"));
  test("condemns a caller who keeps another one out", () =>
    expect(judged(nobodyIsPassedOver, rush("far 0", "w", "far 1"))).toBe("far was served twice by a, while further waited"));
});
