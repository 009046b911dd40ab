/** The management canister in small stories: who stops whom, who hears of it, and what a canister that does not run refuses. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  canisterId,
  cycles,
  drive,
  instructions,
  nanoseconds,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Trace,
  type Instruction,
  type Script,
} from "../spec/index.ts";
import { balanced, call, canister, eventsOf, eventsOfKind as find, ingress, literal, replyWith, round, world } from "./testing.ts";
import { model } from "./index.ts";

const reply = (bytes: string): Instruction => replyWith(literal(bytes));
const run = (genesis: Genesis, inputs: readonly Input[]): Trace => drive(model, { genesis, inputs }) as Trace;
const kinds = (trace: Trace): readonly string[] => eventsOf(trace).map(({ kind }) => kind);

/** Asks, and replies with what came back. */
const asking = (method: string, target: string, more: Partial<Instruction & { op: "call" }> = {}): Script => [
  call("aaaaa-aa", method, {
    payload: literal(asciiOf(target)),
    onReply: [{ op: "reply", payload: { kind: "message" } }],
    onReject: [{ op: "reply", payload: { kind: "message" } }],
    ...more,
  }),
];

const chief = (methods: Readonly<Record<string, Script>>): CanisterGenesis => canister("chief", methods);
const controlled = { controllers: [canisterId("chief")] };
const plain = canister("a", { go: [reply("00")] }, controlled);

const answers = (trace: Trace) =>
  find(trace, "ingress-answered").map(({ ingress: id, result }) => [id, result.kind === "reply" ? result.payload : result.error]);

const story = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], parameters = {}) =>
  run(world(canisters, { queueCapacity: 5, ...parameters }), inputs);

describe("the management canister", () => {
  test("answers in the round after the one that asked, and tells how a canister is", () => {
    const trace = story(
      [chief({ look: asking("canister_status", "a") }), plain],
      [ingress("i", "chief", "look"), round(1), round(2), round(3)],
    );
    expect(kinds(trace).filter((kind) => kind.startsWith("management"))).toEqual(["management-asked", "management-answered"]);
    expect(answers(trace)).toEqual([["i", asciiOf("running")]]);
  });

  test("is asked by controllers, by a canister about itself, and for gifts by everybody", () => {
    const own = canister("b", {
      look: asking("canister_status", "b"),
      give: asking("deposit_cycles", "a", { attached: cycles(7n) }),
      stop: asking("stop_canister", "a"),
    });
    const trace = story(
      [plain, own],
      [ingress("i", "b", "look"), ingress("j", "b", "give"), ingress("k", "b", "stop"), round(1), round(2), round(3)],
    );
    expect(find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error))).toEqual([
      asciiOf("running"),
      "",
      "IC0512",
    ]);
    expect(find(trace, "cycles-deposited")).toMatchObject([{ canister: "a", cycles: 7n, balance: 1_000_000_000_007n }]);
  });

  test("refuses nonsense before it waits", () => {
    const lost = chief({ odd: asking("fly", "a"), empty: asking("stop_canister", ""), gone: asking("stop_canister", "nobody") });
    const trace = story(
      [lost],
      [ingress("i", "chief", "odd"), ingress("j", "chief", "empty"), ingress("k", "chief", "gone"), round(1), round(2), round(3)],
    );
    expect(find(trace, "request-bounced").map(({ error }) => error)).toEqual(["IC0536", "IC0408"]);
    expect(find(trace, "management-answered")).toMatchObject([{ result: { error: "IC0301" } }]);
  });

  test("waits while the canister is in the middle of an execution, and keeps the order of each caller", () => {
    const slices = { sliceInstructionLimit: instructions(10), messageInstructionLimit: instructions(100) };
    const long = canister("a", { go: [{ op: "consume", instructions: instructions(25) }, reply("00")] }, controlled);
    const both = chief({ both: [...asking("stop_canister", "a"), ...asking("deposit_cycles", "a", { attached: cycles(1n) })] });
    const trace = story(
      [both, long],
      [ingress("i", "chief", "both"), ingress("j", "a", "go"), round(1), round(2), round(3), round(4), round(5)],
      slices,
    );
    const told = kinds(trace).filter((kind) => ["canister-stopping", "cycles-deposited", "execution-finished"].includes(kind));
    expect(told).toEqual(["execution-finished", "canister-stopping", "cycles-deposited"]);
  });
});

