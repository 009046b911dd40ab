/**
 * The example holds its conversation, and does what a reader of `docs/machine.md` works out with pencil and paper. All
 * numbers below were computed by hand from that page; prices are chosen so that this is easy: an instruction costs one
 * cycle, a message 100, a byte on its way one, and the subnet scales by 13/13.
 */
import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";

const conversation = converse("machine.py");
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

describe("the conversation", () => {
  test("begins with a hello that excludes nothing and promises a state root", async () => {
    const answer = await conversation.say({
      type: "hello",
      protocol: { min: 1, max: 1 },
      catalogue: "00".repeat(32),
      timeouts: { handshake: 10_000, step: 5_000 },
    });
    expect(answer).toEqual({
      type: "hello",
      protocol: 1,
      implementation: { name: "canon-python", version: expect.any(String), language: "Python", commit: null },
      supports: ["*"],
      excludes: [],
      options: { digest: true, state: false },
    });
  });

  test("answers a protocol that it does not speak with an error", async () => {
    expect(await conversation.say({ type: "hello", protocol: { min: 2, max: 3 } })).toMatchObject({ type: "error", id: null });
  });

  test.each(["observe", "dance"])("answers %s with an error that carries the id", async (type) => {
    expect(await conversation.say({ type, id: 7 })).toEqual({ type: "error", id: 7, message: expect.any(String) });
  });

  test.each(["", "{", "[1]", "null", '"apply"', "{}", '{"type":'])("answers the line '%s' with an error without id", async (line) => {
    expect(JSON.parse(await conversation.sayLine(line))).toEqual({ type: "error", id: null, message: expect.any(String) });
  });

  test("goes on after an error", async () => {
    await conversation.sayLine("nonsense");
    expect(await conversation.say({ type: "boot", id: 4, genesis: genesis([]) })).toEqual({ type: "booted", id: 4 });
  });

  test("a boot forgets everything", async () => {
    const world = [canister("alice", { greet: [reply("00")] })];
    const [first] = await observe(world, [ingress("hello", "alice", "greet")]);
    const [again] = await observe(world, [ingress("hello", "alice", "greet")]);
    expect(again).toEqual(first);
    expect(kinds(again)).toEqual(["ingress-received"]);
  });

  test("a machine that was never booted says so, and one that nobody says bye to ends with its input", async () => {
    const fresh = converse("machine.py");
    expect(await fresh.say({ type: "apply", id: 2, input: { kind: "restart" } })).toMatchObject({ type: "error", id: 2 });
    expect(await fresh.end()).toBe(0);
  });
});

