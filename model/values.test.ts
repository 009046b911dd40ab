/** What scripts read of who takes part, in each kind of execution; where a value is there to be read is tried by the table of system calls. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  canisterId,
  hex,
  ingressId,
  moduleName,
  principal,
  userId,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Instruction,
  type Script,
  type Value,
} from "../spec/index.ts";
import { asks, balanced, call, canister, eventsOfKind as find, ingress, query, replyWith, rounds, run, world } from "./testing.ts";

const [caller, self, status] = [{ kind: "caller" }, { kind: "self" }, { kind: "status" }] as const;
const controlledBy = (name: string): Value => ({ kind: "controller", principal: principal(name) });
const notes = (value: Value, page = 0): Instruction => ({ op: "write", page, value });
const of = (input: Input, sender: string): Input => ({ ...input, sender: userId(sender) }) as Input;

/** What a canister has written, by page. */
const pagesOf = (genesis: Genesis, inputs: readonly Input[], id: string): Readonly<Record<number, string>> => {
  const trace = run(genesis, inputs);
  expect(balanced(trace)).toBe(true);
  return Object.fromEntries([
    ...find(trace, "executed").flatMap(({ canister: name, wrote }) => (name === canisterId(id) ? wrote : [])),
    ...find(trace, "installation-ran").flatMap(({ canister: name, wrote }) => (name === canisterId(id) ? wrote : [])),
  ]);
};
const text = asciiOf;

describe("the caller", () => {
  const read: Script = [notes(caller), replyWith(self)];
  const pair = (go: Script): Genesis => world([canister("a", { go }), canister("b", { read })]);

  test("of an ingress message is its sender, who is anonymous without a word", () => {
    expect(pagesOf(pair([]), [ingress("x", "b", "read"), ...rounds(1)], "b")).toEqual({ 0: text("@anonymous") });
    expect(pagesOf(pair([]), [of(ingress("x", "b", "read"), "@ann"), ...rounds(1)], "b")).toEqual({ 0: text("@ann") });
  });

  test("of a request is the canister that sent it, whoever made that one begin", () => {
    expect(pagesOf(pair([call("b", "read")]), [of(ingress("x", "a", "go"), "@ann"), ...rounds(2)], "b")).toEqual({ 0: text("a") });
  });

  test("of a callback, and of a cleanup, is that of the call that they serve, and itself is who it is", () => {
    const onReply: Script = [notes(caller), notes(self, 1)];
    const go = [of(ingress("x", "a", "go"), "@ann"), ...rounds(3)];
    expect(pagesOf(pair([call("b", "read", { onReply })]), go, "a")).toEqual({ 0: text("@ann"), 1: text("a") });
    const trapped = call("b", "read", { onReply: [{ op: "trap" }], onCleanup: onReply });
    expect(pagesOf(pair([trapped]), go, "a")).toEqual({ 0: text("@ann"), 1: text("a") });
  });

  test("of a callback is still that when the context is answered, and across a restart", () => {
    const go: Script = [replyWith(caller), call("b", "read", { onReply: [notes(caller)] })];
    const inputs = [of(ingress("x", "a", "go"), "@ann"), ...rounds(1), { kind: "restart" } as const, ...rounds(2)];
    expect(pagesOf(pair(go), inputs, "a")).toEqual({ 0: text("@ann") });
  });

  test("of a task, and of a callback of one, is the management canister", () => {
    const onHeartbeat: Script = [notes(caller), call("b", "read", { onReply: [notes(caller, 1)] })];
    const genesis = world([canister("a", {}, { onHeartbeat }), canister("b", { read })]);
    expect(pagesOf(genesis, rounds(3), "a")).toEqual({ 0: text("aaaaa-aa"), 1: text("aaaaa-aa") });
  });

  test("of a query is who asks, and of a query that it asks the canister", () => {
    const asked = { name: "asked", mode: "query", body: [replyWith(caller)] } as const;
    const passOn = (onReply: Script): CanisterGenesis => ({
      ...canister("a", {}),
      methods: [{ name: "go", mode: "composite", body: [call("b", "asked", { onReply })] }],
    });
    const b = { ...canister("b", {}), methods: [asked] };
    const told = (genesis: Genesis, input: Input) => find(run(genesis, [input]), "query-answered").map(({ result }) => result);
    const reply = (payload: string) => [{ kind: "reply", payload }];
    expect(told(world([b]), query("b", "asked"))).toEqual(reply(text("@anonymous")));
    expect(told(world([b]), of(query("b", "asked"), "@bob"))).toEqual(reply(text("@bob")));
    expect(told(world([passOn([replyWith({ kind: "message" })]), b]), of(query("a", "go"), "@bob"))).toEqual(reply(text("a")));
    expect(told(world([passOn([replyWith(caller)]), b]), of(query("a", "go"), "@bob"))).toEqual(reply(text("@bob")));
  });

  test("of an installation is whoever asked for it; its code has no argument to read before it is replaced", () => {
    const module = {
      name: moduleName("m"),
      methods: [],
      onTimer: [],
      onInit: [notes(caller), notes({ kind: "message" }, 1)],
      onPostUpgrade: [notes(caller, 2)],
    };
    const target = canister("b", {}, { controllers: [canisterId("a"), userId("@ann")], onPreUpgrade: [notes({ kind: "message" }, 3)] });
    const genesis = {
      ...world([canister("a", { go: [asks("install_code b reinstall m")] }), target]),
      modules: [module],
    };
    expect(pagesOf(genesis, [ingress("x", "a", "go"), ...rounds(3)], "b")).toEqual({ 0: text("a"), 1: hex("") });
    const upgrade: Input = { ...ingress("u", "aaaaa-aa", "install_code"), sender: userId("@ann"), payload: text("b upgrade m") } as Input;
    expect(find(run(genesis, [upgrade, ...rounds(2)]), "installation-ran")).toMatchObject([{ trap: "IC0504" }]);
    const skipping: Input = { ...upgrade, id: ingressId("s"), payload: text("b upgrade m skip") } as Input;
    expect(pagesOf(genesis, [skipping, ...rounds(2)], "b")).toEqual({ 2: text("@ann") });
  });
});

