/** Tokens and prices at the border: amounts keep to what a conversion can hold, rates and sizes are no divisors of nothing. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { everything, thriftyWorlds, tokenWorlds } from "../../properties/index.ts";
import { drive, feesOf2025, type Session, type Trace } from "../../spec/index.ts";
import { encode } from "../json.ts";
import { converted, dearer, scarce } from "../ledger/testing.ts";
import { BorderError, read, readText } from "./border.ts";
import { schemas, type SchemaName } from "./index.ts";

const complaint = (name: SchemaName, value: unknown): string => {
  try {
    read<unknown>(schemas[name], JSON.parse(encode(value)), "it");
  } catch (reason) {
    if (reason instanceof BorderError) return reason.message;
    throw reason;
  }
  return "none";
};

test.each<readonly [string, SchemaName, unknown]>([
  ["it: tokens: expected less than 2^64 e8s", "input", { kind: "transfer", from: "alice", to: "bob", tokens: 2n ** 64n }],
  ["it: from: expected 1 to 32 of a-z", "input", { kind: "transfer", from: "Alice", to: "bob", tokens: 1n }],
  ["it: permyriad: expected at least 1", "input", { kind: "set-rate", permyriad: 0n }],
  ["it: permyriad: expected less than 2^36", "input", { kind: "set-rate", permyriad: 2n ** 36n }],
  [
    "it: purpose.kind: expected a known kind",
    "input",
    { kind: "pay", from: "alice", tokens: 1n, purpose: { kind: "gift", canister: "a" } },
  ],
  ["it: conversion: expected at least 0", "input", { kind: "notify", conversion: -1 }],
  ["it: fees.referenceSubnetSize: expected at least 1", "input", { kind: "set-fees", fees: { ...feesOf2025, referenceSubnetSize: 0 } }],
  ["it: fees.creation: expected string, got nothing", "input", { kind: "set-fees", fees: { ...feesOf2025, creation: undefined } }],
  [
    "it: tokens.permyriad: expected at least 1",
    "genesis",
    { ...converted.genesis, tokens: { ...converted.genesis.tokens, permyriad: 0n } },
  ],
  [
    "parameters.storage.capacity: expected so much above threshold = 0",
    "genesis",
    { ...scarce.genesis, parameters: { ...scarce.genesis.parameters, storage: { ...scarce.genesis.parameters.storage, capacity: 1 } } },
  ],
])("it is refused with field, expected and came: %s", (expected, name, value) => expect(complaint(name, value)).toContain(expected));

test("what is done with tokens, prices and memory comes back as it was, and so does what is seen of it", async () => {
  const drawn = [tokenWorlds, thriftyWorlds].flatMap((worlds) => fc.sample(worlds(everything), { seed: 4, numRuns: 45 }));
  const kinds = new Set<string>();
  for (const scenario of [converted, dearer, scarce, ...drawn]) {
    expect(readText(schemas.scenario, encode(scenario), "scenario")).toEqual(scenario);
    for (const step of (drive(model, scenario) as Trace).steps) {
      expect(readText(schemas.step, encode(step), "step")).toEqual(step);
      for (const { kind } of step.observation.events) kinds.add(kind);
    }
    const session = (await model.boot(scenario.genesis)) as Required<Session>;
    for (const input of scenario.inputs) await session.apply(input);
    const state = await session.view();
    expect(readText(schemas.state, encode(state), "state")).toEqual(state);
  }
  for (const kind of [
    "tokens-transferred",
    "transfer-refused",
    "conversion-paid",
    "conversion-settled",
    "conversion-refused",
    "reward-minted",
    "rate-set",
    "fees-set",
    "prepayment-adjusted",
    "callback-refused",
  ])
    expect([...kinds]).toContain(kind);
}, 60_000);
