/**
 * The example keeps to `canon/1`: every line is answered, and a line that makes no sense harms nothing.
 */
import { afterAll, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import { canister, genesis, ingress, kinds, observing, reply } from "./pencil.ts";

const conversation = converse("machine.py");
const observe = observing(conversation);
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

const because = (reason: string, rules: string) => rules.split(" ").map((rule) => ({ rule, reason }));

test("the conversation begins with a hello that names what the machine leaves out, and promises a state root", async () => {
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
    excludes: [
      ...because("the standard library has no BLS12-381", "block-finalise share-admit tape-make tape-deliver"),
      ...because("it is a subnet without others", "message-ignore refund-stream refund-induct"),
      ...because("it has no calls with a timeout", "message-expire callback-expire response-late message-shed cycles-lose cycles-return"),
      ...because("it does not inspect ingress messages", "ingress-inspect message-accept"),
      ...because("it does not limit the memory of a canister", "hook-ready"),
      ...because("it answers no queries", "query-*"),
      ...because("its scripts do not ask who takes part", "identity-read"),
      ...because("it certifies no data, and nobody reads its state", "data-certify certificate-*"),
      ...because(
        "its management canister gives randomness, and nothing else",
        "management-* canister-stop canister-rest stop-answer stop-expire canister-start cycles-deposit settings-update canister-make info-tell install-* code-replace snapshot-* chunk-keep chunks-* signature-ask outcall-ask nonce-draw consensus-answer bitcoin-route cycles-provide",
      ),
      ...because("it has no tokens", "tokens-transfer conversion-* cycles-mint reward-mint rate-set"),
      ...because(
        "it schedules as published",
        "schedule-rank long-cores cores-divide full-round full-idle full-count start-charge rounds-charge allocation-grant priority-decay free-share suspension-charge",
      ),
      ...because("as published it comes later than Canon can see", "priority-reset"),
      ...because("it does not count what is written", "round-gate canister-suspend debit-decay checkpoint"),
      ...because("a canister leaves its core for nothing", "turn-end"),
      ...because("none of its canisters goes", "canister-delete response-orphan"),
    ],
    options: { digest: true, state: false },
  });
});

test("it answers a protocol that it does not speak with an error", async () => {
  expect(await conversation.say({ type: "hello", protocol: { min: 2, max: 3 } })).toMatchObject({ type: "error", id: null });
});

test.each(["observe", "dance"])("it answers %s with an error that carries the id", async (type) => {
  expect(await conversation.say({ type, id: 7 })).toEqual({ type: "error", id: 7, message: expect.any(String) });
});

test.each(["", "{", "[1]", "null", '"apply"', "{}", '{"type":'])("it answers the line '%s' with an error without id", async (line) => {
  expect(JSON.parse(await conversation.sayLine(line))).toEqual({ type: "error", id: null, message: expect.any(String) });
});

test("it goes on after an error", async () => {
  await conversation.sayLine("nonsense");
  expect(await conversation.say({ type: "boot", id: 4, genesis: genesis([]) })).toEqual({ type: "booted", id: 4 });
});

test("it answers a genesis with faults with an error, and keeps the world that it has", async () => {
  const twins = [canister("alice", {}), canister("alice", {})];
  const [fine, ...faulty] = [
    genesis([]),
    genesis([], { cores: 0 }),
    genesis([], { maxPayload: 31 }),
    genesis([], { streamCapacity: 0 }),
    genesis([], { historyLifetime: "999" }),
    genesis(twins),
    genesis([canister("aaaaa-aa", {})]),
    genesis([], { messageInstructionLimit: 0, sliceInstructionLimit: 0 }),
    genesis([], { roundInstructionLimit: 1009 }),
    genesis([], { allocatable: 101 }),
    genesis([], { cores: 2, storage: { threshold: 10, capacity: 11, period: 1 } }), // a core has 5 of either
    // These are fine, and among the things that are left out.
    { ...genesis([]), tokens: { accounts: [] } },
    genesis([{ ...canister("alice", {}), inspect: [] }]),
    genesis([], { scheduler: "current" }),
    genesis([], { heapDeltaIterationLimit: 8 }),
    genesis([], { heapDeltaRateLimit: 8 }),
    genesis([], { heapDeltaCapacity: 8 }),
    genesis([], { heapDeltaReserve: 8 }),
    genesis([], { canisterOverhead: 1 }),
    genesis([], { finalisationOverhead: 1 }),
    { ...genesis([]), network: { own: "north", routes: [] } },
  ];
  await conversation.say({ type: "boot", id: 1, genesis: fine });
  for (const faults of faulty) {
    expect(await conversation.say({ type: "boot", id: 2, genesis: faults })).toMatchObject({ type: "error", id: 2 });
  }
  expect(await conversation.say({ type: "apply", id: 3, input: { kind: "restart" } })).toMatchObject({ type: "applied", id: 3 });
});

test.each(["transfer", "pay", "notify", "reward", "set-rate"])("in a world without tokens, %s does nothing", async (kind) => {
  const [idle, asked] = await observe([canister("alice", {})], [{ kind: "restart" }, { kind }]);
  expect(asked).toEqual({ ...idle, events: [] });
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
