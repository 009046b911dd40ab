/** The management canister in the words that people read: who controls whom, what is asked about whom, and what became of it. */
import { expect, test } from "vitest";
import { asciiOf, canisterId, cycles, hex, ingressId, managementCanister, nanoseconds, userId, type Event } from "../../spec/index.ts";
import { callTo, canister, genesisOf } from "../testing/worlds.ts";
import { eventInWords } from "./events.ts";
import { inputInWords } from "./inputs.ts";
import { genesisInWords } from "./genesis.ts";

const [a, b] = [canisterId("a"), canisterId("b")];

test("a genesis tells who controls a canister, and a script whom it asks about", () => {
  const payload = { kind: "bytes", bytes: asciiOf("b") } as const;
  const stop = callTo("aaaaa-aa", "stop_canister", { payload, onReply: [callTo("b", "go", { payload })] });
  const [, ...lines] = genesisInWords(
    genesisOf([canister("a", { stop: [stop], draw: [callTo("aaaaa-aa", "raw_rand")] }), canister("b", {}, { controllers: [a, b] })]),
  );
  expect(lines).toEqual([
    "a: balance 1_000_000_000_000",
    '  stop { call aaaaa-aa.stop_canister("b") on reply { call b.go(0x62) } }',
    "  draw { call aaaaa-aa.raw_rand(nothing) }",
    "b: balance 1_000_000_000_000, controlled by a and b",
  ]);
});

test("a message of a user tells who sends it, and what it says", () => {
  const message = {
    kind: "ingress",
    id: ingressId("x"),
    canister: managementCanister,
    method: "stop_canister",
    payload: asciiOf("b"),
  } as const;
  expect(inputInWords({ ...message, sender: userId("@ann") })).toBe('ingress x of @ann: aaaaa-aa.stop_canister("b")');
  expect(inputInWords({ ...message, payload: hex("ff") })).toBe("ingress x: aaaaa-aa.stop_canister(0xff)");
  expect(inputInWords({ ...message, canister: b, payload: hex("62") })).toBe("ingress x: b.stop_canister(0x62)");
  const inducted = { kind: "ingress-inducted", ingress: ingressId("x"), canister: b, fee: cycles(14n), balance: cycles(1_086n) } as const;
  expect(eventInWords({ ...inducted, asked: "stop_canister" })).toBe(
    "ingress-inducted, ingress x, b, fee 14, balance 1_086, asked stop_canister",
  );
  expect(eventInWords({ ...inducted, canister: null })).toBe("ingress-inducted, ingress x, fee 14, balance 1_086");
});

test("an argument that is no id, or no constant, is told as any other", () => {
  const said = (payload: Parameters<typeof callTo>[2]): string | undefined =>
    genesisInWords(genesisOf([canister("a", { ask: [callTo("aaaaa-aa", "canister_status", payload)] })]))[2];
  expect(said({ payload: { kind: "bytes", bytes: hex("ff") } })).toContain("canister_status(0xff)");
  expect(said({ payload: { kind: "message" } })).toContain("canister_status(message)");
});

test("a subnet tells how long a request to stop may wait, where that is unusual", () =>
  expect(genesisInWords(genesisOf([], { stopTimeout: nanoseconds(5_000n) }))[0]).toContain("stopTimeout 5_000"));

test.each(
  (
    [
      [
        { kind: "management-asked", caller: a, callback: 0, method: "stop_canister", canister: b },
        "management-asked, caller a, callback 0, method stop_canister, for b",
      ],
      [
        {
          kind: "chunk-kept",
          canister: b,
          digest: hex("0f".repeat(32)),
          charged: cycles(5_000n),
          reserved: cycles(0n),
          balance: cycles(7n),
        },
        "chunk-kept, b, digest 0x0f0f0f0f0f0f0f0f... (32 bytes), charged 5_000, balance 7",
      ],
      [{ kind: "chunks-cleared", canister: b, chunks: 2 }, "chunks-cleared, b, chunks 2"],
      [{ kind: "canister-stopping", canister: b }, "canister-stopping, b"],
      [{ kind: "canister-stopped", canister: b }, "canister-stopped, b"],
      [{ kind: "canister-started", canister: b }, "canister-started, b"],
      [
        { kind: "cycles-deposited", canister: b, cycles: cycles(5_000n), balance: cycles(7_000n) },
        "cycles-deposited, b, cycles 5_000, balance 7_000",
      ],
      [
        {
          kind: "management-answered",
          caller: a,
          callback: 0,
          result: { kind: "reject", code: 5, error: "IC0512" },
          refund: cycles(5_000n),
        },
        "management-answered, caller a, callback 0, result reject IC0512, refund 5_000",
      ],
    ] as readonly (readonly [Event, string])[]
  ).map(([event, words]) => [words, event] as const),
)("%s", (words, event) => expect(eventInWords(event)).toBe(words));
