/** A committee through the door: what its nodes see, release, admit and make, and which rounds get a tape. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  cycles,
  height,
  hex,
  managementCanister,
  nanoseconds,
  type Committee,
  type Event,
  type Genesis,
  type Hex,
  type Input,
  type ShareOrigin,
} from "../../spec/index.ts";
import { boot, type EngineSession } from "../engine.ts";
import { call, ingress, message, only, reply, round, smallWorld, tapeOf as anyTape, write } from "../small-world.ts";
import { dealingOf } from "./dealing.ts";
import { shareOf, tapeOf } from "./signatures.ts";

const four: Committee = { nodes: 4, threshold: 2, dealing: hex("0b".repeat(32)), offset: 0 };
const asks = { go: [call(managementCanister, { method: "raw_rand", onReply: [write(0, message), reply()] })] };
const worldOf = (committee: Committee): Genesis => ({ ...smallWorld({ a: asks }, { maxPayload: bytes(64) }), committee });

const trueShare = (from: number, of: number, committee = four): Hex => shareOf(dealingOf(committee), from, height(of));
const trueTape = (of: number, committee = four): Hex => tapeOf(dealingOf(committee), height(of));

const finalise = (node: number, of: number): Input => ({ kind: "finalise", node, height: height(of) });
const share = (from: number, to: number, of: number, origin: ShareOrigin = { kind: "released" }): Input => ({
  kind: "share",
  from,
  to,
  height: height(of),
  origin,
});
const forged = (bytes: string): ShareOrigin => ({ kind: "forged", share: hex(bytes) });
const leaked: ShareOrigin = { kind: "leaked" };
const roundWith = (tape: Hex): Input => ({ kind: "round", elapsed: nanoseconds(1n), tape });

const eventsOf = (session: EngineSession, ...inputs: readonly Input[]): readonly Event[] =>
  inputs.flatMap((input) => session.apply(input).events);
const kindsOf = (events: readonly Event[]): readonly string[] => events.map((event) => event.kind);

/** What happens to the last of these inputs, in a world with a committee of four. */
const last = (...inputs: readonly Input[]): readonly Event[] => {
  const session = boot(worldOf(four));
  return inputs.map((input) => session.apply(input).events).at(-1)!;
};

describe("a node finalises", () => {
  test("the genesis first, and releases its share of the tape of height 1", () =>
    expect(last(finalise(3, 0))).toEqual([
      { kind: "block-finalised", node: 3, height: 0 },
      { kind: "share-released", node: 3, height: 1, share: trueShare(3, 1) },
    ]));
  test("one height after another", () =>
    expect(kindsOf(last(finalise(3, 0), finalise(3, 1)))).toEqual(["block-finalised", "share-released"]));
  test.each([
    ["a height twice", [finalise(3, 0), finalise(3, 0)], 0],
    ["a height too early", [finalise(3, 0), finalise(3, 2)], 2],
    ["the height that another node comes to", [finalise(2, 0), finalise(3, 1)], 1],
  ])("not %s", (_, inputs, of) => expect(last(...inputs)).toEqual([{ kind: "block-refused", node: 3, height: of, error: "CN0004" }]));
  test.each([0, 5, -1, 1.5])("only when it is seated: not node %d", (node) =>
    expect(last(finalise(node, 0))).toEqual([{ kind: "block-refused", node, height: 0, error: "CN0003" }]),
  );
  test("and its own share can be the one that was missing", () =>
    expect(kindsOf(last(share(1, 3, 1, leaked), finalise(3, 0)))).toEqual(["block-finalised", "share-released", "tape-made"]));
  test("and its own share counts once, when somebody handed it to it before", () =>
    expect(kindsOf(last(share(3, 3, 1, leaked), finalise(3, 0)))).toEqual(["block-finalised", "share-released"]));
});

