/** Trees grow one way, and a witness tells what it is asked and no more. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hex, lookUp, rootOf, type HashTree, type Hex, type Label, type Path } from "../spec/index.ts";
import { digestOf, leadsTo, leafOf, treeOf, witnessOf } from "./tree.ts";

const sha256 = (content: Hex): Hex => hex(createHash("sha256").update(Buffer.from(content, "hex")).digest("hex"));
const leaf = (text: string): HashTree => leafOf(hex(Buffer.from(text).toString("hex")));
const labels = fc.stringMatching(/^[a-z0-9_-]{1,4}$/);
const forests = fc.uniqueArray(labels, { maxLength: 12 });
const flat = (names: readonly Label[]): HashTree => treeOf(names.map((name) => [name, leaf(name)]));

/** The labels and forks of a tree as a text. */
const shape = (tree: HashTree): string =>
  tree.kind === "fork" ? `(${shape(tree.left)} ${shape(tree.right)})` : tree.kind === "labeled" ? tree.label : tree.kind;

describe("a tree", () => {
  test("has the digest of the interface specification's example", () => {
    const fork = (left: HashTree, right: HashTree): HashTree => ({ kind: "fork", left, right });
    const labeled = (label: Label, tree: HashTree): HashTree => ({ kind: "labeled", label, tree });
    const empty = treeOf([]);
    const a = fork(fork(labeled("x", leaf("hello")), empty), labeled("y", leaf("world")));
    const tree = fork(fork(labeled("a", a), labeled("b", leaf("good"))), fork(labeled("c", empty), labeled("d", leaf("morning"))));
    expect(digestOf(tree)).toBe("eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0");
  });

  test("parts its labels at the first bit in which they differ", () => {
    expect(shape(flat([]))).toBe("empty");
    expect(shape(flat(["a"]))).toBe("a");
    // 01100001, 01100010, 01100011: the second bit from below is 0 in `a` alone.
    expect(shape(flat(["a", "b", "c"]))).toBe("(a (b c))");
    // Behind its end a label goes on with zeros: 0 is 00110000, - is 00101101, a is 01100001.
    expect(shape(flat(["a", "a-", "a0", "aa"]))).toBe("((a (a- a0)) aa)");
    expect(shape(flat(["time", "canister", "request_status"]))).toBe("(canister (request_status time))");
    expect(shape(flat(["timer", "memory", "certified_data"]))).toBe("((certified_data memory) timer)");
  });

  test("is one for all orders, and its labels ascend", () => {
    fc.assert(
      fc.property(forests, (names) => {
        expect(flat([...names].reverse())).toEqual(flat(names));
        expect(shape(flat(names)).match(/[a-z0-9_-]+/g)).toEqual(names.length === 0 ? ["empty"] : [...names].sort());
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("has each label once", () => {
    expect(() => flat(["a", "b", "a"])).toThrow("two branches a");
  });
});

describe("a witness", () => {
  const worlds = fc.record({
    tree: fc
      .dictionary(labels, forests, { maxKeys: 8 })
      .map((all) => treeOf(Object.entries(all).map(([label, names]) => [label, flat(names)]))),
    paths: fc.array(fc.tuple(labels, labels), { maxLength: 5 }),
  });
  const told = (tree: HashTree, paths: readonly Path[]) =>
    witnessOf(tree, {
      present: paths.filter((path) => leadsTo(tree, path)),
      absent: paths.filter((path) => !leadsTo(tree, path)),
      pruned: true,
    });

  test("has the root of its tree, and says of each path what the tree says", () => {
    fc.assert(
      fc.property(worlds, ({ tree, paths }) => {
        const witness = told(tree, paths);
        expect(rootOf(witness, sha256)).toBe(digestOf(tree));
        for (const path of paths) {
          const said = lookUp(witness, path);
          expect(said).toEqual(lookUp(tree, path));
          expect(said.kind).toBe(leadsTo(tree, path) ? "found" : "absent");
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test("shows no value that was not asked for", () => {
    const values = (tree: HashTree): number =>
      tree.kind === "fork"
        ? values(tree.left) + values(tree.right)
        : tree.kind === "labeled"
          ? values(tree.tree)
          : Number(tree.kind === "leaf");
    fc.assert(
      fc.property(worlds, ({ tree, paths }) => {
        const there = new Set(paths.filter((path) => leadsTo(tree, path)).map((path) => path.join("/")));
        expect(values(told(tree, paths))).toBe(there.size);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test("of a path that ends above the values shows all that is below", () => {
    const tree = treeOf([
      ["a", flat(["x", "y"])],
      ["b", flat(["z"])],
    ]);
    const witness = told(tree, [["a"]]);
    expect(witness).toEqual({
      kind: "fork",
      left: { kind: "labeled", label: "a", tree: flat(["x", "y"]) },
      right: { kind: "pruned", digest: digestOf(treeOf([["b", flat(["z"])]])) },
    });
  });

  test("shows next to what is missing the labels alone", () => {
    const tree = treeOf([
      ["a", flat(["x"])],
      ["c", flat(["x"])],
      ["d", flat(["x"])],
    ]);
    const pruned: HashTree = { kind: "pruned", digest: digestOf(flat(["x"])) };
    // a is 01100001, c is 01100011, d is 01100100.
    expect(told(tree, [["b", "x"]])).toEqual({
      kind: "fork",
      left: {
        kind: "fork",
        left: { kind: "labeled", label: "a", tree: pruned },
        right: { kind: "labeled", label: "c", tree: pruned },
      },
      right: { kind: "pruned", digest: digestOf(treeOf([["d", flat(["x"])]])) },
    });
  });

  test("of an empty part shows that it is empty", () => {
    expect(told(treeOf([["a", treeOf([])]]), [["a", "x"]])).toEqual({ kind: "labeled", label: "a", tree: { kind: "empty" } });
  });
});
