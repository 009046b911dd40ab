/** Certificates in queries: who reads the root of the state and who traps for it, what it is the root of, and how long an answer that has it is kept. */
import { describe, expect, test } from "vitest";
import {
  canisterId,
  cycles,
  drive,
  lookUp,
  type Input,
  type Instruction,
  type Observation,
  type Script,
  type Trace,
  type Value,
} from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { impl } from "./index.ts";
import { ask, said } from "./small-queries.ts";
import {
  call,
  certify,
  ingress,
  led,
  message,
  only,
  pageOf,
  query,
  readState,
  reject,
  reply,
  round,
  smallWorld,
  trap,
  write,
  type SmallCanister,
} from "./small-world.ts";

const certificate: Value = { kind: "certificate" };
const certified: Value = { kind: "certified" };
const root: Script = [reply(certificate)];
const told: Script = [reply(message)];

/** The canister that is asked, and others, at once or after a round. */
const started = (a: SmallCanister, others: Readonly<Record<string, SmallCanister>> = {}): EngineSession => {
  const session = boot(smallWorld({ a, ...others }));
  session.apply(round());
  return session;
};
const rootOf = (session: EngineSession): string => session.apply(readState()).stateRoot!;

describe("the certificate", () => {
  test("is the root of the state, before the query and after it", () => {
    const session = started({ go: [certify("0a"), write(0, "01"), reply()], queries: { ask: root } });
    for (const input of [ingress("i", "a"), round(), round(7n)]) {
      const before = session.apply(input).stateRoot!;
      const { events, stateRoot } = session.apply(query("a"));
      expect(only(events, "query-answered")).toMatchObject([{ result: { kind: "reply", payload: before }, instructions: 1 }]);
      expect([stateRoot, rootOf(session)]).toEqual([before, before]);
    }
  });

  test("is that of the witness with which the certified data are checked that the query hands out", () => {
    const path = ["canister", "a", "certified_data"];
    const session = started({ go: [write(0, "0a"), certify(pageOf(0)), reply()], queries: { ask: root, data: [reply(pageOf(0))] } });
    for (const input of [ingress("i", "a"), round()]) session.apply(input);
    const [issued] = only(session.apply(readState(path)).events, "certificate-issued");
    expect(lookUp(issued!.witness, path)).toEqual({ kind: "found", value: said(session, "a", "data") });
    expect(said(session)).toBe(rootOf(session));
  });

  test("is not there before a round took place, and a restart does not take it away", () => {
    const session = boot(smallWorld({ a: { queries: { ask: root, is: [reply(certified)] }, composites: { tree: root } } }));
    for (const method of ["ask", "tree"]) expect(ask(session, "a", method)).toMatchObject({ result: { error: "IC0504" }, instructions: 1 });
    expect(said(session, "a", "is")).toBe("00");
    session.apply(round());
    session.apply({ kind: "restart" });
    for (const method of ["ask", "tree"]) expect(said(session, "a", method)).toBe(rootOf(session));
    expect(said(session, "a", "is")).toBe("01");
  });

  test("is the same however often and wherever it is read", () => {
    const odd: Instruction = { op: "when-odd", value: certificate, then: [write(1, "01")], otherwise: [write(1, "00")] };
    const tree = [write(0, certificate), odd, call("a", { method: "echo", payload: certificate, onReply: told })];
    const session = started({
      queries: { echo: told, odd: [odd, reply(pageOf(1))], page: [write(0, certificate), reply(pageOf(0))] },
      composites: { tree },
    });
    const now = rootOf(session);
    for (const method of ["tree", "page"]) expect(said(session, "a", method)).toBe(now);
    expect(said(session, "a", "odd")).toBe(parseInt(now.slice(-2), 16) % 2 === 1 ? "01" : "00");
  });
});

