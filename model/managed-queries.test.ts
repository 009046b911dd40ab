/** The status of canisters, asked for in queries: `docs/machine.md`, section 16.6, clause by clause; and the counter of instructions. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bigEndian,
  canisterId,
  instructions,
  managementCanister,
  userId,
  type CanisterGenesis,
  type Hex,
  type Input,
  type Script,
} from "../spec/index.ts";
import { led, outcomes, used } from "./testing-queries.ts";
import { call, canister, eventsOfKind, ingress, literal, query, replyWith, round } from "./testing.ts";

const ann = userId("@ann");
const a = (more: Partial<CanisterGenesis> = {}): CanisterGenesis => canister("a", {}, { controllers: [ann, canisterId("b")], ...more });

const status = (words: string, method = "canister_status", sender = ann): Input => ({
  kind: "query",
  canister: managementCanister,
  method,
  payload: asciiOf(words),
  sender,
});

/** Asks in a composite query, and replies with what it hears. */
const asker = (id: string, words: string, count = 1): CanisterGenesis => {
  const tell: Script = [replyWith({ kind: "message" })];
  const asking = call(managementCanister, "canister_status", { payload: literal(asciiOf(words)), onReply: tell, onReject: tell });
  return canister(id, {}, { methods: [{ name: "look", mode: "composite", body: Array.from({ length: count }, () => asking) }] });
};

describe("the status of a canister", () => {
  test("is told to its controllers, for nothing", () => {
    const trace = led([a()], [status("a")]);
    expect(outcomes(trace)).toEqual([asciiOf("running")]);
    expect(used(trace)).toEqual([0]);
  });

  test("is told to nobody else, nor of what is not there, nor when it is not asked for", () => {
    const asked = [
      status("a", "canister_info"),
      status("a", "raw_rand"),
      status("a b"),
      status(""),
      status("c"),
      status("a", "canister_status", userId("@bob")),
    ];
    expect(outcomes(led([a()], asked))).toEqual(["IC0536", "IC0536", "IC0408", "IC0408", "IC0301", "IC0512"]);
  });

  test("is that of now", () => {
    const chief = canister("b", { go: [call(managementCanister, "stop_canister", { payload: literal(asciiOf("a")) })] });
    const trace = led([a(), chief], [ingress("x", "b", "go"), round(), status("a"), round(), status("a")]);
    expect(outcomes(trace)).toEqual([asciiOf("running"), asciiOf("stopped")]);
  });

  test("is told to a composite query of a controller, or of the canister itself, however deep it is", () => {
    const asked = (one: CanisterGenesis) => outcomes(led([a(), one], [query(one.id, "look")], { queryDepth: 0 }))[0];
    expect(asked(asker("b", "a"))).toBe(asciiOf("running"));
    expect(asked(asker("c", "c"))).toBe(asciiOf("running"));
    // A reject is told by one byte, its code.
    expect(asked(asker("c", "a"))).toBe("05");
    expect(asked(asker("c", "nobody"))).toBe("03");
  });

  test("costs a composite query nothing but its own instructions, and is told like any call of it", () => {
    const trace = led([a(), asker("b", "a", 2)], [query("b", "look")], { queryCallOverhead: instructions(1_000) });
    // Two calls, and a callback that answers.
    expect(used(trace)).toEqual([3]);
    expect(eventsOfKind(trace, "query-answered")[0]!.nested).toEqual([
      {
        depth: 1,
        caller: "b",
        callee: managementCanister,
        method: "canister_status",
        result: { kind: "reply", payload: asciiOf("running") },
      },
    ]);
  });
});

describe("the counter of instructions", () => {
  const counted = (methods: Readonly<Record<string, Script>>): readonly (Hex | string)[] => {
    const trace = led([canister("a", methods)], [...Object.keys(methods).flatMap((name) => [ingress(name, "a", name), round()]), round()]);
    return eventsOfKind(trace, "ingress-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error));
  };

  test("counts what was used so far, the instruction that reads it included, and begins anew in a callback", () => {
    const read = replyWith({ kind: "instructions" });
    expect(counted({ first: [read], later: [{ op: "consume", instructions: instructions(40) }, read] })).toEqual([
      bigEndian(1n, 8),
      bigEndian(41n, 8),
    ]);
    const callback = counted({ go: [call("nobody", "x", { onReject: [{ op: "consume", instructions: instructions(5) }, read] })] });
    expect(callback).toEqual([bigEndian(6n, 8)]);
  });
});
