/** Labels that come, go and change, against the tree of the labels that are there, made anew. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hex, rootOf, type HashTree, type Hex, type Label } from "../spec/index.ts";
import { hexOf, labeledDigest, leafDigest } from "./digests.ts";
import { change, digestOf, enter, find, leave, neighbours, noLabels, type Tip } from "./labels.ts";
import { treeOf } from "./plain-tree.ts";

const sha256 = (content: Hex): Hex => hex(createHash("sha256").update(Buffer.from(content, "hex")).digest("hex"));

interface Shelf extends Tip<Shelf> {
  value: Hex;
}

const shelf = (id: Label, value = "00"): Shelf => ({ id, value: hex(value), above: null, digest: null });
const digestOfShelf = ({ id, value }: Shelf) => labeledDigest(id, leafDigest(value));
const leaf = (value: Hex): HashTree => ({ kind: "leaf", value });

/** Many begin with another one of them. */
const label = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "-", "_", "9"), minLength: 1, maxLength: 4 }),
  fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789_-"), minLength: 1, maxLength: 32 }),
);

describe("labels side by side", () => {
  test("have the digest of their tree, whatever came, went and changed before", () => {
    const step = fc.record({ id: label, value: fc.constantFrom("", "01", "ff".repeat(2_000)), goes: fc.boolean(), isRead: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const labels = noLabels<Shelf>();
        const there = new Map<Label, Shelf>();
        for (const { id, value, goes, isRead } of steps) {
          const known = there.get(id);
          expect(find(labels, id)).toBe(known ?? null);
          if (known === undefined) {
            const tip = shelf(id, value);
            there.set(id, tip);
            enter(labels, tip);
          } else if (goes) {
            there.delete(id);
            leave(labels, known);
          } else {
            known.value = hex(value);
            change(known);
          }
          if (isRead) digestOf(labels, digestOfShelf);
        }
        const plain = treeOf([...there].map(([id, { value }]) => [id, leaf(value)]));
        expect(hexOf(digestOf(labels, digestOfShelf))).toBe(rootOf(plain, sha256));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test("hash nothing again but what changed and the forks above", () => {
    const labels = noLabels<Shelf>();
    const tips = Array.from({ length: 1_000 }, (_, at) => shelf(at.toString(36)));
    for (const tip of tips) enter(labels, tip);
    const made: Label[] = [];
    const make = (tip: Shelf) => (made.push(tip.id), digestOfShelf(tip));
    digestOf(labels, make);
    expect(made).toHaveLength(1_000);
    for (const tip of [tips[3]!, tips[700]!, tips[3]!]) change(tip);
    digestOf(labels, make);
    expect(made.slice(1_000).sort()).toEqual(["3", (700).toString(36)]);
    digestOf(labels, make);
    expect(made).toHaveLength(1_002);
  });

  test("know the two next to one that is not there", () => {
    fc.assert(
      fc.property(fc.uniqueArray(label, { maxLength: 20 }), label, (ids, sought) => {
        const labels = noLabels<Shelf>();
        for (const id of ids) enter(labels, shelf(id));
        const sorted = [...ids].sort();
        const next = [...sorted.filter((id) => id < sought).slice(-1), ...sorted.filter((id) => id > sought).slice(0, 1)];
        const found = neighbours(labels, sought).map(({ id }) => id);
        expect([...found].sort()).toEqual(ids.includes(sought) ? [] : next);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test("are different ones", () => {
    const labels = noLabels<Shelf>();
    enter(labels, shelf("a"));
    enter(labels, shelf("ab"));
    expect(() => enter(labels, shelf("a"))).toThrow("a is there twice");
  });
});
