/** A fate is believed only when all that it names is there, and one of its properties is about each clause and is a law. */
import { describe, expect, test } from "vitest";
import { by, clauseOf, kindOf, objectionsToFate, type Fate, type KnownLaws } from "./fates.ts";

const known: KnownLaws = {
  properties: [
    { id: "conserved", kind: "law", cites: ["call-reply"] },
    { id: "agrees", kind: "agreement", cites: ["call-send"] },
  ],
  clauses: [
    { rule: "call-reply", kind: "when", clause: "sized" },
    { rule: "call-reply", kind: "then", clause: "empty" },
    { rule: "call-send", kind: "then", clause: "send" },
  ],
  kills: [
    { rule: "call-reply", kind: "when", clause: "sized", killedBy: ["conserved", "agrees"] },
    { rule: "call-reply", kind: "then", clause: "empty", killedBy: ["agrees"] },
  ],
};

describe("a fate", () => {
  const sound: readonly Fate[] = [
    by("conserved"),
    by("conserved", "call-reply.when.sized"),
    by("agrees", "conserved", "call-send.then.send"),
    { notYet: "it is to come" },
    { outOfScope: "nobody asked for it" },
  ];
  test.each(sound)("that names what is there stands: %o", (fate) => expect(objectionsToFate(fate, known)).toEqual([]));

  const planted: readonly (readonly [fate: Fate, says: string])[] = [
    [by("conserved", "lost"), "there is no property lost"],
    [by("conserved", "call-reply.when.huge"), "there is no clause call-reply.when.huge"],
    [by("conserved", "call-reply.then.sized"), "there is no clause call-reply.then.sized"],
    [by("conserved", "call-send.then.send"), "none of its properties cites call-send"],
    [by("conserved", "call-reply.then.empty"), "none of its properties notices that call-reply.then.empty is taken out"],
    [by("conserved", "conserved"), "conserved stands twice"],
    [by("agrees"), "no law is among its properties"],
    [by("call-reply.when.sized"), "no law is among its properties"],
    [by(), "no law is among its properties"],
    [{ notYet: " " }, "it gives no reason"],
    [{ outOfScope: "" }, "it gives no reason"],
  ];
  test.each(planted)("%o is not believed", (fate, says) => expect(objectionsToFate(fate, known)).toContain(says));

  test("is of one kind, and its names are properties or clauses", () => {
    expect([by("conserved"), { notYet: "x" }, { outOfScope: "x" }].map(kindOf)).toEqual(["covered", "notYet", "outOfScope"]);
    expect(clauseOf("conserved")).toBeNull();
    expect(clauseOf("call-reply.when.sized")).toEqual({ rule: "call-reply", kind: "when", clause: "sized" });
  });
});
