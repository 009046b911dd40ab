/** The law of the state root, shown what it accepts, what it passes over and what it must condemn. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hex, type Hex, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, observed } from "../testing/stories.ts";
import { greeting } from "../testing/tales.ts";
import { stateRootTracksState } from "./root.ts";

const digest = (text: string): bigint => BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
const rootOf = (...texts: readonly string[]): Hex =>
  hex((texts.reduce((sum, text) => sum + digest(text), 0n) % 2n ** 256n).toString(16).padStart(64, "0"));

const rooted = (trace: Trace, ...roots: readonly Hex[]): Trace =>
  roots.reduce((told, stateRoot, step) => observed(told, step, { stateRoot }), trace);
const first = rootOf("canister a - ", "ingress x received");
const second = rootOf("canister a - 0:2a", "ingress x reply:2a");

describe("state-root-tracks-state", () => {
  test("accepts the root of what the events tell", () =>
    expect(judged(stateRootTracksState, rooted(greeting, first, second))).toBe("holds"));
  test("passes over a machine that computes none", () => expect(judged(stateRootTracksState, greeting)).toBe("vacuous"));
  test("condemns a root that stays while the state changes", () =>
    expect(judged(stateRootTracksState, rooted(greeting, first, first))).toMatch(/^after round, the state root is/));
  test("condemns a root that leaves out the history", () =>
    expect(judged(stateRootTracksState, rooted(greeting, rootOf("canister a - "), second))).toMatch(/^after ingress/));
  test("condemns a page that is told, and not kept", () =>
    expect(judged(stateRootTracksState, edited(rooted(greeting, first, second), "executed", 0, { wrote: [] }))).toMatch(/^after round/));
});
