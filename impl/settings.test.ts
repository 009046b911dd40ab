/** Settings that change, and canisters that canisters make. */
import { describe, expect, test } from "vitest";
import { asciiOf, bytes, canisterId, cycles, nanoseconds, seconds, type Event, type Input, type Parameters } from "../spec/index.ts";
import { all, charged, pass, told as toldOfCharges } from "./charged-world.ts";
import { applyInput, boot, type EngineSession } from "./engine.ts";
import { faultsIn } from "./invariants.ts";
import { of, ruled } from "./small-code.ts";
import { manage, manager, order, ordering, told } from "./small-management.ts";
import {
  call,
  certify,
  ingress,
  message,
  networked,
  only,
  query,
  readState,
  reply,
  round,
  setTimer,
  smallParameters,
  smallWorld,
  withModules,
  write,
  type SmallCanister,
} from "./small-world.ts";
import { engineOf } from "./state.ts";

const eleven = "abcdefghijk".split("").join(",");
const wide = { maxPayload: bytes(200) };
const update = (session: EngineSession, words: string): readonly Event[] => order(session, "update_settings", words);
const errorOf = (events: readonly Event[]): string | undefined => told(events)[0]?.[1];
const started = (b: SmallCanister = {}, parameters: Partial<Parameters> = {}): EngineSession =>
  boot(smallWorld({ b: { ...ruled, ...b }, boss: manager() }, { ...wide, ...parameters }));

describe("the settings of a canister", () => {
  test("change where something is said of them, and are told as they are then", () => {
    const session = started();
    const { balance } = of(session);
    const words = "compute_allocation=7 memory_allocation=3 freezing_threshold=5 reserved_cycles_limit=12";
    const events = update(session, `b controllers=boss,b,a ${words}`);
    const settings = {
      controllers: ["a", "b", "boss"],
      computeAllocation: 7,
      memoryAllocation: 3,
      freezingThreshold: 5,
      reservedLimit: 12n,
    };
    expect(only(events, "settings-updated")).toEqual([{ kind: "settings-updated", canister: "b", ...settings }]);
    expect(told(events)).toEqual([["boss", "", 0n]]);
    session.apply({ kind: "restart" });
    expect(only(update(session, "b"), "settings-updated")).toMatchObject([settings]);
    expect(of(session)).toMatchObject({ computeAllocation: 7, memoryAllocation: 3, version: 2, changes: 1, balance });
    expect(only(update(session, "b controllers="), "settings-updated")).toMatchObject([{ controllers: [] }]);
    expect(errorOf(update(session, "b"))).toBe("IC0512");
  });

  test("have ten controllers at most, whoever is named twice counted once", () => {
    expect(errorOf(update(started(), `b controllers=${eleven} compute_allocation=100`))).toBe("IC0504");
    expect(errorOf(update(started(), `b controllers=${eleven.slice(2)}`))).toBe("");
    const twice = started();
    const settings = only(update(twice, `b controllers=boss,${eleven.slice(4)},k,boss`), "settings-updated");
    expect(settings).toMatchObject([{ controllers: ["boss", ..."cdefghijk"] }]);
    expect([of(twice).version, of(twice).changes]).toEqual([1, 1]);
  });

  test("reserve what there is to reserve, and what was reserved may stay", () => {
    const session = boot(
      smallWorld({ b: { ...ruled, allocation: 5 }, boss: manager(), c: { allocation: 44 } }, { ...wide, allocatable: 50, cores: 1 }),
    );
    expect(errorOf(update(session, "b compute_allocation=6"))).toBe("IC0101");
    expect(errorOf(update(session, "b compute_allocation=5"))).toBe("");
    expect(errorOf(update(session, "b compute_allocation=4"))).toBe("");
    expect(errorOf(update(session, "b compute_allocation=5"))).toBe("");
    expect(of(session).computeAllocation).toBe(5);
  });

  test("reserve nothing that the canister could not pay for with all of them", () => {
    expect(errorOf(update(started({ balance: 99n, freezing: 10 }), "b compute_allocation=10"))).toBe("IC0530");
    expect(errorOf(update(started({ balance: 100n, freezing: 10 }), "b compute_allocation=10"))).toBe("");
    expect(errorOf(update(started({ balance: 99n, freezing: 10 }), "b freezing_threshold=9 compute_allocation=10"))).toBe("");
    expect(errorOf(update(started({ balance: 99n, freezing: 9 }), "b freezing_threshold=10 compute_allocation=10"))).toBe("IC0530");
    expect(errorOf(update(started({ balance: 1n, allocation: 10 }), "b freezing_threshold=1000"))).toBe(""); // no more is reserved
  });

  test("count at once: a canister may be frozen, or not any more", () => {
    const session = started({ balance: 1_300n, allocation: 10, freezing: 20, go: [reply()] });
    const executed = (id: string) => {
      session.apply(ingress(id, "b"));
      return only(session.apply(round(0n)).events, "executed").filter(({ canister }) => canister === "b").length;
    };
    update(session, "b freezing_threshold=15");
    expect(executed("i")).toBe(1);
    update(session, "b freezing_threshold=200");
    expect(session.apply(ingress("j", "b")).events).toMatchObject([{ kind: "ingress-refused", error: "IC0207" }]);
    update(session, "b compute_allocation=0");
    expect(session.apply(ingress("k", "b")).events).toMatchObject([{ kind: "ingress-received" }]);
  });

  test("do not limit what is set aside below what is", () => {
    const storage = { threshold: bytes(0), capacity: bytes(8 * 1024), period: seconds(16_000) };
    const session = started({ go: [write(0, ""), reply()] }, { cores: 1, storage });
    session.apply(ingress("i", "b"));
    session.apply(round(0n));
    const { reserved } = of(session);
    expect(reserved > 0n).toBe(true);
    expect(errorOf(update(session, `b reserved_cycles_limit=${reserved - 1n}`))).toBe("IC0540");
    expect(errorOf(update(session, `b reserved_cycles_limit=${reserved}`))).toBe("");
    session.apply({ kind: "restart" });
    session.apply(ingress("j", "b"));
    expect(only(session.apply(round(0n)).events, "executed")).toMatchObject([{ trap: null }]); // the page is there already
  });

  test("decide what is paid from the next charge on", () => {
    const session = boot(charged({ b: ruled, boss: manager() }));
    update(session, "b compute_allocation=3");
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 0n, 30n)]);
  });
});

