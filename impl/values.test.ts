/** What each kind of execution reads of each value, and where it traps for reading it. */
import { describe, expect, test } from "vitest";
import { asciiOf, bigEndian, principal, type Event, type Instruction, type Script, type Value } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { install, ran, started } from "./small-code.ts";
import { said } from "./small-queries.ts";
import {
  accept,
  acceptMessage,
  call,
  certify,
  ingress,
  led,
  only,
  pageOf,
  reject,
  reply,
  round,
  sentBy,
  smallWorld,
  stableSize,
  trap,
  write,
  type SmallCanister,
} from "./small-world.ts";

const ruled = { controllers: ["boss"], stablePages: 3 };
const boss: Value = { kind: "controller", principal: principal("boss") };
const values: Readonly<Record<Exclude<Value["kind"], "bytes">, Value>> = {
  message: { kind: "message" },
  page: pageOf(3),
  "stable-size": stableSize,
  time: { kind: "time" },
  balance: { kind: "balance" },
  available: { kind: "available" },
  refunded: { kind: "refunded" },
  deadline: { kind: "deadline" },
  version: { kind: "version" },
  instructions: { kind: "instructions" },
  self: { kind: "self" },
  caller: { kind: "caller" },
  status: { kind: "status" },
  controller: boss,
  "reject-code": { kind: "reject-code" },
  method: { kind: "method" },
  certified: { kind: "certified" },
  certificate: { kind: "certificate" },
};
type Name = keyof typeof values;
const caller: Value = { kind: "caller" };
const when = (value: Value, then: Script, otherwise: Script = []): Instruction => ({ op: "when-odd", value, then, otherwise });

const eight = (count: bigint): string => bigEndian(count, 8);
const sixteen = (count: bigint): string => bigEndian(count, 16);
const noTrap = (bytes: string | undefined, error: string | null): string => error ?? bytes ?? "nothing";

/** `b` calls `a`, with cycles and a deadline; `c` takes some of what comes with a call, or rejects it. */
const called = (a: SmallCanister, method = "go", answers: Script = [accept(20n), reply("99")]): readonly Event[] => {
  const go = [call("a", { method, payload: "77", attached: 300n, timeout: 5n })];
  return led(boot(smallWorld({ a: { ...ruled, ...a }, b: { go }, c: { go: answers } })), ingress("i", "b"));
};

/** What `a` answers. */
const answerOf = (events: readonly Event[]): string => {
  const { result } = only(events, "answered").find(({ canister }) => canister === "a")!;
  return result.kind === "reply" ? result.payload : result.error;
};

/** What the last execution of `a` wrote. */
const executionOf = (events: readonly Event[]) =>
  only(events, "executed")
    .filter(({ canister }) => canister === "a")
    .at(-1)!;

const cleanedUp = (value: Value, answers?: Script): string => {
  const go = [call("c", { attached: 50n, onReply: [trap], onReject: [trap], onCleanup: [write(0, value)] })];
  const { cleanup, wrote } = executionOf(called({ go }, "go", answers));
  return cleanup === "trapped" ? "IC0504" : noTrap(wrote[0]?.[1], null);
};

const installed = (code: Partial<Record<"onInit" | "onPreUpgrade" | "onPostUpgrade", Script>>, mode: string): string => {
  const { onPreUpgrade, ...m } = code;
  const { wrote, trap: error } = ran(install(started({ ...ruled, ...(onPreUpgrade && { onPreUpgrade }) }, m), `b ${mode} m`))!;
  return noTrap(wrote[0]?.[1], error);
};

/** Of an inspection is seen whether the last byte of a value is odd. */
const inspected = (value: Value): string => {
  const session = boot(smallWorld({ a: { ...ruled, inspect: [when(value, [acceptMessage])], methods: { ga: [] } } }));
  const [event] = session.apply(sentBy("@ann", ingress("i", "a", "ga", "77"))).events;
  return event!.kind === "ingress-received" ? "odd" : event!.kind === "ingress-refused" && event.error === "IC0406" ? "even" : "IC0504";
};

