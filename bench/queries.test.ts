/** The benchmark of queries measures what it says: a query and the update beside it read the same, and all are answered. */
import { describe, expect, test } from "vitest";
import { model } from "../model/index.ts";
import { drive, faultsOf, type Trace } from "../spec/index.ts";
import { queries } from "./queries.ts";
import { readersOf } from "./readers.ts";
import { textOf } from "./testing.ts";

describe("queries", () => {
  test("and updates read the same, and every one is answered", () => {
    for (const [pages, calls] of [
      [10, false],
      [10, true],
    ] as const) {
      const { genesis, settle, questions, burst, round } = readersOf(3, pages, calls);
      expect(faultsOf(genesis)).toEqual([]);
      const inputs = [...settle, ...questions, ...burst(), ...Array.from({ length: 20 }, round)];
      const events = (drive(model, { genesis, inputs }) as Trace).steps.flatMap(({ observation }) => observation.events);
      const asked = events.filter((event) => event.kind === "query-answered");
      const updated = events.filter((event) => event.kind === "ingress-answered").slice(3);
      expect(asked.map(({ nested }) => nested.length)).toEqual([0, 0, 0].map(() => (calls ? 10 : 0)));
      for (const { result } of [...asked, ...updated]) expect(result).toEqual({ kind: "reply", payload: "c0ffee" });
      expect([asked.length, updated.length]).toEqual([3, 3]);
    }
  });

  test("keep the schema of the report, and their table names every number", () => {
    const text = textOf({ queries: [...queries(1, 2)] }, 1, "npm run bench -- queries");
    expect(text).toContain("| a page of 10,000 | 2 |");
  });
});
