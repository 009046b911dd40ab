/** The laws of scheduling, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { instructions, percent, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { canister, edited, followed, fromCall, network, repeated, setIn, without, world } from "../testing/stories.ts";
import { alarm, crowd, greeting, payment, quiet, rivalry } from "../testing/tales.ts";
import { prioritiesOrderTheRound, turnsAreDealt, workIsConserved } from "./scheduling.ts";

describe("work-is-conserved", () => {
  test("accepts a payment", () => expect(judged(workIsConserved, payment)).toBe("holds"));
  test("accepts a round that is used up", () => expect(judged(workIsConserved, rivalry)).toBe("holds"));
  test("passes over a round without work", () => expect(judged(workIsConserved, quiet)).toBe("vacuous"));
  test("condemns a round that ends too early", () => {
    const lazy = setIn(rivalry, { ...rivalry.scenario.genesis, parameters: { ...network, roundInstructionLimit: instructions(204) } });
    expect(judged(workIsConserved, lazy)).toMatch(/the iterations ended with 1 instructions left, while b had 1 messages/);
  });
  test("condemns a turn that ends too early", () =>
    expect(judged(workIsConserved, without(edited(crowd, "turn-ended", 1, { drained: false }), "executed", 2))).toMatch(
      /the turn of b ended with 1 messages waiting/,
    ));
  test("condemns a turn that says that it emptied its queue", () =>
    expect(judged(workIsConserved, without(crowd, "executed", 2))).toMatch(/said to have emptied its queue, in which are 1 messages/));
  test("condemns a core that stops too early", () => {
    const both = { ...rivalry.scenario.genesis, parameters: { ...network, cores: 2, roundInstructionLimit: instructions(102) } };
    expect(judged(workIsConserved, setIn(rivalry, both))).toMatch(/core 1 was dealt 1 canisters in iteration 1, served 0 and stopped/);
  });
});

describe("turns-are-dealt", () => {
  test("accepts a payment", () => expect(judged(turnsAreDealt, payment)).toBe("holds"));
  test("accepts a task before messages", () => expect(judged(turnsAreDealt, alarm)).toBe("holds"));
  test("passes over a round without work", () => expect(judged(turnsAreDealt, quiet)).toBe("vacuous"));
  test("condemns a turn of who has nothing to do", () =>
    expect(judged(turnsAreDealt, edited(payment, "turn-began", 0, { canister: "b" }))).toMatch(
      /b had a turn in iteration 1, but had nothing to do/,
    ));
  test("condemns a second turn in an iteration", () =>
    expect(judged(turnsAreDealt, edited(crowd, "turn-began", 1, { iteration: 1 }))).toMatch(/nothing to do|second turn/));
  test("condemns a core that is not there", () =>
    expect(judged(turnsAreDealt, edited(greeting, "turn-began", 0, { core: 1 }))).toBe("a had a turn on core 1 of 1"));
  test("condemns a canister on a core to which it was not dealt", () => {
    const twoCores = setIn(edited(greeting, "turn-began", 0, { core: 1 }), {
      ...greeting.scenario.genesis,
      parameters: { ...network, cores: 2 },
    });
    expect(judged(turnsAreDealt, twoCores)).toMatch(/core 1 served 1 canisters in iteration 1, but was dealt 0/);
  });
  test("condemns iterations that are not counted one by one", () =>
    expect(judged(turnsAreDealt, edited(payment, "turn-began", 1, { iteration: 3 }))).toMatch(/iteration 3 came after iteration 1/));
  test("condemns a message in the turn of another", () =>
    expect(judged(turnsAreDealt, edited(payment, "executed", 1, { canister: "a" }))).toMatch(/a took a message outside of its turn/));
  test("condemns a message before the task", () =>
    expect(judged(turnsAreDealt, followed(greeting, "ingress-inducted", 0, { kind: "tasks-chosen", canister: "a", turn: "timer" }))).toBe(
      "a took a message, and timer was first",
    ));
  test("condemns a task that does not wait", () =>
    expect(judged(turnsAreDealt, edited(greeting, "executed", 0, { cause: { kind: "timer" } }))).toBe(
      "a took timer, and a message was first",
    ));
  test("condemns a message before the hook", () =>
    expect(judged(turnsAreDealt, followed(greeting, "ingress-inducted", 0, { kind: "hook-ready", canister: "a" }))).toBe(
      "a took a message, and low-memory was first",
    ));
  test("condemns a turn in a turn", () =>
    expect(judged(turnsAreDealt, repeated(greeting, "turn-began"))).toMatch(/began in the turn of a/));
  test("condemns an order that changes within a round", () => {
    // Both have work in both iterations: first a before b, then b before a.
    const cores = { ...network, roundInstructionLimit: instructions(10_000) };
    const swapped = twoIterations(["a", "b"], ["b", "a"]);
    expect(judged(turnsAreDealt, setIn(swapped, { ...swapped.scenario.genesis, parameters: cores }))).toMatch(
      /a came before b in iteration 1, but after it in iteration 2/,
    );
  });
});

/** A round of two iterations on one core, in which two canisters send each other a call, and take turns in these orders. */
const twoIterations = (first: readonly string[], second: readonly string[]): Trace => {
  const call = (callee: string): object => ({
    callback: 0,
    callee,
    method: "m1",
    bytes: 0,
    attached: 0n,
    deadline: null,
    fee: 7n,
    reserve: 142n,
  });
  const events = payment.steps[1]!.observation.events;
  const base = events.find(({ kind }) => kind === "executed")!;
  const turns = (iteration: number, order: readonly string[], message: (id: string) => object): readonly object[] =>
    order.flatMap((id) => [
      { kind: "turn-began", iteration, core: 0, canister: id },
      { ...base, ...message(id), canister: id },
      { kind: "turn-ended", iteration, core: 0, canister: id, instructions: 3, drained: true },
    ]);
  const other = (id: string): string => (id === "a" ? "b" : "a");
  const told: readonly object[] = [
    events[0]!,
    { kind: "ingress-inducted", ingress: "x", canister: "a", fee: 5n, balance: 995n },
    { kind: "ingress-inducted", ingress: "y", canister: "b", fee: 5n, balance: 995n },
    ...turns(1, first, (id) => ({
      cause: { kind: "update", origin: { kind: "ingress", ingress: id === "a" ? "x" : "y" }, method: "m0", attached: 0n },
      calls: [call(other(id))],
    })),
    { kind: "request-inducted", caller: "a", callback: 0, callee: "b" },
    { kind: "request-inducted", caller: "b", callback: 0, callee: "a" },
    ...turns(2, second, (id) => ({ cause: fromCall(other(id), 0), context: 1, calls: [] })),
    { kind: "round-ended", height: 1, iterations: 2, instructions: 12 },
  ];
  return {
    ...payment,
    steps: [{ input: payment.steps[1]!.input, observation: { ...payment.steps[1]!.observation, events: told as never } }],
  };
};

