/** What an onlooker knows of the work of canisters is what the reference has: every input, who runs, and every execution under way. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createModel } from "../model/index.ts";
import { busyWorlds, everything, managedWorlds, thriftyWorlds } from "../properties/index.ts";
import { canisterId, cycles, ingressId, type CanisterView, type Event, type Scenario } from "../spec/index.ts";
import { hasWork, noteWork, noWork, type Workload } from "./workload.ts";

test.each([
  ["in which canisters decide about each other", managedWorlds(everything)],
  ["in which there is a lot to do", busyWorlds(everything)],
  ["in which canisters run dry", thriftyWorlds(everything)],
] as const)("in worlds %s", async (_, worlds) => {
  await fc.assert(
    fc.asyncProperty(worlds, async (scenario) => {
      expect(await firstError(scenario)).toBeNull();
    }),
    { numRuns: 60 },
  );
});

const canister = canisterId("a");

/** The work of canister a, or that there is none, after these events. */
const after = (...events: readonly Event[]): boolean => {
  const works = new Map([[canister, noWork]]);
  for (const event of events) expect(noteWork(works, event)).toBeNull();
  return hasWork(works.get(canister) ?? noWork);
};

test("a hook that is ready is work for a canister that runs and has code", () => {
  const ready: Event = { kind: "hook-ready", canister };
  expect(after(ready)).toBe(true);
  expect(after(ready, { kind: "canister-stopping", canister })).toBe(false);
  expect(after(ready, { kind: "canister-stopping", canister }, { kind: "canister-started", canister })).toBe(true);
  expect(after(ready, { kind: "uninstalled", canister })).toBe(false);
});

test("what users ask about a canister is no work for it, though it pays", () => {
  const inducted = { kind: "ingress-inducted", ingress: ingressId("x"), canister, fee: cycles(1n), balance: cycles(2n) } as const;
  expect(after(inducted)).toBe(true);
  expect(after({ ...inducted, asked: "stop_canister" })).toBe(false);
  expect(after({ ...inducted, asked: "provisional_create_canister_with_cycles", canister: null })).toBe(false);
});

test("an answer to a canister that is gone is work for nobody", () => {
  const answered: Event = {
    kind: "management-answered",
    caller: canister,
    callback: 0,
    result: { kind: "reject", code: 5, error: "IC0512" },
    refund: cycles(0n),
  };
  expect(after(answered)).toBe(true);
  expect(after({ kind: "canister-deleted", canister, burned: cycles(0n) }, answered)).toBe(false);
});

/** Where what is known of a canister is not what the reference says. */
const firstError = async ({ genesis, inputs }: Scenario): Promise<string | null> => {
  const session = await createModel().boot(genesis);
  const works = new Map(genesis.canisters.map(({ id }): [typeof id, Workload] => [id, noWork]));
  for (const [at, input] of inputs.entries()) {
    if ("subnet" in input) return null;
    for (const event of (await session.apply(input)).events) {
      if (event.kind === "turn-began" && !hasWork(works.get(event.canister) ?? noWork))
        return `input ${at}: ${event.canister} has no work and a turn`;
      const stranger = noteWork(works, event);
      if (stranger !== null) return `input ${at}: nobody has heard of ${stranger}`;
    }
    const { canisters } = await session.view!();
    if (canisters.length !== works.size) return `input ${at}: ${works.size} canisters are known of ${canisters.length}`;
    for (const canister of canisters) {
      const wrong = wrongIn(works.get(canister.id) ?? noWork, canister);
      if (wrong !== null) return `input ${at}: ${wrong} of ${canister.id}`;
    }
  }
  return null;
};

const wrongIn = (known: Workload, { inputs, execution, status }: CanisterView): string | null => {
  // A message that is under way waits in no queue, and a task never did.
  const possible = execution === null ? [inputs] : [inputs, inputs + 1];
  if (!possible.includes(known.inputs)) return `${known.inputs} inputs are known, and there are ${possible.join(" or ")},`;
  if (known.long !== (execution !== null)) return "the execution";
  return known.running === (status === "running") ? null : "the status";
};
