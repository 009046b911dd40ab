/** The laws of a committee's nodes, each held to traces that are written by hand. */
import { describe, expect, test } from "vitest";
import { hex, type Event } from "../../spec/index.ts";
import { shareOf } from "../committee/signatures.ts";
import { admitted, final, finalised, four, handed, made, makingOfOne, released, traceOf } from "../testing/committee-traces.ts";
import { noTapeBeforeFinality, sharesAreRecognised, thresholdSuffices } from "./committee.ts";

const leak = { kind: "leaked" } as const;
const forged = { kind: "forged", share: hex("00".repeat(48)) } as const;
const refused = (from: number, node: number, error: Extract<Event, { kind: "share-refused" }>["error"]): Event =>
  ({ ...admitted(from, node, 1), kind: "share-refused", error }) as Event;

describe("no tape before finality", () => {
  test("accepts a tape that is made when the block before is final", () => {
    expect(noTapeBeforeFinality.judge(traceOf(makingOfOne))).toEqual({ kind: "holds" });
  });

  test("says nothing where no block is final and no tape made", () => {
    expect(noTapeBeforeFinality.judge(traceOf([[{ kind: "restart" }, [{ kind: "restarted" }]]])).kind).toBe("vacuous");
  });

  test("condemns a tape that is made before any honest node saw the block before", () => {
    const early = traceOf([
      [handed(2, 1, 1, leak), [admitted(2, 1, 1)]],
      [handed(3, 1, 1), [admitted(3, 1, 1), made(1, 1)]],
    ]);
    expect(noTapeBeforeFinality.judge(early)).toMatchObject({
      kind: "fails",
      at: 1,
      because: "2 shares of height 1 are known, and no honest node had seen block 0 as final",
    });
  });

  test("condemns a share that is released before its block, twice, or not at all", () => {
    for (const [events, because] of [
      [[finalised(1, 0), released(1, 2)], "did not release its share of height 1"],
      [[finalised(1, 0)], "did not release its share of height 1"],
      [[finalised(1, 0), released(1, 1), released(1, 2)], "had not just seen block 1 as final"],
      [[{ ...finalised(1, 0), kind: "block-refused", error: "CN0004" } as Event], "did not see it: block-refused CN0004"],
    ] as const)
      expect(noTapeBeforeFinality.judge(traceOf([[final(1, 0), events]]))).toMatchObject({
        kind: "fails",
        because: expect.stringContaining(because) as string,
      });
    expect(noTapeBeforeFinality.judge(traceOf([[final(1, 3), [finalised(1, 3), released(1, 4)]]]))).toMatchObject({
      because: expect.stringContaining("expected CN0004") as string,
    });
  });
});

describe("shares are recognised", () => {
  test("accepts true shares once, and refusals of all others", () => {
    const trace = traceOf([
      ...makingOfOne,
      [handed(2, 1, 1), [refused(2, 1, "CN0007")]],
      [handed(3, 1, 1, forged), [refused(3, 1, "CN0006")]],
      [handed(3, 1, 1), [refused(3, 1, "CN0005")]],
      [handed(9, 1, 1), [refused(9, 1, "CN0003")]],
    ]);
    expect(sharesAreRecognised.judge(trace)).toEqual({ kind: "holds" });
  });

  test("says nothing where no share is handed to anybody", () => {
    expect(sharesAreRecognised.judge(traceOf([[final(1, 0), [finalised(1, 0), released(1, 1)]]])).kind).toBe("vacuous");
  });

  test("condemns a made-up share that is admitted, and a true one that is not", () => {
    const replayed = { kind: "forged", share: shareOf(four, 2, 1) } as const;
    expect(sharesAreRecognised.judge(traceOf([[handed(3, 1, 1, replayed), [admitted(3, 1, 1)]]]))).toMatchObject({
      because: expect.stringContaining("expected CN0006") as string,
    });
    expect(sharesAreRecognised.judge(traceOf([[handed(2, 1, 1, replayed), [refused(2, 1, "CN0006")]]]))).toMatchObject({
      because: expect.stringContaining("did not admit it") as string,
    });
    expect(sharesAreRecognised.judge(traceOf([...makingOfOne, [handed(2, 1, 1), [admitted(2, 1, 1)]]]))).toMatchObject({
      because: expect.stringContaining("expected CN0007") as string,
    });
  });

  test("condemns a node that releases what is not its share", () => {
    expect(sharesAreRecognised.judge(traceOf([[final(1, 0), [finalised(1, 0), released(1, 1, shareOf(four, 2, 1))]]]))).toMatchObject({
      because: expect.stringContaining("which is not its share of height 1") as string,
    });
  });
});

describe("the threshold suffices", () => {
  test("accepts a tape that is made when the last share comes", () => {
    expect(thresholdSuffices.judge(traceOf(makingOfOne))).toEqual({ kind: "holds" });
  });

  test("says nothing where nobody holds a share", () => {
    expect(thresholdSuffices.judge(traceOf([])).kind).toBe("vacuous");
  });

  test("condemns a tape of one share less, one that is made twice, and one that is not made", () => {
    const alone = traceOf([[final(1, 0), [finalised(1, 0), released(1, 1), made(1, 1)]]]);
    expect(thresholdSuffices.judge(alone)).toMatchObject({ because: "node 1 made the tape of height 1 from 1 shares, and 2 are needed" });
    const twice = traceOf([...makingOfOne, [handed(3, 1, 1, leak), [admitted(3, 1, 1), made(1, 1)]]]);
    expect(thresholdSuffices.judge(twice)).toMatchObject({ at: 3, because: "node 1 made the tape of height 1 again" });
    const never = traceOf([...makingOfOne.slice(0, 2), [handed(2, 1, 1), [admitted(2, 1, 1)]]]);
    expect(thresholdSuffices.judge(never)).toMatchObject({
      at: 2,
      because: "node 1 holds 2 shares of height 1, of 2 that are needed, and made no tape",
    });
  });
});
