/** The life of an ingress message: inspection, expiry, answer, and how the history lets go of it. */
import { describe, expect, test } from "vitest";
import { bytes, instructions, nanoseconds, type Event, type Genesis, type Instruction } from "../spec/index.ts";
import { boot } from "./engine.ts";
import {
  accept,
  acceptMessage,
  burn,
  call,
  consume,
  ingress,
  message,
  only,
  reject,
  reply,
  round,
  setTimer,
  smallWorld,
  trap,
  uninstall,
  write,
} from "./small-world.ts";

const named = (events: readonly Event[], kind: "ingress-forgotten" | "ingress-pruned" | "ingress-expired" | "ingress-refused") =>
  only(events, kind).map(({ ingress: id }) => id);
const refusal = (events: readonly Event[]) => events.map((event) => (event.kind === "ingress-refused" ? event.error : event.kind)).join();

describe("an inspection", () => {
  const inspecting = (inspect: readonly Instruction[]) => boot(smallWorld({ a: { inspect } }));

  test("that accepts lets the message in, and nothing of what it did stays", () => {
    const session = inspecting([write(0, message), { op: "when-odd", value: message, then: [acceptMessage], otherwise: [] }]);
    const before = session.view().canisters;
    expect(refusal(session.apply(ingress("i", "a", "go", "01")).events)).toBe("ingress-received");
    expect(refusal(session.apply(ingress("j", "a", "go", "02")).events)).toBe("IC0406");
    expect(session.view().canisters).toEqual(before);
  });

  test.each<readonly [string, Instruction, string]>([
    ["traps", trap, "IC0503"],
    ["uses more than its limit", consume(100), "IC0522"],
    ["accepts twice", acceptMessage, "IC0504"],
    ["replies", reply(), "IC0504"],
    ["rejects", reject, "IC0504"],
    ["accepts cycles", accept(0n), "IC0504"],
    ["calls", call("a"), "IC0504"],
    ["burns", burn(0n), "IC0504"],
    ["sets a timer", setTimer(null), "IC0504"],
  ])("that %s refuses the message, though it accepted it", (_, instruction, error) => {
    expect(refusal(inspecting([acceptMessage, instruction]).apply(ingress("i", "a")).events)).toBe(error);
  });

  test("is asked last: nobody looks at a message that is refused anyway", () => {
    const session = boot(smallWorld({ a: { inspect: [trap], balance: 10n } }));
    expect(refusal(session.apply(ingress("i", "a")).events)).toBe("IC0207");
  });

  test("is the only place where a message is accepted", () => {
    const session = boot(smallWorld({ a: { go: [acceptMessage] } }));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ trap: "IC0504" }]);
  });
});

describe("at the door", () => {
  test("a message may expire from now on, and at most the ingress lifetime from now", () => {
    const session = boot(smallWorld({ a: {} }));
    const [early, late] = [999n, 1101n].map((expiry) => refusal(session.apply(ingress("i", "a", "go", "", expiry)).events));
    expect([early, late]).toEqual(["CN0010", "CN0011"]);
    expect(refusal(session.apply(ingress("i", "a", "go", "", 1000n)).events)).toBe("ingress-received");
    expect(refusal(session.apply(ingress("j", "a", "go", "", 1100n)).events)).toBe("ingress-received");
  });

  test("the history has a bound, and room again when messages are pruned", () => {
    const session = boot(smallWorld({ a: {} }, { historyCapacity: 2 }));
    for (const id of ["i", "j", "k"]) session.apply(ingress(id, "a"));
    session.apply(round());
    expect(refusal(session.apply(ingress("k", "nobody")).events)).toBe("IC0204");
    session.apply(round(101n));
    expect(refusal(session.apply(ingress("i", "a")).events)).toBe("ingress-received");
  });

  test("a canister without code gets nothing; what was let in before is refused by an execution", () => {
    const session = boot(smallWorld({ a: {} }));
    session.apply(ingress("i", "a"));
    session.apply(uninstall("a"));
    expect(refusal(session.apply(ingress("j", "a")).events)).toBe("IC0537");
    const { events } = session.apply(round());
    expect(only(events, "not-executed")).toMatchObject([{ error: "IC0537", charged: 100n }]);
  });
});

