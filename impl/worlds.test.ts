/** Drawn worlds, in which everything that is kept by changes is held against the state that it was kept for. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  bytes,
  canisterId,
  cycles,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  type EventKind,
  type Genesis,
  type Input,
  type Instruction,
  type Observation,
  type Script,
  type Value,
} from "../spec/index.ts";
import { applyInput, boot } from "./engine.ts";
import { listed } from "./queues.ts";
import { fromText, toText } from "./restart.ts";
import { ingress, smallWorld, tapeOf, type SmallCanister } from "./small-world.ts";
import { engineOf, type Canister, type Engine } from "./state.ts";

/** The ledger, the root and every index are kept up to date by changes; here they are held against the state itself. */
const audit = (engine: Engine, { ledger, stateRoot }: Observation): void => {
  const { canisters, prices, totals, history } = engine;
  const sum = (counts: readonly bigint[]) => counts.reduce((total, count) => total + count, 0n);
  const messages = canisters.flatMap(({ inputs, outputs }) => [...listed(inputs), ...listed(outputs)]);
  const contexts = canisters.flatMap((canister) => [...(canister.contexts?.values() ?? [])].map((context) => ({ canister, context })));
  expect(ledger).toEqual({
    balances: sum(canisters.map(({ balance }) => balance)),
    messages:
      sum(messages.map((message) => (message.kind === "request" ? message.attached : message.kind === "response" ? message.refund : 0n))) +
      sum(engine.waitingRandomness.map(({ request }) => request.attached)),
    contexts: sum(contexts.map(({ context }) => context.available)),
    callbacks: sum(canisters.map(({ callbacks }) => BigInt(callbacks?.size ?? 0) * prices.reserve)),
    burned: totals.burned,
    minted: totals.minted,
  });
  expect(ledger.balances + ledger.messages + ledger.contexts + ledger.callbacks + ledger.burned).toBe(ledger.minted);

  const texts = [
    ...canisters.map(canisterText),
    ...[...history.values()].map(
      ({ id, status }) =>
        `ingress ${id} ${status.kind !== "answered" ? status.kind : status.result.kind === "reply" ? `reply:${status.result.payload}` : `reject:${status.result.error}`}`,
    ),
  ];
  const digests = texts.map((text) => BigInt(`0x${createHash("sha256").update(text).digest("hex")}`));
  expect(stateRoot).toBe((sum(digests) % 2n ** 256n).toString(16).padStart(64, "0"));

  for (const canister of canisters) {
    const waits = canister.task || canister.inputs.length > 0;
    expect(engine.active.includes(canister)).toBe(canister.isActive);
    expect(waits && !canister.isActive).toBe(false);
    expect(engine.sending.includes(canister)).toBe(canister.outputs.length > 0);
    expect(canister.threshold).toBe(prices.threshold(canister.allocation, canister.freezing, canister.pages?.size ?? 0));
    expect(Object.fromEntries(canister.openTo ?? [])).toEqual(
      countBy([...(canister.callbacks?.values() ?? [])].map(({ callee }) => callee)),
    );
    const alarms = engine.timers.alarms.items.filter((alarm) => alarm.canister === canister && alarm.at === canister.timer);
    if (canister.timer !== null && !canister.task) expect(alarms.length).toBeGreaterThan(0);
  }
  for (const { canister, context } of contexts) {
    expect(context.calls).toBe([...(canister.callbacks?.values() ?? [])].filter((callback) => callback.context === context.id).length);
  }
};

const canisterText = ({ id, balance, timer, pages }: Canister): string =>
  `canister ${id} ${balance} ${timer ?? "-"} ${[...(pages ?? [])]
    .sort(([left], [right]) => left - right)
    .map(([page, content]) => `${page}:${content}`)
    .join(",")}`;

const countBy = (keys: readonly string[]): Record<string, number> =>
  keys.reduce<Record<string, number>>((counts, key) => ({ ...counts, [key]: (counts[key] ?? 0) + 1 }), {});

const ids = ["a", "b", "c", "d", "e"];

const values: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>({ kind: "message" }, { kind: "time" }, { kind: "balance" }, { kind: "available" }, { kind: "refunded" }),
  fc.nat(3).map((page): Value => ({ kind: "page", page })),
  fc.constantFrom("", "01", "0002", "ff".repeat(17)).map((text): Value => ({ kind: "bytes", bytes: hex(text) })),
);

const amounts = fc.oneof(fc.nat(50), fc.nat(5000)).map((count) => cycles(BigInt(count)));

const { script } = fc.letrec<{ script: Script; instruction: Instruction }>((tie) => ({
  script: fc.array(tie("instruction"), { maxLength: 4, depthIdentifier: "script" }),
  instruction: fc.oneof(
    { depthIdentifier: "script", maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: fc.record({ op: fc.constant("reply" as const), payload: values }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant("write" as const), page: fc.nat(4), value: values }) },
    {
      weight: 1,
      arbitrary: fc.record({ op: fc.constant("consume" as const), instructions: fc.constantFrom(1, 50, 400, 950).map(instructions) }),
    },
    { weight: 1, arbitrary: fc.constantFrom<Instruction>({ op: "trap" }, { op: "reject" }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom("accept" as const, "burn" as const), cycles: amounts }) },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constant("set-timer" as const),
        after: fc.constantFrom(null, 0n, 1n, 5n).map((after) => (after === null ? null : nanoseconds(after))),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ op: fc.constant("when-odd" as const), value: values, then: tie("script"), otherwise: tie("script") }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        op: fc.constant("call" as const),
        callee: fc.constantFrom(...ids, "nobody", managementCanister, managementCanister).map(canisterId),
        method: fc.constantFrom("go", "go", "raw_rand", "raw_rand", "gone"),
        payload: fc.oneof(fc.constant<Value>({ kind: "bytes", bytes: hex("") }), values),
        attached: amounts,
        onReply: tie("script"),
        onReject: tie("script"),
        onCleanup: tie("script"),
        onRefused: tie("script"),
      }),
    },
  ),
}));

