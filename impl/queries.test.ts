/** Queries: what they see, what they may do, what is counted for them, and that nothing stays of them. */
import { describe, expect, test } from "vitest";
import { hex, instructions, nanoseconds, seconds, type Hex, type Instruction, type Script } from "../spec/index.ts";
import { applyInput, boot, type EngineSession } from "./engine.ts";
import { ask, refused, said } from "./small-queries.ts";
import {
  accept,
  acceptMessage,
  burn,
  call,
  consume,
  ingress,
  message,
  only,
  pageOf,
  query,
  reject,
  reply,
  round,
  setTimer,
  smallWorld,
  trap,
  uninstall,
  write,
  type SmallCanister,
} from "./small-world.ts";
import { engineOf } from "./state.ts";

const asking = (body: Script, more: SmallCanister = {}) => boot(smallWorld({ a: { queries: { ask: body }, ...more } }));
const filled = (content: string): Script => [write(0, content), reply()];

describe("a query", () => {
  test("is answered on the pages as they are, the balance, the time and its payload", () => {
    const session = asking([reply(pageOf(0))], {
      go: filled("aa"),
      queries: { ask: [reply(pageOf(0))], time: [reply({ kind: "time" })], balance: [reply({ kind: "balance" })], echo: [reply(message)] },
    });
    expect(said(session)).toBe("");
    session.apply(ingress("i", "a"));
    session.apply(round(5n));
    expect(said(session)).toBe("aa");
    expect(said(session, "a", "time")).toBe((1005).toString(16).padStart(16, "0"));
    expect(BigInt(`0x${said(session, "a", "balance")}`)).toBe(session.view().canisters[0]!.balance);
    expect(said(session, "a", "echo", "0123")).toBe("0123");
  });

  test("has no deadline, and no cycles that it could ask about", () => {
    expect(said(asking([reply({ kind: "deadline" })]))).toMatch(/^0+$/);
    for (const kind of ["available", "refunded"] as const) expect(said(asking([reply({ kind })]))).toBe("IC0504");
  });

  test("sees what it writes, and leaves neither that nor anything else", () => {
    const session = asking([write(0, "bb"), write(3, "cc"), reply(pageOf(0))]);
    const before = session.apply(round(0n));
    const view = session.view();
    const { ledger, stateRoot, events } = session.apply(query("a"));
    expect(events).toMatchObject([{ kind: "query-answered", result: { payload: "bb" }, instructions: 3, nested: [] }]);
    expect({ ledger, stateRoot }).toEqual({ ledger: before.ledger, stateRoot: before.stateRoot });
    const [canister] = session.view().canisters;
    expect(canister).toEqual({ ...view.canisters[0], queryInstructions: 3 });
  });

  test("that gives no answer, or traps, or passes its limit, is rejected, and counted for what it used", () => {
    expect(ask(asking([consume(9)]))).toMatchObject({ result: { error: "IC0506" }, instructions: 9 });
    expect(ask(asking([reply("01"), trap]))).toMatchObject({ result: { error: "IC0503" }, instructions: 2 });
    expect(ask(asking([consume(1001)]))).toMatchObject({ result: { error: "IC0522" }, instructions: 1000 });
    expect(ask(asking([reject]))).toMatchObject({ result: { error: "IC0406", code: 4 } });
  });

  test("may not do what has no place in it", () => {
    const acts: readonly Instruction[] = [accept(0n), burn(0n), setTimer(null), acceptMessage, call("a")];
    for (const act of acts) expect([act.op, said(asking([act, reply()]))]).toEqual([act.op, "IC0504"]);
    for (const act of acts.slice(0, 4)) {
      const session = asking([], { composites: { tree: [act, reply()] } });
      expect([act.op, said(session, "a", "tree")]).toEqual([act.op, "IC0504"]);
    }
    expect(said(asking([reply(), reply()]))).toBe("IC0504");
  });

  test("is refused where nobody can be asked, in this order", () => {
    const session = boot(
      smallWorld({ a: { queries: { ask: [reply()] } }, poor: { balance: 5n, freezing: 10, allocation: 1, queries: { ask: [reply()] } } }),
    );
    expect(refused(session, "a", "ask", "00".repeat(65))).toBe("CN0020");
    expect(refused(session, "nobody")).toBe("IC0301");
    expect(refused(session, "aaaaa-aa")).toBe("IC0536");
    expect(refused(session, "a", "gone")).toBe("IC0536");
    expect(refused(session, "a", "go")).toBe("IC0536");
    expect(refused(session, "poor")).toBe("IC0207");
    session.apply(uninstall("a"));
    expect(refused(session)).toBe("IC0537");
  });
});

