/** The tree of a world: its shape, its values and its digests, on the examples of the specification and on others. */
import { describe, expect, test } from "vitest";
import { anonymous, cycles, hex, ingressId, nanoseconds, userId, type HashTree } from "../../spec/index.ts";
import { canister, world } from "../testing/stories.ts";
import { canisterTree, closed, empty, fork, labeled, leaf, rejectedTree, root, state, text } from "../testing/trees.ts";
import type { TrackedIngress } from "../tracking/ingress.ts";
import { openWorld, type World } from "../tracking/world.ts";
import { contentAt, contentOf, digestOf, rootOf, treeGrower, type Content } from "./tree.ts";

const treeOf = (content: Content): HashTree => treeGrower()(content);

const message = (id: string, more: Partial<TrackedIngress>): TrackedIngress => ({
  id: ingressId(id),
  sender: anonymous,
  canister: "a" as never,
  method: "m0",
  payload: hex(""),
  expiry: 0n,
  status: "answered",
  result: null,
  answeredAt: null,
  ...more,
});

const worldWith = (canisters: readonly string[], time: bigint, messages: readonly TrackedIngress[] = []): World => {
  const opened = openWorld({ ...world(canisters.map((id) => canister(id, {}))), time: nanoseconds(time) });
  for (const one of messages) opened.ingress.set(one.id, one);
  return opened;
};

describe("the tree of a world", () => {
  test("has the first root of the specification", () =>
    expect(digestOf(treeOf(contentOf(worldWith([], 1n))))).toBe("0d6e2f1ca576b533550f5552a5ddd6405930878d93ce7aeeec9ce42137f7c52d"));

  test("has the second root of the specification", () => {
    const told = worldWith(["a"], 300n, [message("i", { result: { kind: "reply", payload: hex("00") } })]);
    const a = told.canisters.get("a" as never)!;
    a.certifiedData = "01";
    a.pages.set(0, hex("2a"));
    a.pages.set(16, hex(""));
    expect(digestOf(treeOf(contentOf(told)))).toBe("5db68d2b10afb3e5ad2afbff68d137ede2038b21aa60fbd1aad88e74e6dfee5d");
  });

  test("holds both codes of a reject, the timer, and the pages by their numbers", () => {
    const told = worldWith(["a"], 0n, [message("i", { result: { kind: "reject", code: 4, error: "IC0406" } })]);
    const a = told.canisters.get("a" as never)!;
    a.timer = 127n;
    a.pages.set(255, hex("07"));
    const expected = state(
      labeled("a", canisterTree("", labeled("00000000000000ff", leaf("07")), "7f")),
      labeled("i", rejectedTree("04", "IC0406")),
      "00",
    );
    expect(treeOf(contentOf(told))).toEqual(expected);
  });

  test("holds the controllers by their ids, users before canisters", () => {
    const controllers = ["m", userId("@bob"), "a", userId("@ann")] as never;
    const told = openWorld({ ...world([canister("a", {}, { controllers })]), time: nanoseconds(0n) });
    expect(treeOf(contentOf(told))).toEqual(state(labeled("a", canisterTree("", empty, "", "@ann @bob a m")), empty, "00"));
    expect(rootOf(told)).toBe(digestOf(treeOf(contentOf(told))));
  });

  test.each([
    ["received", "received"],
    ["processing", "processing"],
    ["done", "done"],
  ] as const)("says of a message that is %s no more than that", (status, said) =>
    expect(treeOf(contentOf(worldWith([], 0n, [message("i", { status })])))).toEqual(
      state(empty, labeled("i", labeled("status", text(said))), "00"),
    ),
  );

  test("has no number below 0", () => expect(() => contentOf({ ...worldWith([], 0n), time: -1n })).toThrow("no number below 0"));

  test("holds no balance", () => {
    const [poor, rich] = [1n, 2n].map((balance) => openWorld(world([canister("a", {}, { balance: cycles(balance) })])));
    expect(contentOf(poor!)).toEqual(contentOf(rich!));
  });
});

describe("labels", () => {
  const of = (...labels: readonly string[]): HashTree => treeOf(new Map(labels.map((label) => [label, ""])));
  const node = (label: string): HashTree => labeled(label, leaf(""));

  test("of none, nothing", () => expect(of()).toEqual(empty));
  test("of one, no fork", () => expect(of("a")).toEqual(node("a")));
  test("part in the first bit that differs, wherever it is", () => {
    // a, b: 01100001 and 01100010. A label that is longer goes on where the other has zeros.
    expect(of("b", "a")).toEqual(fork(node("a"), node("b")));
    expect(of("a-", "a", "b")).toEqual(fork(fork(node("a"), node("a-")), node("b")));
    expect(of("b", "c", "a")).toEqual(fork(node("a"), fork(node("b"), node("c"))));
  });
  test("have the same tree in any order", () => expect(of("m", "a-", "z", "a", "0")).toEqual(of("0", "a", "a-", "m", "z")));
});

describe("a tree that grows", () => {
  const grow = treeGrower();
  const before = grow(
    new Map<string, Content>([
      ["a", new Map([["x", "01"]])],
      ["b", "02"],
    ]),
  );
  const after = grow(
    new Map<string, Content>([
      ["a", new Map([["x", "01"]])],
      ["b", "03"],
    ]),
  );
  test("keeps what is the same", () => {
    expect(before.kind === "fork" && after.kind === "fork" && before.left === after.left).toBe(true);
    expect(before).not.toBe(after);
  });
  test("is the tree that would have been made anew", () =>
    expect(after).toEqual(
      treeOf(
        new Map<string, Content>([
          ["b", "03"],
          ["a", new Map([["x", "01"]])],
        ]),
      ),
    ));
  test("has the digest that the specification gives it", () => {
    expect(digestOf(after)).toBe(root(after));
    expect(digestOf(fork(closed(before), empty))).toBe(root(fork(before, empty)));
  });
});

test("what is at a path is a value, what is below it, or nothing", () => {
  const content = contentOf(worldWith(["a"], 300n));
  expect(contentAt(content, ["time"])).toBe("ac02");
  expect(contentAt(content, ["canister", "a", "memory"])).toEqual(new Map());
  expect(contentAt(content, ["canister", "b", "memory"])).toBeUndefined();
  expect(contentAt(content, ["time", "time"])).toBeUndefined();
});
