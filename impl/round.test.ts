/** What happens around executions: the door, blocks, tapes, timers and cores, each in a world computed by hand. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { canisterId, cycles, instructions, managementCanister, type Genesis } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { call, consume, ingress, message, only, reply, round, setTimer, smallWorld, tapeOf, trap, write } from "./small-world.ts";

describe("at the door", () => {
  test("an ingress message is refused for the first reason that applies", () => {
    const session = boot(smallWorld({ a: { balance: 54n }, poor: { balance: 53n } }));
    const large = "00".repeat(65);
    const refusal = (...said: Parameters<typeof ingress>) => session.apply(ingress(...said)).events;
    expect(refusal("i", "a", "go", "0000")).toEqual([{ kind: "ingress-received", ingress: "i" }]);
    expect(refusal("i", "nobody", "go", large)).toEqual([{ kind: "ingress-refused", ingress: "i", error: "CN0001" }]);
    expect(refusal("j", "nobody", "go", large)).toEqual([{ kind: "ingress-refused", ingress: "j", error: "CN0002" }]);
    expect(refusal("j", "nobody")).toEqual([{ kind: "ingress-refused", ingress: "j", error: "IC0301" }]);
    expect(refusal("j", managementCanister)).toMatchObject([{ error: "IC0301" }]);
    expect(refusal("j", "poor", "go", "0000")).toEqual([{ kind: "ingress-refused", ingress: "j", error: "IC0207" }]);
    expect(refusal("j", "poor", "go", "00")).toMatchObject([{ kind: "ingress-received" }]);
  });

  test("a top-up mints, or finds nobody", () => {
    const session = boot(smallWorld({ a: { balance: 1n } }));
    const { events, ledger } = session.apply({ kind: "top-up", canister: canisterId("a"), cycles: cycles(9n) });
    expect(events).toEqual([{ kind: "topped-up", canister: "a", cycles: 9n, balance: 10n }]);
    expect(ledger).toMatchObject({ balances: 10n, minted: 10n });
    expect(session.apply({ kind: "top-up", canister: canisterId("b"), cycles: cycles(9n) }).events).toEqual([
      { kind: "top-up-refused", canister: "b", error: "IC0301" },
    ]);
  });

  test("a genesis with faults does not boot, and every fault is named", () => {
    const genesis: Genesis = smallWorld({ a: {} }, { cores: 0, tapeLag: 0 });
    expect(() => boot(genesis)).toThrow(/parameters\.cores[^]*parameters\.tapeLag/);
  });
});

test("an ingress message that can no longer be paid for is answered when its block comes", () => {
  const session = boot(smallWorld({ a: { balance: 60n } }));
  session.apply(ingress("i", "a"));
  session.apply(ingress("j", "a"));
  const { events } = session.apply(round());
  expect(events.slice(1, 3)).toEqual([
    { kind: "ingress-inducted", ingress: "i", canister: "a", fee: 50n, balance: 10n },
    { kind: "ingress-answered", ingress: "j", result: { kind: "reject", code: 2, error: "IC0207" } },
  ]);
});

describe("randomness", () => {
  const sha256 = (...parts: readonly (string | Buffer)[]) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
  const ask = (id: string, attached = 0n) =>
    call(id, { method: "raw_rand", attached, onReply: [write(0, message), reply()], onReject: [write(1, message)] });

  test("comes from the first tape that was not known when it was asked for", () => {
    const session = boot(smallWorld({ a: { go: [ask(managementCanister, 20n)] }, b: { go: [ask(managementCanister)] } }, { tapeLag: 2 }));
    session.apply(ingress("i", "b"));
    session.apply(ingress("j", "a"));
    const asking = session.apply(round());
    expect(only(asking.events, "randomness-asked")).toEqual([
      { kind: "randomness-asked", canister: "a", callback: 0, asked: 1 },
      { kind: "randomness-asked", canister: "b", callback: 0, asked: 1 },
    ]);
    expect(asking.ledger.messages).toBe(20n);
    expect(session.view().waitingForRandomness).toBe(2);
    expect(session.apply(round()).draws).toEqual([]);
    const { draws, events } = session.apply(round());
    const seed = sha256("canon-random-tape", Buffer.from(tapeOf("5a"), "hex"));
    const draw = (index: number) => sha256(seed, "raw-rand", Buffer.from([0, 0, 0, 0, 0, 0, 0, index])).toString("hex");
    expect(draws).toEqual([
      { tape: 3, index: 0, asked: 1, canister: "a", callback: 0, bytes: draw(0) },
      { tape: 3, index: 1, asked: 1, canister: "b", callback: 0, bytes: draw(1) },
    ]);
    expect(only(events, "executed")[0]).toMatchObject({ refunded: 20n, transmissionFee: 32n, wrote: [[0, draw(0)]] });
  });

  test("asked for at the very end of a round counts from that round", () => {
    // One message a round, so the request is inducted at the start of the next one.
    const session = boot(smallWorld({ a: { go: [ask(managementCanister)] } }, { roundInstructionLimit: instructions(1010) }));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "randomness-asked")).toEqual([]);
    const { draws, events } = session.apply(round());
    expect(only(events, "randomness-asked")).toMatchObject([{ asked: 1 }]);
    expect(draws).toMatchObject([{ tape: 2, asked: 1 }]);
  });

  test.each([
    ["another method", call(managementCanister, { method: "go" }), "IC0536"],
    ["an argument", call(managementCanister, { method: "raw_rand", payload: "00" }), "IC0408"],
    ["both", call(managementCanister, { method: "go", payload: "00" }), "IC0536"],
  ])("is not given to a request with %s", (_, request, error) => {
    const session = boot(smallWorld({ a: { go: [request] } }));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "request-bounced")).toMatchObject([{ error }]);
  });
});

describe("a timer", () => {
  const armed = { go: [setTimer(10n), reply()], onTimer: [write(0, { kind: "time" }), setTimer(3n)] };

  test("is due when the time has reached it, and fires once", () => {
    const session = boot(smallWorld({ a: armed }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    expect(only(session.apply(round(9n)).events, "timer-due")).toEqual([]);
    const { events } = session.apply(round(1n));
    expect(only(events, "timer-due")).toEqual([{ kind: "timer-due", canister: "a" }]);
    expect(only(events, "executed")).toMatchObject([{ cause: { kind: "timer" }, context: 1, timer: 1013n }]);
    expect(only(events, "answered")).toEqual([]);
    expect(only(events, "context-removed")).toEqual([{ kind: "context-removed", canister: "a", context: 1, remaining: 0 }]);
    expect(only(session.apply(round(2n)).events, "timer-due")).toEqual([]);
    expect(only(session.apply(round(1n)).events, "timer-due")).toHaveLength(1);
  });

  test("replaced by a later one does not fire at the time of the first", () => {
    const session = boot(smallWorld({ a: { go: [setTimer(10n)], methods: { later: [setTimer(20n)], never: [setTimer(null)] } } }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    session.apply(ingress("j", "a", "later"));
    session.apply(round(0n));
    expect(only(session.apply(round(19n)).events, "timer-due")).toEqual([]);
    session.apply(ingress("k", "a", "never"));
    session.apply(round(0n));
    expect(only(session.apply(round(99n)).events, "timer-due")).toEqual([]);
  });

  test("whose task cannot be paid for stays set and is due again in the next round", () => {
    const session = boot(smallWorld({ a: { balance: 1252n, go: [setTimer(10n), reply()], onTimer: [] } }));
    session.apply(ingress("i", "a"));
    expect(session.apply(round(0n)).ledger.balances).toBe(1100n);
    session.apply(ingress("j", "a", "gone")); // leaves 50 less, so that the task lacks them
    session.apply({ kind: "restart" });
    for (let again = 0; again < 2; again++) {
      const { events } = session.apply(round(10n));
      expect(only(events, "timer-due")).toHaveLength(1);
      expect(only(events, "not-executed")[0]).toMatchObject({ cause: { kind: "timer" }, error: "IC0207", charged: 0n });
    }
    expect(session.view().canisters[0]!.timer).toBe(1010n);
    session.apply({ kind: "top-up", canister: canisterId("a"), cycles: cycles(9000n) });
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ cause: { kind: "timer" }, timer: null }]);
  });

  test("that traps stays deactivated", () => {
    const session = boot(smallWorld({ a: { ...armed, onTimer: [setTimer(1n), trap] } }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    expect(only(session.apply(round(10n)).events, "executed")).toMatchObject([{ trap: "IC0503", timer: null }]);
  });

  test("may not answer, but its callbacks find a context that is answered already", () => {
    const onTimer = [call("b", { onReply: [reply()] })];
    const session = boot(smallWorld({ a: { ...armed, onTimer }, b: {} }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    const { events } = session.apply(round(10n));
    expect(only(events, "executed").filter(({ canister }) => canister === "a")).toMatchObject([{ trap: null }, { trap: "IC0504" }]);
    expect(only(events, "context-removed").at(-1)).toMatchObject({ canister: "a", context: 1 });
  });
});

describe("cores", () => {
  const four = { a: { go: [consume(5), reply()] }, b: {}, c: { go: [call("a"), call("b")] }, d: { go: [consume(99)] } };
  const led = (coreOrder?: readonly number[]) => {
    const session = boot(smallWorld(four, { cores: 3 }));
    for (const id of ["a", "b", "c", "d"]) session.apply(ingress(`i-${id}`, id));
    return [session.apply(round(1n, coreOrder)), session.view()] as const;
  };

  test("are dealt the active canisters round robin, and their events come core by core", () => {
    const [{ events }] = led();
    expect(only(events, "turn-began").map(({ iteration, core, canister }) => `${iteration}:${core}:${canister}`)).toEqual([
      "1:0:a",
      "1:0:d",
      "1:1:b",
      "1:2:c",
      "2:0:a",
      "2:1:b",
      "3:0:c",
    ]);
    expect(only(events, "round-ended")).toMatchObject([{ iterations: 3, instructions: 16 + 109 + 16 + 20 }]);
  });

  test.each([[[2, 1, 0]], [[1]], [[2, 2, 7, -1, 0.5]], [[]]])("may run in the order %j and nobody can tell", (coreOrder) => {
    expect(led(coreOrder)).toEqual(led());
  });

  test("stop when their counter is used up, and what was not induced waits for the next round", () => {
    const session = boot(
      smallWorld({ a: { go: [call("b"), consume(500)] }, b: {} }, { roundInstructionLimit: instructions(1510), cores: 1 }),
    );
    session.apply(ingress("i", "a"));
    session.apply(ingress("j", "a"));
    session.apply(ingress("k", "b"));
    const { events } = session.apply(round());
    // The counter is 501: the first message uses 511, the others get no turn.
    expect(only(events, "turn-ended")).toMatchObject([{ canister: "a", instructions: 511, drained: false }]);
    expect(only(events, "request-inducted")).toEqual([]);
    expect(session.view().canisters.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [1, 1],
      [1, 0],
    ]);
    const next = session.apply(round()).events;
    expect(next[1]).toEqual({ kind: "request-inducted", caller: "a", callback: 0, callee: "b" });
  });

  test("go to those that paid least, whether or not they had work", () => {
    const session = boot(smallWorld({ a: {}, b: {}, c: {} }, { cores: 1 }));
    const turns: string[] = [];
    for (const id of ["1", "2", "3", "4"]) {
      for (const canister of ["a", "b", "c"]) session.apply(ingress(`${canister}${id}`, canister));
      turns.push(
        only(session.apply(round()).events, "turn-began")
          .map(({ canister }) => canister)
          .join(""),
      );
    }
    expect(turns).toEqual(["abc", "bca", "cab", "abc"]);
    expect(session.view().canisters.map(({ accumulatedPriority }) => accumulatedPriority)).toEqual([-200n, 100n, 100n]);
  });
});
