/** Failing cases become small, stay valid and keep their relation. */
import { describe, expect, test } from "vitest";
import { createModel, model } from "../model/index.ts";
import { cycles, drive, faultsOf, hex, type Event, type Instruction, type Scenario, type Trace } from "../spec/index.ts";
import { alone, twinOf, type Case } from "../properties/index.ts";
import { isValid, simplerLeaves, withoutCanister, withoutInputs } from "./edits.ts";
import { shrink } from "./shrink.ts";
import { judge } from "./trial.ts";
import { ledgerAdds } from "./testing/properties.ts";
import { withoutSubnet } from "./subnet-edits.ts";
import {
  callTo,
  canister,
  conversation,
  delivered,
  genesisOf,
  ingress,
  neighbours,
  networkOf,
  restart,
  round,
  to,
  topUp,
} from "./testing/worlds.ts";

const limits = { tries: 5_000, deadline: Infinity };
const big = (inputs: number): Case =>
  alone({
    ...conversation,
    inputs: Array.from({ length: inputs }, (_, at) => (at % 3 === 0 ? round() : at % 3 === 1 ? topUp("beta", 123_456n) : restart)),
  });

describe("shrinking", () => {
  test("leaves only the inputs that matter", async () => {
    const failing = big(60);
    const small = await shrink(
      failing,
      async ({ scenario: { inputs } }) => Promise.resolve(inputs.filter(({ kind }) => kind === "restart").length >= 3),
      limits,
    );
    expect(small.case.scenario.inputs.map(({ kind }) => kind)).toEqual(["restart", "restart", "restart"]);
    expect(small.cut).toBe(false);
  });

  test("makes a broken machine's case as small as a person would", async () => {
    const forgetsToMint = createModel({ mutation: { rule: "top-up", kind: "then", clause: "mint" } });
    const parties = { subject: forgetsToMint, reference: model };
    const small = await shrink(big(30), async (smaller) => (await judge(ledgerAdds, smaller, parties)).outcome === "FAIL", limits);
    expect(small.case.scenario.inputs).toEqual([topUp("beta", 1n)]);
    expect(small.case.scenario.genesis.canisters.map(({ id, methods }) => [id, methods.length])).toEqual([["beta", 0]]);
  });

  test("unwraps nested scripts and lowers what they name", async () => {
    const inner: Instruction = { op: "burn", cycles: cycles(987_654n) };
    const wrapped: Instruction = { op: "when-odd", value: { kind: "time" }, then: [callTo("b", "m", { onReply: [inner] })], otherwise: [] };
    const failing = alone({ genesis: genesisOf([canister("a", { go: [{ op: "trap" }, wrapped] })]), inputs: [] });
    const small = await shrink(
      failing,
      async (smaller) => Promise.resolve(JSON.stringify(smaller.scenario.genesis, big2text).includes('"burn"')),
      limits,
    );
    expect(small.case.scenario.genesis.canisters[0]!.methods).toEqual([{ name: "go", body: [{ op: "burn", cycles: 0n }] }]);
  });

  test("gives the same small case every time, and never an invalid one", async () => {
    const asked: Case[] = [];
    const stillFails = async (smaller: Case) => {
      asked.push(smaller);
      return Promise.resolve(smaller.scenario.inputs.some(({ kind }) => kind === "top-up"));
    };
    const first = await shrink(big(20), stillFails, limits);
    expect(await shrink(big(20), stillFails, limits)).toEqual(first);
    expect(asked.filter(({ scenario }) => faultsOf(scenario.genesis).length > 0)).toEqual([]);
    expect(first.tries).toBe(asked.length / 2);
  });

  test("ends when its tries or its time are spent, with the smallest case so far", async () => {
    const always = () => Promise.resolve(true);
    expect(await shrink(big(20), always, { tries: 3, deadline: Infinity })).toMatchObject({ tries: 3, cut: true });
    expect(await shrink(big(20), always, { tries: 100, deadline: 0 })).toMatchObject({ tries: 0, cut: true, case: big(20) });
  });
});

describe("a smaller case keeps its relation", () => {
  const inputs = [round("01"), restart, round("02"), topUp("alpha", 1n), round("03")];

  test("restarts stay before the same inputs", () => {
    const restarted: Case = { scenario: { ...conversation, inputs }, relation: { kind: "restarted", before: [1, 3, 4, 99] } };
    expect(withoutInputs(restarted, 1, 3)?.relation).toEqual({ kind: "restarted", before: [1, 2, 97] });
  });

  test("the replaced tape stays that of the same round, or the cut is refused", () => {
    const replaced: Case = {
      scenario: { ...conversation, inputs },
      relation: { kind: "tape-replaced", round: 2, tape: hex("ff".repeat(32)) },
    };
    const smaller = withoutInputs(replaced, 0, 2)!;
    expect(smaller.relation).toMatchObject({ round: 1 });
    expect(twinOf(smaller).inputs[0]).toMatchObject({ tape: "ff".repeat(32) });
    expect(withoutInputs(replaced, 1, 4)).toBeNull();
  });

  test("rounds that pass in parts stay the same ones", () => {
    const split: Case = { scenario: { ...conversation, inputs }, relation: { kind: "rounds-split", after: 2, parts: 3 } };
    expect(withoutInputs(split, 0, 2)?.relation).toEqual({ kind: "rounds-split", after: 1, parts: 3 });
    expect(withoutInputs(split, 3, 5)?.relation).toEqual({ kind: "rounds-split", after: 2, parts: 3 });
    expect(withoutInputs(split, 0, 5)?.relation).toEqual({ kind: "rounds-split", after: 0, parts: 3 });
  });

  test("keys go with their canisters, and inputs with theirs", () => {
    const reordered: Case = {
      scenario: { ...conversation, inputs: [topUp("alpha", 1n), ingress("m", "beta", "serve")] },
      relation: { kind: "reordered", keys: [5, 3] },
    };
    const smaller = withoutCanister(reordered, 0, 0, true)!;
    expect(smaller.relation).toEqual({ kind: "reordered", keys: [3] });
    expect(smaller.scenario.inputs).toEqual([ingress("m", "beta", "serve")]);
    expect(withoutCanister(reordered, 0, 0, false)!.scenario.inputs).toHaveLength(2);
  });
});

