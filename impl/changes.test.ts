/** What is kept of the changes of a canister, its version, and what everybody can learn. */
import { describe, expect, test } from "vitest";
import { asciiOf, canisterId, bytes, instructions, percent, type Event, type Input } from "../spec/index.ts";
import { charged, pass } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { filled, install, of, ran, ruled, started, world } from "./small-code.ts";
import { ask, manager, order, told } from "./small-management.ts";
import {
  call,
  consume,
  ingress,
  only,
  reply,
  round,
  smallWorld,
  trap,
  uninstall,
  withModules,
  write,
  type SmallCanister,
} from "./small-world.ts";

const version = { kind: "version" } as const;
const allocate: Input = { kind: "set-compute-allocation", canister: canisterId("b"), computeAllocation: percent(0) };
const infoOf = (events: readonly Event[]): string | undefined => {
  const [answer] = told(events);
  return answer && Buffer.from(answer[1], "hex").toString("ascii");
};
const info = (session: EngineSession, words = "b 255"): string | undefined => infoOf(order(session, "canister_info", words));

describe("the version of a canister", () => {
  const go = [
    write(0, version),
    call("aaaaa-aa", { method: "raw_rand", onReply: [write(1, version), trap], onCleanup: [write(2, version)] }),
  ];
  const b: SmallCanister = {
    ...ruled,
    go,
    methods: { fail: [trap] },
    queries: { ask: [reply(version)] },
    onHeartbeat: [write(3, version)],
  };

  test("grows by one with each execution that completes and is no query", () => {
    const session = boot(smallWorld({ b }));
    session.apply(ingress("i", "b"));
    session.apply(ingress("j", "b", "fail"));
    session.apply(ingress("k", "b", "ask"));
    const { events } = session.apply(round());
    expect(
      only(events, "ingress-answered").map(({ result }) => (result.kind === "reply" ? Number(`0x${result.payload}`) : result.error)),
    ).toEqual(["IC0503", 2]);
    expect(of(session).pages.map(([page, content]) => [page, Number(`0x${content}`)])).toEqual([
      [0, 1],
      [3, 0],
    ]);
    expect(of(session).version).toBe(2);
    session.apply(round());
    // The callback trapped, and its cleanup completed.
    expect(of(session).pages.map(([page, content]) => [page, Number(`0x${content}`)])).toEqual([
      [0, 1],
      [2, 2],
      [3, 0],
    ]);
    expect(of(session).version).toBe(3);
  });

  test("grows when somebody decides about it, as often as it is decided, and not when that is refused", () => {
    const session = boot(smallWorld({ b: ruled, boss: manager(), other: manager() }));
    const versions: number[] = [];
    const asked = [
      "stop_canister",
      "stop_canister",
      "start_canister",
      "start_canister",
      "canister_status",
      "deposit_cycles",
      "update_settings",
      "uninstall_code",
    ] as const;
    for (const method of asked) {
      order(session, method, "b", "other");
      order(session, method, "b");
      versions.push(of(session).version);
    }
    expect(versions).toEqual([2, 3, 4, 5, 5, 5, 6, 7]); // stopping and coming to rest are two changes
    session.apply(allocate);
    session.apply(uninstall("b"));
    expect([of(session).version, of(session).changes]).toEqual([9, 2]);
    session.apply({ kind: "restart" });
    expect([of(session).version, of(session).changes]).toEqual([9, 2]);
  });
});