const canisters: fc.Arbitrary<SmallCanister> = fc.record({
  balance: fc.oneof(fc.nat(4000), fc.nat(40_000), fc.constant(1_000_000)).map(BigInt),
  allocation: fc.constantFrom(0, 0, 5, 20),
  freezing: fc.constantFrom(0, 0, 10, 300),
  go: script,
  onTimer: script,
});

const genesises: fc.Arbitrary<Genesis> = fc
  .record({
    each: fc.array(canisters, { minLength: 1, maxLength: ids.length }),
    cores: fc.integer({ min: 1, max: 3 }),
    round: fc.constantFrom(1010, 1800, 5000),
    tapeLag: fc.integer({ min: 1, max: 3 }),
    size: fc.constantFrom(7, 13, 34),
  })
  .map(({ each, cores, round, tapeLag, size }) => {
    const world = smallWorld(Object.fromEntries(each.map((canister, index) => [ids[index]!, canister])));
    const { parameters } = world;
    const fees = { ...parameters.fees, subnetSize: size };
    return {
      ...world,
      parameters: { ...parameters, fees, cores, tapeLag, maxPayload: bytes(32), roundInstructionLimit: instructions(round) },
    };
  });

const inputs: fc.Arbitrary<readonly Input[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.nat(30), fc.constantFrom(...ids), fc.constantFrom("go", "go", "go", "gone"), fc.constantFrom("", "01", "ab".repeat(33)))
        .map(([id, canister, method, payload]) => ingress(`i${id}`, canister, method, payload)),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.nat(4), fc.constantFrom("00", "5a", "ff"))
        .map(([elapsed, byte]): Input => ({ kind: "round", elapsed: nanoseconds(BigInt(elapsed)), tape: tapeOf(byte) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...ids, "nobody"), amounts)
        .map(([canister, count]): Input => ({ kind: "top-up", canister: canisterId(canister), cycles: count })),
    },
  ),
  { minLength: 5, maxLength: 30, size: "max" },
);

const observed = (genesis: Genesis, said: readonly Input[]): readonly Observation[] => {
  const session = boot(genesis);
  return said.map((input) => session.apply(input));
};

describe("in any world", () => {
  const met = new Set<EventKind | `cleanup ${string}`>();

  test("ledger, root and indices say what the state says, after every input", () => {
    fc.assert(
      fc.property(genesises, inputs, (genesis, said) => {
        const engine = engineOf(genesis);
        for (const input of said) {
          const observation = applyInput(engine, input);
          audit(engine, observation);
          for (const event of observation.events) {
            met.add(event.kind);
            if (event.kind === "executed") met.add(`cleanup ${event.cleanup}`);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  test("a restart before every input changes nothing", () => {
    fc.assert(
      fc.property(genesises, inputs, (genesis, said) => {
        const restarted = boot(genesis);
        const steady = boot(genesis);
        for (const input of said) {
          const root = restarted.apply({ kind: "restart" });
          const observation = restarted.apply(input);
          expect(observation).toEqual(steady.apply(input));
          expect(restarted.view()).toEqual(steady.view());
          expect(root.events).toEqual([{ kind: "restarted" }]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("a restarted engine has the same text again, and its indices agree with its state", () => {
    fc.assert(
      fc.property(genesises, inputs, (genesis, said) => {
        const engine = engineOf(genesis);
        for (const input of said) applyInput(engine, input);
        const again = fromText(toText(engine));
        audit(again, applyInput(again, { kind: "restart" }));
        expect(toText(again)).toBe(toText(engine));
      }),
      { numRuns: 100 },
    );
  });

  test("the order in which cores run is not observed", () => {
    fc.assert(
      fc.property(genesises, inputs, fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 4 }), (genesis, said, coreOrder) => {
        const reordered = said.map((input): Input => (input.kind === "round" ? { ...input, coreOrder } : input));
        expect(observed(genesis, reordered)).toEqual(observed(genesis, said));
      }),
      { numRuns: 100 },
    );
  });

  test("the order in which the genesis lists canisters is not observed", () => {
    fc.assert(
      fc.property(genesises, inputs, (genesis, said) => {
        const reversed = { ...genesis, canisters: [...genesis.canisters].reverse() };
        expect(observed(reversed, said)).toEqual(observed(genesis, said));
      }),
      { numRuns: 50 },
    );
  });

  afterAll(() => {
    // The worlds are worth something only if everything that can happen happens in some of them.
    expect([...met].sort()).toEqual([
      "answered",
      "cleanup completed",
      "cleanup none",
      "cleanup trapped",
      "context-removed",
      "executed",
      "ingress-answered",
      "ingress-inducted",
      "ingress-received",
      "ingress-refused",
      "not-executed",
      "randomness-answered",
      "randomness-asked",
      "request-bounced",
      "request-inducted",
      "response-inducted",
      "round-began",
      "round-ended",
      "timer-due",
      "top-up-refused",
      "topped-up",
      "turn-began",
      "turn-ended",
    ]);
  });
});
