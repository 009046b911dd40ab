/** Answers that are kept: given again while nothing changed that their query looked at, found anew once something did, and seen by nobody. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  canisterId,
  cycles,
  height,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  seconds,
  type Genesis,
  type Input,
  type Instruction,
  type Script,
} from "../spec/index.ts";
import { usualRoom, type Room } from "./answers.ts";
import { applyInput, boot, type EngineSession } from "./engine.ts";
import { faultsIn } from "./invariants.ts";
import { manager, ordering } from "./small-management.ts";
import { ask, refused, said } from "./small-queries.ts";
import {
  call,
  consume,
  ingress,
  message,
  pageOf,
  query,
  reply,
  round,
  smallParameters,
  smallWorld,
  uninstall,
  write,
  type SmallCanister,
} from "./small-world.ts";
import { engineOf } from "./state.ts";

const readBalance: Script = [reply({ kind: "balance" })];
const readTime: Script = [reply({ kind: "time" })];
const tree: Script = [call("b", { method: "ask", onReply: [reply(message)], onReject: [reply(message)] })];
const own: SmallCanister = {
  go: [write(0, message), reply()],
  methods: { other: [write(1, message), reply()], same: [write(0, pageOf(0)), reply()] },
  queries: { ask: [reply(pageOf(0))], balance: readBalance, time: readTime, fixed: [consume(5), reply("07")] },
  composites: { tree },
};
const world = (b: SmallCanister = own, parameters = {}): Genesis => smallWorld({ a: own, b, c: own }, parameters);
const started = (b?: SmallCanister, parameters = {}) => boot(world(b, parameters));

/** Whether the same question is answered from what was kept, after these inputs. */
const isKept = (session: EngineSession, method: string, inputs: readonly Input[], canister = "a"): boolean => {
  said(session, canister, method);
  const { hits } = session.recalled();
  for (const input of inputs) session.apply(input);
  said(session, canister, method);
  return session.recalled().hits > hits;
};
const b = canisterId("b");
const topUp = (canister: string, count: bigint): Input => ({ kind: "top-up", canister: canisterId(canister), cycles: cycles(count) });
let messages = 0;
const run = (canister: string, method: string, payload = ""): Input[] => [ingress(`i${messages++}`, canister, method, payload), round(0n)];

describe("an answer is given again", () => {
  test("to whoever asks the same of the same, and is counted for the budget like the first one", () => {
    const session = started();
    const first = session.apply(query("a", "fixed"));
    expect(session.apply(query("a", "fixed"))).toEqual(first);
    expect(session.recalled()).toEqual({ hits: 1, misses: 1 });
    expect(session.view().canisters[0]!.queryInstructions).toBe(12);
    for (const other of [query("b", "fixed"), query("a", "fixed", "00"), query("a", "ask")]) session.apply(other);
    expect(session.recalled()).toEqual({ hits: 1, misses: 4 });
  });

  test("for as long as the budget lasts", () => {
    const session = started(own, { queryBudget: instructions(12) });
    ask(session, "a", "fixed");
    ask(session, "a", "fixed");
    expect(refused(session, "a", "fixed")).toBe("CN0021");
    expect(session.recalled().hits).toBe(1);
  });

  test("when a round passed, when other canisters or other pages changed, and when a page was written as it was", () => {
    expect(isKept(started(), "ask", [round()])).toBe(true);
    expect(isKept(started(), "ask", run("b", "go", "01"))).toBe(true);
    expect(isKept(started(), "ask", run("a", "other", "01"))).toBe(true);
    expect(isKept(started(), "ask", run("a", "same"))).toBe(false); // it was never written; now it is, though it says the same
    const session = started();
    for (const input of run("a", "go", "01")) session.apply(input);
    expect(isKept(session, "ask", run("a", "same"))).toBe(true);
  });

  test("when the balance changed and nobody looked at it", () => {
    expect(isKept(started(), "ask", [topUp("a", 9n)])).toBe(true);
    expect(isKept(started(), "tree", [topUp("b", 9n)])).toBe(true);
  });
});

