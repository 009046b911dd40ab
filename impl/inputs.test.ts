/** Whose message is next: sources take turns, senders take turns, and a canister that falls silent begins again. */
import { describe, expect, test } from "vitest";
import {
  anonymous,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  managementCanister,
  nanoseconds,
  subnetId,
  type Slice,
} from "../spec/index.ts";
import { boot } from "./engine.ts";
import { hasInput, takeInput } from "./inputs.ts";
import { enterIngress, enterInput, pairOf } from "./mail.ts";
import { ingressOf, requestOf, type IngressMessage, type Request } from "./messages.ts";
import { call, ingress, networked, only, round, roundWith, smallWorld, uninstall } from "./small-world.ts";
import { engineOf } from "./state.ts";

const one = { cores: 1, roundInstructionLimit: instructions(1010) };

/** Requests to `t` from canisters of subnet s1. */
const fromElsewhere = (begin: number, ...callers: readonly string[]): Slice => ({
  from: subnetId("s1"),
  begin,
  signals: 0,
  messages: callers.map((caller, callback) => ({
    kind: "request",
    caller: canisterId(caller),
    callback: begin + callback,
    callee: canisterId("t"),
    method: "go",
    payload: hex(""),
    attached: cycles(0n),
    deadline: null,
  })),
});

/** Who made the calls that `t` executed, in their order. */
const servedBy = (events: Parameters<typeof only>[0]): string =>
  only(events, "executed")
    .filter(({ canister }) => canister === "t")
    .map(({ cause }) =>
      cause.kind !== "update" ? cause.kind : cause.origin.kind === "canister" ? cause.origin.canister : cause.origin.kind,
    )
    .join(" ");

describe("a canister with inputs of every source", () => {
  const world = () =>
    networked(
      smallWorld({ t: {}, u: { go: [call("t"), call("t")] }, v: { go: [call("t"), call("t")] }, w: { go: [call("t")] } }, { cores: 1 }),
      "s0",
      { x: "s1", y: "s1" },
    );

  test("is served by local, ingress, remote in turn, and within a source each sender gives one and goes behind the others", () => {
    const engine = engineOf(world());
    const t = engine.byId.get(canisterId("t"))!;
    const request = (caller: string, number: number) => {
      const origin = { kind: "canister", canister: canisterId(caller), callback: number } as const;
      return requestOf(origin, t.id, "go", hex(""), cycles(0n), null, null);
    };
    ["u", "u", "u", "w", "x", "x", "v", "y", "v"].forEach((caller, number) =>
      enterInput(engine, pairOf(engine, t, canisterId(caller)), request(caller, number), null),
    );
    for (const id of ["1", "2"])
      enterIngress(engine, ingressOf(t, { id: ingressId(id), sender: anonymous, method: "go", payload: hex(""), expiry: nanoseconds(0n) }));
    const taken: string[] = [];
    while (hasInput(t)) {
      const { origin } = takeInput(engine, t) as Request | IngressMessage;
      taken.push(origin.kind === "ingress" ? origin.ingress : `${origin.canister}${origin.callback}`);
    }
    expect(taken.join(" ")).toBe("u0 1 x4 w3 2 y7 v6 x5 u1 v8 u2");
  });

  test("takes from the next source that has something when the one whose turn it is has nothing", () => {
    const session = boot(world());
    for (const id of ["1", "2", "3"]) session.apply(ingress(id, "t"));
    const { events } = session.apply(roundWith([fromElsewhere(0, "x", "x")]));
    expect(servedBy(events)).toBe("ingress x ingress x ingress");
  });
});

test("the senders of a kind take turns, in the order in which they began to wait", () => {
  const world = smallWorld(
    { a: { go: [call("t"), call("t")] }, b: { go: [call("t")] }, c: { go: [call("t"), call("t")] }, t: {} },
    { cores: 4 },
  );
  const session = boot(world);
  for (const canister of ["c", "a", "b"]) session.apply(ingress(canister, canister));
  expect(servedBy(session.apply(round()).events)).toBe("a b c a c");
});

test("answers of the platform and of ids that are nowhere are local", () => {
  const go = [call(managementCanister, { method: "raw_rand" }), call("nobody"), call("x")];
  const session = boot(networked(smallWorld({ t: { go } }, one), "s0", { x: "s1" }));
  session.apply(ingress("i", "t"));
  session.apply(round());
  session.apply(ingress("j", "t"));
  const answer = {
    kind: "response",
    caller: canisterId("t"),
    callback: 2,
    respondent: canisterId("x"),
    result: { kind: "reply", payload: hex("") },
    refund: cycles(0n),
    deadline: null,
  } as const;
  const callbacks: (number | string)[] = [];
  for (const slices of [[{ from: subnetId("s1"), begin: 0, signals: 1, messages: [answer] }], [], [], []]) {
    for (const { cause } of only(session.apply(roundWith(slices)).events, "executed"))
      callbacks.push(cause.kind === "response" ? cause.callback : cause.kind);
  }
  // The turn was behind ingress; then the two local ones, of which nobody was bounced before the answer of the tape came.
  expect(callbacks).toEqual([2, 1, "update", 0]);
});

describe("the turn of the sources", () => {
  test("stays while there is something to wait for, and is local again when there is nothing", () => {
    const session = boot(networked(smallWorld({ t: { go: [call("x")], methods: { still: [] } } }), "s0", { x: "s1" }));
    const source = () => session.view().canisters[0]!.source;
    session.apply(ingress("i", "t", "still"));
    session.apply(round());
    expect(source()).toBe("local");
    session.apply(ingress("j", "t"));
    session.apply(round());
    expect(source()).toBe("remote");
    session.apply({ kind: "restart" });
    session.apply(round());
    expect(source()).toBe("remote");
  });

  test("stays while a call waits for its answer, on either side", () => {
    const go = [call("x", { timeout: 1n })];
    const session = boot(networked(smallWorld({ s: { go: [call("t")] }, t: { go } }), "s0", { x: "s1" }));
    const sources = () => session.view().canisters.map(({ source }) => source);
    session.apply(ingress("i", "s"));
    session.apply(round());
    expect(sources()).toEqual(["remote", "ingress"]);
    session.apply(uninstall("t"));
    session.apply(round(0n)); // the reject for s goes through the loopback stream
    expect(sources()).toEqual(["remote", "ingress"]);
    session.apply(round(0n)); // s has it; the callback of t is still open
    expect(sources()).toEqual(["local", "ingress"]);
    session.apply(round(2n)); // that expires, and its reject is discarded
    expect(sources()).toEqual(["local", "local"]);
  });
});
