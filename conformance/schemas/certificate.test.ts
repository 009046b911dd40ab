/** Paths and witnesses at the border: what the reference tells comes through as it is, and what no state can make does not. */
import { describe, expect, test } from "vitest";
import { drive, hex, type HashTree, type Input, type Trace } from "../../spec/index.ts";
import { model } from "../../model/index.ts";
import { encode } from "../json.ts";
import { canister, genesisOf, round } from "../testing/worlds.ts";
import { eventInWords } from "../wording/events.ts";
import { inputInWords } from "../wording/inputs.ts";
import { deepestWitness, pathsSchema, witnessSchema } from "./certificate.ts";
import { read, readText, schemas } from "./index.ts";

const asked: Input = {
  kind: "read-state",
  paths: [
    ["canister", "a", "certified_data"],
    ["request_status", "i"],
  ],
};
const trace = drive(model, { genesis: genesisOf([canister("a"), canister("b")]), inputs: [round(), asked] }) as Trace;

describe("a certificate", () => {
  test("comes through the wire as it is", () => {
    const { observation } = trace.steps[1]!;
    expect(observation.events).toMatchObject([{ kind: "certificate-issued", signature: null }]);
    expect(readText(schemas.observation, encode(observation), "line")).toEqual(observation);
  });

  test("is told in words by what it shows", () => {
    expect(inputInWords(asked)).toBe("read the state at /canister/a/certified_data and /request_status/i");
    expect(eventInWords(trace.steps[1]!.observation.events[0]!)).toMatch(
      /^certificate-issued, witness \/canister\/a\/certified_data = nothing and \/request_status is empty and \/time = 0x[0-9a-f]+$/,
    );
  });
});

describe("a witness", () => {
  const nested = (depth: number): HashTree =>
    depth === 1 ? { kind: "empty" } : { kind: "fork", left: nested(depth - 1), right: { kind: "pruned", digest: hex("00".repeat(32)) } };

  test("nests as deep as a state can make it and no deeper", () => {
    expect(read(witnessSchema, nested(deepestWitness), "witness")).toEqual(nested(deepestWitness));
    expect(() => read(witnessSchema, nested(deepestWitness + 1), "witness")).toThrow(
      `expected a witness nested at most ${deepestWitness} deep`,
    );
  });

  test.each([
    [{ kind: "pruned", digest: "00" }, "expected 32 bytes"],
    [{ kind: "labeled", label: "Time", tree: { kind: "empty" } }, "expected 1 to 64 of a-z"],
    [{ kind: "leaf", value: "0" }, "expected pairs"],
    [{ kind: "branch" }, "expected a known kind"],
  ])("is not %j", (tree, fault) => expect(() => read(witnessSchema, tree, "witness")).toThrow(fault));

  test("is asked for by paths of labels", () => {
    expect(() => read(pathsSchema, [["time"], ["a b"]], "paths")).toThrow("[1][0]: expected 1 to 64");
    expect(() => read(pathsSchema, [Array.from({ length: 128 }, () => "a")], "paths")).toThrow("expected at most 127");
  });
});
