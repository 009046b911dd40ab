/** What a committee does, in the words that people read. */
import { describe, expect, test } from "vitest";
import { height, hex, type Event, type Input } from "../../spec/index.ts";
import { eventInWords } from "./events.ts";
import { committeeInWords } from "./genesis.ts";
import { inputInWords } from "./inputs.ts";

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
