/** What a script does in which place: the table of system calls, every row and every column of it. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  canisterId,
  cycles,
  hex,
  instructions,
  nanoseconds,
  userId,
  type Instruction,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { callTo, network, reply } from "../testing/stories.ts";
import { enact, type Changing, type Seen } from "./enactment.ts";
import type { Mode } from "./modes.ts";

const queries = ["replicated-query", "query", "composite-query", "query-callback", "query-cleanup"] as const;
const hooks = ["departure", "arrival"] as const;
const modes = ["update", "callback", "cleanup", "task", "inspection", ...hooks, ...queries] as const;
const answering: readonly Mode[] = ["update", "callback", "replicated-query", "query", "composite-query", "query-callback"];
const [self, ann] = [canisterId("me"), userId("@ann")];

const seenIn = (mode: Mode, more: Partial<Seen> = {}): Seen => ({
  mode,
  message: "2a",
  time: 7n,
  refunded: 0n,
  deadline: 9n,
  self,
  caller: ann,
  status: "running",
  controllers: [ann],
  method: "m7",
  code: "04",
  open: answering.includes(mode),
  parameters: { ...network, replicatedQueryAccepts: false },
  memory: (pages) => pages * network.pageSize,
  threshold: () => 0n,
  reservedLimit: 0n,
  version: 3,
  openTo: () => 0,
  openCalls: 0,
  certificate: () => "0c".repeat(32),
  bitcoin: null,
  ...more,
});

const before: Changing = {
  balance: 1_000n,
  available: 50n,
  pages: new Map(),
  stablePages: 0,
  timer: null,
  certifiedData: "",
  reserved: 0n,
  messages: 0,
  used: 0,
  share: 1_000,
  callbacks: 10,
};

const led = (script: Script, seen: Seen, more: Partial<Changing> = {}) => {
  const ended = enact(script, seen, { ...before, ...more }, 100);
  if (ended === null) throw new Error("everything is known here");
  return ended;
};

const wide = (count: number): string => count.toString(16).padStart(32, "0");

/** For each instruction: where it traps with IC0504. */
const table: readonly (readonly [Instruction, readonly Mode[]])[] = [
  [{ op: "consume", instructions: instructions(1) }, []],
  [{ op: "write", page: 0, value: { kind: "time" } }, []],
  [{ op: "stable-grow", pages: 1 }, []],
  [{ op: "when-odd", value: { kind: "time" }, then: [], otherwise: [] }, []],
  [callTo(), ["cleanup", "inspection", ...hooks, "replicated-query", "query", "query-cleanup"]],
  [{ op: "accept", cycles: cycles(1n) }, ["cleanup", "task", "inspection", ...hooks, ...queries]],
  [{ op: "accept-message" }, ["update", "callback", "cleanup", "task", ...hooks, ...queries]],
  [reply(), ["cleanup", "task", "inspection", ...hooks, "query-cleanup"]],
  [{ op: "reject" }, ["cleanup", "task", "inspection", ...hooks, "query-cleanup"]],
  [{ op: "burn", cycles: cycles(1n) }, ["inspection", ...queries]],
  [{ op: "set-timer", after: nanoseconds(1n) }, ["inspection", ...queries]],
  [{ op: "certify", data: { kind: "time" } }, ["cleanup", "inspection", ...queries]],
];

describe.each(table.map(([instruction, forbidden]) => [instruction.op, instruction, forbidden] as const))(
  "%s",
  (_, instruction, forbidden) => {
    test.each(modes)("in %s", (mode) => {
      expect(led([instruction], seenIn(mode)).trap).toBe(forbidden.includes(mode) ? "IC0504" : null);
    });
  },
);

/** For each value: what it is to what sees this, and where it is there to be read. */
const values: readonly (readonly [Value, string, readonly Mode[]])[] = [
  [{ kind: "bytes", bytes: hex("01") }, "01", modes],
  [{ kind: "message" }, "2a", [...answering, "inspection", "arrival"]],
  [{ kind: "page", page: 1 }, "0b", modes],
  [{ kind: "page", page: 0 }, "", modes],
  [{ kind: "stable-size" }, "0000000000000000", modes],
  [{ kind: "time" }, "0000000000000007", modes],
  [{ kind: "balance" }, wide(1_000), modes],
  [{ kind: "available" }, wide(50), ["update", "callback", "replicated-query"]],
  [{ kind: "refunded" }, wide(6), ["callback"]],
  [{ kind: "deadline" }, "0000000000000009", answering],
  [{ kind: "instructions" }, "0000000000000001", modes],
  [{ kind: "version" }, "0000000000000003", modes],
  [{ kind: "self" }, "6d65", modes],
  [{ kind: "caller" }, "40616e6e", modes],
  [{ kind: "status" }, "01", modes],
  [{ kind: "controller", principal: ann }, "01", modes],
  [{ kind: "controller", principal: self }, "00", modes],
  [{ kind: "reject-code" }, "04", ["callback", "query-callback", "cleanup"]],
  [{ kind: "method" }, "6d37", ["inspection"]],
];