describe("an answer is found anew", () => {
  test("when a page that it read was written, of its own canister or of one that it called", () => {
    expect(isKept(started(), "ask", run("a", "go", "01"))).toBe(false);
    expect(isKept(started(), "tree", run("b", "go", "01"))).toBe(false);
    expect(isKept(started(), "tree", run("c", "go", "01"))).toBe(true);
  });

  test("when the time changed, if it looked at that", () => {
    expect(isKept(started(), "time", [round()])).toBe(false);
    expect(isKept(started(), "time", [round(0n)])).toBe(true);
  });

  test("when the balance changed, if it looked at that", () => {
    expect(isKept(started(), "balance", [topUp("a", 1n)])).toBe(false);
    expect(isKept(started(), "balance", [topUp("b", 1n)])).toBe(true);
    expect(isKept(started(), "balance", [...run("a", "same")])).toBe(false);
  });

  test("when the code of a canister that it called was taken away", () => {
    const session = started();
    expect(isKept(session, "tree", [uninstall("b")])).toBe(false);
    expect(said(session, "a", "tree")).toBe("05");
  });

  test("when a canister that it called was deleted, or one that was not there was created", () => {
    const session = started();
    expect(isKept(session, "tree", [{ kind: "delete-canister", canister: b }])).toBe(false);
    expect(said(session, "a", "tree")).toBe("03");
    const born = world().canisters.find(({ id }) => id === b)!;
    const without = boot(smallWorld({ a: own, c: own }));
    expect(isKept(without, "tree", [round()])).toBe(true);
    expect(isKept(without, "tree", [{ kind: "create-canister", canister: born }])).toBe(false);
    expect(said(without, "a", "tree")).toBe("");
  });

  /** With 1 % of a core and a period of 10 seconds it freezes below 10. */
  const frugal: SmallCanister = { ...own, allocation: 1, freezing: 10 };

  test("when the balance of a canister that it called crossed its freezing threshold, and not when it only came nearer", () => {
    const session = started({ ...frugal, balance: 8n });
    expect(said(session, "a", "tree")).toBe("02");
    expect(isKept(session, "tree", [topUp("b", 1n)])).toBe(true);
    expect(isKept(session, "tree", [topUp("b", 1n)])).toBe(false);
    expect(said(session, "a", "tree")).toBe("");
    expect(isKept(session, "tree", [topUp("b", 1n)])).toBe(true);
  });

  const allocate = (allocation: number): Input => ({ kind: "set-compute-allocation", canister: b, computeAllocation: percent(allocation) });

  test("when an allocation froze or thawed a canister that it called", () => {
    const session = started({ ...frugal, balance: 15n });
    expect(isKept(session, "tree", [allocate(0)])).toBe(true);
    expect(isKept(session, "tree", [allocate(2)])).toBe(false);
    expect(said(session, "a", "tree")).toBe("02");
    expect(isKept(session, "tree", [allocate(1)])).toBe(false);
    expect(said(session, "a", "tree")).toBe("");
  });

  test("when prices froze a canister that it called", () => {
    const session = started({ ...frugal, balance: 15n });
    const prices = (percentSecond: bigint): Input => ({
      kind: "set-fees",
      fees: { ...smallParameters.fees, percentSecond: cycles(percentSecond) },
    });
    expect(isKept(session, "tree", [prices(0n)])).toBe(true);
    expect(isKept(session, "tree", [prices(2n)])).toBe(false);
    expect(said(session, "a", "tree")).toBe("02");
  });

  test("when messages froze a canister that it called", () => {
    // A response takes 64 bytes, which at this price are 64 cycles a second and 640 in the period.
    const fees = { ...smallParameters.fees, messageGibSecond: cycles(2n ** 30n) };
    const limits = { fees, roundInstructionLimit: instructions(1010), heapDeltaCapacity: bytes(100), heapDeltaReserve: bytes(0) };
    const poor = { ...frugal, allocation: 0, balance: 639n };
    const session = boot(smallWorld({ a: own, b: poor, c: { ...own, methods: { poke: [call("b"), reply()] } } }, limits));
    const skipped = { ...(round(0n) as Extract<Input, { kind: "round" }>), summary: { nextCheckpoint: height(100), length: 9 } };
    expect(isKept(session, "tree", run("c", "poke"))).toBe(true); // the request is on its way
    expect(isKept(session, "tree", [skipped])).toBe(false); // it waits, and nothing is executed
    expect(said(session, "a", "tree")).toBe("02");
    expect(isKept(session, "tree", [round(0n)])).toBe(false); // it was refused
    expect(said(session, "a", "tree")).toBe("");
  });

  test("when what a canister had set aside was used up, and with it the balance that it need not have", () => {
    // The page that b writes in its callback costs 1 a second, and sets 10 aside.
    const storage = { threshold: bytes(0), capacity: bytes(16 * 1024), period: seconds(160) };
    const grow = {
      methods: { grow: [call("c", { method: "gone", onReject: [write(0, "01"), reply()] })] },
      queries: { ask: [reply("00")] },
    };
    const grown = (freezing: number): EngineSession => {
      const chargePeriod = nanoseconds(5_000_000_000n);
      const session = boot(smallWorld({ a: own, b: { ...grow, freezing }, c: own }, { storage, chargePeriod }));
      for (const input of run("b", "grow")) session.apply(input);
      return session;
    };
    const { balance, reserved } = grown(0).view().canisters[1]!;
    expect(reserved).toBe(10n);
    const session = grown(Number(balance) + 8);
    expect(isKept(session, "tree", [round(0n)])).toBe(true);
    expect(isKept(session, "tree", [round(1_000_000_000n)])).toBe(true);
    expect(isKept(session, "tree", [round(4_000_000_000n)])).toBe(false);
    expect(session.view().canisters[1]).toMatchObject({ balance, reserved: 5n });
    expect(said(session, "a", "tree")).toBe("02");
  });

  test("when a canister that it called stopped, came to rest, and was started", () => {
    const later = (...onReply: Script): Instruction => call(managementCanister, { method: "raw_rand", onReply });
    const b: SmallCanister = { ...own, controllers: ["boss"], methods: { wait: [later(later(reply()))] } };
    const session = boot(smallWorld({ a: own, b, boss: manager() }));
    const seen = (): string[] => ask(session, "a", "tree").nested.map(({ result }) => (result.kind === "reply" ? "" : result.error));
    expect(isKept(session, "tree", [ingress("w", "b", "wait"), ...ordering("stop_canister", "b")])).toBe(false);
    expect(seen()).toEqual(["IC0509"]);
    expect(isKept(session, "tree", [round(0n)])).toBe(false);
    expect(seen()).toEqual(["IC0508"]);
    expect(isKept(session, "tree", [round(0n)])).toBe(true);
    expect(isKept(session, "tree", ordering("start_canister", "b"))).toBe(false);
    expect(seen()).toEqual([""]);
  });

  test("after a restart", () => {
    const session = started();
    said(session);
    session.apply({ kind: "restart" });
    said(session);
    expect(session.recalled()).toEqual({ hits: 0, misses: 1 });
  });
});

