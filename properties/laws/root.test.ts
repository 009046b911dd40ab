/** The law of the state root, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import type { Hex, Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, observed } from "../testing/stories.ts";
import { fall, greeting, register } from "../testing/tales.ts";
import { canisterTree, empty, labeled, leaf, repliedTree, root, state, text } from "../testing/trees.ts";
import { led } from "../testing/weak-machines.ts";
import { rootsAreOfTheTree } from "./root.ts";

const rooted = (trace: Trace, ...roots: readonly Hex[]): Trace =>
  roots.reduce((told, stateRoot, step) => observed(told, step, { stateRoot }), trace);

const received = labeled("x", labeled("status", text("received")));
const written = labeled("a", canisterTree("", labeled("0000000000000000", leaf("2a"))));
const first = root(state(labeled("a", canisterTree("")), received, "00"));
const second = root(state(written, labeled("x", repliedTree("2a")), "01"));

describe("roots-are-of-the-tree", () => {
  const told = (trace: Trace): string => judged(rootsAreOfTheTree, trace);

  test("accepts the root of what the events tell", () => expect(told(rooted(greeting, first, second))).toBe("holds"));
  test.each(Object.entries({ fall, register }))("accepts the story %s as the reference tells it", (_, tale) =>
    expect(told(led(model, tale.scenario))).toBe("holds"),
  );
  test("passes over a machine that computes none", () => expect(told(greeting)).toBe("vacuous"));
  test("condemns a root that stays while the state changes", () =>
    expect(told(rooted(greeting, first, first))).toMatch(/^after round, the state root is/));
  test("condemns a root that leaves out the history", () =>
    expect(told(rooted(greeting, root(state(labeled("a", canisterTree("")), empty, "00")), second))).toMatch(/^after ingress/));
  test("condemns a root that leaves out the time", () =>
    expect(told(rooted(greeting, first, root(state(written, labeled("x", repliedTree("2a")), "00"))))).toMatch(/^after round/));
  test("condemns a page that is told, and not kept", () =>
    expect(told(edited(rooted(greeting, first, second), "executed", 0, { wrote: [] }))).toMatch(/^after round/));
  test("condemns certified data that are told, and are not in the tree", () =>
    expect(told(edited(led(model, register.scenario), "data-certified", 0, { data: "2b" }))).toMatch(/^after round/));
});
