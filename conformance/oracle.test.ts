/** Traces and states are compared to the first difference, and the difference is named. */
import { describe, expect, test } from "vitest";
import { createModel, model } from "../model/index.ts";
import { cycles, drive, hex, type Event, type Observation, type Scenario, type Step, type Trace } from "../spec/index.ts";
import { twinOf, type Case } from "../properties/index.ts";
import { converted } from "./ledger/testing.ts";
import { alignedSteps, differencesOf, firstParting, stateDifferences } from "./oracle.ts";
import { stateAfter } from "./recording.ts";
import { conversation, round } from "./testing/worlds.ts";

const stepsOf = (machine = model, scenario: Scenario = conversation): readonly Step[] => (drive(machine, scenario) as Trace).steps;
const observation = (rest: Partial<Observation> = {}): Observation => ({ ...stepsOf()[2]!.observation, ...rest });
const nothing = createModel();

describe("two traces", () => {
  test("that are the same do not part", () => {
    expect(firstParting(stepsOf(), stepsOf(nothing))).toBeNull();
  });

  test("part at the first step that differs, and what differs there is named", () => {
    const forgetful = createModel({ mutation: { rule: "top-up", kind: "then", clause: "credit" } });
    const parting = firstParting(stepsOf(), stepsOf(forgetful))!;
    expect(parting.at).toBe(1);
    expect(parting.differences[0]).toEqual({ field: "events[0].balance", expected: "1000000000007", came: "1000000000000" });
    expect(parting.differences.map(({ field }) => field)).toEqual(["events[0].balance", "ledger.balances"]);
  });

  test("part where tokens are elsewhere, though nothing is told otherwise", () => {
    const wasteful = createModel({ mutation: { rule: "tokens-transfer", kind: "then", clause: "burn" } });
    const parting = firstParting(stepsOf(model, converted), stepsOf(wasteful, converted))!;
    expect(parting).toEqual({ at: 0, differences: [{ field: "tokens.burned", expected: "10", came: "0" }] });
  });

  test("part where one of them ends", () => {
    expect(firstParting(stepsOf(), stepsOf().slice(0, 2))).toMatchObject({ at: 2, differences: [{ field: "the step", came: "nothing" }] });
  });
});

describe("two observations", () => {
  test("with other kinds of events show both whole, and only the first of them", () => {
    const { events } = observation();
    const differences = differencesOf(observation(), observation({ events: [events[0]!, ...events.slice(2)] }));
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ field: "events[1]" });
    expect(differences[0]!.expected).toContain("ingress-inducted");
  });

  test("with the same fields in another order are the same, and hide no later difference", () => {
    const { events } = observation();
    const [first, ...rest] = events;
    const turned = Object.fromEntries(Object.entries(first!).toReversed()) as unknown as Event;
    expect(differencesOf(observation(), observation({ events: [turned, ...rest] }))).toEqual([]);
    expect(differencesOf(observation(), observation({ events: [turned, ...rest.slice(1)] }))[0]?.field).toBe("events[1]");
  });

  test("are not compared by a root that one of them does not compute", () => {
    expect(differencesOf(observation(), observation({ stateRoot: null }))).toEqual([]);
    expect(differencesOf(observation(), observation({ stateRoot: hex("00".repeat(32)) }))).toHaveLength(1);
  });

  test("differ in every term of the ledger that differs", () => {
    const ledger = { ...observation().ledger, burned: cycles(1n), minted: cycles(2n) };
    expect(differencesOf(observation(), observation({ ledger })).map(({ field, came }) => [field, came])).toEqual([
      ["ledger.burned", "1"],
      ["ledger.minted", "2"],
    ]);
  });
});

describe("two states", () => {
  test("are compared by the names of what they hold", async () => {
    const forgetful = createModel({ mutation: { rule: "page-write", kind: "then", clause: "store" } });
    const [ours, theirs] = [await stateAfter(model, conversation, 3), await stateAfter(forgetful, conversation, 3)];
    if (typeof ours === "string" || typeof theirs === "string") throw new Error("the model tells its state");
    expect(stateDifferences(ours, theirs)).toEqual([
      { field: "heapDelta", expected: "32", came: "0" },
      { field: "canister alpha.pages.1", expected: "0102", came: "nothing" },
    ]);
    expect(stateDifferences(ours, ours)).toEqual([]);
  });

  test("are told in words when a machine does not tell its own, or is no more", async () => {
    const silent = { name: "silent", boot: () => ({ apply: () => observation() }) };
    expect(await stateAfter(silent, conversation, 1)).toBe("silent does not tell its state");
    const dead = { name: "dead", boot: () => Promise.reject(new Error("gone")) };
    expect(await stateAfter(dead, conversation, 1)).toBe("dead failed before: gone");
  });
});

test("the steps that both worlds of a restarted case have are laid side by side", () => {
  const tried: Case = { scenario: conversation, relation: { kind: "restarted", before: [4, 0, 2, 99] } };
  const twin = drive(model, twinOf(tried)) as Trace;
  expect(twin.steps).toHaveLength(conversation.inputs.length + 3);
  expect(firstParting(stepsOf(), alignedSteps(twin, [4, 0, 2, 99]))).toBeNull();
  expect(firstParting(stepsOf(model, { ...conversation, inputs: [round()] }), alignedSteps(twin, []))).not.toBeNull();
});