describe("a node admits", () => {
  const admitted = [{ kind: "share-admitted", node: 2, from: 1, height: 1 }];
  const refused = (error: string, from = 1, node = 2) => [{ kind: "share-refused", node, from, height: 1, error }];

  test("a share that was released", () => expect(last(finalise(1, 0), share(1, 2, 1))).toEqual(admitted));
  test("a share of long ago", () => expect(last(finalise(1, 0), finalise(1, 1), finalise(1, 2), share(1, 2, 1))).toEqual(admitted));
  test("no share that is said to be released and is not", () => expect(last(share(1, 2, 1))).toEqual(refused("CN0005")));
  test("no share of the genesis as released: nobody releases one", () =>
    expect(last(finalise(1, 0), share(1, 2, 0))).toEqual([{ kind: "share-refused", node: 2, from: 1, height: 0, error: "CN0005" }]));
  test("a share that leaked before its time", () => expect(last(share(1, 2, 1, leaked))).toEqual(admitted));
  test("a share that somebody guessed right", () => expect(last(share(1, 2, 1, forged(trueShare(1, 1))))).toEqual(admitted));
  test.each([
    ["nothing at all", ""],
    ["bytes that are no point", "5a".repeat(48)],
    ["the share of another node", trueShare(3, 1)],
    ["the share of another height", trueShare(1, 2)],
    ["the share in a committee with another secret", trueShare(1, 1, { ...four, dealing: hex("0c".repeat(32)) })],
    ["the share with a byte after it", `${trueShare(1, 1)}00`],
  ])("no forgery: %s", (_, made) => expect(last(share(1, 2, 1, forged(made)))).toEqual(refused("CN0006")));
  test("no share twice, wherever it came from", () => {
    expect(last(share(1, 2, 1, leaked), share(1, 2, 1, forged(trueShare(1, 1))))).toEqual(refused("CN0007"));
    expect(last(finalise(2, 0), share(2, 2, 1))).toEqual(refused("CN0007", 2));
  });
  test("its own share, before it releases it", () =>
    expect(last(share(2, 2, 1, leaked))).toEqual([{ kind: "share-admitted", node: 2, from: 2, height: 1 }]));
  test("the first refusal that applies: seats before release, release and bytes before novelty", () => {
    expect(last(share(5, 2, 1))).toEqual(refused("CN0003", 5));
    expect(last(share(1, 0, 1, forged("00")))).toEqual(refused("CN0003", 1, 0));
    expect(last(share(1, 2, 1, leaked), share(1, 2, 1))).toEqual(refused("CN0005"));
    expect(last(share(1, 2, 1, leaked), share(1, 2, 1, forged("00")))).toEqual(refused("CN0006"));
  });
});

describe("a node makes the tape", () => {
  test("with the share that reaches the threshold, once", () => {
    const made = { kind: "tape-made", node: 2, height: 1, tape: trueTape(1) };
    expect(last(share(1, 2, 1, leaked), share(3, 2, 1, leaked))).toEqual([{ kind: "share-admitted", node: 2, from: 3, height: 1 }, made]);
    expect(kindsOf(last(share(1, 2, 1, leaked), share(3, 2, 1, leaked), share(4, 2, 1, leaked)))).toEqual(["share-admitted"]);
  });
  test("the same one at every node, whichever shares it has", () => {
    const session = boot(worldOf(four));
    const events = [1, 2, 3, 4].flatMap((to) => eventsOf(session, share(to, to, 6, leaked), share((to % 4) + 1, to, 6, leaked)));
    const tapes = only(events, "tape-made");
    expect(tapes.map(({ node }) => node)).toEqual([1, 2, 3, 4]);
    expect(new Set(tapes.map(({ tape }) => tape))).toEqual(new Set([trueTape(6)]));
  });
  test("by itself where one share is enough", () =>
    expect(kindsOf(boot(worldOf({ ...four, threshold: 1 })).apply(finalise(1, 0)).events)).toEqual([
      "block-finalised",
      "share-released",
      "tape-made",
    ]));
  test("for no height that the shares of two heights would make together", () =>
    expect(kindsOf(last(share(1, 2, 1, leaked), share(3, 2, 2, leaked)))).toEqual(["share-admitted"]));
});

