/** The door, the genesis and the units: what everybody who enters relies on. */
import { describe, expect, test } from "vitest";
import { feesOf2025 } from "./fees.ts";
import { publishedParameters } from "./parameters.ts";
import { faultsOf, type Genesis } from "./genesis.ts";
import { drive } from "./drive.ts";
import type { Awaitable, Machine } from "./machine.ts";
import type { Observation } from "./observation.ts";
import { bigEndian, bytes, byteLength, cycles, hex, nanoseconds, percent, seconds } from "./units.ts";
import { byId, canisterId } from "./identifiers.ts";

const genesis: Genesis = { parameters: publishedParameters, time: nanoseconds(0n), canisters: [] };
const nothing: Observation = {
  events: [],
  draws: [],
  stateRoot: null,
  ledger: {
    balances: cycles(0n),
    reserved: cycles(0n),
    float: cycles(0n),
    messages: cycles(0n),
    contexts: cycles(0n),
    callbacks: cycles(0n),
    executions: cycles(0n),
    lost: cycles(0n),
    sent: cycles(0n),
    received: cycles(0n),
    burned: cycles(0n),
    minted: cycles(0n),
  },
};
const machineThat = (apply: () => Awaitable<Observation>, closed: () => void): Machine => ({
  name: "test",
  boot: () => ({ apply, close: closed }),
});
const inputs = [{ kind: "restart" }, { kind: "restart" }] as const;

describe("a scenario led through the door", () => {
  test("gives one step for each input, at once when the machine answers at once", () => {
    let closed = 0;
    const trace = drive(
      machineThat(
        () => nothing,
        () => void closed++,
      ),
      { genesis, inputs },
    );
    expect(trace).toMatchObject({ machine: "test", steps: [{ input: { kind: "restart" } }, { input: { kind: "restart" } }] });
    expect(closed).toBe(1);
  });

  test("waits for a machine that answers later", async () => {
    const trace = drive(
      machineThat(
        () => Promise.resolve(nothing),
        () => undefined,
      ),
      { genesis, inputs },
    );
    expect(trace).toBeInstanceOf(Promise);
    expect((await trace).steps).toHaveLength(2);
  });

  test("closes the session of a machine that throws, now or later", async () => {
    let closed = 0;
    const broken = () => {
      throw new Error("broken");
    };
    expect(() =>
      drive(
        machineThat(broken, () => void closed++),
        { genesis, inputs },
      ),
    ).toThrow("broken");
    await expect(
      drive(
        machineThat(
          () => Promise.reject(new Error("later")),
          () => void closed++,
        ),
        { genesis, inputs },
      ),
    ).rejects.toThrow("later");
    expect(closed).toBe(2);
  });
});

describe("a genesis", () => {
  test("has no faults as published", () => {
    expect(faultsOf(genesis)).toEqual([]);
  });

  test("has a line for each fault, with field, expectation and what came", () => {
    const canister = {
      id: canisterId("a"),
      computeAllocation: percent(100),
      freezingThreshold: seconds(0),
      balance: cycles(0n),
      methods: [],
      onTimer: [],
    };
    const faulty: Genesis = {
      ...genesis,
      parameters: { ...publishedParameters, cores: 1, tapeLag: 0, fees: feesOf2025 },
      canisters: [canister, canister],
    };
    expect(faultsOf(faulty)).toEqual([
      "parameters.tapeLag: expected at least 1, or randomness could be predicted, got 0",
      "canisters[].computeAllocation: expected a sum of at most 100 · cores = 100, got 200",
      "canisters[].id: expected each id once, got a, a",
    ]);
  });
});

describe("a unit", () => {
  test("catches an underflow where it happens", () => {
    expect(() => cycles(3n - 4n)).toThrow("cycles: expected 0 or more, got -1");
    expect(() => bytes(0.5)).toThrow(RangeError);
    expect(() => percent(101)).toThrow("percent: expected 0 to 100, got 101");
  });

  test("writes bytes in one way only", () => {
    expect(bigEndian(258n, 4)).toBe("00000102");
    expect(byteLength(hex("00ff"))).toBe(2);
    expect(() => hex("0F")).toThrow(RangeError);
    expect(() => hex("0")).toThrow(RangeError);
    expect(() => bigEndian(256n, 1)).toThrow(RangeError);
  });

  test("orders ids by code unit", () => {
    expect(["c2", "c10", "c1", "a"].sort(byId)).toEqual(["a", "c1", "c10", "c2"]);
  });
});
