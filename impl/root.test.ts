/** The state root: the examples of `docs/machine.md`, and what it costs to keep it. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { canisterId, drive, hex, ingressId, nanoseconds, rootOf as rootOfTree, type Hex, type Trace } from "../spec/index.ts";
import { impl } from "./index.ts";
import { change, enter, isFork, leave, type Place, type Tip } from "./labels.ts";
import { treeOf } from "./plain-tree.ts";
import {
  certifyPage,
  emptyRoot,
  numberOf,
  rootOf,
  uncertifyPage,
  type CertifiedCanister,
  type CertifiedMessage,
  type Root,
} from "./root.ts";
import { ingress, reply, round, smallWorld, write } from "./small-world.ts";

const sha256 = (content: Hex): Hex => hex(createHash("sha256").update(Buffer.from(content, "hex")).digest("hex"));

const canister = (id: string, certifiedData = ""): CertifiedCanister => ({
  id: canisterId(id),
  certifiedData: hex(certifiedData),
  controllers: [],
  timer: null,
  memory: null,
  above: null,
  digest: null,
});

describe("the state root is that of section 7", () => {
  test("of a state with nothing in it", () =>
    expect(rootOf(emptyRoot(), nanoseconds(1n))).toBe("0d6e2f1ca576b533550f5552a5ddd6405930878d93ce7aeeec9ce42137f7c52d"));

  test("of a state with certified data, pages, no controllers, no timer, and a reply", () => {
    const root = emptyRoot();
    const a = canister("a", "01");
    certifyPage(a, 16, hex(""));
    certifyPage(a, 0, hex("2a"));
    enter(root.canisters, a);
    const status = { kind: "answered", result: { kind: "reply", payload: hex("00") }, time: nanoseconds(7n) } as const;
    const i: CertifiedMessage = { id: ingressId("i"), status, above: null, digest: null };
    enter(root.messages, i);
    expect(rootOf(root, nanoseconds(300n))).toBe("5db68d2b10afb3e5ad2afbff68d137ede2038b21aa60fbd1aad88e74e6dfee5d");
  });

  test.each([
    [0n, "00"],
    [1n, "01"],
    [127n, "7f"],
    [128n, "8001"],
    [300n, "ac02"],
    [2n ** 35n + 1n, "818080808001"],
  ])("and a number is LEB128: %i", (value, digits) => expect(numberOf(value)).toBe(digits));
});

test("however many messages the history holds, the root is that of the whole tree, through the door", () => {
  const ids = Array.from({ length: 300 }, (_, index) => `i${index}`);
  const genesis = smallWorld({ a: { stablePages: 1, go: [write(4, "04"), write(0, ""), reply("77")] } });
  const trace = drive(impl, { genesis, inputs: [...ids.map((id) => ingress(id, "a")), round()] }) as Trace;
  const leaf = (value: string) => ({ kind: "leaf", value: hex(value) }) as const;
  const text = (content: string) => leaf(Buffer.from(content).toString("hex"));
  const whole = (time: string, pages: Parameters<typeof treeOf>[0], statusOf: (index: number) => ReturnType<typeof treeOf>): Hex => {
    const a = treeOf([
      ["certified_data", leaf("")],
      ["controllers", leaf("")],
      ["memory", treeOf(pages)],
      ["timer", leaf("")],
    ]);
    return rootOfTree(
      treeOf([
        ["canister", treeOf([["a", a]])],
        ["request_status", treeOf(ids.map((id, index) => [id, statusOf(index)]))],
        ["time", leaf(time)],
      ]),
      sha256,
    );
  };
  const [before, after] = [trace.steps[299]!, trace.steps[300]!].map(({ observation }) => observation.stateRoot);
  const plain = (status: string) => treeOf([["status", text(status)]]);
  expect(before).toBe(whole("e807", [], () => plain("received")));
  // The counter is 2991: each message uses 3 and the overhead of 10, so 231 of them run.
  const replied = treeOf([
    ["status", text("replied")],
    ["reply", leaf("77")],
  ]);
  const pages = [
    ["0000000000000000", leaf("")],
    ["0000000000000004", leaf("04")],
  ] as const;
  expect(after).toBe(whole("e907", pages, (index) => (index < 231 ? replied : plain("processing"))));
});

describe("a root costs what changed since the last one", () => {
  const count = 4_096;
  const crowd = (): { root: Root; canisters: readonly CertifiedCanister[] } => {
    const root = emptyRoot();
    const canisters = Array.from({ length: count }, (_, at) => canister(`c-${at.toString(36).padStart(3, "0")}`));
    for (const one of canisters) enter(root.canisters, one);
    rootOf(root, nanoseconds(1n));
    return { root, canisters };
  };
  const gone = <T extends Tip<T>>(place: Place<T> | null): number =>
    place === null || place.digest !== null ? 0 : 1 + (isFork(place) ? gone(place.left) + gone(place.right) : 0);
  const depthOf = (one: CertifiedCanister): number => {
    let depth = 0;
    for (let at = one.above; at !== null; at = at.above) depth++;
    return depth;
  };

  test("one canister of many takes its own digests and those above it, and may change again for nothing", () => {
    const { root, canisters } = crowd();
    const one = canisters[1_234]!;
    for (let again = 0; again < 3; again++) certifyPage(one, again, hex("01"));
    expect(gone(root.canisters.top)).toBe(1 + depthOf(one));
    expect(depthOf(one)).toBeLessThan(24); // three letters
    rootOf(root, nanoseconds(1n));
    expect(gone(root.canisters.top)).toBe(0);
  });

  test("a page that goes takes what is above it, and the pages that stay keep theirs; without pages a canister is as it was", () => {
    const { root, canisters } = crowd();
    const one = canisters[1_234]!;
    const before = rootOf(root, nanoseconds(1n));
    certifyPage(one, 7, hex("01"));
    const withOne = rootOf(root, nanoseconds(1n));
    certifyPage(one, 2, hex("02"));
    expect(rootOf(root, nanoseconds(1n))).not.toBe(withOne);
    uncertifyPage(one, 2);
    expect([gone(root.canisters.top), gone(one.memory!.top)]).toEqual([1 + depthOf(one), 0]);
    expect(rootOf(root, nanoseconds(1n))).toBe(withOne);
    uncertifyPage(one, 7);
    expect([rootOf(root, nanoseconds(1n)), one.memory]).toEqual([before, null]);
  });

  test("whoever comes or goes takes the forks above, and nobody who stands beside", () => {
    const { root, canisters } = crowd();
    const before = rootOf(root, nanoseconds(1n));
    const newcomer = canister("c-0000");
    enter(root.canisters, newcomer);
    expect(gone(root.canisters.top)).toBe(1 + depthOf(newcomer));
    expect(rootOf(root, nanoseconds(1n))).not.toBe(before);
    leave(root.canisters, newcomer);
    expect(gone(root.canisters.top)).toBe(depthOf(canisters[0]!));
    expect(rootOf(root, nanoseconds(1n))).toBe(before);
  });

  test("the time alone takes none of them, and nothing at all gives the same text", () => {
    const { root, canisters } = crowd();
    const last = root.last;
    expect(rootOf(root, nanoseconds(1n))).toBe(last!.text);
    expect(root.last).toBe(last);
    expect(rootOf(root, nanoseconds(2n))).not.toBe(last!.text);
    expect(gone(root.canisters.top)).toBe(0);
    change(canisters[0]!); // as it was, in truth
    expect(rootOf(root, nanoseconds(1n))).toBe(last!.text);
  });
});