describe("in a tree of calls", () => {
  const body = (method: string): SmallCanister => ({
    queries: { ask: root, is: [reply(certified)] },
    composites: { tree: [call("a", { method, onReply: told, onReject: told })] },
  });
  const asking = (callee: string, method: string): Script => [call(callee, { method, onReply: told, onReject: told })];

  test("it is not there for whom the user did not ask, and nobody else is told that it is", () => {
    const session = started({ composites: { ask: asking("b", "ask"), is: asking("b", "is") } }, { b: body("ask") });
    expect(ask(session, "a", "ask")).toMatchObject({ result: { payload: "05" }, nested: [{ callee: "b", result: { error: "IC0504" } }] });
    expect(said(session, "a", "is")).toBe("00");
    expect(said(session, "b", "is")).toBe("01");
  });

  test("it is there again where the tree comes back to whom the user asked, at any depth, and in any mode", () => {
    const own = { queries: { ask: root, is: [reply(certified)] } };
    for (const [method, there] of [
      ["ask", null],
      ["is", "01"],
      ["again", null],
    ] as const) {
      const composites = { far: asking("b", "tree"), near: asking("a", method), again: root };
      const session = started({ ...own, composites }, { b: body(method) });
      for (const way of ["far", "near"]) expect([way, said(session, "a", way)]).toEqual([way, there ?? rootOf(session)]);
    }
  });

  test("of somebody else it is not there where the tree comes back to it, for all that it was asked first", () => {
    const composites = { start: asking("b", "tree"), ask: root };
    const session = started(
      { composites: { ...composites, tree: asking("b", "ask") } },
      { b: { composites: { tree: asking("a", "tree"), ask: root } } },
    );
    expect(said(session, "a", "start")).toBe("05"); // a asks b, which asks a, which asks b
    expect(said(session, "b", "tree")).toBe(rootOf(session));
  });

  test("no callback and no cleanup has it, though the body had", () => {
    const has: Script = [{ op: "when-odd", value: certified, then: [write(2, "01")], otherwise: [write(2, "00")] }];
    const nobody = (onReject: Script): Instruction => call("nobody", { onReject });
    const answering = (onReply: Script): Instruction => call("b", { method: "fine", onReply });
    const composites = {
      replied: [write(0, certificate), answering(root)],
      rejected: [write(0, certificate), nobody(root)],
      is: [answering([reply(certified)])],
      kept: [write(0, certificate), answering([reply(pageOf(0))])],
      cleaned: [call("b", { method: "fine", onReply: [trap], onCleanup: has }), answering([reply(pageOf(2))])],
      trapped: [call("b", { method: "fine", onReply: [trap], onCleanup: [write(2, "02"), ...root] }), answering([reply(pageOf(2))])],
    };
    const session = started({ composites }, { b: { queries: { fine: [reply()] } } });
    const expected = { replied: "IC0504", rejected: "IC0504", is: "00", kept: rootOf(session), cleaned: "00", trapped: "" };
    expect(Object.fromEntries(Object.keys(composites).map((method) => [method, said(session, "a", method)]))).toEqual(expected);
  });
});

describe("it is nowhere else", () => {
  const told = (a: SmallCanister, ...inputs: readonly Input[]) => led(started(a, { b: { go: [reject] } }), ...inputs);
  const trapsOf = (a: SmallCanister, ...inputs: readonly Input[]) =>
    only(told(a, ...inputs), "executed")
      .filter(({ canister }) => canister === "a")
      .map(({ trap: error }) => error);
  const reading: Script = [write(0, certificate), reply()];

  test("not in a round: no update, no query, no callback, no task reads it", () => {
    expect(trapsOf({ go: reading }, ingress("i", "a"))).toEqual(["IC0504"]);
    expect(trapsOf({ queries: { ask: root } }, ingress("i", "a", "ask"))).toEqual(["IC0504"]);
    expect(trapsOf({ go: [call("b", { onReject: reading })] }, ingress("i", "a"))).toEqual([null, "IC0504"]);
    expect(new Set(trapsOf({ onHeartbeat: [write(0, certificate)] }))).toEqual(new Set(["IC0504"]));
  });

  test("not in a round is it said to be there", () => {
    const events = told({ go: [reply(certified)], queries: { ask: [reply(certified)] } }, ingress("i", "a"), ingress("j", "a", "ask"));
    expect(only(events, "ingress-answered")).toMatchObject([{ result: { payload: "00" } }, { result: { payload: "00" } }]);
  });

  test("not in an inspection", () => {
    const refusals = (inspect: Script) => only(told({ inspect }, ingress("i", "a")), "ingress-refused").map(({ error }) => error);
    expect(refusals([write(0, certificate)])).toEqual(["IC0504"]);
    expect(refusals([{ op: "when-odd", value: certified, then: [trap], otherwise: [] }])).toEqual(["IC0406"]);
  });
});

