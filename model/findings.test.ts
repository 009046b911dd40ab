/** What the reference shows of the published scheduler that its description does not say; told in `docs/findings/`. */
import { expect, test } from "vitest";
import { drive, instructions, percent, type Genesis, type Input, type Machine, type Trace } from "../spec/index.ts";
import { impl } from "../impl/index.ts";
import { model } from "./index.ts";
import { canister, ingress, round, world } from "./testing.ts";

/** How many of so many rounds each canister was first on a core; a message fills a round of its core. */
const fullRounds = (machine: Machine, genesis: Genesis, busy: readonly string[], rounds: number): Readonly<Record<string, number>> => {
  const backlog = busy.flatMap((id) => Array.from({ length: rounds }, (_, k): Input => ingress(`${id}-${k}`, id, "work")));
  const inputs = [...backlog, ...Array.from({ length: rounds }, (_, k) => round(k))];
  const turns = (drive(machine, { genesis, inputs }) as Trace).steps.flatMap(({ observation }) =>
    observation.events.filter(({ kind }) => kind === "turn-began"),
  );
  return Object.fromEntries(busy.map((id) => [id, turns.filter((event) => "canister" in event && event.canister === id).length]));
};

const work = { work: [{ op: "consume" as const, instructions: instructions(100) }] };
const threeOnOneCore = world(
  ["a", "b", "c"].map((id) => canister(id, work)),
  { cores: 1, roundInstructionLimit: instructions(102) },
);

test.each([model, impl])("an idle canister's turn always goes to the same one of two equal canisters ($name)", (machine) => {
  expect(fullRounds(machine, threeOnOneCore, ["a", "b", "c"], 30)).toEqual({ a: 10, b: 10, c: 10 });
  expect(fullRounds(machine, threeOnOneCore, ["a", "b"], 30)).toEqual({ a: 20, b: 10 });
  expect(fullRounds(machine, threeOnOneCore, ["a", "b"], 60)).toEqual({ a: 40, b: 20 });
});

test("an allocation of one percent is enough to be the one who gets it", () => {
  const reserved = {
    ...threeOnOneCore,
    canisters: threeOnOneCore.canisters.map((each) => (each.id === "b" ? { ...each, computeAllocation: percent(1) } : each)),
  };
  const { a, b } = fullRounds(model, reserved, ["a", "b"], 60);
  expect(b).toBeGreaterThan(a!);
});
