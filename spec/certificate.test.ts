/** Hash trees and what they say, on the example of the interface specification. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { lookUp, rootOf, type HashTree, type Label, type Path } from "./certificate.ts";
import { hex, type Hex } from "./units.ts";

const sha256 = (content: Hex): Hex => hex(createHash("sha256").update(Buffer.from(content, "hex")).digest("hex"));
const bytesOf = (text: string): Hex => hex(Buffer.from(text).toString("hex"));

const empty: HashTree = { kind: "empty" };
const fork = (left: HashTree, right: HashTree): HashTree => ({ kind: "fork", left, right });
const labeled = (label: Label, tree: HashTree): HashTree => ({ kind: "labeled", label, tree });
const leaf = (text: string): HashTree => ({ kind: "leaf", value: bytesOf(text) });
const pruned = (digest: string): HashTree => ({ kind: "pruned", digest: hex(digest) });
const closed = (tree: HashTree): HashTree => ({ kind: "pruned", digest: rootOf(tree, sha256) });

/** @source interface specification, certification, the example */
const root = "eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0";
const ofA = fork(fork(labeled("x", leaf("hello")), empty), labeled("y", leaf("world")));
const example = fork(fork(labeled("a", ofA), labeled("b", leaf("good"))), fork(labeled("c", empty), labeled("d", leaf("morning"))));

/** The same with all pruned but `a/y`, `ax` and `d`. */
const witness = fork(
  fork(
    labeled("a", fork(pruned("1b4feff9bef8131788b0c9dc6dbad6e81e524249c879e9f10f71ce3749f5a638"), labeled("y", leaf("world")))),
    labeled("b", pruned("7b32ac0c6ba8ce35ac82c255fc7906f7fc130dab2a090f80fe12f9c2cae83ba6")),
  ),
  fork(pruned("ec8324b8a1f1ac16bd2e806edba78006479c9877fed4eb464a25485465af601d"), labeled("d", leaf("morning"))),
);

const said = (tree: HashTree, path: Path): string => {
  const lookup = lookUp(tree, path);
  return lookup.kind === "found" ? Buffer.from(lookup.value, "hex").toString() : lookup.kind;
};

describe("the root of a tree", () => {
  test("is that of the interface specification, and a witness has the root of its tree", () => {
    expect(rootOf(example, sha256)).toBe(root);
    expect(rootOf(witness, sha256)).toBe(root);
  });

  test("is another when a single bit of a value, a label, a digest or the place of two nodes is another", () => {
    const others = [
      fork(fork(labeled("a", ofA), labeled("b", leaf("gooe"))), closed(fork(labeled("c", empty), labeled("d", leaf("morning"))))),
      fork(fork(labeled("a", ofA), labeled("c", leaf("good"))), closed(fork(labeled("c", empty), labeled("d", leaf("morning"))))),
      fork(closed(fork(labeled("c", empty), labeled("d", leaf("morning")))), fork(labeled("a", ofA), labeled("b", leaf("good")))),
      fork(pruned(`00${rootOf(labeled("a", ofA), sha256).slice(2)}`), labeled("d", leaf("morning"))),
    ];
    for (const other of others) expect(rootOf(other, sha256)).not.toBe(root);
  });
});

describe("a whole tree", () => {
  test.each([
    [["a", "x"], "hello"],
    [["a", "y"], "world"],
    [["b"], "good"],
    [["c"], "absent"],
    [["a"], "error"],
    [[], "error"],
    [["e"], "absent"],
    [["a", "z"], "absent"],
    [["b", "x"], "absent"],
  ] as const)("says of %j: %s", (path, answer) => expect(said(example, path)).toBe(answer));
});

describe("a witness", () => {
  test.each([
    [["a", "y"], "world"],
    [["d"], "morning"],
    [["aa"], "absent"],
    [["e"], "absent"],
    [["a", "z"], "absent"],
    [["a", "x"], "unknown"],
    [["a", "a"], "unknown"],
    [["b"], "unknown"],
    [["c"], "unknown"],
    [["bb"], "unknown"],
  ] as const)("says of %j: %s", (path, answer) => expect(said(witness, path)).toBe(answer));

  test("says that nothing comes before its first label only when nothing before it is pruned", () => {
    const two = fork(labeled("b", empty), labeled("c", empty));
    expect(said(two, ["a"])).toBe("absent");
    expect(said(fork(closed(labeled("0", empty)), two), ["a"])).toBe("unknown");
  });

  test("that has a value among labels is no tree", () => {
    expect(said(fork(labeled("a", empty), leaf("x")), ["b"])).toBe("error");
  });
});
