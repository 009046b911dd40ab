/** A canister without code: what it owes, what it still waits for, and what it may not do any more. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, hex, instructions, subnetId } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { accept, call, ingress, networked, only, reply, round, roundWith, setTimer, smallWorld, uninstall, write } from "./small-world.ts";

const within = <T>(events: readonly T[]) => events.slice(1, -1);

describe("uninstalling a canister", () => {
  const go = [accept(10n), write(0, "01"), setTimer(5n), call("c", { attached: 20n, onReply: [write(1, "02")] })];
  const world = networked(
    smallWorld(
      { a: { go: [call("b", { attached: 50n })] }, b: { go, methods: { early: [...go, reply()] }, onHeartbeat: [] } },
      { queueCapacity: 5 },
    ),
    "s0",
    { c: "s1" },
  );
  const session = () => {
    const booted = boot(world);
    booted.apply(ingress("i", "a"));
    booted.apply(ingress("j", "b"));
    booted.apply(ingress("k", "b", "early"));
    booted.apply(round(0n));
    return booted;
  };

  test("rejects what it owes, with what was not accepted, and keeps the contexts whose calls are open", () => {
    const booted = session();
    const open = booted.view().canisters[1]!.contexts.map(({ id, status }) => [id, status]);
    const { events, ledger } = booted.apply(uninstall("b"));
    expect(open.map(([, status]) => status)).toEqual(["open", "responded", "open"]);
    expect(events[0]).toEqual({ kind: "uninstalled", canister: "b" });
    expect(only(events, "answered")).toMatchObject([
      { origin: { kind: "ingress", ingress: "j" }, refund: 0n, result: { code: 4, error: "IC0406" } },
      { origin: { kind: "canister", canister: "a" }, refund: 40n, result: { code: 4, error: "IC0406" } },
    ]);
    expect(only(events, "context-deleted").map(({ context }) => context)).toEqual(open.map(([id]) => id));
    expect(ledger).toMatchObject({ contexts: 0n, messages: 40n });
    expect(booted.view().canisters[1]).toMatchObject({ installed: false, pages: [], timer: null });
  });

  test("leaves responses without an execution: their cycles and the reserve come back", () => {
    const booted = session();
    booted.apply(uninstall("b"));
    booted.apply({ kind: "restart" });
    const before = booted.view().canisters[1]!.balance;
    const result = { kind: "reply", payload: hex("0102") } as const;
    const { callbacks, contexts } = booted.view().canisters[1]!;
    const [caller, respondent, refund] = [canisterId("b"), canisterId("c"), cycles(5n)];
    const messages = callbacks.map(
      ({ id }) => ({ kind: "response", caller, callback: id, respondent, result, refund, deadline: null }) as const,
    );
    const { events, ledger } = booted.apply(roundWith([{ from: subnetId("s1"), begin: 0, messages, signals: callbacks.length }], 9n));
    const [first] = only(events, "response-discarded");
    expect(first).toEqual({
      kind: "response-discarded",
      canister: "b",
      callback: callbacks[0]!.id,
      refunded: 5n,
      released: 1162n,
      transmissionFee: 2n,
      balance: before + 5n + 1162n,
    });
    expect(only(events, "context-removed").filter(({ canister }) => canister === "b")).toMatchObject(
      contexts.map((_, at) => ({ remaining: contexts.length - at - 1 })),
    );
    expect(only(events, "executed").filter(({ canister }) => canister === "b")).toEqual([]);
    expect(only(events, "tasks-chosen")).toEqual([]);
    expect(ledger.callbacks).toBe(0n);
  });

  test("that is not there is refused; doing it twice deletes the contexts twice and rejects nothing more", () => {
    const booted = session();
    expect(booted.apply(uninstall("nobody")).events).toEqual([{ kind: "uninstall-refused", canister: "nobody", error: "IC0301" }]);
    booted.apply(uninstall("b"));
    const { events } = booted.apply(uninstall("b"));
    expect(events.map(({ kind }) => kind)).toEqual(["uninstalled", "context-deleted", "context-deleted", "context-deleted"]);
  });

  test("takes its hook away, even one that is ready", () => {
    const lowMemory = { limit: 4, threshold: 9, hook: [] };
    const one = { cores: 1, roundInstructionLimit: instructions(1010) };
    const small = boot(smallWorld({ a: { go: [write(0, "01")], lowMemory } }, one));
    small.apply(ingress("i", "a"));
    small.apply(round());
    expect(small.view().canisters[0]!.tasks).toEqual(["low-memory"]);
    small.apply(uninstall("a"));
    expect(small.view().canisters[0]!.tasks).toEqual([]);
    small.apply({ kind: "restart" });
    expect(within(small.apply(round()).events)).toEqual([]);
  });
});