describe("priorities-order-the-round", () => {
  const rich = {
    ...rivalry.scenario.genesis,
    canisters: rivalry.scenario.genesis.canisters.map((each) => (each.id === "b" ? { ...each, computeAllocation: percent(50) } : each)),
  };
  test("accepts equals in the order of their ids", () => expect(judged(prioritiesOrderTheRound, rivalry)).toBe("holds"));
  test("passes over rounds in which there is nobody to choose between", () =>
    expect(judged(prioritiesOrderTheRound, payment)).toBe("vacuous"));
  test("passes over networks with a core for each canister", () =>
    expect(judged(prioritiesOrderTheRound, setIn(rivalry, { ...rivalry.scenario.genesis, parameters: { ...network, cores: 2 } }))).toBe(
      "vacuous",
    ));
  test("condemns who goes before a bigger allocation", () =>
    expect(judged(prioritiesOrderTheRound, setIn(rivalry, rich))).toBe(
      "core 0 served a in iteration 1, but by priority it is the turn of b (b, a)",
    ));
  test("condemns who goes before a smaller id", () => {
    const renamed = setIn(rivalry, { ...rivalry.scenario.genesis, canisters: [canister("a", {}), canister("b", {})] });
    expect(judged(prioritiesOrderTheRound, edited(renamed, "turn-began", 0, { canister: "b" }))).toMatch(/turn of a \(a, b\)/);
  });
  test("condemns who goes twice while another waits", () => {
    const twice = edited(
      setIn(rivalry, world(rivalry.scenario.genesis.canisters, { roundInstructionLimit: instructions(102) })),
      "turn-began",
      1,
      { canister: "a" },
    );
    expect(judged(prioritiesOrderTheRound, twice)).toMatch(/core 0 served a in iteration 1, but by priority it is the turn of b/);
  });
});
