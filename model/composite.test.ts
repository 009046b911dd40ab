/** Queries that call others: `docs/machine.md`, section 16.4, clause by clause. */
import { describe, expect, test } from "vitest";
import { cycles, instructions, nanoseconds, type CanisterGenesis, type Parameters, type Script, type Trace } from "../spec/index.ts";
import { answering, asked, led, message, outcomes, page, passOn, read, told, used, writing } from "./testing-queries.ts";
import { balanced, call, literal, query, replyWith, working } from "./testing.ts";

describe("a composite query", () => {
  const b = answering("b", { query: { read, change: [writing(literal("ff")), replyWith(page)] } });
  const composed = (body: Script, others: readonly CanisterGenesis[] = [b], parameters: Partial<Parameters> = {}): Trace =>
    led([answering("a", { composite: { ask: body } }), ...others], [query("a", "ask", "07")], parameters);

  test("answers with what its calls answer, and tells of them", () => {
    const trace = composed([call("b", "change", { onReply: [message] })]);
    expect(told(trace)).toEqual([
      {
        kind: "query-answered",
        canister: "a",
        method: "ask",
        result: { kind: "reply", payload: "ff" },
        // One to call, two there, the overhead of the call, one in the callback.
        instructions: 14,
        nested: [{ depth: 1, caller: "a", callee: "b", method: "change", result: { kind: "reply", payload: "ff" } }],
      },
    ]);
    expect(balanced(trace)).toBe(true);
  });
  test("makes its calls in the order in which it sent them, those of callbacks last", () => {
    const again = call("b", "read", { payload: literal("03") });
    const trace = composed([
      call("b", "change", { onReply: [again] }),
      call("b", "read", { onReply: [call("c", "none", { onReject: [{ op: "reject" }] })] }),
    ]);
    const [event] = told(trace);
    expect(event!.kind === "query-answered" && event!.nested.map(({ callee, method }) => `${callee}.${method}`)).toEqual([
      "b.change",
      "b.read",
      "b.read",
      "c.none",
    ]);
    expect(outcomes(trace)).toEqual(["IC0406"]);
  });
  test("is done when it answered: calls that wait are not made", () => {
    const trace = composed([call("b", "read", { onReply: [message] }), call("b", "read", { onReply: [{ op: "trap" }] })]);
    expect(used(trace)).toEqual([14]);
    expect(used(composed([call("b", "read"), replyWith(literal("01"))]))).toEqual([2]);
  });
  test("finds what it wrote in its callbacks, and nothing of what others wrote", () => {
    const itself = answering("a", {
      composite: { ask: [writing(literal("01")), call("a", "change", { onReply: [replyWith(page)] })] },
      query: { change: [replyWith(page), writing(literal("ff"))] },
    });
    const trace = led([itself], [query("a", "ask")]);
    const [event] = told(trace);
    expect(event!.kind === "query-answered" && event!.nested[0]!.result).toEqual({ kind: "reply", payload: "" });
    expect(outcomes(trace)).toEqual(["01"]);
    const twice = composed([call("b", "change", { onReply: [passOn("b", "read")] })]);
    expect(outcomes(twice)).toEqual([""]);
  });
  test("learns why a call was rejected", () => {
    expect(asked([passOn("b", "none")], "composite")).toBe("05");
    expect(asked([passOn("b", "write")], "composite")).toBe("05");
    expect(asked([passOn("c", "read")], "composite")).toBe("03");
    const [event] = told(composed([passOn("b", "write")]));
    expect(event).toMatchObject({ nested: [{ result: { error: "IC0536" } }], instructions: 2 });
  });
  test("sends no cycles, no more than a payload, and waits without a timeout", () => {
    expect(asked([passOn("b", "read", { attached: cycles(1n) })], "composite")).toBe("IC0504");
    expect(asked([passOn("b", "read", { timeout: nanoseconds(0n) })], "composite")).toBe("");
    expect(asked([writing(literal("07".repeat(32))), passOn("b", "read", { payload: page })], "composite")).toBe("");
    expect(asked([passOn("b", "read", { payload: literal("07".repeat(33)) })], "composite")).toBe("IC0504");
  });
  test("that traps has sent nothing", () => {
    expect(used(composed([call("b", "read", { onReply: [message] }), { op: "trap" }]))).toEqual([2]);
    expect(outcomes(composed([call("b", "read", { onReply: [message] }), { op: "trap" }]))).toEqual(["IC0503"]);
  });
  test("goes on after a callback that trapped, and is rejected with its error when nothing else comes", () => {
    const trapped = call("b", "read", { onReply: [writing(literal("01")), passOn("b", "read"), { op: "trap" }] });
    expect(outcomes(composed([trapped]))).toEqual(["IC0503"]);
    expect(outcomes(composed([trapped, call("b", "read", { onReply: [replyWith(page)] })]))).toEqual([""]);
    expect(outcomes(composed([trapped, call("b", "read")]))).toEqual(["IC0506"]);
  });
  test("cleans up after a callback that trapped, out of what that left", () => {
    const cleaned = (onReply: Script, onCleanup: Script) =>
      composed([call("b", "read", { onReply, onCleanup }), call("b", "read", { onReply: [replyWith(page)] })]);
    expect(outcomes(cleaned([{ op: "trap" }], [writing(literal("01"))]))).toEqual(["01"]);
    expect(outcomes(cleaned([], [writing(literal("01"))]))).toEqual([""]);
    const most: Script = [{ op: "consume", instructions: instructions(98) }, { op: "trap" }];
    expect(outcomes(cleaned(most, [writing(literal("01"))]))).toEqual(["01"]);
    expect(outcomes(cleaned(most, [writing(literal("01")), writing(literal("02"))]))).toEqual([""]);
    for (const forbidden of [message, call("b", "read"), { op: "set-timer", after: null }, { op: "burn", cycles: cycles(1n) }] as const)
      expect(outcomes(cleaned([{ op: "trap" }], [writing(literal("01")), forbidden])), forbidden.op).toEqual([""]);
  });
  test("is cut down whole when it grows too deep", () => {
    const deep = (next: string): CanisterGenesis =>
      answering(next, { composite: { ask: [passOn(String.fromCharCode(next.charCodeAt(0) + 1), "ask")] } });
    const leaf = answering("d", { query: { ask: [message] } });
    expect(outcomes(led([deep("b"), deep("c"), leaf], [query("b", "ask")]))).toEqual([""]);
    const trace = led([deep("a"), deep("b"), deep("c"), leaf], [query("a", "ask")]);
    expect(told(trace)).toMatchObject([{ result: { error: "IC0525" }, nested: [], instructions: 23 }]);
  });
  test("is cut down whole when nothing is left for the next call, or for its callback", () => {
    const busy = answering("b", { query: { read: working(90) } });
    const dear = (calls: number) =>
      composed(
        Array.from({ length: calls }, () => call("b", "read")),
        [busy],
      );
    // Two calls leave nothing of 200: the second has no callback.
    expect(told(dear(2))).toMatchObject([{ result: { error: "IC0526" }, instructions: 202, nested: [{}, {}] }]);
    expect(outcomes(dear(1))).toEqual(["IC0506"]);
    const exact = composed(
      [call("b", "read", { onReply: working(99) }), call("b", "read")],
      [answering("b", { query: { read: working(89) } })],
    );
    expect(outcomes(exact)).toEqual([""]);
    const last = composed(
      [call("b", "read", { onReply: [{ op: "consume", instructions: instructions(99) }] }), call("b", "read")],
      [answering("b", { query: { read: working(89) } })],
    );
    expect(told(last)).toMatchObject([{ result: { error: "IC0526" }, instructions: 200, nested: [{}] }]);
  });
  test("gives a callback no more than a query has, and no more than is left", () => {
    const back = (count: number, parameters: Partial<Parameters> = {}) =>
      outcomes(
        composed([call("b", "read", { onReply: working(count) })], [b], { messageInstructionLimit: instructions(500), ...parameters }),
      )[0];
    expect([back(100), back(101)]).toEqual(["", "IC0522"]);
    // One instruction to call, one there, and the overhead leave 48 of 60.
    const scarce = { queryTreeInstructionLimit: instructions(60) };
    expect([back(48, scarce), back(49, scarce)]).toEqual(["", "IC0522"]);
  });
  test("gives a call no more than is left", () => {
    const trace = composed(
      [{ op: "consume", instructions: instructions(50) }, call("b", "read", { onReject: [message] })],
      [answering("b", { query: { read: working(60) } })],
      { queryTreeInstructionLimit: instructions(100) },
    );
    expect(told(trace)).toMatchObject([{ result: { error: "IC0526" }, nested: [{ result: { error: "IC0522" } }] }]);
  });
});
