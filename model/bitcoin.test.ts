/** Calls that ask something of Bitcoin: they are calls to the canister that keeps it, wherever that is. */
import { describe, expect, test } from "vitest";
import {
  canisterId,
  cycles,
  drive,
  subnetId,
  type CanisterGenesis,
  type Event,
  type Genesis,
  type Instruction,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import {
  balanced,
  call,
  canister,
  eventsOf,
  eventsOfKind,
  frozen,
  ingress,
  literal,
  query,
  replyWith,
  rounds,
  run,
  world,
} from "./testing.ts";

const heard: Partial<Instruction & { op: "call" }> = {
  onReply: [replyWith({ kind: "message" })],
  onReject: [{ op: "reject" }],
};
const asks = (callee = "aaaaa-aa", method = "bitcoin_get_balance", more: Partial<Instruction & { op: "call" }> = {}): Instruction =>
  call(callee, method, { ...heard, ...more });
const asking = (...calls: readonly Instruction[]): CanisterGenesis => canister("a", { go: calls });
const keeper = canister("keeper", { bitcoin_get_balance: [{ op: "accept", cycles: cycles(30n) }, replyWith(literal("2a"))] });

const told = (canisters: readonly CanisterGenesis[], bitcoin: string | null, parameters: Partial<Parameters> = {}): Trace => {
  const genesis: Genesis = { ...world(canisters, parameters), ...(bitcoin === null ? {} : { bitcoin: canisterId(bitcoin) }) };
  const trace = run(genesis, [ingress("g", "a", "go"), ...rounds(4)]);
  expect(balanced(trace)).toBe(true);
  return trace;
};
const calleesIn = (trace: Trace) => eventsOfKind(trace, "executed").flatMap(({ calls }) => calls.map(({ callee }) => callee));
const answerIn = (trace: Trace) => {
  const [answered] = eventsOfKind(trace, "ingress-answered");
  return answered?.result.kind === "reply" ? answered.result.payload : answered?.result;
};
const rejected = (trace: Trace) =>
  eventsOf(trace).flatMap((event: Event) => (event.kind === "request-bounced" ? [[event.callback, event.error]] : []));

describe("what is asked of Bitcoin", () => {
  test("is answered by the Bitcoin canister, with what came back of the cycles", () => {
    const trace = told([asking(asks("aaaaa-aa", "bitcoin_get_balance", { attached: cycles(100n) })), keeper], "keeper");
    expect(calleesIn(trace)).toEqual(["keeper"]);
    expect(answerIn(trace)).toBe("2a");
    expect(eventsOfKind(trace, "executed").map(({ refunded }) => refunded)).toContain(70n);
    expect(eventsOfKind(trace, "management-asked")).toEqual([]);
  });

  test("may be asked of oneself", () => {
    const alone = canister("a", { go: [asks()], bitcoin_get_balance: [replyWith(literal("07"))] });
    expect(answerIn(told([alone], "a"))).toBe("07");
  });

  test("is an unknown method of the management canister where nobody keeps Bitcoin", () => {
    const trace = told([asking(asks()), keeper], null);
    expect(calleesIn(trace)).toEqual(["aaaaa-aa"]);
    expect(rejected(trace)).toEqual([[0, "IC0536"]]);
  });

  test("is bounced where the Bitcoin canister is nowhere", () => {
    const trace = told([asking(asks())], "keeper");
    expect(calleesIn(trace)).toEqual(["keeper"]);
    expect(rejected(trace)).toEqual([[0, "IC0301"]]);
  });

  test("needs a slot of the calls to the Bitcoin canister", () => {
    const trace = told([asking(asks("keeper"), asks()), keeper], "keeper", { queueCapacity: 1 });
    expect(eventsOfKind(trace, "executed").flatMap(({ refusedCalls }) => refusedCalls)).toEqual([{ callee: "keeper", error: "IC0201" }]);
  });

  test("leaves other calls alone", () => {
    const other = canister("b", { bitcoin_get_balance: [replyWith(literal("01"))] });
    const trace = told([asking(asks("b"), asks("aaaaa-aa", "canister_status"), asks("aaaaa-aa", "bitcoin")), other, keeper], "keeper");
    expect(calleesIn(trace)).toEqual(["b", "aaaaa-aa", "aaaaa-aa"]);
  });

  test("is no call of a composite query", () => {
    const composite = canister("a", {}, { methods: [{ name: "look", mode: "composite", body: [asks()] }] });
    const trace = run({ ...world([composite, keeper]), bitcoin: canisterId("keeper") }, [query("a", "look")]);
    expect(eventsOfKind(trace, "query-answered").map(({ result }) => result)).toMatchObject([{ kind: "reject" }]);
  });

  test("goes to another subnet, and the answer comes from there", () => {
    const network = (own: string, other: string, id: string): Pick<Genesis, "network"> => ({
      network: { own: subnetId(own), routes: [{ canister: canisterId(id), subnet: subnetId(other) }] },
    });
    const genesis = { ...world([asking(asks())]), ...network("one", "two", "keeper"), bitcoin: canisterId("keeper") };
    const others = [{ ...world([keeper]), ...network("two", "one", "a") }];
    const every = (from: number) => [{ from, count: 9, again: 0 }];
    const inputs = [
      ingress("g", "a", "go"),
      ...rounds(1),
      ...rounds(1).map((input) => ({ ...input, subnet: 1, deliveries: every(0) })),
      ...rounds(2)
        .slice(1)
        .map((input) => ({ ...input, deliveries: every(1) })),
    ];
    const trace = drive(frozen, { genesis, others, inputs }) as Trace;
    expect(answerIn(trace)).toBe("2a");
  });
});