describe("a canister that is stopped", () => {
  const stop = chief({ stop: asking("stop_canister", "a"), start: asking("start_canister", "a"), remove: asking("delete_canister", "a") });

  test("refuses calls, messages and queries, and takes them again when it was started", () => {
    const asked: Input = { kind: "query", canister: canisterId("a"), method: "go", payload: asciiOf("") };
    const trace = story(
      [stop, plain],
      [
        ingress("i", "chief", "stop"),
        ingress("early", "a", "go"),
        round(1),
        ingress("late", "a", "go"),
        round(2),
        round(3),
        ingress("refused", "a", "go"),
        asked,
        ingress("k", "chief", "start"),
        round(4),
        round(5),
        round(6),
        ingress("again", "a", "go"),
        round(7),
      ],
    );
    expect(find(trace, "ingress-refused")).toMatchObject([{ ingress: "refused", error: "IC0508" }]);
    expect(find(trace, "query-refused")).toMatchObject([{ error: "IC0508" }]);
    expect(answers(trace)).toEqual([
      ["early", "00"],
      ["late", "IC0509"],
      ["i", ""],
      ["k", ""],
      ["again", "00"],
    ]);
    expect(kinds(trace)).toEqual(expect.arrayContaining(["canister-stopping", "canister-stopped", "canister-started"]));
  });

  test("is so only when it owes nobody, and everybody who asked hears of it once", () => {
    const waits = canister("a", { go: [call("aaaaa-aa", "raw_rand", { onReply: [reply("01")] })] }, controlled);
    const trace = story(
      [stop, waits],
      [
        ingress("g", "a", "go"),
        ingress("i", "chief", "stop"),
        ingress("j", "chief", "stop"),
        round(1),
        round(2),
        round(3),
        round(4),
        round(5),
      ],
      { tapeLag: 3 },
    );
    const told = kinds(trace).filter((kind) =>
      ["canister-stopping", "canister-stopped", "management-answered", "randomness-answered"].includes(kind),
    );
    expect(told).toEqual(["canister-stopping", "randomness-answered", "canister-stopped", "management-answered", "management-answered"]);
    expect(answers(trace)).toEqual([
      ["g", "01"],
      ["i", ""],
      ["j", ""],
    ]);
  });

  test("can be deleted, and only then", () => {
    const inputs = [
      ingress("i", "chief", "remove"),
      round(1),
      round(2),
      ingress("j", "chief", "stop"),
      round(3),
      round(4),
      round(5),
      ingress("k", "chief", "remove"),
      round(6),
      round(7),
      round(8),
    ];
    const trace = story([stop, plain], inputs);
    expect(find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error))).toEqual([
      "IC0510",
      "",
      "",
    ]);
    expect(find(trace, "canister-deleted")).toHaveLength(1);
  });
});

describe("a stop that does not come to an end", () => {
  const never = canister("a", { go: [call("aaaaa-aa", "raw_rand", { onReply: [reply("01")] })] }, controlled);
  const both = chief({ stop: asking("stop_canister", "a"), start: asking("start_canister", "a") });

  test("is given up in time, and the canister goes on stopping", () => {
    const trace = story([both, never], [ingress("g", "a", "go"), ingress("i", "chief", "stop"), round(1), round(2), round(3), round(4)], {
      tapeLag: 30,
      stopTimeout: nanoseconds(1n),
    });
    expect(find(trace, "management-answered")).toMatchObject([{ result: { error: "IC0206" } }]);
    expect(kinds(trace)).not.toContain("canister-stopped");
  });

  test("is cancelled by a start", () => {
    const trace = story(
      [both, never],
      [
        ingress("g", "a", "go"),
        ingress("i", "chief", "stop"),
        round(1),
        round(2),
        ingress("k", "chief", "start"),
        round(3),
        round(4),
        round(5),
      ],
      { tapeLag: 30 },
    );
    expect(find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? "reply" : result.error))).toEqual([
      "IC0511",
      "reply",
    ]);
    expect(find(trace, "canister-started")).toHaveLength(1);
  });

  test("keeps its cycles in the books, and survives a restart", () => {
    const paid = chief({ stop: asking("stop_canister", "a", { attached: cycles(5n) }) });
    const trace = story(
      [paid, never],
      [ingress("g", "a", "go"), ingress("i", "chief", "stop"), round(1), { kind: "restart" }, round(2), { kind: "restart" }, round(3)],
      { tapeLag: 30 },
    );
    expect(balanced(trace)).toBe(true);
    expect(trace.steps.at(-1)!.observation.ledger.messages).toBe(5n);
  });
});
