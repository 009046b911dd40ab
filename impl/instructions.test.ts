/** How many instructions a script reads that it used: the one that reads included, and counted from where its execution began. */
import { expect, test } from "vitest";
import { bigEndian, bytes, instructions, type Event, type Instruction, type Script, type Value } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { full, install, ran, started } from "./small-code.ts";
import { ask } from "./small-queries.ts";
import {
  acceptMessage,
  call,
  consume,
  ingress,
  led,
  only,
  pageOf,
  reply,
  round,
  smallWorld,
  trap,
  write,
  type SmallCanister,
} from "./small-world.ts";

const used: Value = { kind: "instructions" };
const count = (number: number): string => bigEndian(BigInt(number), 8);
const when = (value: Value, then: Script, otherwise: Script = []): Instruction => ({ op: "when-odd", value, then, otherwise });

const c: SmallCanister = { go: [reply()], queries: { ask: [consume(30), reply(used)] } };
const world = (go: Script, parameters = {}) => boot(smallWorld({ a: { go }, c }, parameters));
/** The last execution of `a`. */
const last = (events: readonly Event[]) =>
  only(events, "executed")
    .filter(({ canister }) => canister === "a")
    .at(-1)!;
const lastOf = (go: Script, parameters = {}) => last(led(world(go, parameters), ingress("i", "a")));

test("an execution reads what it used so far, in the scripts of an instruction, too", () => {
  const inner = [write(1, used), when(used, [consume(4), write(2, used)], [trap])];
  expect(lastOf([write(0, used), consume(9), when(used, inner, [trap]), write(3, used)])).toMatchObject({
    trap: null,
    instructions: 19,
    wrote: [1, 12, 18, 19].map((number, page) => [page, count(number)]),
  });
  const onRefused = [write(0, used)];
  expect(lastOf([consume(3), call("c", { onRefused })], { guaranteedResponseMemory: bytes(0) }).wrote).toEqual([[0, count(5)]]);
});

test("the last instruction that its limit allows reads the limit", () => {
  expect(lastOf([consume(999), write(0, used)])).toMatchObject({ trap: null, wrote: [[0, count(1000)]] });
  expect(lastOf([consume(1000), write(0, used)])).toMatchObject({ trap: "IC0522", wrote: [] });
});

test("an execution in slices reads the same as one without", () => {
  const limits = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(110) };
  const session = world([write(0, used), consume(250), write(1, used), reply()], limits);
  session.apply(ingress("i", "a"));
  const paused = [round(), round()].flatMap((input) => only(session.apply(input).events, "execution-paused"));
  expect(paused.map(({ instructions: sofar }) => sofar)).toEqual([100, 200]);
  expect(last(session.apply(round()).events).wrote).toEqual([
    [0, count(1)],
    [1, count(252)],
  ]);
});

test("a callback counts anew, and its cleanup once more", () => {
  expect(lastOf([consume(50), call("c", { onReply: [consume(7), write(0, used)] })])).toMatchObject({
    instructions: 8,
    wrote: [[0, count(8)]],
  });
  expect(lastOf([call("c", { onReply: [consume(7), trap], onCleanup: [consume(2), write(0, used)] })])).toMatchObject({
    cleanup: "completed",
    instructions: 8 + 3,
    wrote: [[0, count(3)]],
  });
});

test("an installation goes on from one script to the next", () => {
  const b = { ...full, onPreUpgrade: [consume(5), write(5, used)] };
  const onPostUpgrade = [write(6, used), consume(2), write(7, used)];
  const upgraded = ran(install(started(b, { onPostUpgrade }), "b upgrade m"));
  expect(upgraded).toMatchObject({ instructions: 10, wrote: [6, 7, 10].map((number, at) => [5 + at, count(number)]) });
  const skipped = ran(install(started(b, { onPostUpgrade }), "b upgrade m skip"));
  expect(skipped).toMatchObject({ instructions: 4, wrote: [1, 4].map((number, at) => [6 + at, count(number)]) });
  const anew = ran(install(started(b, { onInit: [consume(3), write(0, used)] }), "b reinstall m"));
  expect(anew).toMatchObject({ instructions: 4, wrote: [[0, count(4)]] });
});

test("each query of a tree, each callback, and its cleanup count anew", () => {
  const asked = (...tree: Script) => ask(boot(smallWorld({ a: { composites: { tree } }, c })), "a", "tree");
  const toC = (more: object): Instruction => call("c", { method: "ask", ...more });
  expect(asked(consume(9), toC({ onReply: [consume(2), reply(used)] }))).toMatchObject({
    result: { payload: count(3) },
    instructions: 10 + (31 + 20) + 3,
    nested: [{ result: { payload: count(31) } }],
  });
  const failing = toC({ onReply: [consume(4), trap], onCleanup: [consume(1), write(0, used)] });
  expect(asked(failing, toC({ onReply: [reply(pageOf(0))] }))).toMatchObject({ result: { payload: count(2) } });
});

test("an inspection counts from its own beginning", () => {
  const letIn = (before: number): string => {
    const inspect = [consume(before), when(used, [acceptMessage])];
    return boot(smallWorld({ a: { inspect } })).apply(ingress("i", "a")).events[0]!.kind;
  };
  expect([1, 2, 3].map(letIn)).toEqual(["ingress-refused", "ingress-received", "ingress-refused"]);
});
