/** What users ask between two rounds, and what they ask in one: `docs/machine.md`, section 16, clause by clause. */
import { describe, expect, test } from "vitest";
import {
  bigEndian,
  bytes,
  canisterId,
  cycles,
  feesOf2025,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type Input,
  type Instruction,
  type Parameters,
  type Script,
  type Trace,
} from "../spec/index.ts";
import { answering, asked, asking, led, message, outcomes, page, passOn, read, used, writing } from "./testing-queries.ts";
import { balanced, call, eventsOf, ingress, literal, query, replyWith, round, working, world } from "./testing.ts";

import { createModel } from "./index.ts";
describe("a query", () => {
  const a = answering("a", { query: { read, change: [writing(literal("ff")), replyWith(page)] } });
  const written: readonly Input[] = [ingress("x", "a", "write", "07"), round()];

  test("is answered on the state of the last round", () => {
    const trace = led([a], [query("a", "read"), ingress("x", "a", "write", "07"), query("a", "read"), round(), query("a", "read")]);
    expect(outcomes(trace)).toEqual(["", "", "07"]);
  });
  test("sees what it writes, and leaves nothing of it", () => {
    const trace = led([a], [...written, query("a", "change"), query("a", "read")]);
    expect(outcomes(trace)).toEqual(["ff", "07"]);
  });
  test("changes neither the root nor any balance", () => {
    const { steps } = led([a], [...written, query("a", "change")]);
    const [before, after] = steps.slice(-2).map(({ observation }) => observation);
    expect(after!.stateRoot).toBe(before!.stateRoot);
    expect(after!.ledger).toEqual(before!.ledger);
  });
  test("reads its payload, the time and the whole balance, finds no deadline, and no cycles to look for", () => {
    expect(asked([message])).toBe("07");
    expect(asked([replyWith({ kind: "time" })])).toBe(bigEndian(0n, 8));
    expect(asked([replyWith({ kind: "balance" })])).toBe(bigEndian(1_000_000_000_000n, 16));
    expect(asked([replyWith({ kind: "available" })])).toBe("IC0504");
    expect(asked([replyWith({ kind: "deadline" })])).toBe(bigEndian(0n, 8));
  });
  test("is refused where there is nobody, no code, or no such query", () => {
    const uninstall: Input = { kind: "uninstall", canister: canisterId("a") };
    const trace = led(
      [a],
      [query("c", "read"), query("aaaaa-aa", "raw_rand"), query("a", "write"), query("a", "none"), uninstall, query("a", "read")],
    );
    expect(outcomes(trace)).toEqual(["IC0301", "IC0536", "IC0536", "IC0536", "IC0537"]);
    expect(used(trace)).toEqual([0, 0, 0, 0, 0]);
  });
  test("is refused when its payload is too large", () => {
    expect(outcomes(led([a], [query("a", "read", "0007")], { maxPayload: bytes(32) }))).toEqual([""]);
    expect(outcomes(led([a], [query("a", "read", "07".repeat(33))], { maxPayload: bytes(32) }))).toEqual(["CN0020"]);
  });
  test("is refused by a canister below its freezing threshold", () => {
    const fees = { ...feesOf2025, execution: cycles(0n), tenInstructions: cycles(0n), ingress: cycles(0n), ingressByte: cycles(0n) };
    const poor = (balance: bigint) =>
      answering("a", { query: { read } }, { balance: cycles(balance), computeAllocation: percent(1), freezingThreshold: seconds(1) });
    const price = feesOf2025.percentSecond;
    expect(outcomes(led([poor(price)], [query("a", "read")], { fees }))).toEqual([""]);
    expect(outcomes(led([poor(price - 1n)], [query("a", "read")], { fees }))).toEqual(["IC0207"]);
  });
  test("that traps, or forgets to answer, is rejected", () => {
    expect(asked([{ op: "trap" }])).toBe("IC0503");
    expect(asked([{ op: "reject" }])).toBe("IC0406");
    expect(asked([writing(literal("01"))])).toBe("IC0506");
    expect(asked([message, message])).toBe("IC0504");
    expect(asked([writing(literal("01".repeat(33)))])).toBe("IC0502");
  });
  test("has a limit of its own", () => {
    expect(asked(working(100))).toBe("");
    expect(asked(working(101))).toBe("IC0522");
    expect(asked(working(60), "query", { queryTreeInstructionLimit: instructions(59) })).toBe("IC0522");
  });
  test("only answers", () => {
    const forbidden: readonly Instruction[] = [
      call("b", "read"),
      { op: "accept", cycles: cycles(1n) },
      { op: "burn", cycles: cycles(1n) },
      { op: "set-timer", after: null },
      { op: "accept-message" },
    ];
    for (const instruction of forbidden) expect(asked([instruction, message]), instruction.op).toBe("IC0504");
    for (const instruction of forbidden.slice(1)) expect(asked([instruction, message], "composite"), instruction.op).toBe("IC0504");
  });
});

