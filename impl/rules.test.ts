/** The room and the catalogue: each rule has its place here, and each refusal its code from there. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { byId, messageExpire, rules } from "../spec/index.ts";
import { refusalOf, rejectWith } from "./refusals.ts";

const room = new URL(".", import.meta.url);
const sources = readdirSync(room, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => readFileSync(new URL(name, room), "utf8"));
const tagged = new Set(sources.flatMap((source) => [...source.matchAll(/@rule ([a-z-]+)/g)].map(([, id]) => id)));

test("every rule of the specification has its place in the implementation, and no other rule has one", () => {
  expect(tagged).toEqual(new Set(rules.map(({ id }) => id)));
});

test("no error code of a refusal is typed again", () => {
  const typed = sources.flatMap((source) => [...source.matchAll(/"((?:IC|CN)\d{4})"/g)].map(([, code]) => code));
  // What a script asks for itself, and what the platform answers as an effect, are refusals of no clause: each stands once.
  expect([...typed].sort((left, right) => byId(left!, right!))).toEqual([
    "CN0210",
    "CN0211",
    "CN0212",
    "IC0202",
    "IC0206",
    "IC0406",
    "IC0503",
    "IC0506",
    "IC0511",
    "IC0601",
    "IC0602",
  ]);
});

test("the room needs nothing of Node", () => {
  for (const source of sources) expect(source).not.toMatch(/from "node:/);
});

test("a clause that refuses nothing has no refusal, and a code of ours no reject", () => {
  expect(() => refusalOf(messageExpire.when.late)).toThrow("refuses nothing");
  expect(() => rejectWith("CN0001")).toThrow("no reject code");
});
