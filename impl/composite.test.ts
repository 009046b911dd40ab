/** Composite queries: how their calls are made and answered, what they find again, and where they are cut down. */
import { describe, expect, test } from "vitest";
import { cycles, instructions, type Script } from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { ask, said } from "./small-queries.ts";
import {
  accept,
  burn,
  call,
  consume,
  ingress,
  message,
  pageOf,
  reply,
  round,
  setTimer,
  smallWorld,
  trap,
  write,
  type SmallCanister,
} from "./small-world.ts";

const filled = (content: string): Script => [write(0, content), reply()];

describe("a composite query", () => {
  const world = (tree: Script, b: SmallCanister = {}, parameters = {}) =>
    boot(smallWorld({ a: { go: filled("aa"), composites: { tree }, queries: { ask: [reply("a0")] } }, b }, parameters));
  const told = (session: EngineSession) =>
    ask(session, "a", "tree").nested.map(({ depth, callee, method, result }) =>
      [depth, callee, method, result.kind === "reply" ? result.payload : result.error].join(" "),
    );

  test("makes its calls one after another, and its callbacks answer", () => {
    const tree = [
      call("b", { method: "ask", payload: "11", onReply: [write(0, message)] }),
      call("b", { method: "gone", onReject: [reply(pageOf(0))] }),
      call("b", { method: "ask", payload: "33" }),
    ];
    const session = world(tree, { queries: { ask: [reply(message)] } });
    expect(ask(session, "a", "tree")).toMatchObject({
      result: { payload: "11" },
      // The body 3, the first call 1 and its overhead 20, two callbacks of 1; the last call is not made.
      instructions: 26,
      nested: [
        { depth: 1, caller: "a", callee: "b", method: "ask", result: { payload: "11" } },
        { depth: 1, caller: "a", callee: "b", method: "gone", result: { error: "IC0536" } },
      ],
    });
  });

  test("learns the code of a reject, and its cleanup what is written", () => {
    const onReject = [write(0, message), trap];
    expect(said(world([call("nobody", { onReject: [reply(message)] })]), "a", "tree")).toBe("03");
    const again = call("b", { method: "ask", onReply: [reply(pageOf(1))] });
    const session = world([call("nobody", { onReject, onCleanup: [write(1, pageOf(0))] }), again], { queries: { ask: [reply()] } });
    expect(said(session, "a", "tree")).toBe("");
    for (const input of [ingress("i", "a"), round(0n)]) session.apply(input);
    expect(said(session, "a", "tree")).toBe("aa");
  });

  test("finds its own pages again in its callbacks, and nothing of what another call of it wrote", () => {
    const tree = [write(0, "01"), call("a", { method: "peek", onReply: [write(1, message), reply(pageOf(0))] })];
    const peek = [write(0, "02"), reply(pageOf(0))];
    const session = boot(smallWorld({ a: { composites: { tree }, queries: { peek: [reply(pageOf(0))], poke: peek } } }));
    expect(ask(session, "a", "tree")).toMatchObject({ result: { payload: "01" }, nested: [{ result: { payload: "" } }] });
  });

  test("loses what a callback wrote and called that traps, and keeps its cleanup", () => {
    const onReply = [write(0, "ee"), call("b", { method: "ask" }), trap];
    const tree = [
      write(0, "01"),
      call("b", { method: "ask", onReply, onCleanup: [write(1, "02")] }),
      call("b", { method: "ask", onReply: [reply(pageOf(0))] }),
    ];
    const session = world(tree, { queries: { ask: [reply()] } });
    expect(ask(session, "a", "tree")).toMatchObject({ result: { payload: "01" } });
    expect(told(session)).toHaveLength(2);
  });

  test("is rejected with the trap of its last callback, or because nobody is left to answer", () => {
    const of = (onReply: Script) => said(world([call("b", { method: "ask", onReply })], { queries: { ask: [reply()] } }), "a", "tree");
    expect(of([trap])).toBe("IC0503");
    expect(of([])).toBe("IC0506");
    expect(said(world([call("b", { method: "ask" }), trap]), "a", "tree")).toBe("IC0503");
  });

  test("gives a cleanup what its callback left of its limit, in which it may do nothing but write", () => {
    const limits = { queryInstructionLimit: instructions(100) };
    const of = (onReply: Script, onCleanup: Script) =>
      ask(world([call("b", { method: "ask", onReply, onCleanup })], { queries: { ask: [reply()] } }, limits), "a", "tree");
    expect(of([consume(60), trap], [consume(30)]).instructions).toBe(1 + 21 + 61 + 30);
    expect(of([consume(60), trap], [consume(50)]).instructions).toBe(1 + 21 + 100);
    for (const act of [reply(), burn(0n), setTimer(null), call("b"), accept(0n)]) {
      const { result, instructions: used } = of([trap], [act, consume(40)]);
      expect([act.op, result, used]).toMatchObject([act.op, { error: "IC0503" }, 1 + 21 + 2]);
    }
  });

  test("may attach no cycles and send no payload that is too large; a timeout means nothing", () => {
    expect(said(world([call("b", { attached: 1n })]), "a", "tree")).toBe("IC0504");
    expect(said(world([call("b", { payload: "00".repeat(65), onRefused: [reply()] })]), "a", "tree")).toBe("IC0504");
    const session = world([call("b", { method: "ask", timeout: 0n, onReply: [reply("77")] })], {
      queries: { ask: [consume(900), reply()] },
    });
    expect(said(session, "a", "tree")).toBe("77");
  });

  test("ends whole where it grows too deep", () => {
    const down = (onReject: Script = []) => [call("a", { method: "tree", onReject, onReply: [reply("00")] })];
    const session = world(down([reply("99")]));
    expect(ask(session, "a", "tree")).toMatchObject({ result: { error: "IC0525" }, instructions: 1 + 3 * 21, nested: [] });
    expect(said(world(down(), {}, { queryDepth: 0 }), "a", "tree")).toBe("IC0525");
  });

  test("may go as deep as its network lets it, however deep", () => {
    const tree = [call("a", { method: "tree", onReply: [reply("00")] })];
    const deep = { queryDepth: 50_000, queryCallOverhead: instructions(0), queryTreeInstructionLimit: instructions(30_000) };
    expect(ask(world(tree, {}, deep), "a", "tree")).toMatchObject({ result: { error: "IC0526" }, instructions: 30_000 });
  });

  test("ends whole where nothing is left to it, before a call or before a callback", () => {
    const limits = { queryTreeInstructionLimit: instructions(100), queryInstructionLimit: instructions(100) };
    const b = { queries: { ask: [consume(79), reply()], less: [consume(20), reply()] } };
    const first = call("b", { method: "ask", onReject: [reply()] });
    expect(ask(world([consume(99), first], b, limits), "a", "tree")).toMatchObject({
      result: { error: "IC0526" },
      instructions: 100,
      nested: [],
    });
    const dear = ask(world([consume(19), first], b, limits), "a", "tree");
    expect(dear).toMatchObject({ result: { error: "IC0526" }, instructions: 120, nested: [{ result: { kind: "reply" } }] });
    const cut = world([consume(29), first], b, limits);
    expect(ask(cut, "a", "tree")).toMatchObject({ result: { error: "IC0526" }, nested: [{ result: { error: "IC0522" } }] });
  });

  test("counts for the canister that was asked, and for no other", () => {
    const session = world([call("b", { method: "ask", onReply: [reply()] })], { queries: { ask: [reply()] } });
    ask(session, "a", "tree");
    expect(session.view().canisters.map(({ queryInstructions }) => queryInstructions)).toEqual([1 + 21 + 1, 0]);
  });

  test("of a canister that could not pay for its life is not asked", () => {
    const session = world([call("b", { method: "ask", onReject: [reply(message)] })], {
      balance: 5n,
      freezing: 10,
      allocation: 1,
      queries: { ask: [reply()] },
    });
    expect(told(session)).toEqual(["1 b ask IC0207"]);
    session.apply({ kind: "top-up", canister: session.view().canisters[1]!.id, cycles: cycles(5n) });
    expect(told(session)).toEqual(["1 b ask "]);
  });
});
