/** Snapshots in small stories: a canister goes back to what it was, and what goes on around it does not. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  instructions,
  seconds,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import { asks, balanced, canister, eventsOfKind as find, ingress, literal, replyWith, round, rounds, run, world } from "./testing.ts";

/** A chief with a method for each list of things to ask for. */
const chief = (...asked: readonly (readonly string[])[]): CanisterGenesis =>
  canister("chief", Object.fromEntries(asked.map((words, k) => [`go${k}`, words.map((said) => asks(said))])));

const target = (id = "a", more: Partial<CanisterGenesis> = {}): CanisterGenesis =>
  canister(
    id,
    {
      fill: [{ op: "write", page: 0, value: { kind: "message" } }, { op: "certify", data: { kind: "message" } }, replyWith(literal(""))],
      read: [replyWith({ kind: "page", page: 0 })],
    },
    { controllers: [canisterId("chief")], ...more },
  );

const genesis = (canisters: readonly CanisterGenesis[], parameters: Partial<Parameters> = {}): Genesis =>
  world(canisters, { queueCapacity: 9, maxPayload: bytes(64), snapshotInstructions: instructions(100), ...parameters });

const say = (id: string, method: string, payload = "", to = "a"): readonly Input[] => [ingress(id, to, method, payload), round(9)];
const go = (k: number): readonly Input[] => [ingress(`g${k}`, "chief", `go${k}`), ...rounds(3)];
const answers = (trace: Trace) =>
  find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error));
const read = (trace: Trace, id: string) => {
  const answered = find(trace, "ingress-answered").find(({ ingress: of }) => of === id);
  return answered?.result.kind === "reply" ? answered.result.payload : answered?.result.error;
};

describe("a snapshot", () => {
  test("that is brought back makes the canister what it was", () => {
    const trace = run(genesis([chief(["take_canister_snapshot a"], ["load_canister_snapshot a a 0"]), target()]), [
      ...say("f1", "fill", "01"),
      ...go(0),
      ...say("f2", "fill", "02"),
      ...say("r1", "read"),
      ...go(1),
      ...say("r2", "read"),
    ]);
    expect([read(trace, "r1"), read(trace, "r2")]).toEqual(["02", "01"]);
    expect(answers(trace)).toEqual([asciiOf("0"), ""]);
    expect(find(trace, "snapshot-taken")).toMatchObject([{ canister: "a", snapshot: 0, replaced: null, pages: 1, reserved: 0n }]);
    expect(find(trace, "snapshot-loaded")).toMatchObject([{ source: "a", wrote: [[0, "01"]], pages: 1 }]);
    expect(find(trace, "data-certified").map(({ data }) => data)).toEqual(["01", "02", "01"]);
    expect(balanced(trace)).toBe(true);
  });

  test("outlives the code of its canister, and goes into another one under the same control", () => {
    const trace = run(
      genesis([
        chief(["take_canister_snapshot a", "uninstall_code a", "load_canister_snapshot b a 0"], ["canister_info b 1"]),
        target(),
        canister("b", {}, { controllers: [canisterId("chief")] }),
      ]),
      [...say("f", "fill", "07"), ...go(0), ...say("r", "read", "", "b"), ...go(1)],
    );
    expect(read(trace, "r")).toBe("07");
    expect(answers(trace).at(-1)).toMatch(new RegExp(asciiOf(":load:chief")));
  });

  test("is listed, replaced and deleted, and its number never means another", () => {
    const words = ["take_canister_snapshot a", "take_canister_snapshot a 0", "take_canister_snapshot a 0", "list_canister_snapshots a"];
    const trace = run(
      genesis([chief([...words, "delete_canister_snapshot a 1", "delete_canister_snapshot a 1", "take_canister_snapshot a"]), target()]),
      go(0),
    );
    expect(answers(trace)).toEqual([asciiOf("0"), asciiOf("1"), "IC0305", asciiOf("1:2:0"), "", "IC0305", asciiOf("2")]);
  });

  test("is not taken of a canister without code, nor of one that has enough of them", () => {
    const bare = run(genesis([chief(["uninstall_code a", "take_canister_snapshot a"]), target()]), go(0));
    expect(answers(bare)).toEqual(["", "IC0406"]);
    const many = run(genesis([chief(["take_canister_snapshot a", "take_canister_snapshot a"]), target()], { snapshotLimit: 1 }), go(0));
    expect(answers(many)).toEqual([asciiOf("0"), "IC0406"]);
  });

  test("is brought back by who controls both, from where it is", () => {
    const mine = chief(["load_canister_snapshot a c 0", "load_canister_snapshot a gone 0", "load_canister_snapshot a a 5"]);
    const trace = run(genesis([mine, target(), target("c", { controllers: [] })]), go(0));
    expect(answers(trace)).toEqual(["IC0512", "IC0301", "IC0305"]);
  });
});

describe("what a snapshot takes", () => {
  test("counts as written, and waits for a calmer round when much was written", () => {
    const twice = chief(["take_canister_snapshot a", "take_canister_snapshot a"]);
    const trace = run(genesis([twice, target()], { heapDeltaRateLimit: bytes(32) }), [...say("f", "fill", "01"), ...rounds(2), ...go(0)]);
    expect(answers(trace)).toEqual([asciiOf("0"), "IC0210"]);
  });

  test("is paid for like memory, and set aside for where memory is scarce", () => {
    const scarce = { storage: { threshold: bytes(0), capacity: bytes(64), period: seconds(1_000_000_000) } };
    const take = chief(["take_canister_snapshot a"]);
    const trace = run(genesis([take, target()], { ...scarce, pageSize: bytes(32) }), [...say("f", "fill", "01"), ...go(0)]);
    const [taken] = find(trace, "snapshot-taken");
    expect(taken!.reserved).toBeGreaterThan(0n);
    expect(trace.steps.at(-1)!.observation.ledger.reserved).toBeGreaterThan(taken!.reserved);
    const limited = run(genesis([take, target("a", { reservedLimit: taken!.reserved })], { ...scarce, pageSize: bytes(32) }), [
      ...say("f", "fill", "01"),
      ...go(0),
    ]);
    expect(answers(limited)).toEqual(["IC0534"]);
    const having = (balance: bigint) => run(genesis([take, target("a", { balance: cycles(balance) })]), go(0));
    // 100 instructions cost 100, without a base fee.
    expect([having(100n), having(99n)].map(answers)).toEqual([[asciiOf("0")], ["IC0207"]]);
    expect(balanced(trace)).toBe(true);
  });
});