describe("a case of several subnets", () => {
  const lead = async ({ scenario }: Case) => Promise.resolve((drive(model, scenario) as Trace).steps);
  const events = (tried: Case) => (drive(model, tried.scenario) as Trace).steps.flatMap(({ observation }) => observation.events);
  const has = (kind: Event["kind"]) => async (tried: Case) => Promise.resolve(events(tried).some((event) => event.kind === kind));

  test("becomes one subnet that is told what came from the other", async () => {
    const small = await shrink(alone(neighbours), has("response-inducted"), { ...limits, lead });
    const { genesis, others, inputs } = small.case.scenario;
    expect([genesis.network?.own, others]).toEqual(["left", undefined]);
    expect(inputs.map(({ kind }) => kind)).toEqual(["ingress", "round", "round"]);
    expect(inputs.some((input) => "deliveries" in input || "subnet" in input)).toBe(false);
    expect(inputs[2]).toMatchObject({ slices: [{ from: "right", begin: 0, messages: [{ kind: "response" }] }] });
  });

  test("becomes one subnet with all canisters, where nobody can say what came", async () => {
    const small = await shrink(alone(neighbours), has("response-inducted"), limits);
    expect(small.case.scenario.others).toBeUndefined();
    expect(small.case.scenario.genesis.canisters.map(({ id }) => id)).toEqual(["alpha", "beta"]);
    expect(small.case.scenario.genesis.network).toBeUndefined();
  });

  test("stays one of several where it takes both, with no more deliveries than that", async () => {
    const both = async (tried: Case) => Promise.resolve((tried.scenario.others ?? []).length > 0 && (await has("slice-taken")(tried)));
    const small = await shrink(alone(neighbours), both, limits);
    expect(small.case.scenario.inputs.map((input) => ("deliveries" in input ? input.deliveries?.[0]?.count : 0))).toEqual([0, 0, 1]);
  });

  test("is never one that no machines can be booted with, nor one that names a subnet that is not there", async () => {
    const three: Scenario = {
      ...neighbours,
      others: [...neighbours.others!, { ...genesisOf([canister("gamma")]), network: networkOf("third", { alpha: "left" }) }],
      inputs: [...neighbours.inputs, to(2, topUp("gamma", 5n)), delivered(2, 1)],
    };
    const asked: Scenario[] = [];
    const gamma = async ({ scenario }: Case) => {
      asked.push(scenario);
      return Promise.resolve(scenario.inputs.some((input) => input.kind === "top-up" && input.canister === "gamma"));
    };
    const small = await shrink(alone(three), gamma, { ...limits, lead });
    expect(small.case.scenario.others).toBeUndefined();
    expect(asked.filter((scenario) => !isValid(alone(scenario)))).toEqual([]);
    for (const scenario of asked)
      for (const move of scenario.inputs) {
        const last = (scenario.others ?? []).length;
        expect(move.subnet ?? 0).toBeLessThanOrEqual(last);
        if (move.kind === "round") for (const { from } of move.deliveries ?? []) expect(from).toBeLessThanOrEqual(last);
      }
  });

  test("loses a subnet with all that names its number, and the numbers above it move down", () => {
    const moved = withoutSubnet(
      alone({
        ...neighbours,
        others: [...neighbours.others!, { ...genesisOf([]), network: networkOf("third") }],
        inputs: [
          to(1, restart),
          to(2, restart),
          {
            ...delivered(2, 0),
            deliveries: [
              { from: 0, count: 1 },
              { from: 1, count: 2 },
            ],
          },
        ],
      }),
      1,
    )!;
    expect(moved.scenario.others?.map(({ network }) => network?.own)).toEqual(["third"]);
    expect(moved.scenario.inputs).toEqual([to(1, restart), { ...delivered(1, 0), deliveries: [{ from: 0, count: 1 }] }]);
  });
});

test("a value that is as simple as can be has no simpler one", () => {
  const simple = alone({ genesis: genesisOf([]), inputs: [{ ...round("00"), elapsed: 0n } as never] });
  expect(simplerLeaves(simple).filter(([path]) => path.join(".").startsWith("scenario.inputs"))).toEqual([]);
});

const big2text = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