describe("an update", () => {
  test("is received, inducted, paid, executed and answered", async () => {
    const world = [canister("alice", { greet: [write(0, "ab"), reply("01")] })];
    const [received, executed] = await observe(world, [ingress("hello", "alice", "greet", "ffff"), round()]);
    expect(received!.events).toEqual([{ kind: "ingress-received", ingress: "hello" }]);
    expect(received!.stateRoot).toBe(root("canister alice 10000 - ", "ingress hello received"));
    const origin = { kind: "ingress", ingress: "hello" };
    const result = { kind: "reply", payload: "01" };
    expect(executed).toEqual({
      events: [
        { kind: "round-began", height: 1, time: "1005" },
        { kind: "ingress-inducted", ingress: "hello", canister: "alice", fee: "54", balance: "9946" },
        { kind: "turn-began", iteration: 1, core: 0, canister: "alice" },
        {
          ...quiet,
          canister: "alice",
          cause: { kind: "update", origin, method: "greet", attached: "0" },
          context: 0,
          instructions: 2,
          charged: "102",
          wrote: [[0, "ab"]],
          balance: "9844",
        },
        { kind: "answered", canister: "alice", context: 0, origin, result, refund: "0" },
        { kind: "ingress-answered", ingress: "hello", result },
        { kind: "context-removed", canister: "alice", context: 0 },
        { kind: "turn-ended", iteration: 1, core: 0, canister: "alice", instructions: 12, drained: true },
        { kind: "round-ended", height: 1, iterations: 1, instructions: 12 },
      ],
      ledger: { balances: "9844", messages: "0", contexts: "0", callbacks: "0", burned: "156", minted: "10000" },
      draws: [],
      stateRoot: root("canister alice 9844 - 0:ab", "ingress hello reply:01"),
    });
  });

  test.each([
    ["CN0001", { balance: "10000" }, [ingress("a", "alice", "m"), ingress("a", "nobody", "m", "00".repeat(65))]],
    ["CN0002", { balance: "10000" }, [ingress("a", "nobody", "m", "00".repeat(65))]],
    ["IC0301", { balance: "10000" }, [ingress("a", "nobody", "m", "00".repeat(64))]],
    ["IC0207", { balance: "177" }, [ingress("a", "alice", "m", "00".repeat(64))]],
  ])("is refused at the door with %s, in the order of the rule", async (error, changed, inputs) => {
    const observed = await observe([{ ...canister("alice", {}), ...changed }], inputs);
    expect(observed.at(-1)!.events).toEqual([{ kind: "ingress-refused", ingress: "a", error }]);
  });

  test("that nobody can pay any more at its round is answered without being executed", async () => {
    const world = [{ ...canister("alice", {}), balance: "99" }];
    const [, , taken] = await observe(world, [ingress("a", "alice", "m"), ingress("b", "alice", "m"), round()]);
    expect(taken!.events.slice(1, 3)).toEqual([
      { kind: "ingress-inducted", ingress: "a", canister: "alice", fee: "50", balance: "49" },
      { kind: "ingress-answered", ingress: "b", result: rejected("IC0207", 2) },
    ]);
    expect(taken!.events.filter(({ kind }) => kind === "not-executed")).toMatchObject([{ error: "IC0207", charged: "0", balance: "49" }]);
    expect(taken!.events.at(-1)).toEqual({ kind: "round-ended", height: 1, iterations: 1, instructions: 10 });
  });

  test("of a method that is not there costs an execution of nothing", async () => {
    const [, taken] = await observe([canister("alice", {})], [ingress("a", "alice", "m"), round()]);
    expect(taken!.events.slice(3, 6)).toMatchObject([
      { kind: "not-executed", error: "IC0536", charged: "100", balance: "9850" },
      { kind: "answered", context: null, result: rejected("IC0536", 5), refund: "0" },
      { kind: "ingress-answered" },
    ]);
  });

  test("that traps pays for its instructions and leaves nothing else", async () => {
    const body = [write(3, "aa"), burn("77"), setTimer("1"), { op: "trap" }];
    const [, taken] = await observe([canister("alice", { m: body })], [ingress("a", "alice", "m"), round()]);
    expect(only(taken, "executed")).toMatchObject({
      trap: "IC0503",
      instructions: 4,
      charged: "104",
      burned: "0",
      wrote: [],
      timer: null,
      balance: "9846",
    });
    expect(only(taken, "answered")).toMatchObject({ result: rejected("IC0503", 5) });
    expect(taken!.stateRoot).toBe(root("canister alice 9846 - ", "ingress a reject:IC0503"));
  });

  test("that passes its limit has used exactly its limit", async () => {
    const [, taken] = await observe([canister("alice", { m: [consume(999), consume(2)] })], [ingress("a", "alice", "m"), round()]);
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0522", instructions: 1000, charged: "1100", balance: "8850" });
  });

  test("that makes memory grow over what the balance can keep alive is undone", async () => {
    const world = [{ ...canister("alice", { m: [write(0, "")] }), balance: "1155", freezingThreshold: 1 }];
    const dear = { fees: { ...fees, gibSecond: String(2 ** 30) } }; // a page of 8 bytes costs 8 cycles a second
    const [, taken] = await observe(world, [ingress("a", "alice", "m"), round()], dear);
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0207", instructions: 1, balance: "1004", wrote: [] });
    expect(only(taken, "answered")).toMatchObject({ result: rejected("IC0207", 2) });
  });

  test("burns down to the freezing threshold at most", async () => {
    const world = [{ ...canister("alice", { m: [write(0, "00"), burn("99999")] }), freezingThreshold: 10, computeAllocation: 1 }];
    const dear = { fees: { ...fees, gibSecond: String(2 ** 30), percentSecond: "3" } }; // 11 cycles a second, for ten seconds
    const [, taken] = await observe(world, [ingress("a", "alice", "m"), round()], dear);
    expect(only(taken, "executed")).toMatchObject({ trap: null, burned: String(10_000 - 50 - 1100 - 110), balance: String(110 + 998) });
  });
});

