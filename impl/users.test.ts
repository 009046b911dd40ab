/** Users ask the management canister: what is let in, who pays for it, and what is done for whom. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  type ErrorCode,
  type Event,
  type Genesis,
  type Input,
  type Parameters,
} from "../spec/index.ts";
import { digestOf } from "./chunks.ts";
import { boot, type EngineSession } from "./engine.ts";
import { of } from "./small-code.ts";
import { asked, manager, order, told, toldUsers } from "./small-management.ts";
import { ingress, only, reply, round, smallWorld, trap, uninstall, withModules, type SmallCanister } from "./small-world.ts";

const TOP_UP = "provisional_top_up_canister";
const MAKE = "provisional_create_canister_with_cycles";
/** Of an argument of one byte: 50 and 2. */
const fee = 52n;
const running = asciiOf("running");

const world = (canisters: Record<string, SmallCanister>, parameters: Partial<Parameters> = {}): Genesis =>
  withModules(smallWorld(canisters, parameters), { m: {} });
const trying = (canisters: Record<string, SmallCanister>): Genesis => ({ ...world(canisters), provisional: cycles(500n) });
const led = (canisters: Record<string, SmallCanister>, parameters?: Partial<Parameters>): EngineSession =>
  boot(world(canisters, parameters));
const ann: SmallCanister = { controllers: ["@ann"] };

/** What is said at the door: why not, or nothing. */
const door = (session: EngineSession, input: Input): ErrorCode | undefined =>
  only(session.apply(input).events, "ingress-refused")[0]?.error;
/** Asks, and tells what the round brings that executes it. */
const done = (session: EngineSession, sender: string | null, method: string, words: string): readonly Event[] => {
  expect([method, words, door(session, asked(`done-${asks++}`, sender, method, words))]).toEqual([method, words, undefined]);
  return session.apply(round(0n)).events;
};
let asks = 0;
const answerTo = (session: EngineSession, sender: string | null, method: string, words: string) =>
  toldUsers(done(session, sender, method, words))[0]?.[1];
const info = (session: EngineSession, words: string): string =>
  Buffer.from(told(order(session, "canister_info", words))[0]![1], "hex").toString("ascii");

describe("at the door", () => {
  test("a message is refused for the first reason that applies", () => {
    const session = led({ b: { ...ann, balance: fee - 1n }, c: ann }, { historyCapacity: 2 });
    const large = "x".repeat(65);
    session.apply(asked("i", "@ann", "canister_status", "c"));
    const why = (id: string, sender: string, method: string, words: string, expiry?: bigint) =>
      door(session, asked(id, sender, method, words, expiry));
    expect(why("i", "@eve", "go", large, 999n)).toBe("CN0001");
    expect(why("j", "@eve", "go", large, 999n)).toBe("CN0002");
    expect(why("j", "@eve", "go", "", 999n)).toBe("CN0010");
    expect(why("j", "@eve", "go", "", 1101n)).toBe("CN0011");
    expect(why("j", "@eve", "go", "")).toBe("IC0536");
    expect(why("j", "@eve", MAKE, "?")).toBe("IC0536");
    expect(why("j", "@eve", "create_canister", "?")).toBe("IC0406");
    expect(why("j", "@eve", "canister_status", "?")).toBe("IC0408");
    expect(why("j", "@eve", "canister_status", "nobody")).toBe("IC0301");
    expect(why("j", "@eve", "canister_status", "aaaaa-aa")).toBe("IC0301");
    expect(why("j", "@eve", "canister_status", "b")).toBe("IC0512");
    expect(why("j", "@ann", "canister_status", "b")).toBe("IC0207");
    session.apply({ kind: "top-up", canister: canisterId("b"), cycles: cycles(1n) });
    expect(session.apply(asked("j", "@ann", "canister_status", "b")).events).toEqual([{ kind: "ingress-received", ingress: "j" }]);
    expect(why("k", "@eve", "go", "")).toBe("IC0204");
    expect(session.view().ingress).toEqual([
      ["i", { kind: "received" }],
      ["j", { kind: "received" }],
    ]);
  });

  test.each([
    "create_canister",
    "deposit_cycles",
    "canister_info",
    "sign_with_ecdsa",
    "sign_with_schnorr",
    "vetkd_derive_key",
    "http_request",
    "raw_rand",
  ])("nobody may ask for %s, not even a controller", (method) =>
    expect(door(led({ b: ann }), asked("i", "@ann", method, "b"))).toBe("IC0406"),
  );

  test("what begins with bitcoin_ is not for users where somebody knows of Bitcoin, and elsewhere unknown", () => {
    const message = asked("i", "@ann", "bitcoin_anything", "b");
    expect(door(led({ b: ann }), message)).toBe("IC0536");
    expect(door(boot({ ...world({ b: ann }), bitcoin: canisterId("b") }), message)).toBe("IC0406");
    expect(door(boot({ ...world({ b: ann }), bitcoin: canisterId("b") }), asked("i", "@ann", "bitcoins", "b"))).toBe("IC0536");
  });

  test("cycles come from nothing for anybody where the genesis says so, out of an argument that says how many", () => {
    const session = boot(trying({ b: { controllers: [], balance: 0n } }));
    expect(door(session, asked("i", "@eve", TOP_UP, "b"))).toBe("IC0408");
    expect(door(session, asked("i", "@eve", MAKE, "?"))).toBe("IC0408");
    expect(door(session, asked("i", "@eve", TOP_UP, "nobody 1"))).toBe("IC0301");
    expect(door(session, asked("i", "@eve", TOP_UP, "b 1"))).toBe(undefined);
    expect(door(led({ b: ann }), asked("i", "@ann", TOP_UP, "b 1"))).toBe("IC0536");
  });

  test("nobody inspects it, and the canister may be without code or not run", () => {
    const session = led({ b: { ...ann, inspect: [trap] } });
    expect(answerTo(session, "@ann", "canister_status", "b")).toBe(running);
    expect(answerTo(session, "@ann", "stop_canister", "b")).toBe("");
    session.apply(uninstall("b"));
    expect(answerTo(session, "@ann", "canister_status", "b")).toBe(asciiOf("stopped"));
  });

  test("whoever does not say so is anonymous, and no canister is what a user is called", () => {
    const session = led({ b: { controllers: ["@anonymous"] }, c: { controllers: ["ann", "c"] } });
    expect(answerTo(session, null, "canister_status", "b")).toBe(running);
    expect(answerTo(session, "@anonymous", "canister_status", "b")).toBe(running);
    expect(door(session, asked("i", "@ann", "canister_status", "b"))).toBe("IC0512");
    for (const user of ["@ann", "@c", null]) expect(door(session, asked("i", user, "canister_status", "c"))).toBe("IC0512");
  });
});

