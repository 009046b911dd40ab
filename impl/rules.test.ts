import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rules } from "../spec/index.ts";

const room = new URL(".", import.meta.url);
const sources = readdirSync(room)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => readFileSync(new URL(name, room), "utf8"));
const tagged = new Set(sources.flatMap((source) => [...source.matchAll(/@rule ([a-z-]+)/g)].map(([, id]) => id)));

test("every rule of the specification has its place in the implementation, and no other rule has one", () => {
  expect([...tagged].sort()).toEqual(rules.map(({ id }) => id as string).sort());
});

test("no error code of a refusal is typed again", () => {
  const typed = sources.flatMap((source) => [...source.matchAll(/"((?:IC|CN)\d{4})"/g)].map(([, code]) => code));
  // What a script asks for itself, and what the platform answers for a canister that did not, are refusals of no clause.
  expect(typed.sort()).toEqual(["IC0406", "IC0503", "IC0506"]);
});

test("the room needs nothing of Node", () => {
  for (const source of sources) expect(source).not.toMatch(/from "node:/);
});
