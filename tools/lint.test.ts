/**
 * The lint rules that the house depends on do fire: each is shown one planted line, in a room where it holds, and one
 * where it does not.
 */
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import { describe, expect, test } from "vitest";

const eslint = new ESLint({ cwd: fileURLToPath(new URL("..", import.meta.url)) });

const firedIn = async (filePath: string, code: string): Promise<readonly string[]> => {
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages.map(({ ruleId, message }) => ruleId ?? message);
};

const planted: readonly (readonly [rule: string, title: string, code: string])[] = [
  ["no-restricted-globals", "a look at the clock", "export const now = () => Date.now();"],
  ["no-restricted-globals", "a look at a finer clock", "export const now = () => performance.now();"],
  ["no-restricted-globals", "a look at the process", "export const on = () => process.platform;"],
  ["no-restricted-globals", "a timeout", "export const later = (act: () => void) => setTimeout(act, 1);"],
  ["no-restricted-properties", "chance", "export const die = () => Math.random();"],
  ["no-restricted-properties", "a clock by another way", "export const now = () => globalThis.Date.now();"],
  ["no-restricted-syntax", "a unit that nobody checked", 'import type { Cycles } from "./units.ts"; export const free = (-1n) as Cycles;'],
  ["no-restricted-syntax", "a default export", "export default 1;"],
  ["@typescript-eslint/no-floating-promises", "a promise that nobody awaits", "const act = async () => {}; act();"],
  [
    "@typescript-eslint/switch-exhaustiveness-check",
    "a union of which one member is forgotten",
    'export const f = (x: "a" | "b") => { switch (x) { case "a": return 1; } return 2; };',
  ],
  ["@typescript-eslint/no-explicit-any", "an any", "export const f = (x: any) => x;"],
];

describe("lint", () => {
  for (const [rule, title, code] of planted)
    test(`condemns ${title}`, async () => expect(await firedIn("spec/rule.ts", code)).toContain(rule));
  test("lets a leaf look at the clock", async () =>
    expect(await firedIn("tools/tidy.ts", "export const now = () => performance.now();")).toEqual([]));
  test("lets clean code pass", async () => expect(await firedIn("spec/rule.ts", "export const one = 1;")).toEqual([]));
});