describe("a query in a round", () => {
  const through = (body: Script, parameters: Partial<Parameters> = {}) => {
    const b = answering("b", { query: { ask: body }, composite: { compose: body } });
    const a = answering("a", { update: { go: [passOn("b", "ask", { attached: cycles(5n) })], compose: [passOn("b", "compose")] } });
    return (method: string, rounds = 1): Trace =>
      led([a, b], [ingress("x", "a", method), ...Array.from({ length: rounds }, (_, k) => round(k + 1))], parameters);
  };
  const executedBy = (trace: Trace, id: string) =>
    eventsOf(trace).flatMap((event) => (event.kind === "executed" && event.canister === id ? [event] : []));
  const answer = (trace: Trace) => eventsOf(trace).flatMap((event) => (event.kind === "ingress-answered" ? [event.result] : []))[0];

  test("is paid and answered like an update, and forgets what it wrote", () => {
    const trace = through([writing(literal("01")), replyWith(page)])("go");
    const [event] = executedBy(trace, "b");
    expect(event).toMatchObject({ trap: null, wrote: [], cause: { kind: "update", method: "ask" } });
    expect(event!.charged).toBeGreaterThan(0n);
    expect(answer(trace)).toEqual({ kind: "reply", payload: "01" });
    expect(balanced(trace)).toBe(true);
  });
  test("sends nothing and sets no timer", () => {
    expect(executedBy(through([call("a", "write")])("go"), "b")[0]!.trap).toBe("IC0504");
    expect(executedBy(through([{ op: "set-timer", after: nanoseconds(1n) }])("go"), "b")[0]!.trap).toBe("IC0504");
  });
  test("accepts and burns cycles where the parameters allow it, and keeps what it accepted", () => {
    const moving: Script = [{ op: "accept", cycles: cycles(3n) }, { op: "burn", cycles: cycles(2n) }, replyWith(literal(""))];
    const allowed = executedBy(through(moving, { replicatedQueryAccepts: true })("go"), "b")[0]!;
    expect(allowed).toMatchObject({ trap: null, accepted: 3n, burned: 2n });
    for (const instruction of moving.slice(0, 2)) expect(executedBy(through([instruction])("go"), "b")[0]!.trap).toBe("IC0504");
  });
  test("is not held to the memory limit of updates", () => {
    const lowMemory = { limit: 0, threshold: 0, hook: [] };
    const of = (mode: "query" | "update") =>
      executedBy(
        led(
          [answering("a", { [mode]: { ask: [writing(literal("01")), replyWith(page)] } }, { lowMemory })],
          [ingress("x", "a", "ask"), round()],
        ),
        "a",
      )[0]!.trap;
    expect([of("update"), of("query")]).toEqual(["IC0539", null]);
  });
  test("forgets its memory after many slices, too", () => {
    const long: Script = [{ op: "consume", instructions: instructions(50) }, writing(literal("01")), replyWith(page)];
    const trace = through(long, { sliceInstructionLimit: instructions(20) })("go", 4);
    expect(eventsOf(trace).some(({ kind }) => kind === "execution-paused")).toBe(true);
    expect(executedBy(trace, "b")[0]).toMatchObject({ wrote: [] });
    expect(answer(trace)).toEqual({ kind: "reply", payload: "01" });
  });
  test("is refused when it is a composite one, for the base fee", () => {
    const trace = through([replyWith(literal(""))])("compose");
    const refused = eventsOf(trace).find(({ kind }) => kind === "not-executed");
    expect(refused).toMatchObject({ canister: "b", error: "IC0527", charged: feesOf2025.execution });
    expect(answer(trace)).toEqual({ kind: "reply", payload: "05" });
  });
});