describe("a call", () => {
  const asking = (callee: string, more: object = {}) => [
    call(callee, "take", { attached: "500", onReply: [reply({ kind: "refunded" })], ...more }),
  ];
  const taking = [{ op: "accept", cycles: "200" }, reply("02")];

  test("takes cycles there and brings back what was not accepted", async () => {
    const world = [canister("bob", { take: taking }), canister("alice", { ask: asking("bob") })];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()]);
    const toAlice = { kind: "canister", canister: "alice", callback: 0 };
    const answer = { kind: "reply", payload: (300).toString(16).padStart(32, "0") };
    expect(taken!.events.slice(2)).toEqual([
      { kind: "turn-began", iteration: 1, core: 0, canister: "alice" },
      {
        ...quiet,
        canister: "alice",
        cause: { kind: "update", origin: { kind: "ingress", ingress: "a" }, method: "ask", attached: "0" },
        context: 0,
        instructions: 1,
        charged: "101",
        calls: [{ callback: 0, callee: "bob", method: "take", attached: "500", fee: "20", reserve: "1164" }],
        balance: "8165",
      },
      { kind: "turn-ended", iteration: 1, core: 0, canister: "alice", instructions: 11, drained: true },
      { kind: "request-inducted", caller: "alice", callback: 0, callee: "bob" },
      { kind: "turn-began", iteration: 2, core: 0, canister: "bob" },
      {
        ...quiet,
        canister: "bob",
        cause: { kind: "update", origin: toAlice, method: "take", attached: "500" },
        context: 0,
        instructions: 2,
        charged: "102",
        accepted: "200",
        balance: "10098",
      },
      { kind: "answered", canister: "bob", context: 0, origin: toAlice, result: { kind: "reply", payload: "02" }, refund: "300" },
      { kind: "context-removed", canister: "bob", context: 0 },
      { kind: "turn-ended", iteration: 2, core: 0, canister: "bob", instructions: 12, drained: true },
      { kind: "response-inducted", caller: "alice", callback: 0, result: "reply" },
      { kind: "turn-began", iteration: 3, core: 0, canister: "alice" },
      {
        ...quiet,
        canister: "alice",
        cause: { kind: "response", callback: 0, result: "reply" },
        context: 0,
        instructions: 1,
        charged: "101",
        refunded: "300",
        transmissionReserve: "64",
        transmissionFee: "1",
        balance: "9527",
      },
      { kind: "answered", canister: "alice", context: 0, origin: { kind: "ingress", ingress: "a" }, result: answer, refund: "0" },
      { kind: "ingress-answered", ingress: "a", result: answer },
      { kind: "context-removed", canister: "alice", context: 0 },
      { kind: "turn-ended", iteration: 3, core: 0, canister: "alice", instructions: 11, drained: true },
      { kind: "round-ended", height: 1, iterations: 3, instructions: 34 },
    ]);
    expect(taken!.ledger).toEqual({ balances: "19625", messages: "0", contexts: "0", callbacks: "0", burned: "375", minted: "20000" });
  });

  test("to nobody comes back in the same round, with a reject and all cycles", async () => {
    const [, taken] = await observe([canister("alice", { ask: asking("nobody") })], [ingress("a", "alice", "ask"), round()]);
    expect(only(taken, "request-bounced")).toEqual({ kind: "request-bounced", caller: "alice", callback: 0, error: "IC0301" });
    expect(taken!.events.filter(({ kind }) => kind === "executed").at(-1)).toMatchObject({
      cause: { kind: "response", callback: 0, result: "reject" },
      refunded: "500",
      transmissionReserve: "64",
      transmissionFee: "0",
    });
    expect(only(taken, "answered")).toMatchObject({ result: rejected("IC0506", 5) });
  });

  test("that the caller cannot pay is not sent: another script runs in place", async () => {
    const world = [{ ...canister("alice", { ask: asking("nobody", { onRefused: [reply("ee")] }) }), balance: "2833" }];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()]); // liquid: 1683, one less than needed
    expect(only(taken, "executed")).toMatchObject({ trap: null, instructions: 2, calls: [] });
    expect(only(taken, "answered")).toMatchObject({ result: { kind: "reply", payload: "ee" } });
  });

  test("with more cycles than the caller may spend traps", async () => {
    const world = [{ ...canister("alice", { ask: asking("nobody") }), balance: "1649" }];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()]);
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0520", calls: [] });
  });

  test("whose callback traps runs the cleanup on the memory from before the callback", async () => {
    const onReply = [write(0, "ff"), write(1, "ff"), burn("9"), { op: "trap" }];
    const onCleanup = [
      { op: "when-odd", value: { kind: "page", page: 0 }, then: [write(2, "01")], otherwise: [write(2, "00")] },
      burn("3"),
    ];
    const world = [
      canister("alice", { ask: [write(0, "10"), ...asking("bob", { onReply, onCleanup })] }),
      canister("bob", { take: taking }),
    ];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()]);
    expect(taken!.events.filter(({ kind }) => kind === "executed").at(-1)).toMatchObject({
      trap: "IC0503",
      cleanup: "completed",
      instructions: 7,
      burned: "3",
      wrote: [[2, "00"]],
      refunded: "300",
    });
    expect(only(taken, "ingress-answered")).toMatchObject({ result: rejected("IC0503", 5) });
  });

  test("that was answered leaves nothing to accept", async () => {
    const late = [reply("02"), { op: "accept", cycles: "200" }, write(0, { kind: "available" })];
    const world = [canister("alice", { ask: asking("bob") }), canister("bob", { take: late })];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()], { pageSize: 16 });
    expect(taken!.events.filter(({ kind }) => kind === "executed")[1]).toMatchObject({ accepted: "0", wrote: [[0, "00".repeat(16)]] });
  });
});

