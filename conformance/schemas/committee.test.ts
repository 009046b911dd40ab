/** What a committee says and is told, at the border. */
import { describe, expect, test } from "vitest";
import { feesOfSystem, height, hex, nanoseconds, publishedParameters, type Event, type Genesis, type Input } from "../../spec/index.ts";
import { encode } from "../json.ts";
import { BorderError, read } from "./border.ts";
import { genesisSchema } from "./genesis.ts";
import { inputSchema } from "./scenario.ts";
import { eventSchema } from "./events.ts";

const committee = { nodes: 4, threshold: 2, dealing: hex("07".repeat(32)), offset: 0 } as const;
const genesis: Genesis = { parameters: { ...publishedParameters, fees: feesOfSystem }, time: nanoseconds(0n), committee, canisters: [] };
const share: Input = { kind: "share", from: 1, to: 2, height: height(3), origin: { kind: "forged", share: hex("00".repeat(48)) } };

/** As text and back. */
const again = (value: unknown): unknown => JSON.parse(encode(value));

describe("a committee at the border", () => {
  test("is read as it was written, and may be left out", () => {
    expect(read(genesisSchema, again(genesis), "genesis")).toEqual(genesis);
    const { committee: _, ...without } = genesis;
    expect(read(genesisSchema, again(without), "genesis")).toEqual(without);
  });

  test("is refused with a threshold that no shares reach, and with fields that nobody knows", () => {
    const faulty = (fields: object) => () => read(genesisSchema, again({ ...genesis, committee: { ...committee, ...fields } }), "genesis");
    expect(faulty({ threshold: 5 })).toThrow("committee.threshold: expected a whole number from 1 to nodes = 4, got 5");
    expect(faulty({ dealing: "07" })).toThrow("expected 32 bytes");
    expect(faulty({ offset: 2 })).toThrow(BorderError);
    expect(faulty({ secret: 1 })).toThrow("expected no field");
  });

  test("gets its inputs as they were written", () => {
    const inputs: readonly Input[] = [
      { kind: "finalise", node: 1, height: height(0) },
      share,
      { ...share, origin: { kind: "leaked" } },
      { ...share, origin: { kind: "released" } },
    ];
    for (const input of inputs) expect(read(inputSchema, again(input), "input")).toEqual(input);
    expect(() => read(inputSchema, again({ ...share, origin: { kind: "stolen" } }), "input")).toThrow(BorderError);
  });

  test("is observed as it was told", () => {
    const events: readonly Event[] = [
      { kind: "round-refused", height: height(1), error: "CN0008" },
      { kind: "block-finalised", node: 1, height: height(0) },
      { kind: "block-refused", node: 9, height: height(0), error: "CN0003" },
      { kind: "share-released", node: 1, height: height(1), share: hex("ab".repeat(48)) },
      { kind: "share-admitted", node: 2, from: 1, height: height(1) },
      { kind: "share-refused", node: 2, from: 1, height: height(1), error: "CN0007" },
      { kind: "tape-made", node: 1, height: height(1), tape: hex("cd".repeat(32)) },
    ];
    for (const event of events) expect(read(eventSchema, again(event), "event")).toEqual(event);
    expect(() => read(eventSchema, again({ ...events[3], share: "ab" }), "event")).toThrow("expected 48 bytes");
  });
});