/** A composite query of `a`, which `@ann` asks. */
const composed = (tree: Script): string => {
  const session = boot(smallWorld({ a: { ...ruled, composites: { tree } }, c: { queries: { ask: [reply("99")] } } }));
  return said(session, "a", "tree", "77", "@ann");
};
const toC = (more: object): Instruction => call("c", { method: "ask", ...more });
const toNobody = (more: object): Instruction => call("nobody", { method: "ask", ...more });

/** A page that is written last tells whether the cleanup trapped. */
const afterthought = (value: Value): string => {
  const told = toC({ onReply: [when(pageOf(2), [reply(pageOf(1))], [reject])] });
  const bytes = composed([toC({ onReply: [trap], onCleanup: [write(1, value), write(2, "01")] }), told]);
  return bytes === "IC0406" ? "IC0504" : bytes;
};

/** What is read everywhere; the balance is what it is. No round took place before any of these queries between rounds. */
const everywhere = {
  ...{ time: eight(1000n), self: asciiOf("a"), status: "01", controller: "01", version: eight(0n), page: "" },
  ...{ "stable-size": eight(3n), instructions: eight(1n), certified: "00" },
};
const none = {
  ...{ message: "IC0504", available: "IC0504", refunded: "IC0504", deadline: "IC0504" },
  ...{ "reject-code": "IC0504", method: "IC0504", certificate: "IC0504" },
};
const served = { message: "77", deadline: eight(1005n), caller: asciiOf("b") };
const byAnn = { ...everywhere, ...none, message: "77", deadline: eight(0n), caller: asciiOf("@ann") };
const byBoss = { ...everywhere, ...none, self: asciiOf("b"), caller: asciiOf("boss"), version: eight(1n) };

type Row = readonly [string, (value: Value) => string, Readonly<Record<Exclude<Name, "balance">, string>>];

const rows: readonly Row[] = [
  ["an update", (value) => answerOf(called({ go: [reply(value)] })), { ...everywhere, ...none, ...served, available: sixteen(300n) }],
  [
    "a query in a round",
    (value) => answerOf(called({ queries: { ask: [reply(value)] } }, "ask")),
    { ...everywhere, ...none, ...served, available: sixteen(300n) },
  ],
  [
    "a reply callback",
    (value) => answerOf(called({ go: [call("c", { attached: 50n, onReply: [reply(value)] })] })),
    {
      ...{ ...everywhere, ...none, ...served, version: eight(1n), message: "99" },
      ...{ available: sixteen(300n), refunded: sixteen(30n), "reject-code": "00" },
    },
  ],
  [
    "a reject callback",
    (value) => answerOf(called({ go: [call("c", { attached: 50n, onReject: [reply(value)] })] }, "go", [reject])),
    {
      ...{ ...everywhere, ...none, ...served, version: eight(1n), message: "04" },
      ...{ available: sixteen(300n), refunded: sixteen(50n), "reject-code": "04" },
    },
  ],
  [
    "the cleanup of a reply",
    (value) => cleanedUp(value),
    { ...everywhere, ...none, version: eight(1n), caller: asciiOf("b"), "reject-code": "00" },
  ],
  [
    "the cleanup of a reject",
    (value) => cleanedUp(value, [reject]),
    { ...everywhere, ...none, version: eight(1n), caller: asciiOf("b"), "reject-code": "04" },
  ],
  [
    "a task",
    (value) => {
      const { wrote, trap: error } = executionOf(
        boot(smallWorld({ a: { ...ruled, onHeartbeat: [write(0, value)] } })).apply(round(0n)).events,
      );
      return noTrap(wrote[0]?.[1], error);
    },
    { ...everywhere, ...none, caller: asciiOf("aaaaa-aa") },
  ],
  ["`onInit`", (value) => installed({ onInit: [write(2, value)] }, "reinstall"), { ...byBoss, message: "", "stable-size": eight(0n) }],
  ["`onPreUpgrade`", (value) => installed({ onPreUpgrade: [write(5, value)] }, "upgrade"), { ...byBoss, version: eight(0n) }],
  ["`onPostUpgrade`", (value) => installed({ onPostUpgrade: [write(5, value)] }, "upgrade"), { ...byBoss, message: "" }],
  [
    "a query between rounds",
    (value) => said(boot(smallWorld({ a: { ...ruled, queries: { ask: [reply(value)] } } })), "a", "ask", "77", "@ann"),
    byAnn,
  ],
  ["a composite query", (value) => composed([reply(value)]), byAnn],
  ["a reply callback of one", (value) => composed([toC({ onReply: [reply(value)] })]), { ...byAnn, message: "99", "reject-code": "00" }],
  [
    "a reject callback of one",
    (value) => composed([toNobody({ onReject: [reply(value)] })]),
    { ...byAnn, message: "03", "reject-code": "03" },
  ],
  ["a cleanup of one", afterthought, { ...byAnn, message: "IC0504", deadline: "IC0504" }],
];