describe("a round", () => {
  test("turns a timer that is due into a task, once", async () => {
    const world = [{ ...canister("alice", { m: [setTimer("5"), reply("")] }), onTimer: [write(0, { kind: "time" })] }];
    const [, first, second, third] = await observe(world, [ingress("a", "alice", "m"), round(), round(), round()]);
    expect(only(first, "executed")).toMatchObject({ timer: "1010" });
    expect(kinds(second).slice(1)).toEqual(["timer-due", "turn-began", "executed", "context-removed", "turn-ended", "round-ended"]);
    expect(only(second, "executed")).toMatchObject({
      cause: { kind: "timer" },
      context: 1,
      timer: null,
      wrote: [[0, (1010).toString(16).padStart(16, "0")]],
    });
    expect(kinds(third)).toEqual(["round-began", "round-ended"]);
  });

  test("answers a request for randomness from the tape of a later round", async () => {
    const onReply = [reply({ kind: "message" })];
    const world = [canister("alice", { ask: [call("aaaaa-aa", "raw_rand", { attached: "5", onReply })] })];
    const inputs = [ingress("a", "alice", "ask"), round("11"), round("22"), round("33")];
    const [, asked, waited, answered] = await observe(world, inputs, { tapeLag: 2 });
    expect(only(asked, "randomness-asked")).toEqual({ kind: "randomness-asked", canister: "alice", callback: 0, asked: 1 });
    expect(asked!.ledger["messages"]).toBe("5");
    expect(waited!.draws).toEqual([]);
    const seed = createHash("sha256")
      .update("canon-random-tape")
      .update(Buffer.from("33".repeat(32), "hex"))
      .digest();
    const bytes = createHash("sha256").update(seed).update("raw-rand").update(Buffer.alloc(8)).digest("hex");
    expect(answered!.draws).toEqual([{ tape: 3, index: 0, asked: 1, canister: "alice", callback: 0, bytes }]);
    expect(only(answered, "ingress-answered")).toMatchObject({ result: { kind: "reply", payload: bytes } });
  });

  test("gives the first turn to who waited longest, when there are more canisters than cores", async () => {
    const world = ["carol", "alice", "bob"].map((id) => canister(id, { m: [reply("")] }));
    const inputs = ["1", "2", "3"].flatMap((n) => [...world.map(({ id }) => ingress(`${id}-${n}`, id, "m")), round()]);
    const rounds = (await observe(world, inputs, { cores: 1 })).filter(({ events }) => events[0]?.["kind"] === "round-began");
    expect(rounds.map((observed) => observed.events.filter(({ kind }) => kind === "turn-began").map(({ canister: id }) => id))).toEqual([
      ["alice", "bob", "carol"], // all have 100; alice pays 300
      ["bob", "carol", "alice"], // alice -100, the others 200; bob pays
      ["carol", "alice", "bob"], // alice and bob 0, carol 300
    ]);
  });

  test("ends when a core has used up the counter, and leaves the rest for the next one", async () => {
    const world = [canister("alice", { m: [consume(900), call("bob", "m", {})] }), canister("bob", { m: [reply("")] })];
    const limits = { roundInstructionLimit: 1500 }; // counter: 1500 - 1010 + 1 = 491
    const [, , first, second] = await observe(world, [ingress("a", "alice", "m"), ingress("b", "alice", "m"), round(), round()], limits);
    expect(first!.events.filter(({ kind }) => kind === "turn-ended")).toEqual([
      { kind: "turn-ended", iteration: 1, core: 0, canister: "alice", instructions: 911, drained: false },
    ]);
    expect(first!.events.at(-1)).toEqual({ kind: "round-ended", height: 1, iterations: 1, instructions: 911 });
    expect(first!.ledger["messages"]).toBe("0");
    expect(first!.ledger["callbacks"]).toBe("1164");
    expect(kinds(second).slice(0, 4)).toEqual(["round-began", "request-inducted", "turn-began", "executed"]);
  });

  test("looks the same in whatever order the cores run", async () => {
    const world = ["alice", "bob", "carol"].map((id) => canister(id, { m: [call("bob", "m", { attached: "9" }), reply("")] }));
    const inputs = (coreOrder: number[]) => [...world.map(({ id }) => ingress(id, id, "m")), { ...round(), coreOrder }, round()];
    expect(await observe(world, inputs([2, 0, 9, 0]), { cores: 3 })).toEqual(await observe(world, inputs([]), { cores: 3 }));
  });

  test("a restart changes nothing", async () => {
    const world = [canister("alice", { ask: [setTimer("7"), call("aaaaa-aa", "raw_rand", { onReply: [reply({ kind: "message" })] })] })];
    const inputs = [ingress("a", "alice", "ask"), round("11"), ingress("b", "alice", "ask"), round("22"), round("33")];
    const plain = await observe(world, inputs);
    const restarted = await observe(
      world,
      inputs.flatMap((input) => [input, { kind: "restart" }]),
    );
    expect(restarted.filter((_, at) => at % 2 === 0)).toEqual(plain);
    for (const observed of restarted.filter((_, at) => at % 2 === 1)) expect(observed.events).toEqual([{ kind: "restarted" }]);
  });
});

