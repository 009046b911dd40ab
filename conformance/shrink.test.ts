/** Failing cases become small, stay valid and keep their relation. */
import { describe, expect, test } from "vitest";
import { createModel, model } from "../model/index.ts";
import { cycles, faultsOf, hex, type Instruction } from "../spec/index.ts";
import { alone, twinOf, type Case } from "../properties/index.ts";
import { simplerLeaves, withoutCanister, withoutInputs } from "./edits.ts";
import { shrink } from "./shrink.ts";
import { judge } from "./trial.ts";
import { ledgerAdds } from "./testing/properties.ts";
import { callTo, canister, conversation, genesisOf, ingress, restart, round, topUp } from "./testing/worlds.ts";

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

test("a value that is as simple as can be has no simpler one", () => {
  const simple = alone({ genesis: genesisOf([]), inputs: [{ ...round("00"), elapsed: 0n } as never] });
  const paths = simplerLeaves(simple).map(([path]) => path.join("."));
  expect(paths.filter((path) => path.startsWith("scenario.inputs"))).toEqual([]);
});

const big2text = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
