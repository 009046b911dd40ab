/** What a machine did is kept as far as it went, and the state of the right subnet can be looked at. */
import { describe, expect, test } from "vitest";
import { model } from "../model/index.ts";
import { drive, type Machine, type StateView, type Trace } from "../spec/index.ts";
import { guarded } from "./guard.ts";
import { record, stateAfter } from "./recording.ts";
import { conversation, neighbours } from "./testing/worlds.ts";

/** The model, but the sessions of one name break down, and every session is told of when it is closed. */
const breaking = (broken: string | null, closed: string[] = []): Machine => ({
  name: "breaking",
  boot: async (genesis) => {
    const session = await model.boot(genesis);
    const own = genesis.network?.own ?? "";
    return {
      ...session,
      apply: (input) => (own === broken ? Promise.reject(new Error("lost")) : session.apply(input)),
      close: () => void closed.push(own),
    };
  },
});

describe("a recording", () => {
  test("is the trace, where the machine comes to the end, on one subnet and on two", async () => {
    for (const scenario of [conversation, neighbours]) {
      const { steps } = drive(model, scenario) as Trace;
      expect(await record(model, scenario)).toEqual({ steps, fault: null });
    }
  });

  test("has the steps before the breakdown, and every session is closed", async () => {
    const closed: string[] = [];
    const { steps, fault } = await record(guarded(breaking("right", closed)), neighbours);
    expect(steps).toHaveLength(2);
    expect(fault).toBe("CRASH: lost");
    expect(closed.toSorted()).toEqual(["left", "right"]);
  });

  test("tells before each input that it comes", async () => {
    let told = 0;
    await record(model, neighbours, () => told++);
    expect(told).toBe(neighbours.inputs.length);
  });
});

describe("the state after some inputs", () => {
  test("is that of the subnet to which the last of them went", async () => {
    const canisters = async (inputs: number) => ((await stateAfter(model, neighbours, inputs)) as StateView).canisters.map(({ id }) => id);
    expect([await canisters(2), await canisters(3), await canisters(4)]).toEqual([["alpha"], ["beta"], ["alpha"]]);
    expect(((await stateAfter(model, neighbours, 3)) as StateView).streams).toMatchObject([
      { to: "left", messages: 1, signals: 1 },
      { to: "right", messages: 0, signals: 0 },
    ]);
  });

  test("is words when the machine breaks down before, whichever subnet it was", async () => {
    expect(await stateAfter(guarded(breaking("right")), neighbours, 5)).toBe("breaking failed before: CRASH: lost");
    expect(await stateAfter(guarded(breaking("right")), neighbours, 2)).toMatchObject({ canisters: [{ id: "alpha" }] });
  });
});

test("a fault names the input of the scenario, whichever session it went to", async () => {
  const fault: unknown = await Promise.resolve(drive(guarded(breaking("right")), neighbours)).catch((reason: unknown) => reason);
  expect(fault).toMatchObject({ fault: "CRASH", at: 2 });
});
