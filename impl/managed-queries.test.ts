/** The management canister in queries: who learns the status of whom, from where, for how much, and that nobody is told what was. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  canisterId,
  instructions,
  managementCanister,
  type Event,
  type Input,
  type Instruction,
  type Script,
} from "../spec/index.ts";
import { applyInput, boot, type EngineSession } from "./engine.ts";
import { faultsIn } from "./invariants.ts";
import { manage, manager, ordering } from "./small-management.ts";
import { ask, refused, said } from "./small-queries.ts";
import {
  call,
  consume,
  ingress,
  message,
  pageOf,
  query,
  reply,
  round,
  sentBy,
  smallWorld,
  trap,
  uninstall,
  write,
  type SmallCall,
  type SmallCanister,
} from "./small-world.ts";
import { engineOf } from "./state.ts";

const status = (canister: string, more: SmallCall = {}): Instruction =>
  manage("canister_status", canister, { onReply: [reply(message)], onReject: [reply(message)], ...more });
const running = asciiOf("running");
const stopping = asciiOf("stopping");
const stopped = asciiOf("stopped");

/** What a user is told, in one word. */
const asks = (session: EngineSession, sender: string, words: string, method = "canister_status"): string => {
  const [event] = session.apply(sentBy(sender, query(managementCanister, method, asciiOf(words)))).events;
  if (event?.kind === "query-refused") return event.error;
  return event?.kind === "query-answered" && event.result.kind === "reply" ? event.result.payload : "nothing";
};
const nestedOf = (event: Extract<Event, { kind: "query-answered" }>): string[] =>
  event.nested.map(({ depth, caller, callee, method, result }) =>
    [depth, caller, callee, method, result.kind === "reply" ? result.payload : result.error].join(" "),
  );

/** Waits for long enough to be seen stopping. */
const later = (...onReply: Script): Instruction => call(managementCanister, { method: "raw_rand", onReply });
const waiting: Script = [later(later(reply()))];
const ruled: SmallCanister = { controllers: ["boss", "a", "@ann"], methods: { wait: waiting }, queries: { ask: [reply("07")] } };
const tree = (...body: Script): SmallCanister => ({ composites: { tree: body } });
const started = (a: SmallCanister, parameters = {}, b = ruled) => boot(smallWorld({ a, b, boss: manager(), c: ruled }, parameters));
const lead = (session: EngineSession, inputs: readonly Input[]): void => inputs.forEach((input) => session.apply(input));

describe("a user", () => {
  test("who is a controller learns the status of a canister, for nothing", () => {
    const session = started({});
    const event = { kind: "query-answered", canister: managementCanister, method: "canister_status" };
    expect(session.apply(sentBy("@ann", query(managementCanister, "canister_status", asciiOf("b")))).events).toEqual([
      { ...event, result: { kind: "reply", payload: running }, instructions: 0, nested: [] },
    ]);
    expect(session.view().canisters.map(({ queryInstructions }) => queryInstructions)).toEqual([0, 0, 0, 0]);
    expect(session.recalled()).toEqual({ hits: 0, misses: 0 });
  });

  test("learns it anew each time: running, stopping, stopped, with code and without, and running again", () => {
    const session = started({});
    lead(session, [ingress("w", "b", "wait"), ...ordering("stop_canister", "b").slice(0, 2)]);
    expect(asks(session, "@ann", "b")).toBe(running);
    session.apply(round(0n));
    expect(asks(session, "@ann", "b")).toBe(stopping);
    lead(session, [round(0n), uninstall("b")]);
    expect(asks(session, "@ann", "b")).toBe(stopped);
    lead(session, ordering("start_canister", "b"));
    expect(asks(session, "@ann", "b")).toBe(running);
    session.apply({ kind: "delete-canister", canister: canisterId("b") });
    expect(asks(session, "@ann", "b")).toBe("IC0301");
  });

  test("is refused in the order of the rule, by no reject", () => {
    const session = started({});
    for (const method of ["start_canister", "canister_info", "raw_rand", "bitcoin_get_balance", "status", ""])
      expect([method, asks(session, "@eve", "A", method)]).toEqual([method, "IC0536"]);
    for (const words of ["", "A", "b b", "b ", "@ann", "a".repeat(33)])
      expect([words, asks(session, "@eve", words)]).toEqual([words, "IC0408"]);
    for (const words of ["nobody", managementCanister]) expect([words, asks(session, "@eve", words)]).toEqual([words, "IC0301"]);
    expect([asks(session, "@eve", "b"), asks(session, "@ann", "a"), asks(session, "@anonymous", "b")]).toEqual([
      "IC0512",
      "IC0512",
      "IC0512",
    ]);
  });

  test("asks too much, or where no budget is, before all else", () => {
    expect(refused(started({}), managementCanister, "canister_status", "00".repeat(65))).toBe("CN0020");
    expect(refused(started({}, { queryBudget: instructions(0) }), managementCanister, "canister_status", asciiOf("b"))).toBe("CN0021");
    const session = started({}, { queryBudget: instructions(1) });
    for (let times = 0; times < 3; times++) expect(asks(session, "@ann", "b")).toBe(running);
  });
});

