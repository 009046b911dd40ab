/** The laws of execution, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { hex, instructions } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { callTo, canister, edited, rejected, replied, reply, sent, setIn, world } from "../testing/stories.ts";
import { alarm, fall, greeting, mending, payment } from "../testing/tales.ts";
import { cleanupFollowsTrap, trapLeavesNothing } from "./execution.ts";

describe("trap-leaves-nothing", () => {
  const trapping = (change: Readonly<Record<string, unknown>>): string => judged(trapLeavesNothing, edited(fall, "executed", 0, change));
  test("accepts a fall that leaves the bill", () => expect(judged(trapLeavesNothing, fall)).toBe("holds"));
  test("accepts what a cleanup did", () => expect(judged(trapLeavesNothing, mending)).toBe("holds"));
  test("passes over what completes", () => expect(judged(trapLeavesNothing, payment)).toBe("vacuous"));
  test("condemns a page that stays written", () =>
    expect(trapping({ wrote: [[0, ""]] })).toBe("a trapped with IC0503, but changed page 0"));
  test("condemns a call that is sent all the same", () => expect(trapping({ calls: [sent(0)] })).toMatch(/sent 1 calls/));
  test("condemns cycles that are accepted all the same", () => expect(trapping({ accepted: 1n })).toMatch(/accepted 1 cycles/));
  test("condemns cycles that are burned all the same", () => expect(trapping({ burned: 1n })).toMatch(/burned 1 cycles/));
  test("condemns a timer that stays set", () => expect(trapping({ timer: 7n })).toMatch(/its timer went from none to 7/));
  test("condemns a timer that comes back when its task trapped", () =>
    expect(judged(trapLeavesNothing, edited(alarm, "executed", 1, { trap: "IC0503", wrote: [], timer: 6n }))).toMatch(/from none to 6/));
  test("condemns an answer that is given all the same", () =>
    expect(judged(trapLeavesNothing, edited(fall, "answered", 0, { result: replied("") }))).toMatch(/but answered with a reply/));
  test("condemns the error of another trap", () =>
    expect(judged(trapLeavesNothing, edited(fall, "answered", 0, { result: rejected("IC0502") }))).toMatch(
      /trapped with IC0503, but answered with IC0502/,
    ));
  test("condemns calls of a cleanup", () =>
    expect(judged(trapLeavesNothing, edited(mending, "executed", 2, { calls: [sent(1)] }))).toMatch(/sent 1 calls/));
});

describe("cleanup-follows-trap", () => {
  const mended = (change: Readonly<Record<string, unknown>>): string => judged(cleanupFollowsTrap, edited(mending, "executed", 2, change));
  test("accepts a cleanup that mends", () => expect(judged(cleanupFollowsTrap, mending)).toBe("holds"));
  test("accepts a cleanup that used up what was left", () => {
    const long = world([
      canister("a", {
        m0: [callTo({ onReply: [{ op: "trap" }], onCleanup: [{ op: "consume", instructions: instructions(100) }] })],
      }),
      canister("b", { m1: [reply()] }),
    ]);
    const trapped = edited(mending, "executed", 2, { cleanup: "trapped", instructions: 100, wrote: [] });
    expect(judged(cleanupFollowsTrap, setIn(trapped, long))).toBe("holds");
  });
  test("passes over what completes", () => expect(judged(cleanupFollowsTrap, payment)).toBe("vacuous"));
  test("passes over updates that trap", () => expect(judged(cleanupFollowsTrap, fall)).toBe("vacuous"));
  test("condemns a cleanup that does not run", () =>
    expect(mended({ cleanup: "none", wrote: [] })).toMatch(/named a cleanup, and none ran/));
  test("condemns a cleanup after an update", () =>
    expect(judged(cleanupFollowsTrap, edited(greeting, "executed", 0, { cleanup: "completed" }))).toMatch(/no callback trapped/));
  test("condemns a cleanup that nobody named", () => {
    const unnamed = world([canister("a", { m0: [callTo({ onReply: [{ op: "trap" }] })] }), canister("b", { m1: [reply()] })]);
    expect(judged(cleanupFollowsTrap, setIn(mending, unnamed))).toMatch(/named no cleanup, and one ran/);
  });
  test("condemns a cleanup that has no effect", () =>
    expect(mended({ wrote: [] })).toMatch(/left something else: 0.0: nothing and \[1,"0c"\]/));
  test("condemns a cleanup that had too few instructions", () =>
    expect(mended({ cleanup: "trapped", instructions: 2, wrote: [] })).toMatch(/its cleanup trapped, where it was to be completed/));
  test("condemns a cleanup that used less than it did", () =>
    expect(mended({ instructions: 2 })).toMatch(/used 2 instructions instead of 3/));
  test("condemns calls that are told of although they were taken back", () =>
    expect(judged(trapLeavesNothing, edited(mending, "executed", 2, { refusedCalls: [{ callee: "b", error: "IC0201" }] }))).toMatch(
      /tells of 1 calls that were refused/,
    ));
  test("condemns a cleanup that answered", () => {
    const answering = world([
      canister("a", {
        m0: [callTo({ onReply: [{ op: "trap" }], onCleanup: [{ op: "reply", payload: { kind: "bytes", bytes: hex("") } }] })],
      }),
      canister("b", { m1: [reply()] }),
    ]);
    expect(judged(cleanupFollowsTrap, setIn(mending, answering))).toMatch(/completed a reply, which a cleanup may not do/);
  });
});