test("a message that nobody began to execute expires: those of the pool first, then by canister", () => {
  const session = boot(smallWorld({ b: {}, a: {} }, { cores: 1, roundInstructionLimit: instructions(1010) }));
  for (const [id, canister] of [
    ["b1", "b"],
    ["a1", "a"],
    ["a2", "a"],
    ["b2", "b"],
  ] as const)
    session.apply(ingress(id, canister, "go", "", 1003n));
  session.apply(ingress("patient", "a"));
  session.apply(round()); // only a1 runs
  session.apply(ingress("c", "b", "go", "", 1003n));
  session.apply({ kind: "restart" });
  const { events } = session.apply(round(3n));
  expect(named(events, "ingress-expired")).toEqual(["c", "a2", "b1", "b2"]);
  expect(events.slice(1, 3)).toEqual([
    { kind: "ingress-expired", ingress: "c" },
    { kind: "ingress-answered", ingress: "c", result: { kind: "reject", code: 2, error: "IC0202" } },
  ]);
  expect(session.view().ingress.filter(([, { kind }]) => kind !== "answered")).toEqual([]);
});

test("the last moment of a message is still in time", () => {
  const session = boot(smallWorld({ a: {} }));
  session.apply(ingress("i", "a", "go", "", 1003n));
  expect(only(session.apply(round(3n)).events, "executed")).toHaveLength(1);
});

describe("the history", () => {
  const world = (historyMemory: number): Genesis =>
    smallWorld(
      { a: { go: [reply("00".repeat(10))], methods: { no: [reject] } } },
      { historyMemory: bytes(historyMemory), historyLifetime: nanoseconds(200n) },
    );

  test("forgets the oldest answers when the replies are too many bytes, of equal times the smallest id first", () => {
    const session = boot(world(20));
    for (const id of ["z", "y", "x"]) session.apply(ingress(id, "a"));
    expect(named(session.apply(round()).events, "ingress-forgotten")).toEqual(["x"]);
    session.apply({ kind: "restart" });
    session.apply(ingress("w", "a"));
    expect(named(session.apply(round(0n)).events, "ingress-forgotten")).toEqual(["w"]); // answered at the same time as the others
    session.apply(ingress("a", "a"));
    expect(named(session.apply(round()).events, "ingress-forgotten")).toEqual(["y"]);
    expect(session.view().ingress.map(([id, { kind }]) => `${id} ${kind}`)).toEqual([
      "a answered",
      "w done",
      "x done",
      "y done",
      "z answered",
    ]);
  });

  test("forgets rejects on its way, and none when there is room", () => {
    const session = boot(world(10));
    session.apply(ingress("b", "a", "no"));
    session.apply(round());
    session.apply(ingress("c", "a"));
    session.apply(round());
    session.apply(ingress("d", "a"));
    expect(named(session.apply(round()).events, "ingress-forgotten")).toEqual(["b", "c"]);
  });

  test("drops a message when its answer is older than it keeps answers, forgotten or not, by id", () => {
    const session = boot(world(10));
    for (const id of ["z", "b", "x"]) session.apply(ingress(id, "a"));
    session.apply(round()); // answered at 1001
    session.apply(ingress("c", "a"));
    session.apply(round()); // answered at 1002
    expect(named(session.apply(round(199n)).events, "ingress-pruned")).toEqual([]);
    session.apply({ kind: "restart" });
    const { events, stateRoot } = session.apply(round(1n));
    expect(named(events, "ingress-pruned")).toEqual(["b", "x", "z"]);
    expect(session.view().ingress.map(([id]) => id)).toEqual(["c"]);
    const again = session.apply({ kind: "restart" });
    expect(again.stateRoot).toBe(stateRoot);
  });

  test("never drops a message that was not answered, and knows a pruned one no more", () => {
    const session = boot(
      smallWorld(
        { a: { go: [call("b")] }, b: { go: [call("c")] } },
        { cores: 1, roundInstructionLimit: instructions(1010), requestLifetime: nanoseconds(9999n) },
      ),
    );
    session.apply(ingress("i", "a"));
    session.apply(round());
    expect(named(session.apply(round(999n)).events, "ingress-pruned")).toEqual([]);
    const other = boot(world(10));
    for (let time = 0; time < 2; time++) {
      expect(refusal(other.apply(ingress("i", "a")).events)).toBe("ingress-received");
      other.apply(round());
      expect(named(other.apply(round(201n)).events, "ingress-pruned")).toEqual(["i"]);
    }
  });
});