describe.each(values.map(([value, content, readers]) => [JSON.stringify(value), value, content, readers] as const))(
  "the value %s",
  (_, value, content, readers) => {
    test.each(modes)("in %s", (mode) => {
      const ended = led([{ op: "write", page: 0, value }], seenIn(mode, { refunded: 6n }), { pages: new Map([[1, "0b"]]) });
      expect([ended.trap, ended.pages.get(0)]).toEqual(readers.includes(mode) ? [null, content] : ["IC0504", undefined]);
      expect(ended.instructions).toBe(1);
    });
  },
);

describe("the certificate", () => {
  const [told, certificate]: readonly Value[] = [{ kind: "certified" }, { kind: "certificate" }];
  const kept = (value: Value, mode: Mode, more: Partial<Seen> = {}) => {
    const { trap, pages } = led([{ op: "write", page: 0, value }], seenIn(mode, more));
    return trap ?? pages.get(0);
  };
  test.each(modes)("is there for the bodies of queries, in %s", (mode) => {
    const there = mode === "query" || mode === "composite-query";
    expect([kept(told!, mode), kept(certificate!, mode)]).toEqual(there ? ["01", "0c".repeat(32)] : ["00", "IC0504"]);
  });
  test.each(["query", "composite-query", "update"] as const)("is nowhere where nobody has one, in %s", (mode) =>
    expect([kept(told!, mode, { certificate: null }), kept(certificate!, mode, { certificate: null })]).toEqual(["00", "IC0504"]),
  );
});

describe("a value", () => {
  const refunded: Value = { kind: "refunded" };
  test("that may not be read comes before all that traps otherwise", () => {
    const [page, large] = [99, bytes(1)];
    expect(led([{ op: "write", page, value: refunded }], seenIn("update")).trap).toBe("IC0504");
    const call = callTo({ payload: refunded, attached: cycles(1_001n) });
    expect(led([call], seenIn("update", { parameters: { ...network, maxPayload: large } }))).toMatchObject({ trap: "IC0504", calls: [] });
  });
  test("that may not be read is no answer, and nothing that is certified, or looked at", () => {
    expect(led([{ op: "reply", payload: refunded }], seenIn("update"))).toMatchObject({ trap: "IC0504", answer: null, available: 50n });
    expect(led([{ op: "certify", data: refunded }], seenIn("task"))).toMatchObject({ trap: "IC0504", certifiedData: "" });
    expect(led([{ op: "when-odd", value: refunded, then: [], otherwise: [] }], seenIn("task")).trap).toBe("IC0504");
  });
  test.each([
    ["stopping", "02"],
    ["stopped", "03"],
  ] as const)("tells who is %s", (status, content) =>
    expect(led([{ op: "write", page: 0, value: { kind: "status" } }], seenIn("callback", { status })).pages.get(0)).toBe(content),
  );
  test.each([
    ["caller", { caller: null }],
    ["reject-code", { code: null }],
  ] as const)("of the kind %s that nobody can know ends the foresight", (kind, seen) =>
    expect(enact([{ op: "write", page: 0, value: { kind } }], seenIn("callback", seen), before, 100)).toBeNull(),
  );
  test("counts the instructions as far as it, in a branch and beside a call that was refused, and behind those of an earlier script", () => {
    const note = (page: number): Instruction => ({ op: "write", page, value: { kind: "instructions" } });
    const branch: Instruction = { op: "when-odd", value: { kind: "instructions" }, then: [note(1)], otherwise: [] };
    const script = [note(0), { op: "consume", instructions: instructions(9) } as const, branch, callTo({ onRefused: [note(2)] }), note(3)];
    const counted = (seen: Partial<Seen>): readonly (readonly [number, number])[] =>
      [...led(script, seenIn("update", { ...seen, parameters: { ...network, maxPages: 4, heapPages: 4 }, openTo: () => 2 })).pages].map(
        ([page, content]) => [page, Number.parseInt(content, 16)],
      );
    expect(counted({})).toEqual([
      [0, 1],
      [1, 12],
      [2, 14],
      [3, 15],
    ]);
    expect(counted({ usedBefore: 30 }).map(([, count]) => count)).toEqual([31, 42, 44, 45]);
  });
  test("that nobody can know ends the foresight", () => {
    expect(enact([{ op: "reply", payload: { kind: "message" } }], seenIn("update", { message: null }), before, 100)).toBeNull();
  });
});

