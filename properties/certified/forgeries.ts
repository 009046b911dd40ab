/**
 * What somebody who hands a witness over might do to it: say another value, call something by another name, put another digest in
 * the place of what is not shown, exchange two sides, leave something out or slip something in. And what he may do: show less.
 */
import { hex, type HashTree, type Hex, type Label } from "../../spec/index.ts";
import { digestOf } from "./tree.ts";

export interface Forgery {
  /** What was done, in words. */
  readonly what: string;
  readonly witness: HashTree;
}

/** Every witness that differs from one in a single place, and says something else there. */
export const forgeriesOf = (tree: HashTree): readonly Forgery[] => [...changedHere(tree), ...changedBelow(tree, forgeriesOf)];

/** Every witness in which one more place is not shown. */
export const closedFurther = (tree: HashTree): readonly Forgery[] => [
  ...(tree.kind === "pruned" ? [] : [{ what: `the ${tree.kind} is pruned`, witness: { kind: "pruned", digest: digestOf(tree) } as const }]),
  ...changedBelow(tree, closedFurther),
];

const changedHere = (tree: HashTree): readonly Forgery[] => {
  switch (tree.kind) {
    case "empty":
      return [{ what: "something is where nothing was", witness: { kind: "labeled", label: "a", tree } }];
    case "leaf":
      return [
        ...(tree.value === "" ? [] : [{ what: `the value ${tree.value} is another`, witness: { ...tree, value: other(tree.value) } }]),
        { what: `the value ${tree.value} is longer`, witness: { ...tree, value: hex(`${tree.value}00`) } },
        { what: `the value ${tree.value} is nothing`, witness: { kind: "empty" } },
      ];
    case "pruned":
      return [{ what: `the digest ${tree.digest} is another`, witness: { ...tree, digest: other(tree.digest) } }];
    case "labeled":
      return [
        { what: `the label ${tree.label} is another`, witness: { ...tree, label: renamed(tree.label) } },
        { what: `the label ${tree.label} is left out`, witness: tree.tree },
      ];
    case "fork":
      return [
        ...(digestOf(tree.left) === digestOf(tree.right)
          ? []
          : [{ what: "two sides are exchanged", witness: { kind: "fork", left: tree.right, right: tree.left } as const }]),
        { what: "what is on the right is left out", witness: tree.left },
        { what: "what is on the left is left out", witness: tree.right },
      ];
  }
};

const changedBelow = (tree: HashTree, change: (tree: HashTree) => readonly Forgery[]): readonly Forgery[] => {
  const within = (part: HashTree, whole: (part: HashTree) => HashTree): readonly Forgery[] =>
    change(part).map(({ what, witness }) => ({ what, witness: whole(witness) }));
  if (tree.kind === "labeled") return within(tree.tree, (below) => ({ ...tree, tree: below }));
  if (tree.kind !== "fork") return [];
  return [...within(tree.left, (left) => ({ ...tree, left })), ...within(tree.right, (right) => ({ ...tree, right }))];
};

/** As many bytes, of which the last is another. */
const other = (content: Hex): Hex => hex(content.slice(0, -1) + (content.endsWith("0") ? "1" : "0"));

const renamed = (label: Label): Label => (label.endsWith("-") ? `${label.slice(0, -1)}0` : `${label.slice(0, -1)}-`);