test("cycles put onto a canister are minted", async () => {
  const inputs = ["alice", "nobody"].map((id) => ({ kind: "top-up", canister: id, cycles: "18446744073709551616" }));
  const [there, nowhere] = await observe([canister("alice", {})], inputs);
  expect(there!.events).toEqual([
    { kind: "topped-up", canister: "alice", cycles: "18446744073709551616", balance: "18446744073709561616" },
  ]);
  expect(there!.ledger["minted"]).toBe("18446744073709561616");
  expect(nowhere!.events).toEqual([{ kind: "top-up-refused", canister: "nobody", error: "IC0301" }]);
});

interface Observed {
  readonly events: readonly Record<string, unknown>[];
  readonly ledger: Readonly<Record<string, string>>;
  readonly draws: readonly unknown[];
  readonly stateRoot: string;
}

const observe = async (canisters: readonly object[], inputs: readonly object[], changed: object = {}): Promise<Observed[]> => {
  const observed: Observed[] = [];
  await conversation.say({ type: "boot", id: 0, genesis: genesis(canisters, changed) });
  for (const [at, input] of inputs.entries()) {
    const answer = await conversation.say({ type: "apply", id: at + 1, input });
    expect(answer).toEqual({ type: "applied", id: at + 1, observation: expect.anything() });
    observed.push(answer["observation"] as Observed);
  }
  return observed;
};