test("a canister that cannot be asked any more is refused, whatever is kept", () => {
  const session = boot(smallWorld({ a: { ...own, controllers: ["boss"] }, boss: manager() }));
  const { result } = ask(session);
  for (const input of ordering("stop_canister", "a")) session.apply(input);
  expect(refused(session)).toBe("IC0508");
  for (const input of ordering("start_canister", "a")) session.apply(input);
  expect([ask(session).result, session.recalled().hits]).toEqual([result, 1]);
  session.apply(uninstall("a"));
  expect(refused(session)).toBe("IC0537");
  session.apply({ kind: "delete-canister", canister: canisterId("a") });
  expect(refused(session)).toBe("IC0301");
});

describe("there is room", () => {
  const asked = (room: Room, payloads: readonly string[]) => {
    const engine = engineOf(world(), undefined, room);
    for (const payload of payloads) {
      applyInput(engine, query("a", "fixed", payload));
      expect(faultsIn(engine)).toEqual([]);
    }
    return { hits: engine.answers.hits, kept: [...engine.answers.kept.keys()].map((question) => question.split(" ")[1]) };
  };

  test("for so many answers, and those asked for longest ago go", () => {
    const two: Room = { ...usualRoom, answers: 2 };
    expect(asked(two, ["01", "02", "01", "03", "02"])).toEqual({ hits: 1, kept: ["03", "02"] });
    expect(asked(two, ["01", "02", "01", "03", "01"])).toEqual({ hits: 2, kept: ["03", "01"] });
  });

  test("for so many bytes, so that one large answer may take the place of many, and one that is too large takes none", () => {
    const large = "00".repeat(60);
    expect(asked({ answers: 10, bytes: 560 }, ["01", "02", large, "03"])).toEqual({ hits: 0, kept: [large, "03"] });
    expect(asked({ answers: 10, bytes: 250 }, ["01", large])).toEqual({ hits: 0, kept: ["01"] });
  });

  test("for none", () => {
    expect(asked({ answers: 0, bytes: 1000 }, ["01", "01"])).toEqual({ hits: 0, kept: [] });
    expect(asked({ answers: 9, bytes: 0 }, ["01", "01"])).toEqual({ hits: 0, kept: [] });
  });
});

test("what is remembered of pages counts for the room", () => {
  const content = "ab".repeat(64);
  const engine = engineOf(
    smallWorld(
      { a: { go: [write(0, hex(content)), reply()], queries: { ask: [reply(pageOf(0))] } } },
      { historyLifetime: nanoseconds(100n) },
    ),
  );
  for (const input of [...run("a", "go"), query("a")]) applyInput(engine, input);
  expect(engine.answers.bytes).toBeGreaterThan(2 * content.length);
});