describe("a message that a block brings", () => {
  test("is paid for by the canister that it names, and executed in the same round", () => {
    const session = led({ b: ann });
    session.apply(asked("i", "@ann", "canister_status", "b"));
    const { events, ledger } = session.apply(round(0n));
    expect(events.slice(1, 3)).toEqual([
      { kind: "ingress-inducted", ingress: "i", canister: "b", asked: "canister_status", fee, balance: 100_000n - fee },
      { kind: "ingress-answered", ingress: "i", result: { kind: "reply", payload: running } },
    ]);
    expect([ledger.burned, ledger.messages, of(session).balance]).toEqual([fee, 0n, 100_000n - fee]);
    expect(session.view().ingress).toEqual([["i", { kind: "answered", result: { kind: "reply", payload: running }, time: 1000n }]]);
  });

  test("is paid for by nobody when it names none", () => {
    const session = boot(trying({ b: {} }));
    session.apply(asked("i", "@eve", MAKE, "7"));
    const { events, ledger } = session.apply(round(0n));
    expect(events.slice(1, 4)).toEqual([
      { kind: "ingress-inducted", ingress: "i", canister: null, asked: MAKE, fee: 0n, balance: 0n },
      { kind: "canister-created", canister: "canister-0", computeAllocation: 0, balance: 7n },
      { kind: "ingress-answered", ingress: "i", result: { kind: "reply", payload: asciiOf("canister-0") } },
    ]);
    expect([ledger.burned, ledger.minted, ledger.balances]).toEqual([0n, 100_007n, 100_007n]);
  });

  test("is rejected when its canister is gone by then, or cannot pay", () => {
    const session = led({ b: { ...ann, balance: 2n * fee - 1n }, c: ann });
    for (const [id, whom] of ["bb", "bb", "cc"].entries()) session.apply(asked(`i${id}`, "@ann", "canister_status", whom[0]!));
    session.apply({ kind: "delete-canister", canister: canisterId("c") });
    const { events } = session.apply(round(0n));
    expect(events.slice(1, -1)).toMatchObject([
      { kind: "ingress-inducted", ingress: "i0", balance: fee - 1n },
      { kind: "ingress-answered", ingress: "i1", result: { error: "IC0207" } },
      { kind: "ingress-answered", ingress: "i2", result: { error: "IC0301" } },
      { kind: "ingress-answered", ingress: "i0", result: { payload: running } },
    ]);
  });
});