describe("stable memory", () => {
  /** Pages 0 and 1 are the heap; of stable memory there can be two. */
  const shape = { ...network, maxPages: 4, heapPages: 2, storage: { ...network.storage, capacity: bytes(96) } };
  const free = { parameters: { ...shape, fees: { ...shape.fees, gibSecond: cycles(0n) } } };
  const grow = (pages: number): Instruction => ({ op: "stable-grow", pages });
  const write = (page: number): Instruction => ({ op: "write", page, value: { kind: "stable-size" } });
  const read = (page: number): Instruction => ({ op: "when-odd", value: { kind: "page", page }, then: [], otherwise: [] });

  test("grows by what is asked for, and is seen to", () => {
    const ended = led([grow(1), write(2), grow(0), write(0)], seenIn("update", free));
    expect(ended).toMatchObject({ trap: null, stablePages: 1 });
    expect([...ended.pages]).toEqual([
      [2, "0000000000000001"],
      [0, "0000000000000001"],
    ]);
  });
  test("grows to the end of the memory, or not at all", () => {
    expect(led([grow(2)], seenIn("task", free), { stablePages: 0 }).stablePages).toBe(2);
    expect(led([grow(2)], seenIn("task", free), { stablePages: 1 })).toMatchObject({ trap: null, stablePages: 1 });
    expect(led([grow(1)], seenIn("task"), {}).stablePages).toBe(0);
  });
  test("grows while its core sees room on the subnet, or where nothing of it stays", () => {
    expect(led([grow(1)], seenIn("callback", free), { used: 64 })).toMatchObject({ stablePages: 1, used: 96 });
    expect(led([grow(1)], seenIn("callback", free), { used: 65 })).toMatchObject({ trap: null, stablePages: 0, used: 65 });
    expect(led([grow(1)], seenIn("callback", { ...free, memory: () => 128 }), { used: 999 })).toMatchObject({ stablePages: 1, used: 999 });
    for (const mode of ["inspection", ...queries] as const)
      expect(led([grow(1)], seenIn(mode, free), { used: 999 })).toMatchObject({ stablePages: 1, used: 999 });
  });
  test("is read and written as far as it goes", () => {
    for (const mode of modes) {
      expect(led([write(2)], seenIn(mode, free), { stablePages: 1 }).trap).toBeNull();
      expect(led([write(3)], seenIn(mode, free), { stablePages: 1 }).trap).toBe("IC0502");
      expect(led([read(2)], seenIn(mode, free), { stablePages: 1 }).trap).toBeNull();
      expect(led([read(3)], seenIn(mode, free), { stablePages: 1 }).trap).toBe("IC0502");
      expect(led([read(4)], seenIn(mode, free), { stablePages: 2 }).trap).toBe("IC0502");
    }
  });
  test("that is not there is read in vain before all that traps otherwise, but for what may not be done", () => {
    const beyond: Value = { kind: "page", page: 4 };
    expect(led([callTo({ payload: beyond, attached: cycles(1_001n) })], seenIn("update", free)).trap).toBe("IC0502");
    expect(led([callTo({ payload: beyond, attached: cycles(1n) })], seenIn("composite-query", free)).trap).toBe("IC0504");
    expect(led([{ op: "certify", data: beyond }], seenIn("query", free)).trap).toBe("IC0504");
    expect(led([reply(), { op: "reply", payload: beyond }], seenIn("update", free)).trap).toBe("IC0502");
  });
  test("counts whole, so that a page of it is never new", () => {
    const frozen = { ...free, threshold: ({ memory }: { readonly memory: number }) => BigInt(memory) };
    expect(led([write(2)], seenIn("update", frozen), { stablePages: 1, balance: 0n, used: 5 })).toMatchObject({ trap: null, used: 5 });
    expect(led([write(0)], seenIn("update", frozen), { stablePages: 1, balance: 63n }).trap).toBe("IC0532");
    expect(led([grow(1)], seenIn("update", frozen), { stablePages: 1, balance: 63n })).toMatchObject({ trap: "IC0532", stablePages: 1 });
    expect(led([grow(1)], seenIn("update", frozen), { stablePages: 1, balance: 64n })).toMatchObject({ trap: null, stablePages: 2 });
  });
});