describe.each(rows)("%s", (_, read, expected) => {
  test.each(Object.keys(expected) as Exclude<Name, "balance">[])("reads what it may of `%s`", (name) => {
    expect(read(values[name])).toBe(expected[name]);
  });

  test("reads its balance", () => {
    expect(read(values.balance)).toMatch(/^0{20}[0-9a-f]*[1-9a-f][0-9a-f]*$/);
  });
});

test("an inspection reads its message and its method, and nothing of a call", () => {
  expect(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, inspected(value)]))).toMatchObject({
    ...Object.fromEntries(Object.keys(none).map((name) => [name, "IC0504"])),
    ...{ message: "odd", page: "even", "stable-size": "odd", time: "even", balance: "even", version: "even" },
    ...{ instructions: "odd", self: "odd", caller: "even", status: "odd", controller: "odd", method: "odd", certified: "even" },
  });
  const methods = { ga: [], gb: [], gc: [] };
  const session = boot(smallWorld({ a: { inspect: [when(values.method, [acceptMessage])], methods } }));
  const letIn = Object.keys(methods).map((name) => session.apply(ingress(name, "a", name)).events[0]!.kind);
  expect(letIn).toEqual(["ingress-received", "ingress-refused", "ingress-received"]);
  const choosy = boot(smallWorld({ a: { inspect: [when(caller, [acceptMessage])] } }));
  const senders = ["@a", "@b", "@c"].map((sender) => choosy.apply(sentBy(sender, ingress(sender.slice(1), "a"))).events[0]!.kind);
  expect(senders).toEqual(["ingress-received", "ingress-refused", "ingress-received"]);
});

test("whoever reads what is not there traps for that, with its instruction counted, and for nothing else that is wrong", () => {
  const { refunded } = values;
  const wrong: readonly Instruction[] = [
    write(99, refunded),
    certify(refunded),
    when(refunded, [trap]),
    reply(refunded),
    call("b", { payload: refunded, attached: 10n ** 30n }),
  ];
  for (const instruction of wrong) {
    const events = led(boot(smallWorld({ a: { go: [instruction] }, b: {} })), ingress("i", "a"));
    expect([instruction.op, executionOf(events)]).toMatchObject([
      instruction.op,
      { trap: "IC0504", instructions: 1, wrote: [], calls: [] },
    ]);
  }
});

test("a page that lies beyond is missed before an answer is one too many, and after a reply has no place", () => {
  const beyond = pageOf(99);
  for (const first of [reply(), reject]) expect(executionOf(called({ go: [first, reply(beyond)] }))).toMatchObject({ trap: "IC0502" });
  const onHeartbeat = [reply(beyond)];
  expect(executionOf(boot(smallWorld({ a: { onHeartbeat } })).apply(round(0n)).events)).toMatchObject({ trap: "IC0504" });
});

test("nothing is available once an answer was given", () => {
  const { wrote } = executionOf(called({ go: [accept(100n), write(0, values.available), reply(), write(1, values.available)] }));
  expect(wrote).toEqual([
    [0, sixteen(200n)],
    [1, sixteen(0n)],
  ]);
});