describe("a budget for queries", () => {
  const a = answering("a", {
    query: { ask: working(20) },
    composite: { flood: [call("b", "ask"), { op: "reply", payload: literal("") }] },
  });
  const b = answering("b", { query: { ask: working(20) } });
  const scarce = { queryBudget: instructions(50) };
  const later = (elapsed: bigint): Input => round(1, elapsed);
  const flood = (count: number): readonly Input[] => Array.from({ length: count }, () => query("a", "ask"));
  const answers = (trace: Trace) => outcomes(trace).map((outcome) => (outcome === "" ? "answered" : outcome));

  test("is used up by a flood, so that an honest user has nothing of this window and everything of the next", () => {
    const trace = led([a, b], [...flood(5), query("a", "ask"), later(9n), query("a", "ask"), later(1n), query("a", "ask")], scarce);
    expect(answers(trace)).toEqual(["answered", "answered", "answered", "CN0021", "CN0021", "CN0021", "CN0021", "answered"]);
  });
  test("is each canister's own", () => {
    expect(answers(led([a, b], [...flood(4), query("b", "ask")], scarce))).toEqual([
      "answered",
      "answered",
      "answered",
      "CN0021",
      "answered",
    ]);
  });
  test("pays for all that a query calls, and nobody else's does", () => {
    const deep = answering("a", { composite: { ask: [passOn("b", "ask")] } });
    const trace = led([deep, b], [query("a", "ask"), query("a", "ask"), query("a", "ask"), query("b", "ask")], {
      queryBudget: instructions(64),
    });
    expect(used(trace)).toEqual([32, 32, 0, 20]);
  });
  test("is not used by what is refused, but by what fails", () => {
    const failing = answering("a", {
      query: { ask: working(20), fail: [{ op: "consume", instructions: instructions(49) }, { op: "trap" }] },
    });
    expect(answers(led([failing], [query("a", "none"), query("a", "ask")], { queryBudget: instructions(1) }))).toEqual([
      "IC0536",
      "answered",
    ]);
    expect(answers(led([failing], [query("a", "fail"), query("a", "ask")], scarce))).toEqual(["IC0503", "CN0021"]);
  });
  test("is forgotten by a restart, and shown until then", async () => {
    const session = await createModel().boot(world([a, b], { ...asking, ...scarce }));
    const shown = async () => (await session.view!()).canisters.map(({ queryInstructions }) => queryInstructions);
    await session.apply(query("a", "ask"));
    expect(await shown()).toEqual([20, 0]);
    for (let k = 0; k < 4; k++) await session.apply(query("a", "ask"));
    expect(await shown()).toEqual([50, 0]);
    await session.apply({ kind: "restart" });
    expect(await shown()).toEqual([0, 0]);
    await session.apply(query("a", "ask"));
    await session.apply(later(10n));
    expect(await shown()).toEqual([0, 0]);
  });
  test("of nothing answers nobody", () => {
    expect(answers(led([a, b], [query("a", "ask"), query("c", "ask")], { queryBudget: instructions(0) }))).toEqual(["CN0021", "CN0021"]);
  });
});

test("a genesis has windows that pass, and an overhead that can be counted", () => {
  const boot = (parameters: Partial<Parameters>) => () => createModel().boot(world([], parameters));
  expect(boot({ queryWindow: nanoseconds(0n) })).toThrow("parameters.queryWindow: expected at least 1");
  expect(boot({ queryCallOverhead: instructions(Number.MAX_SAFE_INTEGER) })).toThrow("parameters.queryCallOverhead");
});