describe("a composite query", () => {
  test("learns the status of whom it controls, and its own, without an overhead", () => {
    const session = started(tree(status("b")));
    const event = ask(session, "a", "tree");
    expect(event).toMatchObject({ result: { payload: running }, instructions: 1 + 1 });
    expect(nestedOf(event)).toEqual([`1 a ${managementCanister} canister_status ${running}`]);
    expect(said(started(tree(status("a"))), "a", "tree")).toBe(running);
  });

  test("is rejected in the order of the rule, and goes on", () => {
    const body = [
      manage("stop_canister", "A"),
      ...["A", "nobody", "boss", "b"].map((one) => manage("canister_status", one)),
      call(managementCanister, { method: "bitcoin_get_balance" }),
      status("boss"),
    ];
    const event = ask(started(tree(...body)), "a", "tree");
    expect(event).toMatchObject({ result: { payload: "05" }, instructions: 7 + 1 });
    expect(nestedOf(event).map((one) => one.split(" ").slice(3).join(" "))).toEqual([
      "stop_canister IC0536",
      "canister_status IC0408",
      "canister_status IC0301",
      "canister_status IC0512",
      `canister_status ${running}`,
      "bitcoin_get_balance IC0536",
      "canister_status IC0512",
    ]);
  });

  test("asks for itself, and not for the user who asks it", () => {
    const stranger = { ...ruled, controllers: ["@ann"] };
    expect(said(started(tree(status("b")), {}, stranger), "a", "tree", "", "@ann")).toBe("05");
    expect(said(started(tree(status("b"))), "a", "tree", "", "@eve")).toBe(running);
  });

  test("asks as deep as it came, where nobody else is asked any more", () => {
    const other = (onReject: Script = []): Instruction => call("b", { method: "ask", onReply: [reply("77")], onReject });
    expect(ask(started(tree(status("b")), { queryDepth: 0 }), "a", "tree")).toMatchObject({
      result: { payload: running },
      instructions: 2,
    });
    const first = ask(started(tree(status("b", { onReply: [] }), other())), "a", "tree");
    expect(first.result).toMatchObject({ payload: "77" });
    const cut = ask(started(tree(status("b", { onReply: [] }), other()), { queryDepth: 0 }), "a", "tree");
    expect(cut).toMatchObject({ result: { error: "IC0525" }, instructions: 2, nested: [{ depth: 1, result: { payload: running } }] });
    const below: SmallCanister = { ...ruled, ...tree(status("b")) };
    const session = started(tree(call("b", { method: "tree", onReply: [reply(message)] })), { queryDepth: 1 }, below);
    const deep = ask(session, "a", "tree");
    expect(deep).toMatchObject({ result: { payload: running }, instructions: 1 + (1 + 20) + 1 + 1 });
    expect(nestedOf(deep)).toEqual([`2 b ${managementCanister} canister_status ${running}`, `1 a b tree ${running}`]);
  });

  test("is answered where nothing is left to it, but does not go on with that", () => {
    const limits = { queryInstructionLimit: instructions(50), queryTreeInstructionLimit: instructions(50) };
    const none = ask(started(tree(consume(49), status("b")), limits), "a", "tree");
    expect(none).toMatchObject({ result: { error: "IC0526" }, instructions: 50, nested: [{ depth: 1, result: { payload: running } }] });
    expect(said(started(tree(consume(48), status("b")), limits), "a", "tree")).toBe(running);
  });

  test("meets its answers in callbacks and cleanups like any others", () => {
    const told: Script = [write(0, message), status("c", { onReply: [reply(pageOf(0))] })];
    expect(said(started(tree(status("b", { onReply: told }))), "a", "tree")).toBe(running);
    const cleaned = tree(status("b", { onReply: [trap], onCleanup: [write(1, "0c")] }), status("b", { onReply: [reply(pageOf(1))] }));
    expect(said(started(cleaned), "a", "tree")).toBe("0c");
    expect(ask(started(tree(status("b", { attached: 1n }))), "a", "tree")).toMatchObject({ result: { error: "IC0504" }, nested: [] });
  });
});

