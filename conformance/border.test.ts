/** What the suite draws crosses the border as it is; and a machine that leaves rules out is never given what it cannot follow. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { model } from "../model/index.ts";
import { drive, rules, type Scenario, type Trace } from "../spec/index.ts";
import { allWorlds, everything, twinOf, without, type Case } from "../properties/index.ts";
import { encode } from "./json.ts";
import { readText, schemas } from "./schemas/index.ts";
import { genesesOf, mostSubnets } from "./subnets.ts";
import { suite } from "./suite.ts";
import { rulesIn } from "./vector.ts";

const casesOf = (vocabulary = everything): readonly Case[] =>
  suite.flatMap((property) => fc.sample(property.cases(vocabulary), { seed: 5, numRuns: 1 }));

describe("at the border", () => {
  test("every property's cases come back as they were, and are networks that machines can be booted with", { timeout: 120_000 }, () => {
    for (const tried of casesOf()) {
      expect(readText(schemas.case, encode(tried), "case")).toEqual(tried);
      expect(readText(schemas.scenario, encode(twinOf(tried)), "twin")).toEqual(twinOf(tried));
      expect(genesesOf(tried.scenario).length).toBeLessThanOrEqual(mostSubnets);
    }
  });

  test("what the reference observes in all kinds of worlds comes back as it was", { timeout: 120_000 }, () => {
    const kinds = new Set<string>();
    for (const scenario of fc.sample(allWorlds(everything), { seed: 7, numRuns: 100 }))
      for (const step of (drive(model, scenario) as Trace).steps) {
        expect(readText(schemas.step, encode(step), "step")).toEqual(step);
        for (const { kind } of step.observation.events) kinds.add(kind);
      }
    for (const kind of [
      "message-streamed",
      "slice-taken",
      "slice-refused",
      "callback-expired",
      "message-dropped",
      "tasks-chosen",
      "uninstalled",
    ])
      expect([...kinds]).toContain(kind);
  });
});

describe("a machine that leaves out", () => {
  const hasNetworks = ({ genesis, others, inputs }: Scenario): boolean =>
    others !== undefined || genesis.network !== undefined || inputs.some((input) => "slices" in input || "deliveries" in input);

  test.each(["slice-admit", "stream-*", "message-see"])("%s is given one subnet alone, and no slices", { timeout: 120_000 }, (pattern) => {
    const beginning = pattern.replace("*", "");
    const excluded = rules.map(({ id }) => id).filter((id) => (pattern.endsWith("*") ? id.startsWith(beginning) : id === pattern));
    expect(excluded.length).toBeGreaterThan(0);
    const networked = casesOf(without(new Set(excluded))).filter(({ scenario }) => hasNetworks(scenario));
    expect(networked).toEqual([]);
  });

  test.each(["uninstall", "heartbeat", "deadline", "tokens", "prices", "storage"] as const)(
    "what %s needs is given no world in which it takes place",
    { timeout: 120_000 },
    (what) => {
      const excluded = {
        uninstall: ["canister-uninstall", "context-withdraw", "context-delete", "response-discard"],
        heartbeat: ["tasks-choose", "tasks-drop", "timer-set", "timer-begin"],
        tokens: rules.filter(({ chapter }) => chapter === "tokens").map(({ id }) => id),
        prices: ["fees-set", "callback-refuse", "prepayment-adjust", "execution-desist"],
        storage: ["memory-grow"],
        deadline: ["message-expire", "callback-expire", "message-shed", "cycles-lose", "cycles-return"],
      }[what];
      const vocabulary = without(new Set(excluded));
      for (const scenario of fc.sample(allWorlds(vocabulary), { seed: 9, numRuns: 25 })) {
        const needed = rulesIn(scenario);
        expect(excluded.filter((rule) => needed.has(rule))).toEqual([]);
      }
    },
  );
});