describe("an answer that is kept", () => {
  const is: Script = [reply(certified)];
  const tree: Script = [call("a", { method: "ask", onReply: told })];
  const composites = { tree, deep: [call("b", { method: "is", onReply: told })] };
  const asked = (): EngineSession =>
    boot(
      smallWorld({
        a: { go: [write(0, "01"), reply()], queries: { ask: root, is, seven: [reply("07")] }, composites },
        b: { queries: { is } },
      }),
    );
  const topUp: Input = { kind: "top-up", canister: canisterId("b"), cycles: cycles(1n) };
  const isKept = (session: EngineSession, method: string, ...inputs: readonly Input[]): boolean => {
    said(session, "a", method);
    const { hits } = session.recalled();
    for (const input of inputs) session.apply(input);
    said(session, "a", method);
    return session.recalled().hits > hits;
  };

  test("with the certificate is given again while the root is the same, whatever else changed, and no longer", () => {
    for (const method of ["ask", "tree"]) {
      const session = asked();
      session.apply(round());
      expect(isKept(session, method)).toBe(true);
      expect(isKept(session, method, topUp, round(0n), readState(["time"]))).toBe(true);
      expect(isKept(session, method, round())).toBe(false);
      expect(isKept(session, method, ingress("i", "a"))).toBe(false);
      expect(isKept(session, method, round(0n))).toBe(false);
      expect(said(session, "a", method)).toBe(rootOf(session));
    }
  });

  test("which trapped for the certificate is found anew once a round took place, even one in which no time passed", () => {
    const session = asked();
    expect(isKept(session, "ask", ingress("i", "b"))).toBe(true);
    expect(isKept(session, "ask", round(0n))).toBe(false);
    expect(said(session)).toBe(rootOf(session));
  });

  test("that only says whether there is one is found anew after the first round, and never again", () => {
    const session = asked();
    expect(isKept(session, "is", topUp, ingress("i", "a"))).toBe(true);
    expect([said(session, "a", "is"), isKept(session, "is", round(0n)), said(session, "a", "is")]).toEqual(["00", false, "01"]);
    expect(isKept(session, "is", round(), ingress("j", "a"), round())).toBe(true);
  });

  test("says nothing of certificates where only such canisters were asked that have none", () => {
    for (const method of ["deep", "seven"]) expect(isKept(asked(), method, round())).toBe(true);
  });

  test("and nobody can tell: a machine that restarts before every query answers the same", () => {
    const { genesis, inputs } = {
      genesis: smallWorld({ a: { go: [write(0, "01"), reply()], queries: { ask: root, is }, composites }, b: { queries: { is } } }),
      inputs: [0, 1, 2, 3].flatMap((at): Input[] => [
        ...["ask", "is", "tree", "deep", "ask"].map((method) => query("a", method)),
        ...[ingress("i", "a"), round(0n), round(1n), topUp].slice(at, at + 1),
      ]),
    };
    const answers = (more: readonly Input[]): readonly Observation[] =>
      (drive(impl, { genesis, inputs: inputs.flatMap((input) => (input.kind === "query" ? [...more, input] : [input])) }) as Trace).steps
        .filter(({ input }) => input.kind === "query")
        .map(({ observation }) => observation);
    expect(answers([])).toEqual(answers([{ kind: "restart" }]));
  });
});
