/** Several subnets, each a reference machine, joined by the network of a scenario. */
import { describe, expect, test } from "vitest";
import {
  canisterId,
  cycles,
  drive,
  nanoseconds,
  subnetId,
  type CanisterGenesis,
  type Delivery,
  type Genesis,
  type Move,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { balanced, call, canister, eventsOf, ingress, literal, replyWith, round, world } from "./testing.ts";

const names = ["one", "two"];
const subnet = (
  own: number,
  canisters: readonly CanisterGenesis[],
  far: readonly string[],
  parameters: Partial<Parameters> = {},
): Genesis => ({
  ...world(canisters, parameters),
  network: { own: subnetId(names[own]!), routes: far.map((id) => ({ canister: canisterId(id), subnet: subnetId(names[1 - own]!) })) },
});
const joined = (near: Genesis, far: Genesis, inputs: readonly Move[]): Trace => {
  const trace = drive(createModel({ freeze: true }), { genesis: near, others: [far], inputs }) as Trace;
  expect(balanced(trace)).toBe(true);
  return trace;
};
const at = (number: number, move: Move, deliveries: readonly Delivery[] = []): Move => ({
  ...move,
  subnet: number,
  ...(move.kind === "round" ? { deliveries } : {}),
});
const from = (number: number, count = 9, again = 0): Delivery => ({ from: number, count, again });

const asking = canister("a", {
  ask: [call("b", "work", { attached: cycles(700n), onReply: [replyWith({ kind: "message" })], onReject: [replyWith(literal("ee"))] })],
});
const working = canister("b", { work: [{ op: "accept", cycles: cycles(300n) }, replyWith(literal("2a"))] });
const near = subnet(0, [asking], ["b"]);
const far = subnet(1, [working], ["a"]);

describe("subnets", () => {
  test("answer a call between them after two deliveries, and lose no cycle", () => {
    const trace = joined(near, far, [ingress("i", "a", "ask"), round(1), at(1, round(1), [from(0)]), at(0, round(2), [from(1)])]);
    expect(eventsOf(trace, 0).filter(({ kind }) => kind === "ingress-answered")).toMatchObject([
      { result: { kind: "reply", payload: "2a" } },
    ]);
    const [one, two] = [0, 1].map((k) => trace.steps.filter(({ subnet: own = 0 }) => own === k).at(-1)!.observation.ledger);
    expect(one!.sent).toBe(two!.received);
    expect(two!.sent).toBe(one!.received);
    expect(one!.sent).toBe(700n);
    expect(two!.sent).toBe(400n);
  });

  test("take no message twice, however often it is delivered", () => {
    const often = joined(near, far, [
      ingress("i", "a", "ask"),
      round(1),
      at(1, round(1), [from(0)]),
      at(1, round(2), [from(0, 9, 5), from(0, 9, 9)]),
      at(0, round(2), [from(1)]),
    ]);
    expect(eventsOf(often, 1).filter(({ kind }) => kind === "request-inducted")).toHaveLength(1);
  });

  test("reject a request for which there is no room or no canister", () => {
    const stranger = subnet(1, [], ["a"]);
    const trace = joined(near, stranger, [ingress("i", "a", "ask"), round(1), at(1, round(1), [from(0)]), at(0, round(2), [from(1)])]);
    expect(eventsOf(trace, 1)).toContainEqual({ kind: "message-refused", from: "one", index: 0, error: "IC0301" });
    expect(eventsOf(trace, 0).filter(({ kind }) => kind === "ingress-answered")).toMatchObject([{ result: { payload: "ee" } }]);
  });

  test("hold a producer back when the consumer is slow", () => {
    const eager = subnet(0, [canister("a", { ask: [call("b", "work"), replyWith(literal(""))] })], ["b"], {
      streamCapacity: 2,
      queueCapacity: 3,
    });
    const moves = Array.from({ length: 8 }, (_, k): Move[] => [ingress(`i${k}`, "a", "ask"), round(k + 1)]).flat();
    const trace = joined(eager, far, moves);
    const refused = eventsOf(trace).flatMap((event) => (event.kind === "executed" ? event.refusedCalls : []));
    expect(refused).toHaveLength(5);
    expect(new Set(refused.map(({ error }) => error))).toEqual(new Set(["IC0201"]));
  });

  test("collect what the other side has seen, and nothing more", () => {
    const trace = joined(near, far, [
      ingress("i", "a", "ask"),
      round(1),
      at(1, round(1), [from(0)]),
      at(0, round(2), [from(1)]),
      at(1, round(2), [from(0)]),
    ]);
    expect(eventsOf(trace, 0)).toContainEqual({ kind: "stream-collected", to: "two", begin: 1 });
    expect(eventsOf(trace, 1)).toContainEqual({ kind: "stream-collected", to: "one", begin: 1 });
  });

  test("refuse a slice that leaves something out, that saw too much, or that comes from nowhere", () => {
    const slice = (own: string, begin: number, signals: number) => ({ from: subnetId(own), begin, messages: [], signals });
    const move: Move = { ...round(1), slices: [slice("two", 1, 0), slice("two", 0, 1), slice("zero", 0, 0)] } as Move;
    expect(
      eventsOf(drive(createModel(), { genesis: near, inputs: [move] }) as Trace).filter(({ kind }) => kind === "slice-refused"),
    ).toMatchObject([
      { from: "two", error: "CN0013" },
      { from: "two", error: "CN0014" },
      { from: "zero", error: "CN0012" },
    ]);
  });

  test("ignore what a subnet says in the name of canisters that it does not host", () => {
    const forged = {
      kind: "request",
      caller: canisterId("x"),
      callback: 0,
      callee: canisterId("a"),
      method: "ask",
      payload: literal(""),
      attached: cycles(5n),
      deadline: null,
    };
    const move = {
      ...round(1),
      slices: [{ from: subnetId("two"), begin: 0, messages: [{ ...forged, payload: "" }], signals: 0 }],
    } as unknown as Move;
    const trace = drive(createModel(), { genesis: near, inputs: [move] }) as Trace;
    expect(balanced(trace)).toBe(true);
    expect(trace.steps[0]!.observation.ledger.lost).toBe(5n);
  });

  test("send back the cycles of a best-effort response that nobody fetched in time", () => {
    const hasty = canister("a", { ask: [call("b", "work", { timeout: nanoseconds(5n), attached: cycles(700n) }), replyWith(literal(""))] });
    const small = subnet(1, [working], ["a"], { streamCapacity: 1 });
    const trace = joined(subnet(0, [hasty], ["b"]), small, [
      ingress("i", "a", "ask"),
      ingress("j", "a", "ask"),
      round(1),
      at(1, round(1), [from(0)]),
      at(1, round(2, 100n)),
      at(0, round(2, 100n), [from(1)]),
      at(0, round(3), [from(1)]),
    ]);
    expect(eventsOf(trace, 1)).toContainEqual({ kind: "cycles-dropped", owner: "a", cycles: 400n, fate: "streamed" });
    expect(eventsOf(trace, 0).some(({ kind }) => kind === "refund-inducted")).toBe(true);
  });
});
