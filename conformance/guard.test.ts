/** Whatever a machine throws or forgets to answer comes out as a fault that names the input. */
import { describe, expect, test } from "vitest";
import { model } from "../model/index.ts";
import type { Machine, Observation } from "../spec/index.ts";
import { MachineFault } from "./fault.ts";
import { guarded } from "./guard.ts";
import { conversation, genesisOf, restart, round } from "./testing/worlds.ts";

const genesis = genesisOf([]);
const machine = (apply: (times: number) => Observation | Promise<Observation>): Machine => ({
  name: "fake",
  boot: () => {
    let times = 0;
    return { apply: () => apply(times++) };
  },
});
const good = (): Observation => {
  const session = model.boot(genesis);
  if (session instanceof Promise) throw new Error("the model answers at once");
  return session.apply(restart) as Observation;
};

const faultOf = async (subject: Machine, limit?: number): Promise<MachineFault> => {
  try {
    const session = await guarded(subject, limit).boot(genesis);
    for (const input of [restart, round(), restart]) await session.apply(input);
  } catch (reason) {
    if (reason instanceof MachineFault) return reason;
    throw reason;
  }
  throw new Error("nothing went wrong");
};

describe("a guarded machine", () => {
  test("does what the machine does, at once", () => {
    const session = guarded(model).boot(conversation.genesis);
    expect(session).not.toBeInstanceOf(Promise);
    if (session instanceof Promise) return;
    expect(session.apply(round())).toMatchObject({ events: [{ kind: "round-began" }, { kind: "round-ended" }] });
    expect(session.view?.()).toMatchObject({ height: 1 });
  });

  test("names the input at which the machine threw", async () => {
    const thrower = machine((times) => {
      if (times === 1) throw new TypeError("cannot read\nthis");
      return good();
    });
    expect(await faultOf(thrower)).toMatchObject({ fault: "CRASH", at: 1, message: "cannot read" });
  });

  test("names the input whose promise was refused", async () => {
    expect(await faultOf(machine((times) => (times === 2 ? Promise.reject(new Error("no")) : good())))).toMatchObject({
      fault: "CRASH",
      at: 2,
    });
  });

  test("does not wait for ever for a promise", async () => {
    expect(
      await faultOf(
        machine(() => new Promise(() => undefined)),
        20,
      ),
    ).toMatchObject({ fault: "TIMEOUT", at: 0 });
  });

  test("does not take for an observation what is none", async () => {
    expect(await faultOf(machine(() => ({ events: [] }) as unknown as Observation))).toMatchObject({ fault: "PROTOCOL_ERROR", at: 0 });
  });

  test("says of a boot that throws that there was no input yet", async () => {
    const refuser: Machine = {
      name: "refuser",
      boot: () => {
        throw new Error("not today");
      },
    };
    expect(await faultOf(refuser)).toMatchObject({ fault: "CRASH", at: null, message: "not today" });
  });
});