describe("the history of a canister", () => {
  test("has what was done to its code and its controllers, and who asked", () => {
    const session = filled({});
    expect(info(session)).toBe("0 boss");
    install(session, "b reinstall m");
    expect(info(session, "b")).toBe("1 boss");
    expect(info(session)).toBe("1 boss 2:1000:reinstall:boss");
    order(session, "update_settings", "b controllers=boss,b");
    session.apply(round(5n));
    session.apply(uninstall("b"));
    expect(info(session, "b 2")).toBe("3 b,boss 3:1000:controllers:boss 4:1005:uninstall:-");
    expect(info(session, "b 1")).toBe("3 b,boss 4:1005:uninstall:-");
  });

  test("has nothing of an installation that trapped, whose version the next one has", () => {
    const session = boot(world(ruled, { bad: { onInit: [write(0, version), trap] }, m: { onInit: [write(0, version)] } }));
    expect(ran(install(session, "b reinstall bad"))).toMatchObject({ trap: "IC0503" });
    expect([of(session).version, info(session)]).toEqual([0, "0 boss"]);
    expect(ran(install(session, "b reinstall m"))!.wrote).toEqual([[0, "0000000000000001"]]);
    expect([of(session).version, info(session)]).toEqual([1, "1 boss 1:1000:reinstall:boss"]);
  });

  test("keeps the newest changes, and how many there were", () => {
    const session = started(ruled, {}, { maxPayload: bytes(200) });
    for (let times = 0; times < 2; times++) for (const mode of ["reinstall", "upgrade"]) install(session, `b ${mode} m`);
    session.apply({ kind: "restart" });
    expect(info(session)).toBe("4 boss 2:1000:upgrade:boss 3:1000:reinstall:boss 4:1000:upgrade:boss");
    expect(of(session).changes).toBe(4);
    const forgetful = started(ruled, {}, { changesKept: 0 });
    install(forgetful, "b reinstall m");
    expect(info(forgetful)).toBe("1 boss");
  });

  test("begins with the creation where a canister made it", () => {
    const session = boot(smallWorld({ boss: manager(), other: manager() }));
    order(session, "create_canister", "");
    expect(info(session, "canister-0 9")).toBe("1 boss 0:1000:creation:boss");
    expect(infoOf(order(session, "canister_info", "canister-0", "other"))).toBe("1 boss");
  });

  test("is empty but for their number once it ran dry", () => {
    const session = boot(
      withModules(charged({ b: { ...ruled, balance: 3_000n }, boss: manager() }), { m: { go: [write(0, "01"), reply()] } }),
    );
    install(session, "b reinstall m");
    session.apply(ingress("i", "b"));
    session.apply(round());
    expect(of(session).version).toBe(2);
    for (let rounds = 0; of(session).installed; rounds++) {
      expect(rounds).toBeLessThan(9);
      session.apply(pass(1_000));
    }
    expect(of(session)).toMatchObject({ version: 3, changes: 1, computeAllocation: 0 });
    expect(info(session)).toBe("1 boss");
  });

  test("is told in an answer of the greatest size at most", () => {
    const session = started({ controllers: ["a".repeat(32), "b".repeat(32)] }, {}, { maxPayload: bytes(67) });
    expect(info(session)).toBe(`0 ${"a".repeat(32)},${"b".repeat(32)}`);
    const smaller = started({ controllers: ["a".repeat(32), "b".repeat(32)] }, {}, { maxPayload: bytes(66) });
    expect(told(order(smaller, "canister_info", "b"))).toEqual([["boss", "IC0504", 9n]]);
  });

  test("of a canister without controllers says so, and of one that is not there nothing", () => {
    const session = boot(smallWorld({ b: {}, boss: manager() }));
    expect(info(session)).toBe("0 -");
    expect(told(order(session, "canister_info", "c"))).toMatchObject([["boss", "IC0301", 0n]]);
  });

  test("can be asked for while the canister executes, but not ahead of what the same caller asked before", () => {
    const limits = { cores: 3, sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) };
    const go = [consume(900), reply()];
    const session = boot(smallWorld({ b: { ...ruled, go }, boss: manager(), other: manager() }, limits));
    session.apply(ingress("i", "b"));
    session.apply(ingress("j", "other", "canister_info", asciiOf("b")));
    ask(session, "start_canister", "b");
    session.apply(ingress("k", "boss", "canister_info", asciiOf("b")));
    const callers = () => told(session.apply(round()).events).map(([caller]) => caller);
    expect(callers()).toEqual(["other"]);
    while (of(session).execution !== null) expect(callers()).toEqual([]);
    expect(callers()).toEqual(["boss", "boss"]);
  });
});
