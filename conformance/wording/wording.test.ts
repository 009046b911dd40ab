/** Worlds, inputs and events in the words that people read: nothing of them is shown as data. */
import { describe, expect, test } from "vitest";
import {
  canisterId,
  cycles,
  height,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  subnetId,
  type Event,
  type Input,
  type Move,
  type StreamMessage,
} from "../../spec/index.ts";
import { eventInWords } from "./events.ts";
import { callTo, canister, genesisOf, networkOf, round } from "../testing/worlds.ts";
import { committeeInWords, genesisInWords } from "./genesis.ts";
import { inputInWords, relationInWords } from "./inputs.ts";

const share = (origin: Extract<Input, { kind: "share" }>["origin"]): Input => ({
  kind: "share",
  from: 2,
  to: 1,
  height: height(3),
  origin,
});

describe("a committee in words", () => {
  test("names its size, its threshold and what it was dealt", () => {
    const committee = { nodes: 4, threshold: 2, dealing: hex("07".repeat(32)), offset: 0 } as const;
    expect(committeeInWords(committee)).toBe("a committee of 4, threshold 2, dealing 0x0707070707070707... (32 bytes)");
    expect(committeeInWords({ ...committee, offset: 1 })).toContain("tapes 1 ahead");
  });

  test("is told input by input, with how a share comes to be under way", () => {
    expect(inputInWords({ kind: "finalise", node: 1, height: height(0) })).toBe("node 1 sees block 0 as final");
    expect(inputInWords(share({ kind: "released" }))).toBe("the share of node 2 for height 3, to node 1");
    expect(inputInWords(share({ kind: "leaked" }))).toBe("a share that is leaked by node 2 for height 3, to node 1");
    expect(inputInWords(share({ kind: "forged", share: hex("00") }))).toBe(
      "a made-up share 0x00 in the name of node 2 for height 3, to node 1",
    );
  });

  test("is told event by event, the block of the genesis included", () => {
    const final: Event = { kind: "block-finalised", node: 1, height: height(0) };
    expect(eventInWords(final)).toBe("block-finalised, node 1, height 0");
  });
});

const [a, b] = [canisterId("a"), canisterId("b")];
const request: StreamMessage = {
  kind: "request",
  caller: a,
  callback: 0,
  callee: b,
  method: "go",
  payload: hex("07"),
  attached: cycles(5_000n),
  deadline: nanoseconds(9_000n),
};
const response: StreamMessage = {
  kind: "response",
  caller: a,
  callback: 0,
  respondent: b,
  result: { kind: "reject", code: 2, error: "IC0201" },
  refund: cycles(5n),
  deadline: null,
};

describe("a subnet in words", () => {
  test("tells the parts of the bounds of priorities that it sets differently", () => {
    const { priority } = genesisOf([]).parameters;
    expect(genesisInWords(genesisOf([], { priority: { ...priority } }))[0]).not.toContain("priority");
    expect(genesisInWords(genesisOf([], { priority: { ...priority, floor: 3 } }))[0]).toContain("priority floor 3");
  });

  test("tells what its network sets differently, its routes, and all that its canisters run", () => {
    const genesis = {
      ...genesisOf(
        [
          canister(
            "a",
            { go: [callTo("b", "serve", { timeout: nanoseconds(5_000n), payload: { kind: "deadline" } })] },
            { onHeartbeat: [], inspect: [{ op: "accept-message" }], lowMemory: { limit: 4, threshold: 2, hook: [{ op: "trap" }] } },
          ),
        ],
        { requestLifetime: nanoseconds(3_000n), droppedCycles: "lost" },
      ),
      network: networkOf("left", { b: "right" }),
    };
    const lines = genesisInWords(genesis);
    expect(lines[0]).toContain("requestLifetime 3_000, droppedCycles lost");
    expect(lines.slice(1)).toEqual([
      "it is left, and knows b on right",
      "a: balance 1_000_000_000_000",
      "  go { call b.serve(deadline) within 5_000 ns }",
      "  on heartbeat {}",
      "  inspect { accept message }",
      "  when fewer than 2 of 4 pages of the heap are left { trap }",
    ]);
  });
});