describe("an answer that is kept", () => {
  /** Whether the same question is answered from what was kept, after these inputs, and what it says then. */
  const again = (session: EngineSession, inputs: readonly Input[]): [string, boolean] => {
    said(session, "a", "tree");
    const { hits } = session.recalled();
    lead(session, inputs);
    return [said(session, "a", "tree"), session.recalled().hits > hits];
  };
  const setting = (words: string): Input[] => [
    ingress(words.replace(/[^a-z]/g, "-"), "boss", "update_settings", asciiOf(words)),
    round(0n),
    round(0n),
  ];

  test("is found anew when a status changed that it told", () => {
    const session = started(tree(status("b")));
    expect(again(session, [round()])).toEqual([running, true]);
    expect(again(session, [...ordering("stop_canister", "c")])).toEqual([running, true]);
    expect(again(session, [ingress("w", "b", "wait"), ...ordering("stop_canister", "b")])).toEqual([stopping, false]);
    expect(again(session, [round(0n)])).toEqual([stopped, false]);
    expect(again(session, [uninstall("b")])).toEqual([stopped, true]);
    expect(again(session, ordering("start_canister", "b"))).toEqual([running, false]);
    expect(again(session, [{ kind: "delete-canister", canister: canisterId("b") }])).toEqual(["03", false]);
  });

  test("is found anew when whoever asked became a controller, or is none any more", () => {
    const session = started(tree(status("b")));
    expect(again(session, setting("b controllers=boss,a"))).toEqual([running, true]);
    expect(again(session, setting("b controllers=boss"))).toEqual(["05", false]);
    expect(again(session, setting("b controllers=boss,@ann"))).toEqual(["05", true]);
    expect(again(session, setting("b controllers=a"))).toEqual([running, false]);
  });

  test("is found anew when it was told that nobody is there, and somebody came", () => {
    const born = smallWorld({ d: { controllers: ["a"] } }).canisters[0]!;
    expect(again(started(tree(status("d"))), [{ kind: "create-canister", canister: born }])).toEqual([running, false]);
  });

  test("is everybody's, for it does not matter who asks", () => {
    const session = started(tree(status("b")));
    for (const sender of ["@ann", "@eve"]) expect(said(session, "a", "tree", "", sender)).toBe(running);
    expect(session.recalled()).toEqual({ hits: 1, misses: 1 });
  });

  test("weighs what it asked for, and is the only one that is kept", () => {
    const a: SmallCanister = { composites: { tree: [status("b")], trees: [status("b", { onReply: [] }), status("b")] } };
    const engine = engineOf(smallWorld({ a, b: ruled, c: ruled }));
    const weights = [query(managementCanister, "canister_status", asciiOf("b")), query("a", "tree"), query("a", "trees")].map((input) => {
      const { bytes } = engine.answers;
      applyInput(engine, input);
      expect(faultsIn(engine)).toEqual([]);
      return engine.answers.bytes - bytes;
    });
    // The name, the answer, the canister that ran, what was asked with its two digits, and the call with its reply of 14.
    expect(weights).toEqual([0, 7 + 100 + 100 + 102 + 14 + 114, 8 + 100 + 100 + 102 + 14 + 2 * 114]);
    expect([...engine.answers.kept.keys()]).toEqual(["a  tree", "a  trees"]);
  });
});