describe("a canister that a canister makes", () => {
  const fees = { ...smallParameters.fees, creation: cycles(40n) };
  const making = (words: string, attached = 100n, parameters: Partial<Parameters> = {}, others: Record<string, SmallCanister> = {}) => {
    const session = boot(smallWorld({ boss: manager({ attached }), ...others }, { ...wide, fees, ...parameters }));
    return { session, events: order(session, "create_canister", words) };
  };

  test("has the cycles that came with the request, less the fee, no code, and the one who asked as its controller", () => {
    const { session, events } = making("");
    expect(only(events, "management-asked")).toEqual([]);
    expect(only(events, "canister-created")).toEqual([
      { kind: "canister-created", canister: "canister-0", computeAllocation: 0, balance: 60n },
    ]);
    expect(told(events)).toEqual([["boss", asciiOf("canister-0"), 0n]]);
    expect(of(session, "canister-0")).toMatchObject({
      installed: false,
      status: "running",
      balance: 60n,
      version: 0,
      changes: 1,
      chargedAt: 1000n,
    });
    const settings = { controllers: ["boss"], computeAllocation: 0, freezingThreshold: 2_592_000, reservedLimit: 5_000_000_000_000n };
    expect(only(update(session, "canister-0"), "settings-updated")).toMatchObject([settings]);
  });

  test("has the settings that are said instead", () => {
    const { session, events } = making("reserved_cycles_limit=3 controllers=z,boss freezing_threshold=2 compute_allocation=1");
    expect(only(events, "canister-created")).toMatchObject([{ computeAllocation: 1 }]);
    const settings = { controllers: ["boss", "z"], computeAllocation: 1, freezingThreshold: 2, reservedLimit: 3n };
    expect(only(update(session, "canister-0"), "settings-updated")).toMatchObject([settings]);
    const orphan = making("controllers=").session;
    expect(errorOf(update(orphan, "canister-0"))).toBe("IC0512");
  });

  test("is not made with too many controllers, beyond what can be reserved, or for less than the fee: the cycles come back", () => {
    const refused = (words: string, attached = 100n): unknown =>
      told(making(words, attached, { allocatable: 50 }, { c: { allocation: 60 } }).events);
    expect(refused(`controllers=${eleven} compute_allocation=100`)).toEqual([["boss", "IC0504", 100n]]);
    expect(refused("compute_allocation=40", 0n)).toEqual([["boss", "IC0101", 0n]]);
    expect(refused("compute_allocation=39")).toMatchObject([["boss", asciiOf("canister-0"), 0n]]);
    expect(refused("", 39n)).toEqual([["boss", "IC0403", 39n]]);
    expect(refused("compute_allocation=0", 40n)).toMatchObject([["boss", asciiOf("canister-0"), 0n]]);
  });

  test("has a number that no id has or had, here or elsewhere", () => {
    const world = networked(smallWorld({ boss: manager(), "canister-0": {}, "canister-2": {} }, wide), "s0", { "canister-3": "s1" });
    const session = boot(world);
    const made = () => Buffer.from(told(order(session, "create_canister", ""))[0]![1], "hex").toString("ascii");
    session.apply({ kind: "delete-canister", canister: canisterId("canister-2") });
    expect(made()).toBe("canister-1");
    session.apply({ kind: "delete-canister", canister: canisterId("canister-1") });
    session.apply({ kind: "restart" });
    expect([made(), made()]).toEqual(["canister-4", "canister-5"]);
  });

  test("is a canister like all others: it gets code, runs, is found by whoever sent for it, certifies, pays and is deleted", () => {
    const code = {
      go: [write(0, message), certify("0d"), setTimer(1n), reply("07")],
      queries: { ask: [reply({ kind: "page", page: 0 })] },
      onHeartbeat: [write(1, "01")],
    };
    const eager = [
      manage("create_canister", "freezing_threshold=0", { attached: 500_000n }),
      manage("install_code", "canister-0 install m"),
      call("canister-0", { payload: "0e", onReject: [reply(message)] }),
    ];
    const genesis = withModules(
      smallWorld(
        {
          boss: { ...manager(), go: eager, balance: 1_000_000n },
          zoe: { go: [call("canister-0", { payload: "0e", onReply: [reply(message)] })] },
        },
        { ...wide, queueCapacity: 9 },
      ),
      { m: code },
    );
    const engine = engineOf(genesis);
    const session = boot(genesis);
    const inputs: Input[] = [
      ingress("i", "boss"),
      round(0n), // the call comes back: there is nobody yet
      round(0n),
      ingress("j", "zoe"),
      round(),
      query("canister-0"),
      readState(["canister", "canister-0", "certified_data"]),
      round(5n),
      ...ordering("update_settings", "canister-0 compute_allocation=9"),
      ...ordering("stop_canister", "canister-0"),
      { ...(round() as Extract<Input, { kind: "round" }>), elapsed: nanoseconds(10n ** 12n) },
      ...ordering("delete_canister", "canister-0"),
      round(),
    ];
    const events = inputs.flatMap((input) => {
      const observation = applyInput(engine, input);
      expect(faultsIn(engine)).toEqual([]);
      expect(session.apply(input)).toEqual(observation);
      session.apply({ kind: "restart" });
      return observation.events;
    });
    expect(only(events, "request-bounced")).toMatchObject([{ caller: "boss", error: "IC0301" }]);
    expect(only(events, "installation-ran")).toMatchObject([{ canister: "canister-0", trap: null }]);
    expect(only(events, "ingress-answered").find(({ ingress: id }) => id === "j")).toMatchObject({ result: { payload: "07" } });
    expect(only(events, "query-answered")).toMatchObject([{ result: { kind: "reply", payload: "0e" } }]);
    expect(only(events, "certificate-issued")).toHaveLength(1);
    expect(only(events, "executed").filter(({ canister, cause }) => canister === "canister-0" && cause.kind === "timer")).toHaveLength(1);
    expect(only(events, "canister-deleted")).toMatchObject([{ canister: "canister-0" }]);
    expect([engine.canisters.length, engine.beating.size]).toEqual([2, 0]);
  });
});
