/** The benchmark of the state root: what is kept and what is made from scratch are the same, and the table says all of it. */
import { expect, test } from "vitest";
import { textOf } from "./testing.ts";
import { root } from "./root.ts";

test("the state root is the same kept and from scratch, keeps the schema of the report, and its table names every number", () => {
  const measured = [...root(2, [100, 250])];
  expect(measured.map(({ canisters, touched }) => [canisters, touched])).toEqual([
    [100, 1],
    [250, 3],
  ]);
  const text = textOf({ root: measured }, 2, "npm run bench -- root");
  expect(text).toContain("| 250 | 3 |");
});