describe("who takes part", () => {
  test("is told by the status: running, and stopping while a callback is awaited", () => {
    const go: Script = [notes(status), call("b", "read", { onReply: [notes(status, 1)] })];
    const a = canister("a", { go }, { controllers: [canisterId("b")] });
    const b = canister("b", { read: [call("aaaaa-aa", "raw_rand", { onReply: [replyWith(self)] })], stop: [asks("stop_canister a")] });
    const inputs = [ingress("x", "a", "go"), ingress("s", "b", "stop"), ...rounds(6)];
    expect(pagesOf(world([a, b]), inputs, "a")).toEqual({ 0: hex("01"), 1: hex("02") });
  });

  test("is stopped where its code is exchanged meanwhile", () => {
    const module = { name: moduleName("m"), methods: [], onTimer: [], onInit: [notes(status)] };
    const a = canister("a", { go: [asks("stop_canister b", { onReply: [asks("install_code b reinstall m")] })] });
    const genesis = { ...world([a, canister("b", {}, { controllers: [canisterId("a")] })]), modules: [module] };
    expect(pagesOf(genesis, [ingress("x", "a", "go"), ...rounds(6)], "b")).toEqual({ 0: hex("03") });
  });

  test("are the controllers, canisters and users, as they are now", () => {
    const go: Script = [notes(controlledBy("@ann")), notes(controlledBy("a"), 1), notes(controlledBy("b"), 2)];
    const genesis = world([canister("a", { go }, { controllers: [userId("@ann"), canisterId("b")] })]);
    expect(pagesOf(genesis, [ingress("x", "a", "go"), ...rounds(1)], "a")).toEqual({ 0: hex("01"), 1: hex("00"), 2: hex("01") });
    const change: Input = {
      ...ingress("u", "aaaaa-aa", "update_settings"),
      sender: userId("@ann"),
      payload: text("a controllers=a"),
    } as Input;
    expect(pagesOf(genesis, [change, ...rounds(1), ingress("x", "a", "go"), ...rounds(1)], "a")).toEqual({
      0: hex("00"),
      1: hex("01"),
      2: hex("00"),
    });
  });

  test("is told by the code of a reject, which is 0 for a reply, and which a cleanup sees too", () => {
    const code: Value = { kind: "reject-code" };
    const told = (method: string, more: Partial<Instruction & { op: "call" }>) =>
      pagesOf(
        world([canister("a", { go: [call("b", method, more)] }), canister("b", { yes: [replyWith(self)], no: [{ op: "reject" }] })]),
        [ingress("x", "a", "go"), ...rounds(3)],
        "a",
      );
    expect(told("yes", { onReply: [notes(code)] })).toEqual({ 0: hex("00") });
    expect(told("no", { onReject: [notes(code), notes({ kind: "message" }, 1)] })).toEqual({ 0: hex("04"), 1: hex("04") });
    expect(told("no", { onReject: [{ op: "trap" }], onCleanup: [notes(code)] })).toEqual({ 0: hex("04") });
  });

  test("and the method, are known to an inspection", () => {
    const inspect: Script = [
      { op: "when-odd", value: { kind: "method" }, then: [{ op: "accept-message" }], otherwise: [] },
      { op: "when-odd", value: caller, then: [{ op: "trap" }], otherwise: [] },
    ];
    const genesis = world([canister("a", { go: [], no: [] }, { inspect })]);
    // The last letters of "go" and "@bob" are odd and even, those of "no" and "@eve" odd both.
    const refusals = run(genesis, [
      of(ingress("x", "a", "go"), "@bob"),
      of(ingress("y", "a", "go"), "@eve"),
      of(ingress("z", "a", "of"), "@bob"),
    ]);
    expect(find(refusals, "ingress-received").map(({ ingress: id }) => id)).toEqual(["x"]);
    expect(find(refusals, "ingress-refused").map(({ error }) => error)).toEqual(["IC0503", "IC0406"]);
  });
});