describe("an input in words", () => {
  test("tells the expiry of an ingress message, and who loses its code", () => {
    const message: Input = {
      kind: "ingress",
      id: ingressId("m"),
      canister: a,
      method: "go",
      payload: hex(""),
      expiry: nanoseconds(1_234n),
    };
    expect(inputInWords(message)).toBe("ingress m: a.go(nothing), expiring at 1_234");
    expect(inputInWords({ kind: "uninstall", canister: a })).toBe("uninstall a");
  });

  test("tells what a user asks, and how a method may be called", () => {
    expect(inputInWords({ kind: "query", canister: a, method: "ask", payload: hex("07") })).toBe("query a.ask(0x07)");
    const modes = (["update", "query", "composite"] as const).map((mode) => ({ name: mode[0]!, mode, body: [] }));
    const lines = genesisInWords(genesisOf([canister("c", {}, { methods: modes })], { replicatedQueryAccepts: true }));
    expect(lines[0]).toContain("replicatedQueryAccepts true");
    expect(lines.slice(-3)).toEqual(["  u {}", "  query q {}", "  composite query c {}"]);
  });

  test("tells what a canister that is created brings with it, who goes, and what is reserved", () => {
    expect(
      inputInWords({ kind: "create-canister", canister: canister("c", { go: [{ op: "trap" }] }, { computeAllocation: percent(5) }) }),
    ).toBe("create c: balance 1_000_000_000_000, allocation 5 % go { trap }");
    expect(inputInWords({ kind: "delete-canister", canister: a })).toBe("delete a");
    expect(inputInWords({ kind: "set-compute-allocation", canister: a, computeAllocation: percent(7) })).toBe(
      "set the compute allocation of a to 7 %",
    );
  });

  test("tells where a round is between checkpoints", () => {
    const summary = { nextCheckpoint: height(9), length: 4 };
    expect(inputInWords({ ...round("00"), checkpoint: true, summary } as Input)).toContain(
      "with a checkpoint, the next checkpoint at height 9, 4 rounds behind the last",
    );
  });

  test("tells what a slice brings, and what is delivered from where", () => {
    const slices = [{ from: subnetId("right"), begin: 3, messages: [request, response], signals: 1 }];
    expect(inputInWords({ ...round("00"), slices } as Input)).toContain(
      "a slice of right (messages 3 to 4, signals 1; request 0 of a to b.go(0x07) attaching 5_000 until 9_000; response of b to callback 0 of a: reject IC0201 refunding 5)",
    );
    const move = { ...round("00"), deliveries: [{ from: 1, count: 3, again: 2 }] } as Move;
    expect(inputInWords(move, (subnet) => ["left", "right"][subnet]!)).toContain("delivering at most 3 new of right and 2 again");
  });
});

test("two worlds in words tell in how many rounds the same time passes", () =>
  expect(relationInWords({ kind: "rounds-split", after: 2, parts: 3 })).toBe("the same, with each round behind round 2 in 3 parts"));

