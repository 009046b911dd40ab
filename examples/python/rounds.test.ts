/**
 * The example leads its canisters through rounds as a reader of `docs/machine.md` works it out with pencil and paper:
 * timers, randomness, priorities, the counter of a round, the order of cores, restarts.
 */
import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import { call, canister, consume, ingress, kinds, observing, only, reply, round, setTimer, write } from "./pencil.ts";

const conversation = converse("machine.py");
const observe = observing(conversation);
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

describe("a round", () => {
  test("turns a timer that is due into a task, once", async () => {
    const world = [{ ...canister("alice", { m: [setTimer("5"), reply("")] }), onTimer: [write(0, { kind: "time" })] }];
    const [, first, second, third] = await observe(world, [ingress("a", "alice", "m"), round(), round(), round()]);
    expect(only(first, "executed")).toMatchObject({ timer: "1010" });
    expect(kinds(second).slice(1)).toEqual(["tasks-chosen", "turn-began", "executed", "context-removed", "turn-ended", "round-ended"]);
    expect(only(second, "executed")).toMatchObject({
      cause: { kind: "timer" },
      context: 1,
      timer: null,
      wrote: [[0, (1010).toString(16).padStart(16, "0")]],
    });
    expect(kinds(third)).toEqual(["round-began", "round-ended"]);
  });

  test("answers a request for randomness from the tape of a later round", async () => {
    const onReply = [reply({ kind: "message" })];
    const world = [canister("alice", { ask: [call("aaaaa-aa", "raw_rand", { attached: "5", onReply })] })];
    const inputs = [ingress("a", "alice", "ask"), round("11"), round("22"), round("33")];
    const [, asked, waited, answered] = await observe(world, inputs, { tapeLag: 2 });
    expect(only(asked, "randomness-asked")).toEqual({ kind: "randomness-asked", canister: "alice", callback: 0, asked: 1 });
    expect(asked!.ledger["messages"]).toBe("5");
    expect(waited!.draws).toEqual([]);
    const seed = createHash("sha256")
      .update("canon-random-tape")
      .update(Buffer.from("33".repeat(32), "hex"))
      .digest();
    const bytes = createHash("sha256").update(seed).update("raw-rand").update(Buffer.alloc(8)).digest("hex");
    expect(answered!.draws).toEqual([{ tape: 3, index: 0, purpose: "randomness", asked: 1, canister: "alice", callback: 0, bytes }]);
    expect(only(answered, "ingress-answered")).toMatchObject({ result: { kind: "reply", payload: bytes } });
  });

  test("gives the first turn to who waited longest, when there are more canisters than cores", async () => {
    const world = ["carol", "alice", "bob"].map((id) => canister(id, { m: [reply("")] }));
    const inputs = ["1", "2", "3"].flatMap((n) => [...world.map(({ id }) => ingress(`${id}-${n}`, id, "m")), round()]);
    const rounds = (await observe(world, inputs, { cores: 1 })).filter(({ events }) => events[0]?.["kind"] === "round-began");
    expect(rounds.map((observed) => observed.events.filter(({ kind }) => kind === "turn-began").map(({ canister: id }) => id))).toEqual([
      ["alice", "bob", "carol"], // all have 100; alice pays 300
      ["bob", "carol", "alice"], // alice -100, the others 200; bob pays
      ["carol", "alice", "bob"], // alice and bob 0, carol 300
    ]);
  });

  test("forgets all priorities when its height is a multiple of 100 for each core and canister", async () => {
    const shares = { alice: 60, bob: 20 }; // a round credits alice with 140 and bob with 60; who is first pays 200
    const world = Object.entries(shares).map(([id, computeAllocation]) => ({ ...canister(id, { m: [reply("")] }), computeAllocation }));
    const busy = (n: string) => [...world.map(({ id }) => ingress(`${id}-${n}`, id, "m")), round()];
    const observed = await observe(world, [...Array<object>(199).fill(round()), ...busy("1"), ...busy("2")], { cores: 1 });
    const rounds = observed.slice(199).filter(({ events }) => events[0]?.["kind"] === "round-began");
    expect(rounds.map(({ events }) => events.filter(({ kind }) => kind === "turn-began").map(({ canister: id }) => id))).toEqual([
      ["alice", "bob"], // 140 and 60, as in the first round; without the reset 200 and 0
      ["bob", "alice"], // 80 and 120; without the reset 140 and 60
    ]);
  });

  test("ends when a core has used up the counter, and leaves the rest for the next one", async () => {
    const world = [canister("alice", { m: [consume(900), call("bob", "m", {})] }), canister("bob", { m: [reply("")] })];
    const limits = { roundInstructionLimit: 1500 }; // counter: 1500 - 1010 + 1 = 491
    const [, , first, second] = await observe(world, [ingress("a", "alice", "m"), ingress("b", "alice", "m"), round(), round()], limits);
    expect(first!.events.filter(({ kind }) => kind === "turn-ended")).toEqual([
      { kind: "turn-ended", iteration: 1, core: 0, canister: "alice", instructions: 911, drained: false },
    ]);
    expect(first!.events.at(-1)).toEqual({ kind: "round-ended", height: 1, iterations: 1, instructions: 911 });
    expect(first!.ledger["messages"]).toBe("0");
    expect(first!.ledger["callbacks"]).toBe("1164");
    expect(kinds(second).slice(0, 6)).toEqual([
      ...["round-began", "stream-collected", "request-inducted", "slice-taken", "turn-began", "executed"],
    ]);
  });

  test("looks the same in whatever order the cores run", async () => {
    const world = ["alice", "bob", "carol"].map((id) => canister(id, { m: [call("bob", "m", { attached: "9" }), reply("")] }));
    const inputs = (coreOrder: number[]) => [...world.map(({ id }) => ingress(id, id, "m")), { ...round(), coreOrder }, round()];
    expect(await observe(world, inputs([2, 0, 9, 0]), { cores: 3 })).toEqual(await observe(world, inputs([]), { cores: 3 }));
  });

  test("a restart changes nothing", async () => {
    const world = [canister("alice", { ask: [setTimer("7"), call("aaaaa-aa", "raw_rand", { onReply: [reply({ kind: "message" })] })] })];
    const inputs = [ingress("a", "alice", "ask"), round("11"), ingress("b", "alice", "ask"), round("22"), round("33")];
    const plain = await observe(world, inputs);
    const restarted = await observe(
      world,
      inputs.flatMap((input) => [input, { kind: "restart" }]),
    );
    expect(restarted.filter((_, at) => at % 2 === 0)).toEqual(plain);
    for (const observed of restarted.filter((_, at) => at % 2 === 1)) expect(observed.events).toEqual([{ kind: "restarted" }]);
  });
});

test("cycles put onto a canister are minted", async () => {
  const inputs = ["alice", "nobody"].map((id) => ({ kind: "top-up", canister: id, cycles: "18446744073709551616" }));
  const [there, nowhere] = await observe([canister("alice", {})], inputs);
  expect(there!.events).toEqual([
    { kind: "topped-up", canister: "alice", cycles: "18446744073709551616", balance: "18446744073709561616" },
  ]);
  expect(there!.ledger["minted"]).toBe("18446744073709561616");
  expect(nowhere!.events).toEqual([{ kind: "top-up-refused", canister: "nobody", error: "IC0301" }]);
});