describe("what users ask is done", () => {
  test("by the leave of those who control the canister when it is done", () => {
    const session = led({ b: { controllers: ["@ann", "@bob"] } });
    session.apply(asked("i", "@ann", "update_settings", "b controllers=@bob"));
    session.apply(asked("j", "@ann", "canister_status", "b"));
    session.apply(asked("k", "@bob", "delete_canister", "b"));
    const { events } = session.apply(round(0n));
    expect(toldUsers(events)).toEqual([
      ["i", ""],
      ["j", "IC0512"],
      ["k", "IC0510"],
    ]);
    expect(events.filter(({ kind }) => kind.startsWith("management-"))).toEqual([]);
    expect(door(session, asked("l", "@ann", "canister_status", "b"))).toBe("IC0512");
  });

  test("users are controllers beside canisters, by id, and are told like these", () => {
    const session = led({ b: { controllers: ["boss", "@zoe", "@ann"] }, boss: manager() });
    expect(info(session, "b")).toBe("0 @ann,@zoe,boss");
    const events = done(session, "@ann", "update_settings", "b controllers=@b,boss,-,@ann,9,@b");
    expect(only(events, "settings-updated")).toMatchObject([{ controllers: ["-", "9", "@ann", "@b", "boss"] }]);
    expect(info(session, "b 1")).toBe("1 -,9,@ann,@b,boss 1:1000:controllers:@ann");
    expect(told(order(session, "update_settings", "b controllers=@bob"))).toEqual([["boss", "", 0n]]);
    expect(info(session, "b")).toBe("2 @bob");
    session.apply({ kind: "restart" });
    expect(info(session, "b 1")).toMatch(/^2 @bob 2:1000:controllers:boss$/);
    expect(answerTo(session, "@bob", "canister_status", "b")).toBe(running);
  });

  test("in the name of the sender, who is the caller of each change", () => {
    const session = led({ b: ann, boss: manager() }, { changesKept: 1 });
    const last = (): string => info(session, "b 1").split(":").slice(2).join(":");
    for (const [method, words, change] of [
      ["install_code", "b reinstall m", "reinstall:@ann"],
      ["take_canister_snapshot", "b", "reinstall:@ann"],
      ["load_canister_snapshot", "b b 0", "load:@ann"],
      ["uninstall_code", "b", "uninstall:@ann"],
      ["update_settings", "b controllers=@ann,boss", "controllers:@ann"],
    ] as const) {
      expect([method, answerTo(session, "@ann", method, words)]).toEqual([method, method.startsWith("take") ? asciiOf("0") : ""]);
      expect(last()).toBe(change);
    }
  });

  test("about two canisters, when the sender controls both", () => {
    const session = led({ b: ann, c: { controllers: ["@bob"] } }, { maxPayload: bytes(256) });
    const joined = `b reinstall c ${digestOf("m")} ${digestOf("m")}`;
    expect(answerTo(session, "@bob", "upload_chunk", "c m")).toBe(asciiOf(digestOf("m")));
    expect(answerTo(session, "@bob", "take_canister_snapshot", "c")).toBe(asciiOf("0"));
    expect(answerTo(session, "@ann", "load_canister_snapshot", "b c 0")).toBe("IC0512");
    expect(answerTo(session, "@ann", "install_chunked_code", joined)).toBe("IC0512");
    done(session, "@bob", "update_settings", "c controllers=@bob,@ann");
    expect(answerTo(session, "@ann", "load_canister_snapshot", "b c 0")).toBe("");
    expect(answerTo(session, "@ann", "install_chunked_code", joined)).toBe("");
  });

  test("with cycles from nothing for anybody, who controls what is made for them", () => {
    const session = boot(trying({ b: { controllers: [] }, boss: manager() }));
    expect(answerTo(session, null, MAKE, "")).toBe(asciiOf("canister-0"));
    expect(of(session, "canister-0").balance).toBe(500n);
    expect(info(session, "canister-0 1")).toBe("1 @anonymous 0:1000:creation:@anonymous");
    expect(answerTo(session, "@eve", MAKE, "9 controllers=b,@ann")).toBe(asciiOf("canister-1"));
    expect(info(session, "canister-1 1")).toBe("1 @ann,b 0:1000:creation:@eve");
    expect(only(done(session, "@eve", TOP_UP, "b 700"), "cycles-provided")).toMatchObject([{ cycles: 700n, balance: 100_700n }]);
    expect(door(session, asked("i", "@ann", "canister_status", "canister-1"))).toBe("IC0207");
    expect(door(session, asked("i", "@eve", "canister_status", "canister-1"))).toBe("IC0512");
  });

  test("while calls of canisters and messages to canisters go on as without them", () => {
    const session = led({ b: { ...ann, go: [reply("07")] } });
    session.apply(ingress("i", "b"));
    session.apply(asked("j", "@ann", "stop_canister", "b"));
    expect(toldUsers(session.apply(round(0n)).events)).toEqual([
      ["i", "IC0509"],
      ["j", ""],
    ]);
  });
});