describe("an event in words", () => {
  test.each(
    (
      [
        [{ kind: "ingress-expired", ingress: ingressId("m") }, "ingress-expired, ingress m"],
        [
          { kind: "resources-charged", canisters: 3, memory: cycles(1_200n), compute: cycles(0n) },
          "resources-charged, canisters 3, memory 1_200",
        ],
        [{ kind: "ran-dry", canister: a, burned: cycles(7_000n) }, "ran-dry, a, burned 7_000"],
        [
          {
            kind: "query-answered",
            canister: a,
            method: "ask",
            result: { kind: "reply", payload: hex("07") },
            instructions: instructions(1_002),
            nested: [{ depth: 1, caller: a, callee: b, method: "go", result: { kind: "reject", code: 5, error: "IC0506" } }],
          },
          "query-answered, a, method ask, result reply 0x07, instructions 1_002, nested a to b.go at depth 1: reject IC0506",
        ],
        [{ kind: "query-refused", canister: a, method: "ask", error: "CN0021" }, "query-refused, a, method ask, error CN0021"],
        [
          { kind: "message-streamed", to: subnetId("right"), index: 0, message: request },
          "message-streamed, to right, index 0, message request 0 of a to b.go(0x07) attaching 5_000 until 9_000",
        ],
        [
          { kind: "message-streamed", to: subnetId("right"), index: 1, message: { kind: "refund", canister: a, cycles: cycles(3n) } },
          "message-streamed, to right, index 1, message refund of 3 to a",
        ],
        [{ kind: "stream-collected", to: subnetId("right"), begin: 0 }, "stream-collected, to right, begin 0"],
        [{ kind: "slice-taken", from: subnetId("right"), signals: 2 }, "slice-taken, from right, signals 2"],
        [{ kind: "slice-refused", from: subnetId("right"), error: "CN0013" }, "slice-refused, from right, error CN0013"],
        [{ kind: "message-refused", from: subnetId("right"), index: 0, error: null }, "message-refused, from right, index 0, ignored"],
        [
          { kind: "message-refused", from: subnetId("right"), index: 0, error: "IC0301" },
          "message-refused, from right, index 0, error IC0301",
        ],
        [
          { kind: "refund-inducted", canister: a, cycles: cycles(3n), balance: cycles(4_000n) },
          "refund-inducted, a, cycles 3, balance 4_000",
        ],
        [
          { kind: "response-late", caller: a, callback: 0, refund: cycles(3n), balance: cycles(4n) },
          "response-late, caller a, callback 0, refund 3, balance 4",
        ],
        [{ kind: "callback-expired", caller: a, callback: 0 }, "callback-expired, caller a, callback 0"],
        [
          { kind: "message-dropped", reason: "shed", message: "request", canister: a, queue: "output", caller: a, callback: 0 },
          "message-dropped, reason shed, message request, a, queue output, caller a, callback 0",
        ],
        [{ kind: "cycles-dropped", owner: a, cycles: cycles(3n), fate: "streamed" }, "cycles-dropped, owner a, cycles 3, fate streamed"],
        [{ kind: "tasks-chosen", canister: a, turn: "heartbeat" }, "tasks-chosen, a, turn heartbeat"],
        [{ kind: "tasks-dropped", canister: a }, "tasks-dropped, a"],
        [{ kind: "hook-ready", canister: a }, "hook-ready, a"],
        [
          {
            kind: "response-discarded",
            canister: a,
            callback: 0,
            refunded: cycles(0n),
            released: cycles(9n),
            transmissionFee: cycles(1n),
            balance: cycles(5n),
          },
          "response-discarded, a, callback 0, released 9, transmissionFee 1, balance 5",
        ],
        [{ kind: "uninstalled", canister: a }, "uninstalled, a"],
        [{ kind: "uninstall-refused", canister: a, error: "IC0301" }, "uninstall-refused, a, error IC0301"],
        [{ kind: "context-deleted", canister: a, context: 0 }, "context-deleted, a, context 0"],
        [
          {
            kind: "execution-paused",
            canister: a,
            cause: { kind: "heartbeat" },
            slices: 1,
            instructions: instructions(2_000),
            prepaid: cycles(7_000n),
            since: height(3),
            balance: cycles(5n),
          },
          "execution-paused, a, cause heartbeat, slices 1, instructions 2_000, prepaid 7_000, since 3, balance 5",
        ],
        [{ kind: "execution-resumed", canister: a, afresh: true }, "execution-resumed, a, afresh"],
        [{ kind: "execution-resumed", canister: a, afresh: false }, "execution-resumed, a"],
        [{ kind: "full-round", canister: a, unpaid: 2, priority: -1_500_000n }, "full-round, a, unpaid 2, priority -1_500_000"],
        [
          { kind: "priorities-settled", charged: 100n, granted: 40n, decayed: 0n, shared: 60n, total: 0n },
          "priorities-settled, charged 100, granted 40, shared 60",
        ],
        [{ kind: "canister-created", canister: a, computeAllocation: percent(0), balance: cycles(5n) }, "canister-created, a, balance 5"],
      ] as readonly (readonly [Event, string])[]
    ).map(([event, words]) => [words, event] as const),
  )("%s", (words, event) => expect(eventInWords(event)).toBe(words));

  test("tells of calls with a deadline, of those that could not be sent, and of the hook", () => {
    const executed = eventInWords({
      kind: "executed",
      canister: a,
      cause: { kind: "low-memory" },
      calls: [{ callback: 0, callee: b, method: "go", bytes: 0, attached: 0n, deadline: 7_000n, fee: 1n, reserve: 2n }],
      refusedCalls: [{ callee: b, error: "IC0201" }],
    } as never);
    expect(executed).toContain("cause low memory");
    expect(executed).toContain("reserve 2, until 7_000)");
    expect(executed).toContain("refusedCalls IC0201 to b");
  });
});
