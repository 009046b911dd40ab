/** What a round costs when almost nobody has work: counted in records that it touches, not in time. */
import { describe, expect, test } from "vitest";
import { bytes, instructions, nanoseconds } from "../spec/index.ts";
import { all, charged, pass } from "./charged-world.ts";
import { balanceOf } from "./cohorts.ts";
import { applyInput } from "./engine.ts";
import { manager, ordering } from "./small-management.ts";
import {
  call,
  consume,
  ingress,
  networked,
  reply,
  round,
  setTimer,
  smallWorld,
  withModules,
  write,
  type SmallCanister,
} from "./small-world.ts";
import { engineOf, type Engine } from "./state.ts";
import { setStatus } from "./statuses.ts";
import { arm } from "./timers.ts";

/** The places of a list that somebody reads or writes. */
const watched = <List extends object>(list: List): { readonly list: List; readonly touched: Set<number> } => {
  const touched = new Set<number>();
  const note = (key: string | symbol): void => {
    if (typeof key === "string" && /^\d+$/.test(key)) touched.add(Number(key));
  };
  const proxied = new Proxy(list, {
    get: (target, key) => {
      note(key);
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
    set: (target, key, value) => {
      note(key);
      return Reflect.set(target, key, value);
    },
  });
  return { list: proxied, touched };
};

describe("a round with few active canisters among many", () => {
  const idle = 5000;
  const rounds = 5;
  const busy = { go: [setTimer(1n), call("c0003"), reply()], onTimer: [setTimer(1n)] };
  const name = (index: number): string => `c${String(index).padStart(4, "0")}`;
  /** Calls somebody who does not answer, with a deadline that is far away, and without any. */
  const wait = [call("far", { timeout: 10n ** 9n }), call("far")];
  const many = Object.fromEntries(
    Array.from({ length: idle }, (_, index): [string, SmallCanister] => [
      name(index),
      { ...busy, methods: { wait }, balance: 1_000_000n, allocation: index < 4 ? index : 0 },
    ]),
  );

  test("touches those, the few that are promised a full round, and no others", () => {
    const limits = {
      roundInstructionLimit: instructions(100_000),
      historyCapacity: idle,
      streamCapacity: idle,
      callbackLimit: idle,
      bestEffortLifetime: nanoseconds(10n ** 9n),
      guaranteedResponseMemory: bytes(10 ** 9),
    };
    const engine = engineOf(networked(smallWorld(many, limits), "s0", { far: "s1" }));
    const reads = engine.canisters.map((canister) => ({ canister, touched: 0 }));
    const counted = reads.map(
      (read) => new Proxy(read.canister, { get: (target, key) => (read.touched++, Reflect.get(target, key) as unknown) }),
    );
    const paid = watched(new Float64Array(idle));
    const { scheduler } = engine;
    if (scheduler.kind === "published") scheduler.standing = paid.list;
    const priced: Engine = {
      ...engine,
      canisters: counted,
      byId: new Map(counted.map((canister) => [canister.id, canister])),
    };
    for (let index = 2000; index < 2500; index++) applyInput(priced, ingress(`w${index}`, name(index), "wait"));
    for (let number = 0; number < 3; number++) applyInput(priced, round()); // the roots of all canisters, once; and the waiting begins
    expect(priced.totals.callbacks).toBe(1000);
    for (const read of reads) read.touched = 0;
    paid.touched.clear();
    for (let number = 0; number < rounds; number++) {
      for (const index of [7, 4000]) applyInput(priced, ingress(`i${number}-${index}`, name(index)));
      applyInput(priced, round());
    }
    const touched = reads.flatMap((read, index) => (read.touched > 0 ? [index] : []));
    expect(touched).toEqual([3, 7, 4000]);
    // A promise pops a heap, which reads two children on each level of a path, and pushes it, which reads one parent.
    const promises = rounds * scheduler.cores;
    expect(paid.touched.size).toBeLessThanOrEqual(3 * Math.ceil(Math.log2(idle)) * promises);
  });

  test("touches nobody who is stopped, whatever it would do if it ran", () => {
    const beating = Object.fromEntries(Array.from({ length: idle }, (_, index) => [name(index), { onHeartbeat: [], balance: 10n ** 9n }]));
    const engine = engineOf(smallWorld(beating, { roundInstructionLimit: instructions(100_000) }));
    const touched = new Set<number>();
    const counted = engine.canisters.map(
      (canister, index) => new Proxy(canister, { get: (target, key) => (touched.add(index), Reflect.get(target, key) as unknown) }),
    );
    const priced: Engine = {
      ...engine,
      canisters: counted,
      byId: new Map(counted.map((canister) => [canister.id, canister])),
      beating: new Set(counted),
    };
    for (const canister of counted.slice(0, idle - 3)) {
      canister.timer = nanoseconds(1_001n);
      arm(priced.timers, canister);
      setStatus(priced, canister, "stopped");
    }
    applyInput(priced, round()); // their alarms ring, once
    touched.clear();
    for (let number = 0; number < rounds; number++) applyInput(priced, round());
    expect(touched).toEqual(new Set([idle - 3, idle - 2, idle - 1]));
  });

  test("touches whoever was given code as long as that is not forgiven, and then nobody", () => {
    const ruled = Object.fromEntries(
      Array.from({ length: idle }, (_, index): [string, SmallCanister] => [name(index), { controllers: ["boss"] }]),
    );
    const engine = engineOf(withModules(smallWorld({ boss: manager(), ...ruled }), { m: { onInit: [write(0, "01"), consume(349)] } }));
    const touched = new Set<string>();
    const counted = engine.canisters.map(
      (canister) => new Proxy(canister, { get: (target, key) => (touched.add(target.id), Reflect.get(target, key) as unknown) }),
    );
    const priced: Engine = { ...engine, canisters: counted, byId: new Map(counted.map((canister) => [canister.id, canister])) };
    applyInput(priced, round()); // the roots of all canisters, once
    touched.clear();
    for (const input of ordering("install_code", `${name(7)} reinstall m`)) applyInput(priced, input);
    expect(touched).toEqual(new Set(["boss", name(7)]));
    applyInput(priced, round()); // the answer is heard
    const touchedIn = (): readonly string[] => (touched.clear(), applyInput(priced, round()), [...touched]);
    expect([touchedIn(), touchedIn(), touchedIn()]).toEqual([[name(7)], [name(7)], []]); // a round forgives 100 of 350
  });

  test("touches no more when all of them are charged", () => {
    const charges = 20;
    const world = Object.fromEntries(
      Array.from({ length: idle }, (_, index): [string, SmallCanister] => [
        name(index),
        { balance: 10n ** 9n + BigInt(index), allocation: index < 150 ? 1 : 0 },
      ]),
    );
    const engine = engineOf(charged(world, { cores: 3 }));
    const touched = new Set<number>();
    const counted = engine.canisters.map(
      (canister, index) => new Proxy(canister, { get: (target, key) => (touched.add(index), Reflect.get(target, key) as unknown) }),
    );
    const priced: Engine = {
      ...engine,
      canisters: counted,
      byId: new Map(counted.map((canister) => [canister.id, canister])),
      stirred: [...counted],
    };
    expect(applyInput(priced, pass(10)).events).toContainEqual(all(idle, 0n, 1_500n));
    touched.clear();
    for (let number = 0; number < charges; number++) {
      for (const index of [7, 4000]) applyInput(priced, ingress(`i${number}-${index}`, name(index)));
      expect(applyInput(priced, pass(10)).events).toContainEqual(all(idle, 0n, 1_500n));
    }
    // The active ones; the one that may be the first to run dry; and those whom the active ones meet in the heap.
    for (const index of [0, 7, 4000]) expect(touched).toContain(index);
    expect(touched.size).toBeLessThanOrEqual(3 + 2 * 3 * Math.ceil(Math.log2(idle)));
    expect(balanceOf(counted[149]!)).toBe(10n ** 9n + 149n - 10n * BigInt(charges + 1));
  });
});
