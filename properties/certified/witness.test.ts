/** What a read is refused for, what a witness shows, and what whoever hands it over can do to it. */
import { describe, expect, test } from "vitest";
import {
  anonymous,
  lookUp,
  mostPaths,
  userId,
  type ErrorCode,
  type HashTree,
  type Input,
  type Path,
  type Step,
  type UserId,
} from "../../spec/index.ts";
import { canister, ingress, world } from "../testing/stories.ts";
import { closed, empty, fork, labeled, leaf, root } from "../testing/trees.ts";
import { absorb } from "../tracking/absorb.ts";
import { openWorld } from "../tracking/world.ts";
import { closedFurther, forgeriesOf } from "./forgeries.ts";
import { refusalOf, witnessOf } from "./witness.ts";

describe("a read is refused", () => {
  const [ann, bob] = [userId("@ann"), userId("@bob")];
  /** What becomes of a read where ann sent x, and nobody says who sent y. */
  const refusal = (paths: readonly Path[], sender?: UserId, height = 1): ErrorCode | null => {
    const opened = { ...openWorld(world([canister("a", {})])), height };
    for (const [id, from] of [
      ["x", ann],
      ["y", undefined],
    ] as const) {
      const input = { ...(ingress(id, "a", "m0") as Input & { kind: "ingress" }), ...(from && { sender: from }) };
      absorb(opened, { kind: "ingress-received", ingress: input.id }, { input } as Step);
    }
    return refusalOf(opened, { paths, ...(sender && { sender }) });
  };
  const many = (count: number, path: Path): readonly Path[] => Array.from({ length: count }, () => path);
  test("before the first round, whatever it names", () => expect(refusal(many(mostPaths + 1, []), ann, 0)).toBe("IC0208"));
  test("for too many paths, before anything that they name", () => expect(refusal(many(mostPaths + 1, []))).toBe("CN0022"));
  test.each<{ path: Path }>(
    [
      [],
      ["time", "time"],
      ["canister", "a"],
      ["canister", "a", "memory"],
      ["canister", "a", "certified_data", "x"],
      ["canister", "a", "controllers", "x"],
      ["request_status"],
      ["request_status", "x", "nonce"],
      ["subnet"],
    ].map((path) => ({ path })),
  )("for the path $path", ({ path }) => expect(refusal([["request_status", "x"], ["time"], path])).toBe("CN0023"));
  test.each<{ path: Path }>(
    [
      ["time"],
      ["canister", "nobody", "certified_data"],
      ["canister", "nobody", "controllers"],
      ["request_status", "x"],
      ["request_status", "x", "status"],
      ["request_status", "x", "reply"],
      ["request_status", "x", "reject_code"],
      ["request_status", "x", "error_code"],
    ].map((path) => ({ path })),
  )("not for the path $path", ({ path }) => expect(refusal(many(mostPaths, path), ann)).toBeNull());
  test.each([
    ["x", bob],
    ["x", anonymous],
    ["x", undefined],
    ["y", ann],
  ] as const)("for the message %s to %s, who did not send it", (id, sender) => {
    for (const path of [
      ["request_status", id],
      ["request_status", id, "reply"],
    ])
      expect(refusal([["time"], path], sender)).toBe("CN0027");
  });
  test.each([
    ["x", ann],
    ["y", anonymous],
    ["y", undefined],
    ["z", bob],
  ] as const)("not for the message %s to %s, who sent it, or it is unknown", (id, sender) =>
    expect(
      refusal(
        [
          ["request_status", id],
          ["canister", "x", "controllers"],
        ],
        sender,
      ),
    ).toBeNull(),
  );
});

const [b, d, f] = ["b", "d", "f"].map((label) => labeled(label, fork(labeled("x", leaf("01")), labeled("y", leaf("02")))));
const tree = fork(b!, fork(d!, f!));

describe("a witness", () => {
  const shown = (label: string, inner: HashTree): HashTree => labeled(label, inner);
  const shut = (node: HashTree): HashTree => (node.kind === "labeled" ? labeled(node.label, closed(node.tree)) : node);

  test("for nothing is a digest", () => expect(witnessOf(tree, [])).toEqual(closed(tree)));
  test("for all is the tree", () => expect(witnessOf(tree, [["b", "x"], []])).toEqual(tree));
  test("for a value prunes the forks and the labels beside it", () =>
    expect(witnessOf(tree, [["b", "x"]])).toEqual(
      fork(shown("b", fork(labeled("x", leaf("01")), closed(labeled("y", leaf("02"))))), closed(fork(d!, f!))),
    ));
  test("for what would lie between shows both neighbours, and nothing below them", () =>
    expect(witnessOf(tree, [["c", "x"]])).toEqual(fork(shut(b!), fork(shut(d!), closed(f!)))));
  test("for what would come first shows what does", () => expect(witnessOf(tree, [["a"]])).toEqual(fork(shut(b!), closed(fork(d!, f!)))));
  test("for what would come last shows what does", () =>
    expect(witnessOf(tree, [["z"]])).toEqual(fork(closed(b!), fork(closed(d!), shut(f!)))));
  test("for what would be in an empty tree, or below a value, is that", () => {
    expect(witnessOf(empty, [["a"]])).toEqual(empty);
    expect(witnessOf(labeled("a", leaf("01")), [["a", "b"]])).toEqual(labeled("a", leaf("01")));
  });
  test("has the root of its tree, and says of each path what the tree says", () => {
    for (const path of [["b", "x"], ["c"], ["f", "z"], ["a", "a"]]) {
      const witness = witnessOf(tree, [path]);
      expect(root(witness)).toBe(root(tree));
      expect(lookUp(witness, path)).toEqual(lookUp(tree, path));
    }
  });
});

describe("forgeries", () => {
  const witness = fork(labeled("a", leaf("01")), fork(closed(leaf("02")), labeled("b", empty)));
  test("are made at every place, and all have other roots", () => {
    const forgeries = forgeriesOf(witness);
    expect(forgeries.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        "two sides are exchanged",
        "the label a is another",
        "the value 01 is another",
        "the label b is left out",
        "something is where nothing was",
        expect.stringMatching(/^the digest .* is another$/) as string,
      ]),
    );
    expect(forgeries.filter((forgery) => root(forgery.witness) === root(witness))).toEqual([]);
  });
  test("that only show less have the same root", () => {
    const less = closedFurther(witness);
    expect(less).toHaveLength(6);
    for (const forgery of less) expect(root(forgery.witness)).toBe(root(witness));
  });
});
