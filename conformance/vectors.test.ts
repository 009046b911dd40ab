/** Vectors: found for a clause, written, read with distrust, and answered as recorded by whoever follows the clause. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { impl } from "../impl/index.ts";
import { createModel, model } from "../model/index.ts";
import { clauseName, clauses, drive, type ClauseId, type Trace } from "../spec/index.ts";
import { readVectors, versionIn, writeVectors } from "./adapters/vector-files.ts";
import { catalogueHash } from "./catalogue.ts";
import { equivalents } from "./equivalents.ts";
import { drivenBy, expectedOf, missedBy, rulesIn, scenarioOf, vectorFile, vectorOf, type Vector } from "./vector.ts";
import { findVectors } from "./vector-search.ts";
import { encode } from "./json.ts";
import { readText } from "./schemas/border.ts";
import { vectorSchema } from "./schemas/vector.ts";
import { agrees } from "./testing/properties.ts";
import { conversation, neighbours } from "./testing/worlds.ts";

const wanted = ["top-up.when.exists", "top-up.then.mint", "ingress-submit.when.fresh", "restart.then.priorities"];
const named = (name: string): ClauseId => clauses.find((clause) => clauseName(clause) === name)!;
const mintless = createModel({ mutation: named("top-up.then.mint") });

let vectors: readonly Vector[] = [];
beforeAll(async () => {
  vectors = await findVectors({ seed: 3, runs: 30, batches: 2, clauses: wanted.map(named), properties: [agrees] });
});

describe("the vector of a clause", () => {
  test("is found for every clause that the cases meet, and says whether it tells the clause apart", () => {
    expect(vectors.map((vector) => [clauseName(vector), vector.tells])).toEqual([
      ["top-up.then.mint", true],
      ["ingress-submit.when.fresh", true],
      ["restart.then.priorities", false],
    ]);
  });

  test("is as small as a person would make it", () => {
    const mint = vectors.find(({ clause }) => clause === "mint")!;
    expect(scenarioOf(mint)!.inputs.map(({ kind }) => kind)).toEqual(["top-up"]);
    expect(mint.sentence).toBe("the cycles are minted");
  });

  test("is answered as recorded by the reference, and otherwise without the clause", async () => {
    for (const vector of vectors) expect(missedBy(vector, await drivenBy(model, scenarioOf(vector)!))).toBeNull();
    const mint = vectors.find(({ clause }) => clause === "mint")!;
    expect(missedBy(mint, await drivenBy(mintless, scenarioOf(mint)!))).toMatchObject({ at: 0, difference: { field: "ledger.minted" } });
    expect(missedBy(mint, [])).toMatchObject({ at: 0 });
  });

  test("keeps its scenario for as long as that tells the clause apart, and nothing is drawn for it", async () => {
    const all = wanted.map(named);
    const again = await findVectors({ seed: 7, runs: 1, batches: 0, clauses: all, known: vectors, properties: [agrees] });
    expect(again).toEqual(vectors.filter(({ tells }) => tells));
    const mint = vectors.find(({ clause }) => clause === "mint")!;
    const elsewhere = { ...mint, rule: "top-up", kind: "when", clause: "exists" } as const;
    expect(await findVectors({ seed: 7, runs: 1, batches: 0, clauses: all, known: [elsewhere], properties: [agrees] })).toEqual([]);
  });

  test("is not claimed where no case meets the clause", async () => {
    expect(await findVectors({ seed: 3, runs: 5, batches: 2, clauses: [named("timer-begin.then.clear")], properties: [agrees] })).toEqual(
      [],
    );
  });
});

describe("a vector of several subnets", () => {
  const clause = named("slice-admit.then.collect");
  const led = drive(model, neighbours) as Trace;
  const vector = vectorOf(clause, led.steps, neighbours, true);

  test("boots all of them first, and says to which each request goes", () => {
    expect(vector.session.map(({ subnet = 0, request }) => [subnet, request.type])).toEqual([
      [0, "boot"],
      [1, "boot"],
      [0, "apply"],
      [0, "apply"],
      [1, "apply"],
      [0, "apply"],
      [1, "apply"],
    ]);
    expect(scenarioOf({ ...vector, session: vector.session.toReversed() })).toBeNull();
  });

  test("is written and read, and answered as recorded, with the slices as they came", async () => {
    expect(readText(vectorSchema, encode(vector), "vector")).toEqual(vector);
    const scenario = scenarioOf(vector)!;
    expect(scenario.inputs.some((input) => "deliveries" in input)).toBe(false);
    expect(missedBy(vector, await drivenBy(model, scenario))).toBeNull();
    expect(missedBy(vector, await drivenBy(createModel({ mutation: clause }), scenario))).not.toBeNull();
  });
});

test("the rules that take place in a scenario are those that apply or refuse, not those that were only looked at", () => {
  expect([...rulesIn({ ...neighbours, inputs: [] })]).toEqual([]);
  const alone = rulesIn(conversation);
  for (const rule of ["round-begin", "call-send", "call-reply", "top-up", "restart"]) expect(alone).toContain(rule);
  for (const rule of ["message-see", "slice-admit", "callback-cleanup", "timer-set", "system-call"]) expect(alone).not.toContain(rule);
  for (const rule of ["message-stream", "message-see", "stream-request", "stream-response"]) expect(rulesIn(neighbours)).toContain(rule);
});

describe("a folder of vectors", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "canon-vectors-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("gives back what was written, with version and catalogue", () => {
    writeVectors(folder, vectors, "1.2.3");
    const { manifest, vectors: read } = readVectors(folder);
    expect(manifest).toMatchObject({ version: "1.2.3", catalogue: catalogueHash() });
    expect(versionIn(folder)).toBe("1.2.3");
    expect(new Map(read.map((vector) => [vectorFile(vector), vector]))).toEqual(
      new Map(vectors.map((vector) => [vectorFile(vector), vector])),
    );
    expect(expectedOf(read[0]!).length).toBe(scenarioOf(read[0]!)!.inputs.length);
  });

  test("loses what is no vector any more", () => {
    writeVectors(folder, vectors, "1.0.0");
    writeVectors(folder, vectors.slice(0, 1), "1.1.0");
    expect(readVectors(folder).vectors).toHaveLength(1);
    expect(() => readFileSync(join(folder, vectorFile(vectors[1]!)))).toThrow("ENOENT");
  });

  test("is not believed when a file is not the one that was recorded", () => {
    writeVectors(folder, vectors, "1.0.0");
    const file = join(folder, vectorFile(vectors[0]!));
    writeFileSync(file, readFileSync(file, "utf8").replace("canon-vector/1", "canon-vector/1 "));
    expect(() => readVectors(folder)).toThrow("expected the content with SHA-256");
  });

  test("may not name files outside itself", () => {
    writeVectors(folder, vectors.slice(0, 1), "1.0.0");
    const manifest = join(folder, "manifest.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(vectorFile(vectors[0]!), "../../secret.json"));
    expect(() => readVectors(folder)).toThrow("expected rule/name.json");
  });
});

describe("the vectors of this repository", () => {
  const folder = fileURLToPath(new URL("../vectors", import.meta.url));

  test("are of this catalogue; `canon vectors build` makes them anew", () => {
    expect(readVectors(folder).manifest.catalogue).toBe(catalogueHash());
  });

  test("have one for each clause, and tell it apart but where that is argued to be impossible", () => {
    const { vectors: recorded } = readVectors(folder);
    expect(recorded.map(clauseName).toSorted()).toEqual(clauses.map(clauseName).toSorted());
    expect(recorded.filter(({ tells, ...clause }) => !tells && equivalents[clauseName(clause)] === undefined).map(clauseName)).toEqual([]);
  });

  test.each([model, impl])("are answered as recorded by $name", async (machine) => {
    for (const vector of readVectors(folder).vectors) {
      expect([vectorFile(vector), missedBy(vector, await drivenBy(machine, scenarioOf(vector)!))]).toEqual([vectorFile(vector), null]);
    }
  });
});