describe("certified data", () => {
  const certify = (count: number): Script => [{ op: "certify", data: { kind: "bytes", bytes: hex("2a".repeat(count)) } }];
  test("are what was certified last", () => expect(led([...certify(3), ...certify(1)], seenIn("task")).certifiedData).toBe("2a"));
  test("may have 32 bytes", () => expect(led(certify(32), seenIn("update")).trap).toBeNull());
  test("have no more", () => expect(led(certify(33), seenIn("callback"))).toMatchObject({ trap: "IC0504", certifiedData: "" }));
  test("that nobody can know end the foresight", () =>
    expect(enact([{ op: "certify", data: { kind: "message" } }], seenIn("update", { message: null }), before, 100)).toBeNull());
});

describe("an answer", () => {
  test("leaves nothing available", () =>
    expect(led([reply(), { op: "accept", cycles: cycles(9n) }], seenIn("update"))).toMatchObject({ available: 0n, accepted: 0n }));
  test("is given once", () => expect(led([reply(), { op: "reject" }], seenIn("callback")).trap).toBe("IC0504"));
  test("is not given where none is owed", () => expect(led([reply()], seenIn("callback", { open: false })).trap).toBe("IC0504"));
});

describe("a call", () => {
  const refusal = (seen: Partial<Seen>, more: Partial<Changing> = {}): string | undefined =>
    led([callTo()], seenIn("update", seen), more).refused[0]?.error;
  test("needs a slot first", () =>
    expect(refusal({ openTo: () => 2, openCalls: 99 }, { share: 0, callbacks: 0, balance: 0n })).toBe("IC0201"));
  test("then memory for its response", () => expect(refusal({ openCalls: 99 }, { share: 31, callbacks: 0, balance: 0n })).toBe("IC0507"));
  test("then a callback", () => expect(refusal({ openCalls: 50 }, { callbacks: 0, balance: 0n })).toBe("IC0101"));
  test("then its price", () => expect(refusal({}, { balance: 148n })).toBe("IC0207"));
  test("finds a callback below the quota", () => expect(refusal({ openCalls: 49 }, { callbacks: 0 })).toBeUndefined());
  test("with a timeout needs no memory", () => {
    const ended = led([callTo({ timeout: nanoseconds(2n) })], seenIn("update"), { share: 0 });
    expect(ended).toMatchObject({ refused: [], share: 0, calls: [{ deadline: 9n }] });
  });
  test("takes of what is left", () =>
    expect(led([callTo(), callTo()], seenIn("update"), { callbacks: 1 })).toMatchObject({ share: 936, callbacks: 0, balance: 702n }));
  test("tells its script at once that it was refused", () =>
    expect(led([callTo({ onRefused: [{ op: "trap" }] })], seenIn("update"), { balance: 0n }).trap).toBe("IC0503"));
  test("with too large a payload traps before anything else", () => {
    const large = callTo({ payload: { kind: "bytes", bytes: hex("0000") } });
    expect(led([large], seenIn("update", { parameters: { ...network, maxPayload: bytes(1) } }), { balance: 0n }).trap).toBe("IC0504");
  });
  test("with more cycles than there are traps", () =>
    expect(led([callTo({ attached: cycles(1_001n) })], seenIn("update")).trap).toBe("IC0520"));
});

test("an execution that passes its limit has used its limit", () => {
  expect(led([{ op: "consume", instructions: instructions(101) }, reply()], seenIn("update"))).toMatchObject({
    trap: "IC0522",
    instructions: 100,
    answer: null,
  });
});

test("an inspection lets its message in once", () => {
  expect(led([{ op: "accept-message" }], seenIn("inspection")).admitted).toBe(true);
  expect(led([{ op: "accept-message" }, { op: "accept-message" }], seenIn("inspection")).trap).toBe("IC0504");
});
