/** What crosses the border comes back as it was, or is refused with field, expected and came. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { drive, type Script, type Session, type Trace } from "../../spec/index.ts";
import { alone, properties } from "../../properties/index.ts";
import { encode } from "../json.ts";
import { listing } from "../listing.ts";
import { conversation } from "../testing/worlds.ts";
import { BorderError, read, readText } from "./border.ts";
import { jsonSchemaOf, schemas, type SchemaName } from "./index.ts";
import { scriptSchema } from "./script.ts";

const tried = alone(conversation);
const plain = (): Plain => JSON.parse(encode(tried)) as Plain;
type Plain = {
  scenario: { genesis: { parameters: Record<string, unknown>; canisters: Record<string, unknown>[] }; inputs: Record<string, unknown>[] };
};

/** What is said of a case after somebody spoilt it. */
const complaint = (spoil: (value: Plain) => void): string => {
  const value = plain();
  spoil(value);
  try {
    read(schemas.case, value, "case.json");
  } catch (reason) {
    if (reason instanceof BorderError) return reason.message;
    throw reason;
  }
  return "none";
};

describe("what crosses the border", () => {
  test("comes back as it was: cases, steps, states", async () => {
    expect(readText(schemas.case, encode(tried), "case")).toEqual(tried);
    const trace = drive(model, conversation) as Trace;
    for (const step of trace.steps) expect(readText(schemas.step, encode(step), "step")).toEqual(step);
    const session = (await model.boot(conversation.genesis)) as Required<Session>;
    for (const input of conversation.inputs.slice(0, 3)) await session.apply(input);
    const state = await session.view();
    expect(readText(schemas.state, encode(state), "state")).toEqual(state);
  });

  test("is a decimal string where a number could be cut", () => {
    expect(plain().scenario.genesis.canisters[0]!["balance"]).toBe("1000000000000");
    expect(complaint(({ scenario }) => (scenario.genesis.canisters[0]!["balance"] = 5))).toBe(
      "case.json: scenario.genesis.canisters[0].balance: expected string, got 5",
    );
  });

  test.each<readonly [string, (value: Plain) => unknown]>([
    [
      "scenario.genesis.canisters[0].balance: expected a whole number of at least 0",
      ({ scenario }) => (scenario.genesis.canisters[0]!["balance"] = "-1"),
    ],
    [
      "scenario.genesis.canisters[0].balance: expected less than 2^100 cycles",
      ({ scenario }) => (scenario.genesis.canisters[0]!["balance"] = (2n ** 100n).toString()),
    ],
    ["scenario.genesis.canisters[0].id: expected 1 to 32 of a-z", ({ scenario }) => (scenario.genesis.canisters[0]!["id"] = "A b")],
    [
      "scenario.inputs[0].payload: expected pairs of lower-case hexadecimal digits",
      ({ scenario }) => (scenario.inputs[0]!["payload"] = "abc"),
    ],
    ["scenario.inputs[2].tape: expected 32 bytes", ({ scenario }) => (scenario.inputs[2]!["tape"] = "ab")],
    ['scenario.inputs[3]: expected no field "now"', ({ scenario }) => (scenario.inputs[3]!["now"] = true)],
    ["scenario.inputs[3].kind: expected a known kind", ({ scenario }) => (scenario.inputs[3]!["kind"] = "reboot")],
    ["scenario.genesis.parameters.cores: expected number, got nothing", ({ scenario }) => delete scenario.genesis.parameters["cores"]],
    ["scenario.genesis: parameters.tapeLag: expected at least 1", ({ scenario }) => (scenario.genesis.parameters["tapeLag"] = 0)],
    ["scenario.genesis.parameters.maxPages: expected int, got 1.5", ({ scenario }) => (scenario.genesis.parameters["maxPages"] = 1.5)],
  ])("or is refused with field, expected and came: %s", (expected, spoil) => {
    expect(complaint(spoil)).toContain(expected);
  });

  test("is refused when it is no JSON, or nests without end", () => {
    expect(() => readText(schemas.case, "{", "x.json")).toThrow('x.json: expected JSON, got "{"');
    expect(() => readText(schemas.case, "[".repeat(1_000_000), "x.json")).toThrow("expected at most 400 nested brackets");
  });

  test("may nest scripts 16 deep and no deeper", () => {
    const nested = (depth: number): Script =>
      depth === 1 ? [] : [{ op: "when-odd", value: { kind: "time" }, then: nested(depth - 1), otherwise: [] }];
    expect(read(scriptSchema, nested(16), "script")).toEqual(nested(16));
    expect(() => read(scriptSchema, nested(17), "script")).toThrow("expected scripts nested at most 16 deep");
  });
});

describe("the public shapes", () => {
  test("are JSON Schemas, all of them", () => {
    for (const name of Object.keys(schemas) as SchemaName[]) {
      expect(jsonSchemaOf(name)).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema", title: `canon ${name}` });
    }
  });

  test("hold what the kit itself says", () => {
    const listed = listing(properties);
    expect(read(schemas["report-list"], JSON.parse(encode(listed)), "listing")).toEqual(listed);
  });
});
