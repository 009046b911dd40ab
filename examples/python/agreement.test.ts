/**
 * Three readings of one specification: the example, which was written from `docs/machine.md` alone, the reference state
 * machine, and the fast engine. In worlds drawn at random they observe the same, step by step, down to the state root;
 * and the example with a bug does not.
 */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { converse, machineBehind, toWire, type Conversation } from "./conversation.ts";
import { call, canister, ingress, observing, reply, round } from "./pencil.ts";
import { worlds } from "./worlds.ts";
import { impl } from "../../impl/index.ts";
import { model } from "../../model/index.ts";
import { properties, twinOf, without } from "../../properties/index.ts";
import { drive, rules, type Machine, type Scenario } from "../../spec/index.ts";

const conversation = converse("machine.py");
const buggy = converse("machine_with_bug.py");
afterAll(async () => {
  expect(await Promise.all([conversation.end(), buggy.end()])).toEqual([0, 0]);
});

/** What a machine lets be seen of a scenario, for each input, as it stands on the wire. */
const observationsOf = async (machine: Machine, scenario: Scenario) =>
  (await drive(machine, scenario)).steps.map(({ observation }) => toWire(observation));

const agreeing = (one: Machine, other: Machine) =>
  fc.asyncProperty(worlds, async (scenario) => {
    expect(await observationsOf(one, scenario)).toEqual(await observationsOf(other, scenario));
  });

/** What the example is asked: everything but what it leaves out. */
const hello = await conversation.say({ type: "hello", protocol: { min: 1, max: 1 } });
const excluded = (hello["excludes"] as { rule: string }[]).map(({ rule }) => rule);
const isExcluded = (id: string) => excluded.some((rule) => (rule.endsWith("*") ? id.startsWith(rule.slice(0, -1)) : id === rule));
const vocabulary = without(new Set(rules.map(({ id }) => id).filter(isExcluded)));

describe("the example", () => {
  test.each([model, impl])("observes what $name observes", async (other) => {
    await fc.assert(agreeing(machineBehind(conversation), other), { numRuns: 60 });
  });

  test.each(properties)("observes what the engine observes in the worlds of $id, and in their twins", async ({ cases }) => {
    const agreed = fc.asyncProperty(cases(vocabulary), async (tried) => {
      for (const scenario of [tried.scenario, twinOf(tried)]) {
        expect(await observationsOf(machineBehind(conversation), scenario)).toEqual(await observationsOf(impl, scenario));
      }
    });
    await fc.assert(agreed, { numRuns: 1 });
  });

  test("runs everything that can happen in these worlds", async () => {
    const seen = new Set<string>();
    for (const scenario of fc.sample(worlds, { numRuns: 1000, seed: 33 })) {
      if (everything.every((fact) => seen.has(fact))) break;
      for (const { observation } of (await drive(machineBehind(conversation), scenario)).steps) {
        for (const event of observation.events) {
          seen.add(event.kind);
          if ("error" in event) seen.add(`${event.kind} ${event.error}`);
          if (event.kind === "execution-resumed") seen.add(event.afresh ? "resumed afresh" : "resumed");
          if (event.kind !== "executed") continue;
          if (event.reserved > 0n) seen.add("executed and set aside");
          const refused = event.refusedCalls.map(({ error }) => `refused ${error}`);
          [event.cause.kind, `trap ${event.trap}`, `cleanup ${event.cleanup}`, ...refused].forEach((fact) => seen.add(fact));
        }
      }
    }
    expect([...seen].sort()).toEqual(expect.arrayContaining(everything));
  });
});

describe("the example with a bug", () => {
  test("is told apart in a few worlds", async () => {
    const found = await fc.check(agreeing(machineBehind(buggy), model), { numRuns: 100, seed: 2022, endOnFailure: true });
    expect(found.failed).toBe(true);
  });

  test("lets cycles exist twice: the ones that went back are accepted as well", async () => {
    const onceMore = [reply("02"), { op: "accept", cycles: "200" }];
    const world = [canister("alice", { ask: [call("bob", "take", { attached: "500" })] }), canister("bob", { take: onceMore })];
    const inputs = [ingress("a", "alice", "ask"), round()];
    const excess = async (one: Conversation) => {
      const { minted, received, ...places } = (await observing(one)(world, inputs)).at(-1)!.ledger;
      return Object.values(places).reduce((sum, cycles) => sum + BigInt(cycles), 0n) - BigInt(minted!) - BigInt(received!);
    };
    expect(await excess(conversation)).toBe(0n);
    expect(await excess(buggy)).toBe(200n);
  });
});

const words = (text: string) => text.split(" ");
const everything = [
  ...words("answered context-deleted context-removed executed ingress-answered ingress-expired ingress-forgotten"),
  ...words("ingress-inducted ingress-pruned ingress-received message-streamed randomness-answered randomness-asked"),
  ...words("ran-dry request-inducted resources-charged response-discarded response-inducted restarted round-began"),
  ...words("round-ended slice-taken stream-collected tasks-chosen tasks-dropped topped-up turn-began turn-ended uninstalled"),
  ...words("execution-paused execution-finished execution-aborted prepayment-adjusted fees-set canister-created allocation-set"),
  ...words("update response timer heartbeat resumed"),
  ...["resumed afresh", "executed and set aside", "stable-resized", "callback-refused IC0207", "top-up-refused IC0301"],
  ...words("CN0001 CN0002 CN0010 CN0011 IC0204 IC0207 IC0301 IC0537").map((error) => `ingress-refused ${error}`),
  ...words("IC0301 IC0408 IC0536").map((error) => `request-bounced ${error}`),
  ...words("IC0207 IC0536 IC0537").map((error) => `not-executed ${error}`),
  ...words("IC0101 IC0205 IC0403").map((error) => `canister-create-refused ${error}`),
  ...words("IC0101 IC0301").map((error) => `allocation-refused ${error}`),
  ...words("CN0015 IC0301").map((error) => `uninstall-refused ${error}`),
  ...words("null IC0502 IC0503 IC0504 IC0520 IC0522 IC0532 IC0534").map((error) => `trap ${error}`),
  ...words("none completed trapped").map((ending) => `cleanup ${ending}`),
  ...words("IC0101 IC0201 IC0207 IC0507 IC0535").map((error) => `refused ${error}`),
];
