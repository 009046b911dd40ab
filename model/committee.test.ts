/** The committee of the reference: who releases a share when, what is recognised, and what makes a tape. */
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import {
  drive,
  height,
  hex,
  type Committee,
  type Event,
  type Genesis,
  type Hex,
  type Input,
  type ShareOrigin,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { call, canister, ingress, replyWith, round, world } from "./testing.ts";
import { deal, signShare, tapeMessage, tapeOf, verifies } from "./threshold/signing.ts";
import { tapeOfSignature } from "./threshold/tape.ts";

const committee: Committee = { nodes: 4, threshold: 2, dealing: hex("07".repeat(32)), offset: 0 };
const randomly = { go: [call("aaaaa-aa", "raw_rand", { onReply: [replyWith({ kind: "message" })] })] };
const genesis = (more: Partial<Committee> = {}): Genesis => ({ ...world([canister("a", randomly)]), committee: { ...committee, ...more } });
const run = (inputs: readonly Input[], more?: Partial<Committee>): Trace =>
  drive(createModel({ freeze: true }), { genesis: genesis(more), inputs }) as Trace;
const events = (trace: Trace): readonly Event[] => trace.steps.flatMap(({ observation }) => observation.events);
const told = (trace: Trace): readonly string[] =>
  events(trace).map((event) => ("error" in event ? `${event.kind} ${event.error}` : event.kind));

const final = (node: number, of: number): Input => ({ kind: "finalise", node, height: height(of) });
const share = (from: number, to: number, of: number, origin: ShareOrigin = { kind: "released" }): Input => ({
  kind: "share",
  from,
  to,
  height: height(of),
  origin,
});
const dealt = deal(committee.dealing, committee.nodes, committee.threshold);
const tapeAt = (of: number): Hex => tapeOfSignature(tapeOf(dealt, height(of)));
const withTape = (of: number): Input => ({ ...round(), tape: tapeAt(of) }) as Input;
const madeBy = (node: number, other: number, of: number): readonly Input[] => [
  final(node, of - 1),
  final(other, of - 1),
  share(other, node, of),
];

describe("a committee", () => {
  test("makes the same tape whichever nodes made it, and it is the signature of the subnet", () => {
    const tapes = [madeBy(1, 2, 1), madeBy(3, 4, 1), madeBy(4, 1, 1)].map((inputs) =>
      events(run(inputs)).find((event) => event.kind === "tape-made"),
    );
    expect(tapes.map((made) => made?.tape)).toEqual([tapeAt(1), tapeAt(1), tapeAt(1)]);
    const released = events(run(madeBy(1, 2, 1))).filter((event) => event.kind === "share-released");
    for (const { node, share: signature } of released)
      expect(verifies(signature, tapeMessage(height(1)), dealt.nodeKeys[node - 1]!)).toBe(true);
    expect(verifies(tapeOf(dealt, height(1)), tapeMessage(height(1)), dealt.subnetKey)).toBe(true);
  });

  test("releases no share before the block is final", () => {
    expect(told(run([share(2, 1, 1), final(2, 1), final(2, 0), share(2, 1, 1), share(2, 1, 1), share(9, 1, 1)]))).toEqual([
      "share-refused CN0005",
      "block-refused CN0004",
      "block-finalised",
      "share-released",
      "share-admitted",
      "share-refused CN0007",
      "share-refused CN0003",
    ]);
  });

  test("recognises a share that its node did not make", () => {
    const [first] = events(run([final(1, 0)])).filter((event) => event.kind === "share-released");
    const replayed: ShareOrigin = { kind: "forged", share: first!.share };
    expect(
      told(run([share(2, 3, 1, replayed), share(1, 3, 2, replayed), share(2, 3, 1, { kind: "forged", share: hex("00".repeat(48)) })])),
    ).toEqual(Array(3).fill("share-refused CN0006"));
    expect(hexToBytes(first!.share)).toHaveLength(48);
  });

  test("takes no share of the beacon for one of the tape", () => {
    const beacon = concatBytes(Uint8Array.of(20), utf8ToBytes("random_beacon_domain"), hexToBytes("0000000000000001"));
    const origin: ShareOrigin = { kind: "forged", share: signShare(dealt, 2, beacon).signature };
    expect(told(run([share(2, 1, 1, origin)]))).toEqual(["share-refused CN0006"]);
  });

  test("needs one honest node more than there are faulty ones: leaked shares alone make no tape", () => {
    const leak: ShareOrigin = { kind: "leaked" };
    expect(told(run([share(4, 3, 1, leak)]))).toEqual(["share-admitted"]);
    expect(told(run([share(4, 3, 1, leak), final(3, 0)])).at(-1)).toBe("tape-made");
  });

  test("lets a round begin with its own tape only, when it is there", () => {
    expect(told(run([withTape(1), ...madeBy(1, 2, 1), round(), withTape(1)])).filter((kind) => kind.startsWith("round-"))).toEqual([
      "round-refused CN0008",
      "round-refused CN0009",
      "round-began",
      "round-ended",
    ]);
  });

  test("answers a request with the tape of a later height, whatever the offset", () => {
    const two = [...madeBy(1, 2, 1), ...madeBy(1, 2, 2), ...madeBy(1, 2, 3)];
    const plain = run([...two, ingress("i", "a", "go"), withTape(1), withTape(2)]);
    const ahead = run([...two, ingress("i", "a", "go"), withTape(2), withTape(3)], { offset: 1 });
    expect([plain, ahead].map((trace) => trace.steps.at(-1)!.observation.draws)).toMatchObject([
      [{ asked: 1, tape: 2 }],
      [{ asked: 1, tape: 3 }],
    ]);
  });

  test("is as before after a restart", () => {
    const inputs = [final(1, 0), final(2, 0), share(2, 1, 1), final(1, 1), final(3, 0), share(3, 2, 1), withTape(1)];
    const restarted = run(inputs.flatMap((input): Input[] => [{ kind: "restart" }, input]));
    expect(told(restarted).filter((kind) => kind !== "restarted")).toEqual(told(run(inputs)));
  });

  test("is nobody in a world without one", () => {
    const trace = drive(createModel(), { genesis: world([]), inputs: [final(1, 0), share(1, 2, 1)] }) as Trace;
    expect(told(trace)).toEqual(["block-refused CN0003", "share-refused CN0003"]);
  });
});
