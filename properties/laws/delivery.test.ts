/** The laws of the tape, each held to traces that are written by hand; and the signatures that they rest on. */
import { describe, expect, test } from "vitest";
import { hex } from "../../spec/index.ts";
import { combined, shareOf, signatureOf, tapeOf, verifies } from "../committee/signatures.ts";
import { interpolated, order } from "../committee/sharing.ts";
import {
  admitted,
  final,
  finalised,
  four,
  handed,
  idleRound,
  made,
  makingOfOne,
  refusedRound,
  released,
  roundWith,
  traceOf,
  type Told,
} from "../testing/committee-traces.ts";
import { fewerSharesSayNothing, roundsWaitForTheirTape, tapeIsOne, tapeVerifies } from "./delivery.ts";

const wrong = hex("ab".repeat(32));
const withTape = (tape: typeof wrong): readonly Told[] => [
  ...makingOfOne.slice(0, 2),
  [handed(2, 1, 1), [admitted(2, 1, 1), made(1, 1, tape)]],
];
const laws = [tapeIsOne, tapeVerifies, roundsWaitForTheirTape, fewerSharesSayNothing];

describe("the signatures of this room", () => {
  test("are combined by interpolation, whichever shares are taken", () => {
    const share = (node: number) => [node, shareOf(four, node, 3)] as const;
    expect(combined([share(4), share(1)])).toBe(signatureOf(four, 3));
    expect(combined([share(2), share(3)])).toBe(signatureOf(four, 3));
    expect(combined([share(2)])).not.toBe(signatureOf(four, 3));
    expect(verifies(four, 0, 3, signatureOf(four, 3))).toBe(true);
    expect(verifies(four, 1, 3, signatureOf(four, 3))).toBe(false);
    expect(verifies(four, 0, 3, hex("00"))).toBe(false);
  });

  test("rest on numbers that interpolate", () => {
    const square = (at: bigint) => [at, (at * at) % order] as const;
    expect(interpolated([square(1n), square(5n), square(9n)], 12n)).toBe(144n);
    expect(() => interpolated([square(1n), [1n + order, 2n]], 0n)).toThrow("another number than 0");
  });
});

describe("the laws of the tape", () => {
  test("accept a tape that is the signature of the subnet, and rounds that wait for it", () => {
    const trace = traceOf([
      [roundWith(tapeOf(four, 1)), [refusedRound(1, "CN0008")]],
      ...makingOfOne,
      [roundWith(wrong), [refusedRound(1, "CN0009")]],
      [roundWith(tapeOf(four, 1)), idleRound(1)],
    ]);
    for (const law of laws) expect(law.judge(trace), law.id).toEqual({ kind: "holds" });
  });

  test("say nothing where there is neither tape nor round", () => {
    for (const law of laws) expect(law.judge(traceOf([[final(1, 0), [finalised(1, 0), released(1, 1)]]])).kind, law.id).toBe("vacuous");
  });

  test("condemn a tape that the subnet does not sign, each for its own reason", () => {
    expect(tapeIsOne.judge(traceOf(withTape(wrong)))).toMatchObject({
      at: 2,
      because: expect.stringContaining("not what the subnet signs") as string,
    });
    expect(tapeVerifies.judge(traceOf(withTape(wrong)))).toMatchObject({
      at: 2,
      because: "the tape of height 1 is not the hash of the signature that the shares make",
    });
    expect(fewerSharesSayNothing.judge(traceOf(withTape(wrong)))).toMatchObject({
      at: 2,
      because: expect.stringContaining("is not signed with the secret") as string,
    });
  });

  test("condemn two tapes of one height", () => {
    const two = traceOf([...makingOfOne, [handed(1, 2, 1), [admitted(1, 2, 1), made(2, 1, wrong)]]]);
    expect(tapeIsOne.judge(two)).toMatchObject({ at: 3, because: expect.stringContaining("and another node made") as string });
  });

  test("condemn a share that is no signature of its node, by pairing", () => {
    const trace = traceOf([[final(1, 0), [finalised(1, 0), released(1, 1, shareOf(four, 2, 1))]]]);
    expect(tapeVerifies.judge(trace)).toMatchObject({ at: 0, because: "the share of node 1 for height 1 is not its signature" });
  });

  test("condemn a tape of one share", () => {
    const trace = traceOf([[final(1, 0), [finalised(1, 0), released(1, 1), made(1, 1)]]]);
    expect(fewerSharesSayNothing.judge(trace)).toMatchObject({ at: 0, because: "1 shares made the tape of height 1" });
  });

  test("condemn a round that begins without its tape, that is refused with it, or for the wrong reason", () => {
    const judged = (steps: readonly Told[]) => roundsWaitForTheirTape.judge(traceOf(steps));
    expect(judged([[roundWith(wrong), idleRound(1)]])).toMatchObject({
      because: expect.stringContaining("expected a refusal with CN0008") as string,
    });
    expect(judged([...makingOfOne, [roundWith(wrong), idleRound(1)]])).toMatchObject({
      because: expect.stringContaining("expected a refusal with CN0009") as string,
    });
    expect(judged([...makingOfOne, [roundWith(tapeOf(four, 1)), [refusedRound(1, "CN0009")]]])).toMatchObject({
      because: expect.stringContaining("did not begin") as string,
    });
    expect(judged([[roundWith(wrong), [refusedRound(1, "CN0008"), ...idleRound(1)]]])).toMatchObject({
      because: expect.stringContaining("and then came round-began") as string,
    });
  });
});
