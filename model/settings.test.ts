/** Settings, and canisters made by canisters, in small stories. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  percent,
  type CanisterGenesis,
  type Genesis,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import {
  asks,
  balanced,
  canister,
  eventsOfKind as find,
  ingress,
  literal,
  query,
  replyWith,
  round,
  rounds,
  run,
  world,
} from "./testing.ts";

const chiefWho = (...words: readonly string[]): CanisterGenesis => canister("chief", { go: words.map((said) => asks(said)) });

const controlled = { controllers: [canisterId("chief")] };

const genesis = (canisters: readonly CanisterGenesis[], parameters: Partial<Parameters> = {}): Genesis =>
  world(canisters, { queueCapacity: 9, maxPayload: bytes(400), ...parameters });

const answers = (trace: Trace) =>
  find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error));
const told = (canisters: readonly CanisterGenesis[], parameters: Partial<Parameters> = {}): Trace =>
  run(genesis(canisters, parameters), [ingress("i", "chief", "go"), ...rounds(3)]);

describe("settings", () => {
  test("that are said hold, and the others stay", () => {
    const trace = told([
      chiefWho("update_settings a compute_allocation=7 controllers=b,chief", "update_settings a freezing_threshold=5"),
      canister("a", {}, controlled),
    ]);
    const first = {
      canister: "a",
      controllers: ["b", "chief"],
      computeAllocation: 7,
      freezingThreshold: 0,
      reservedLimit: 5_000_000_000_000n,
    };
    expect(find(trace, "settings-updated")).toMatchObject([first, { ...first, freezingThreshold: 5 }]);
  });

  test("are refused when the subnet, the balance or the law of ten does not allow them", () => {
    const many = Array.from({ length: 11 }, (_, k) => `c${k}`).join(",");
    const poor = canister("a", {}, { ...controlled, balance: cycles(0n) });
    const full = canister("full", {}, { computeAllocation: percent(90) });
    const trace = told([
      chiefWho(
        `update_settings a controllers=${many}`,
        "update_settings a compute_allocation=10",
        "update_settings a compute_allocation=1 freezing_threshold=100",
      ),
      poor,
      full,
    ]);
    expect(answers(trace)).toEqual(["IC0504", "IC0101", "IC0530"]);
    expect(find(trace, "settings-updated")).toEqual([]);
  });

  test("decide who decides from now on", () => {
    const trace = told([chiefWho("update_settings a controllers=", "canister_status a"), canister("a", {}, controlled)]);
    expect(answers(trace)).toEqual(["", "IC0512"]);
  });
});

describe("a canister made by a canister", () => {
  const price = { fees: { ...genesis([]).parameters.fees, creation: cycles(100n) } };
  const maker = (...made: readonly (readonly [string, bigint])[]): CanisterGenesis =>
    canister("chief", { go: made.map(([said, attached]) => asks(said, { attached: cycles(attached) })) });

  test("gets the next id that is free, what came with the request less the fee, and its maker as a controller", () => {
    const trace = told(
      [maker(["create_canister", 150n], ["create_canister compute_allocation=3", 100n]), canister("canister-0", {})],
      price,
    );
    expect(answers(trace)).toEqual([asciiOf("canister-1"), asciiOf("canister-2")]);
    expect(find(trace, "canister-created")).toMatchObject([
      { canister: "canister-1", balance: 50n, computeAllocation: 0 },
      { canister: "canister-2", balance: 0n, computeAllocation: 3 },
    ]);
    expect(find(trace, "management-answered").map(({ refund }) => refund)).toEqual([0n, 0n]);
    expect(balanced(trace)).toBe(true);
  });

  test("is not made for less than the fee, and all that came goes back", () => {
    const trace = told([maker(["create_canister", 99n])], price);
    expect(find(trace, "management-answered")).toMatchObject([{ result: { error: "IC0403" }, refund: 99n }]);
  });

  test("has no code until it is installed, and a history from its first day", () => {
    const trace = run(genesis([maker(["create_canister", 200n], ["canister_info canister-0 1", 0n])], price), [
      ingress("i", "chief", "go"),
      ...rounds(3),
      query("canister-0", "x"),
    ]);
    expect(answers(trace).at(-1)).toBe(asciiOf("1 chief 0:2:creation:chief"));
    expect(find(trace, "query-refused")).toMatchObject([{ error: "IC0537" }]);
  });
});

describe("the history of a canister", () => {
  test("keeps the newest changes alone, and how many there were", () => {
    const chief = chiefWho(
      "update_settings a controllers=chief",
      "update_settings a controllers=chief",
      "update_settings a",
      "canister_info a 255",
      "canister_info a",
    );
    const trace = told([chief, canister("a", {}, controlled)], { changesKept: 1 });
    expect(answers(trace).slice(3)).toEqual([asciiOf("2 chief 2:2:controllers:chief"), asciiOf("2 chief")]);
  });

  test("is not told when it does not fit", () => {
    const trace = told(
      [
        chiefWho("canister_info some-long-name", "canister_info a"),
        canister("a", {}),
        canister("some-long-name", {}, { controllers: [canisterId("a".repeat(31))] }),
      ],
      {
        maxPayload: bytes(32),
      },
    );
    expect(answers(trace)).toEqual(["IC0504", asciiOf("0 -")]);
  });

  test("counts with every change that lasts, and with nothing that does not", () => {
    const version = [replyWith({ kind: "version" })];
    const a = canister("a", {
      version,
      write: [{ op: "write", page: 0, value: literal("") }, replyWith(literal(""))],
      trap: [{ op: "trap" }],
    });
    const asked = { ...a, methods: [...a.methods, { name: "look", mode: "query" as const, body: version }] };
    const trace = run(genesis([asked]), [
      ingress("w", "a", "write"),
      ingress("t", "a", "trap"),
      ingress("q", "a", "look"),
      round(1),
      { kind: "set-compute-allocation", canister: canisterId("a"), computeAllocation: percent(1) },
      ingress("v", "a", "version"),
      round(2),
    ]);
    const results = find(trace, "ingress-answered").map(({ ingress: id, result }) => [
      id,
      result.kind === "reply" ? result.payload : result.error,
    ]);
    expect(results).toEqual([
      ["w", ""],
      ["t", "IC0503"],
      ["q", "0000000000000001"],
      ["v", "0000000000000002"],
    ]);
  });
});
