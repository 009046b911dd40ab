/** Who called, whom a canister obeys and whether it runs: what is read of that over time, by users who ask again, and behind a restart. */
import { describe, expect, test } from "vitest";
import { asciiOf, instructions, principal, type Input, type Script, type Value } from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { install, ran, ruled, world } from "./small-code.ts";
import { asked, manager, order, ordering } from "./small-management.ts";
import { said } from "./small-queries.ts";
import {
  call,
  consume,
  ingress,
  led,
  message,
  only,
  pageOf,
  reply,
  round,
  sentBy,
  setTimer,
  smallWorld,
  write,
  type SmallCanister,
} from "./small-world.ts";

const caller: Value = { kind: "caller" };
const status: Value = { kind: "status" };
const boss: Value = { kind: "controller", principal: principal("boss") };
describe("the caller", () => {
  const answersTo = (session: EngineSession, ...inputs: readonly Input[]): readonly string[] =>
    only(led(session, ...inputs), "ingress-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error));

  test("of an ingress message is its sender, or nobody that has a name", () => {
    const session = boot(smallWorld({ a: { go: [reply(caller)] } }));
    expect(answersTo(session, sentBy("@ann", ingress("i", "a")), ingress("j", "a"))).toEqual([asciiOf("@ann"), asciiOf("@anonymous")]);
  });

  test("is still there in a callback, whoever answered, and in the callback of another call", () => {
    const go = [call("b", { onReply: [call("nobody", { onReject: [reply(caller)] })] })];
    expect(answersTo(boot(smallWorld({ a: { go }, b: {} })), sentBy("@ann", ingress("i", "a")))).toEqual([asciiOf("@ann")]);
  });

  test("of every task, and of what it waits for, is the management canister", () => {
    const tasks: readonly SmallCanister[] = [
      { onHeartbeat: [write(0, caller)] },
      { go: [setTimer(0n), reply()], onTimer: [write(0, caller)] },
      { go: [write(1, "01"), reply()], lowMemory: { limit: 8, threshold: 8, hook: [write(0, caller)] } },
      { go: [setTimer(0n), reply()], onTimer: [call("b", { onReply: [write(0, caller)] })] },
    ];
    for (const task of tasks) {
      const wrote = only(led(boot(smallWorld({ a: task, b: {} })), sentBy("@ann", ingress("i", "a"))), "executed").flatMap(
        (event) => event.wrote,
      );
      expect(wrote).toContainEqual([0, asciiOf("aaaaa-aa")]);
    }
  });

  test("of an installation is the user who asked for it", () => {
    const owned = { controllers: ["@ann"], stablePages: 2, onPreUpgrade: [write(4, caller)] };
    const session = boot(world(owned, { m: { onPostUpgrade: [write(5, caller)] } }));
    const events = led(session, asked("u", "@ann", "install_code", "b upgrade m"));
    expect(ran(events)!.wrote).toEqual([4, 5].map((page) => [page, asciiOf("@ann")]));
  });

  test("of a query that a query asks is the canister that asks it", () => {
    const told: Script = [reply(message)];
    const tree = [call("b", { method: "mid", onReply: told })];
    const mid = [call("c", { method: "ask", onReply: [write(0, message), call("c", { method: "ask", onReply: [reply(caller)] })] })];
    const asking = (body: Script) =>
      boot(smallWorld({ a: { composites: { tree } }, b: { composites: { mid: body } }, c: { queries: { ask: [reply(caller)] } } }));
    expect(said(asking(mid), "a", "tree")).toBe(asciiOf("a"));
    expect(said(asking([call("c", { method: "ask", onReply: told })]), "a", "tree")).toBe(asciiOf("b"));
  });
});

describe("the status", () => {
  test("is that of now: of a canister that is stopping in a callback, and of one that is stopped where code comes to it", () => {
    const waiting: SmallCanister = { ...ruled, go: [call("aaaaa-aa", { method: "raw_rand", onReply: [reply(status)] })] };
    const session = boot(world({ ...waiting, stablePages: 2 }, { m: { onPostUpgrade: [write(5, status)] } }));
    const events = [ingress("i", "b"), ...ordering("stop_canister", "b"), round(0n), round(0n)].flatMap(
      (input) => session.apply(input).events,
    );
    expect(only(events, "answered").find(({ canister }) => canister === "b")).toMatchObject({ result: { payload: "02" } });
    expect(session.view().canisters.find(({ id }) => id === "b")).toMatchObject({ status: "stopped" });
    expect(ran(install(session, "b upgrade m"))!.wrote).toEqual([[5, "03"]]);
  });
});

describe("answers that are kept", () => {
  const tellTo = (session: EngineSession, sender: string, method = "ask"): string => said(session, "a", method, "", sender);
  const through = (method: string): Script => [call("b", { method, onReply: [reply(message)] })];
  const b: SmallCanister = { ...ruled, queries: { who: [reply(caller)], rules: [reply(boss)] } };
  const start = () =>
    boot(
      smallWorld({
        a: {
          ...{ controllers: ["boss", "@eve"], go: [write(0, "01"), reply()] },
          queries: {
            ask: [reply(caller)],
            same: [reply("05")],
            rules: [reply(boss)],
            page: [{ op: "when-odd", value: pageOf(0), then: [reply(caller)], otherwise: [reply("00")] }],
          },
          composites: { who: through("who"), deep: through("rules"), late: [call("b", { method: "who", onReply: [reply(caller)] })] },
        },
        ...{ b, boss: manager() },
      }),
    );

  test("for one user are given to that one alone", () => {
    for (const method of ["ask", "late"]) {
      const session = start();
      for (const sender of ["@ann", "@bob", "@ann", "@bob"]) expect(tellTo(session, sender, method)).toBe(asciiOf(sender));
      expect(session.recalled()).toEqual({ hits: 2, misses: 2 });
    }
  });

  test("are given to everybody where nobody looked at who asks, also where only others know their callers", () => {
    for (const method of ["same", "rules", "who"]) {
      const session = start();
      expect(new Set(["@ann", "@bob", "@eve"].map((sender) => tellTo(session, sender, method))).size).toBe(1);
      expect(session.recalled()).toEqual({ hits: 2, misses: 1 });
    }
  });

  test("become those of one user where a page has it so", () => {
    const session = start();
    for (const sender of ["@ann", "@bob"]) expect(tellTo(session, sender, "page")).toBe("00");
    for (const input of [ingress("i", "a"), round(0n)]) session.apply(input);
    for (const sender of ["@ann", "@bob", "@ann"]) expect(tellTo(session, sender, "page")).toBe(asciiOf(sender));
    expect(session.recalled()).toEqual({ hits: 2, misses: 3 });
  });

  test("are found anew when somebody became a controller, or is none any more, and not when somebody else did", () => {
    for (const [method, ruledBy] of [
      ["rules", "a"],
      ["deep", "b"],
    ] as const) {
      const session = start();
      const set = (controllers: string): void => void order(session, "update_settings", `${ruledBy} controllers=${controllers}`);
      expect(tellTo(session, "@ann", method)).toBe("01");
      set("boss,c");
      expect(tellTo(session, "@ann", method)).toBe("01");
      expect(session.recalled()).toEqual({ hits: 1, misses: 1 });
      set("c");
      expect(tellTo(session, "@ann", method)).toBe("00");
      expect(session.recalled()).toEqual({ hits: 1, misses: 2 });
    }
  });
});

describe("a restart keeps who called", () => {
  const limits = { sliceInstructionLimit: instructions(300), maxPausedExecutions: 1 };
  const restarted = (session: EngineSession, ...inputs: readonly Input[]): readonly (readonly [string, string])[] =>
    inputs
      .flatMap((input) => [input, { kind: "restart" } as const])
      .flatMap((input) => only(session.apply(input).events, "ingress-answered"))
      .map(({ ingress: id, result }) => [id, result.kind === "reply" ? result.payload : result.error]);
  const rounds = Array.from({ length: 6 }, () => round(0n));

  test("with messages that wait, executions that are paused or aborted, and contexts whose calls are open", () => {
    const slow = [consume(700), reply(caller)];
    const session = boot(
      smallWorld(
        { a: { go: slow }, b: { go: [call("c", { onReply: slow })] }, c: { go: slow }, d: { go: [consume(500), reply(caller)] } },
        limits,
      ),
    );
    const messages = ["a", "b", "c", "d"].flatMap((id) =>
      ["@ann", "@bob"].map((sender) => sentBy(sender, ingress(`${id}-${sender.slice(1)}`, id))),
    );
    const told = restarted(session, ...messages, ...rounds, ...rounds);
    const expected = ["a", "b", "c", "d"].flatMap((id) => ["ann", "bob"].map((name) => [`${id}-${name}`, asciiOf(`@${name}`)] as const));
    expect(new Map(told)).toEqual(new Map(expected));
    expect(told.length).toBe(expected.length);
  });

  test("with an installation that a user asked for, and tasks", () => {
    const session = boot(
      world(
        { controllers: ["@ann"], stablePages: 2, onHeartbeat: [consume(700), write(0, caller)] },
        { m: { onPostUpgrade: [write(5, caller)] } },
        limits,
      ),
    );
    const inputs = [round(0n), asked("u", "@ann", "install_code", "b upgrade m"), ...rounds];
    const events = inputs.flatMap((input) => [...session.apply(input).events, ...session.apply({ kind: "restart" }).events]);
    expect(only(events, "executed").flatMap(({ wrote }) => wrote)).toContainEqual([0, asciiOf("aaaaa-aa")]);
    expect(ran(events)!.wrote).toEqual([[5, asciiOf("@ann")]]);
  });
});
