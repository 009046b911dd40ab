/** What happens around executions: the door, blocks, tapes, timers and cores, each in a world computed by hand. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { canisterId, cycles, instructions, managementCanister, type Genesis } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { call, consume, ingress, message, only, reply, round, smallWorld, tapeOf, write } from "./small-world.ts";

describe("at the door", () => {
  test("an ingress message is refused for the first reason that applies", () => {
    const session = boot(smallWorld({ a: { balance: 54n }, poor: { balance: 53n } }));
    const large = "00".repeat(65);
    const refusal = (...said: Parameters<typeof ingress>) => session.apply(ingress(...said)).events;
    expect(refusal("i", "a", "go", "0000")).toEqual([{ kind: "ingress-received", ingress: "i" }]);
    expect(refusal("i", "nobody", "go", large)).toEqual([{ kind: "ingress-refused", ingress: "i", error: "CN0001" }]);
    expect(refusal("j", "nobody", "go", large)).toEqual([{ kind: "ingress-refused", ingress: "j", error: "CN0002" }]);
    expect(refusal("j", "nobody")).toEqual([{ kind: "ingress-refused", ingress: "j", error: "IC0301" }]);
    expect(refusal("j", managementCanister)).toMatchObject([{ error: "IC0536" }]);
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
    // A hash of the time says who is first: at 1001 it is b.
    expect(only(asking.events, "randomness-asked")).toEqual([
      { kind: "randomness-asked", canister: "b", callback: 0, asked: 1 },
      { kind: "randomness-asked", canister: "a", callback: 0, asked: 1 },
    ]);
    expect(asking.ledger.messages).toBe(20n);
    expect(session.view().waitingForRandomness).toBe(2);
    expect(session.apply(round()).draws).toEqual([]);
    const { draws, events } = session.apply(round());
    const seed = sha256("canon-random-tape", Buffer.from(tapeOf("5a"), "hex"));
    const draw = (index: number) => sha256(seed, "raw-rand", Buffer.from([0, 0, 0, 0, 0, 0, 0, index])).toString("hex");
    expect(draws).toEqual([
      { tape: 3, index: 0, purpose: "randomness", asked: 1, canister: "b", callback: 0, bytes: draw(0) },
      { tape: 3, index: 1, purpose: "randomness", asked: 1, canister: "a", callback: 0, bytes: draw(1) },
    ]);
    expect(only(events, "executed")[0]).toMatchObject({ canister: "a", refunded: 20n, transmissionFee: 32n, wrote: [[0, draw(1)]] });
  });

  test("asked for by a best-effort call that expired meanwhile is drawn, and only the cycles come back", () => {
    const patient = call(managementCanister, { method: "raw_rand", attached: 20n, timeout: 1n, onReject: [write(0, message)] });
    const session = boot(smallWorld({ a: { go: [patient] } }, { tapeLag: 2 }));
    session.apply(ingress("i", "a"));
    session.apply(round());
    const expired = session.apply(round(2n));
    expect(only(expired.events, "callback-expired")).toEqual([{ kind: "callback-expired", caller: "a", callback: 0 }]);
    expect(only(expired.events, "executed")).toMatchObject([{ refunded: 0n, wrote: [[0, "06"]] }]);
    const { events, draws, ledger } = session.apply(round());
    expect(draws).toMatchObject([{ asked: 1, canister: "a", callback: 0 }]);
    expect(events.slice(1, -1)).toMatchObject([
      { kind: "randomness-answered", canister: "a", callback: 0 },
      { kind: "response-late", caller: "a", callback: 0, refund: 20n },
    ]);
    expect(ledger.messages).toBe(0n);
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

  test("stop when their counter is used up, and what was not induced goes through the loopback stream", () => {
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
    expect(only(events, "message-streamed")).toMatchObject([
      { to: "subnet", index: 0, message: { kind: "request", caller: "a", callee: "b" } },
    ]);
    expect(session.view().canisters.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    const next = session.apply(round()).events;
    expect(next.slice(1, 4)).toEqual([
      { kind: "stream-collected", to: "subnet", begin: 1 },
      { kind: "request-inducted", caller: "a", callback: 0, callee: "b" },
      { kind: "slice-taken", from: "subnet", signals: 1 },
    ]);
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