describe("a budget", () => {
  const limits = { queryBudget: instructions(5), queryWindow: nanoseconds(100n) };
  const session = () => boot(smallWorld({ a: { queries: { ask: [consume(2), reply()] } }, b: { queries: { ask: [reply()] } } }, limits));
  const used = (one: EngineSession) => one.view().canisters.map(({ queryInstructions }) => queryInstructions);

  test("lets queries begin while anything is left of it, and is full again in the next window", () => {
    const one = session();
    ask(one);
    ask(one);
    expect(used(one)).toEqual([5, 0]);
    expect(refused(one)).toBe("CN0021");
    ask(one, "b");
    one.apply(round(99n));
    expect(refused(one)).toBe("CN0021");
    one.apply(round(1n));
    expect(used(one)).toEqual([0, 0]);
    ask(one);
    expect(used(one)).toEqual([3, 0]);
  });

  test("is forgotten by a restart, and by nothing else", () => {
    const one = session();
    ask(one);
    ask(one);
    expect(refused(one)).toBe("CN0021");
    one.apply({ kind: "restart" });
    expect(used(one)).toEqual([0, 0]);
    ask(one);
  });

  test("of nothing lets nobody ask, not even in vain", () => {
    const one = boot(smallWorld({ a: {} }, { queryBudget: instructions(0) }));
    expect(refused(one, "nobody")).toBe("CN0021");
  });
});

describe("a query in a round", () => {
  const asked = (body: Script, parameters = {}) => {
    const session = boot(smallWorld({ a: { queries: { ask: body }, go: filled("aa") } }, parameters));
    session.apply(ingress("i", "a", "ask"));
    const { events, ledger } = session.apply(round());
    return { session, ledger, executed: only(events, "executed")[0]!, answer: only(events, "ingress-answered")[0]! };
  };

  test("is executed and paid for like an update, and its pages are as before", () => {
    const { session, executed, answer } = asked([write(0, "bb"), reply(pageOf(0))]);
    expect(executed).toMatchObject({ cause: { kind: "update", method: "ask" }, trap: null, instructions: 2, wrote: [], charged: 102n });
    expect(answer).toMatchObject({ result: { payload: "bb" } });
    expect(session.view().canisters[0]).toMatchObject({ pages: [], heapDebit: 0 });
  });

  test("may burn and accept where the network lets it, and what it burned stays burned", () => {
    const { executed } = asked([write(1, "00"), burn(7n), reply()]);
    expect(executed).toMatchObject({ trap: null, burned: 7n, wrote: [] });
    for (const act of [burn(0n), accept(0n)]) expect(asked([act, reply()], { replicatedQueryAccepts: false }).executed.trap).toBe("IC0504");
  });

  test("may neither call nor set the timer", () => {
    for (const act of [call("a"), setTimer(null), acceptMessage]) expect(asked([act, reply()]).executed.trap).toBe("IC0504");
  });

  test("burns less for pages that count while it runs, though it never pays for them", () => {
    const genesis = smallWorld({ a: { balance: 2_000n, freezing: 100, queries: { ask: [write(0, "00"), burn(5_000n), reply()] } } });
    const session = boot({
      ...genesis,
      parameters: { ...genesis.parameters, storage: { ...genesis.parameters.storage, period: seconds(1) } },
    });
    session.apply(ingress("i", "a", "ask"));
    const [executed] = only(session.apply(round()).events, "executed");
    // 2,000 less the reception and the prepayment is 850, of which a page freezes 100.
    expect(executed).toMatchObject({ trap: null, burned: 750n, reserved: 0n });
  });

  test("completes where an update could not afford its pages, or would have too many", () => {
    const lowMemory = { limit: 1, threshold: 0, hook: [] };
    const grow = [write(0, "00"), write(1, "00"), reply()];
    const session = boot(smallWorld({ a: { lowMemory, methods: { grow }, queries: { ask: grow } } }));
    session.apply(ingress("i", "a", "grow"));
    session.apply(ingress("j", "a", "ask"));
    expect(only(session.apply(round()).events, "executed").map(({ trap: error }) => error)).toEqual(["IC0539", null]);
  });

  test("is refused when it is a composite one, for the price of an attempt", () => {
    const session = boot(smallWorld({ a: { composites: { tree: [reply()] } } }));
    session.apply(ingress("i", "a", "tree"));
    expect(only(session.apply(round()).events, "not-executed")).toMatchObject([{ error: "IC0527", charged: 100n }]);
  });
});

test("a query walks no pages but reads those that it names, and writes none", () => {
  const engine = engineOf(smallWorld({ a: { queries: { ask: [write(3, "ff"), reply(pageOf(4))] } } }, { heapPages: 8 }));
  const walk = (): never => {
    throw new Error("all pages were walked");
  };
  const pages = new Map<number, Hex>(Array.from({ length: 8 }, (_, page) => [page, hex("0a")]));
  const content = pages.get.bind(pages);
  Object.assign(pages, { [Symbol.iterator]: walk, entries: walk, values: walk, keys: walk, forEach: walk });
  const canister = engine.canisters[0]!;
  canister.pages = pages;
  applyInput(engine, query("a", "ask", "01")); // finds out what freezes it
  Object.freeze(canister);
  expect(() => [...pages]).toThrow("walked");
  expect(applyInput(engine, query("a")).events).toMatchObject([{ result: { payload: "0a" } }]);
  expect([content(3), content(4)]).toEqual(["0a", "0a"]);
});