const fees = {
  name: "pencil",
  subnetSize: 13,
  referenceSubnetSize: 13,
  execution: "100",
  tenInstructions: "10",
  ingress: "50",
  ingressByte: "2",
  call: "20",
  transmissionByte: "1",
  gibSecond: "0",
  percentSecond: "0",
};

const genesis = (canisters: readonly object[], changed: object = {}) => ({
  parameters: {
    scheduler: "published",
    cores: 2,
    roundInstructionLimit: 100_000,
    messageInstructionLimit: 1000,
    messageOverhead: 10,
    cleanupReserve: 5,
    queueCapacity: 3,
    maxPayload: 64,
    maxPages: 4,
    pageSize: 8,
    tapeLag: 1,
    fees,
    ...changed,
  },
  time: "1000",
  canisters,
});

const canister = (id: string, methods: Record<string, object[]>) => ({
  id,
  computeAllocation: 0,
  freezingThreshold: 0,
  balance: "10000",
  methods: Object.entries(methods).map(([name, body]) => ({ name, body })),
  onTimer: [] as object[],
});

const ingress = (id: string, to: string, method: string, payload = "") => ({ kind: "ingress", id, canister: to, method, payload });
const round = (byte = "00") => ({ kind: "round", elapsed: "5", tape: byte.repeat(32) });
const value = (said: string | object) => (typeof said === "string" ? { kind: "bytes", bytes: said } : said);
const write = (page: number, content: string | object) => ({ op: "write", page, value: value(content) });
const reply = (payload: string | object) => ({ op: "reply", payload: value(payload) });
const burn = (cycles: string) => ({ op: "burn", cycles });
const consume = (instructions: number) => ({ op: "consume", instructions });
const setTimer = (after: string) => ({ op: "set-timer", after });
const call = (callee: string, method: string, more: object) => ({
  ...{ op: "call", callee, method, payload: value(""), attached: "0" },
  ...{ onReply: [], onReject: [], onCleanup: [], onRefused: [], ...more },
});

/** An execution that did nothing, under the prices of this file. */
const quiet = {
  kind: "executed",
  trap: null,
  cleanup: "none",
  prepaid: "1100",
  refunded: "0",
  transmissionReserve: "0",
  transmissionFee: "0",
  accepted: "0",
  burned: "0",
  calls: [],
  wrote: [],
  timer: null,
};

const rejected = (error: string, code: number) => ({ kind: "reject", code, error });
const kinds = (observed: Observed | undefined) => observed!.events.map(({ kind }) => kind);

const only = (observed: Observed | undefined, kind: string) => {
  const found = observed!.events.filter((event) => event["kind"] === kind);
  expect(found).toHaveLength(1);
  return found[0];
};

const root = (...texts: string[]) => {
  const digests = texts.map((text) => BigInt(`0x${createHash("sha256").update(text).digest("hex")}`));
  return (digests.reduce((sum, digest) => sum + digest) % 2n ** 256n).toString(16).padStart(64, "0");
};
