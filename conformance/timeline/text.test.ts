/** The picture for a terminal, as lines. */
import { describe, expect, test } from "vitest";
import { canister, ingress } from "../testing/worlds.ts";
import { asked, checkpointed, rounds, stopped, timelineFrom, working } from "./testing.ts";
import { textOf, type Paint } from "./text.ts";

const plain = (text: string): string => text;
const paint: Paint = { good: plain, bad: plain, warn: plain, dim: plain, bold: plain };

describe("the text", () => {
  test("has a letter for each slice, capital where an execution begins, and a line for each state", async () => {
    const canisters = [canister("a", { go: working(350) }), canister("b", { go: working(100) }), canister("c", { go: working(100) })];
    const inputs = [ingress("i", "a", "go"), ...asked("b", "go", 9), ...asked("c", "go", 9), ...rounds(2), checkpointed, ...rounds(5)];
    const lines = textOf(await timelineFrom(canisters, inputs), paint);
    expect(lines.slice(0, 7)).toEqual(
      [
        "round             1",
        "core 0            AaaAaaaB",
        "core 1            BCCBCBCC",
        "                    ^",
        "",
        "A a, 7 full rounds",
        "  state           ##x#### ",
      ].map((line) => line.trimEnd()),
    );
    expect(lines.join("\n")).toContain("  state           #!!#-#-#");
    expect(lines.at(-1)).toContain("x aborted");
  });

  test("tells who is stopping or stopped from who is idle", async () => {
    const text = textOf(await stopped(), paint).join("\n");
    expect(text).toContain("  state           #:#.._");
    expect(text).toContain("_ idle, charged; : idle, and stopping; . stopped");
  });

  test("says that there is nothing where there is nothing", async () => {
    expect(textOf(await timelineFrom([canister("a")], []), paint)).toEqual(["there is no round to draw"]);
  });
});