describe("a round", () => {
  const made = (of: number): readonly Input[] => [share(1, 2, of, leaked), share(3, 2, of, leaked)];

  test("waits for its tape, and nothing happens until it is there", () => {
    const session = boot(worldOf(four));
    session.apply(ingress("i", "a"));
    const before = session.view();
    const ledger = session.apply({ kind: "top-up", canister: before.canisters[0]!.id, cycles: cycles(0n) });
    expect(session.apply(roundWith(trueTape(1)))).toEqual({
      ...ledger,
      events: [{ kind: "round-refused", height: 1, error: "CN0008" }],
    });
    expect(session.view()).toEqual(before);
    eventsOf(session, ...made(1));
    expect(session.apply(roundWith(trueTape(1))).events[0]).toMatchObject({ kind: "round-began", height: 1 });
  });
  test("takes no other tape", () => {
    const refused = [{ kind: "round-refused", height: 1, error: "CN0009" }];
    expect(last(...made(1), roundWith(anyTape("5a")))).toEqual(refused);
    expect(last(...made(1), ...made(2), roundWith(trueTape(2)))).toEqual(refused);
    expect(last(...made(2), roundWith(trueTape(2)))).toEqual([{ kind: "round-refused", height: 1, error: "CN0008" }]);
  });
  test.each([0, 1] as const)("of height h takes the tape of h + %i, whose name its draws have", (offset) => {
    const session = boot(worldOf({ ...four, offset }));
    session.apply(ingress("i", "a"));
    for (const of of [1, 2]) {
      eventsOf(session, ...made(of + offset));
      const { draws, events } = session.apply(roundWith(trueTape(of + offset)));
      expect(events[0]).toMatchObject({ kind: "round-began", height: of });
      expect(draws.map(({ tape, asked }) => ({ tape, asked }))).toEqual(of === 1 ? [] : [{ tape: 2 + offset, asked: 1 }]);
    }
  });
});

test("without a committee nobody is seated, and a round takes any tape", () => {
  const session = boot(smallWorld({ a: asks }));
  expect(eventsOf(session, finalise(1, 0), share(1, 2, 1, leaked))).toEqual([
    { kind: "block-refused", node: 1, height: 0, error: "CN0003" },
    { kind: "share-refused", node: 2, from: 1, height: 1, error: "CN0003" },
  ]);
  expect(kindsOf(session.apply(round()).events)).toContain("round-began");
});

test("a restart, wherever it comes, changes nothing that happens after it", () => {
  const inputs: readonly Input[] = [
    ingress("i", "a"),
    finalise(1, 0),
    share(1, 2, 1),
    share(1, 2, 1),
    share(3, 2, 2, leaked),
    finalise(2, 0),
    share(4, 2, 2, forged(trueShare(4, 2))),
    roundWith(trueTape(1)),
    finalise(1, 0),
    finalise(1, 1),
    share(1, 2, 2),
    share(2, 1, 1),
    share(2, 1, 2),
    roundWith(trueTape(2)),
    roundWith(trueTape(3)),
  ];
  const plain = boot(worldOf(four));
  const expected = inputs.map((input) => plain.apply(input));
  expect(new Set(kindsOf(expected.flatMap(({ events }) => events)))).toEqual(
    new Set([
      ...["block-finalised", "block-refused", "share-released", "share-admitted", "share-refused", "tape-made", "round-refused"],
      ...["ingress-received", "round-began", "ingress-inducted", "turn-began", "executed", "turn-ended", "randomness-asked"],
      ...["round-ended", "randomness-answered", "answered", "ingress-answered", "context-removed"],
    ]),
  );
  for (let at = 0; at <= inputs.length; at++) {
    const session = boot(worldOf(four));
    const observed = inputs.map((input, place) => {
      if (place === at) session.apply({ kind: "restart" });
      return session.apply(input);
    });
    expect(observed).toEqual(expected);
  }
});
