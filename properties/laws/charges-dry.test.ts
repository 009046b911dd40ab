/** The law of running dry, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { judged } from "../testing/judging.ts";
import { edited, executed, followed, fromCall, rejected, setIn, without } from "../testing/stories.ts";
import { chosen, eviction, farewell, greeting } from "../testing/tales.ts";
import { theDryLoseTheirCode } from "./charges-dry.ts";

const refusal = (error: string): object => ({
  kind: "not-executed",
  canister: "b",
  cause: fromCall("a", 1),
  error,
  charged: 0n,
  balance: 50n,
});
const about = (tale: Parameters<typeof judged>[1]): string => judged(theDryLoseTheirCode, tale);

describe("the-dry-lose-their-code", () => {
  test("accepts an eviction", () => expect(about(eviction)).toBe("holds"));
  test("accepts that a call to who ran dry finds no code", () =>
    expect(about(followed(eviction, "randomness-answered", 0, refusal("IC0537")))).toBe("holds"));
  test("accepts that who ran dry, and got other code, runs it; and condemns it where the installation trapped", () => {
    const ran = { kind: "installation-ran", canister: "b", mode: "install", module: "m", wrote: [], pages: 0, timer: null };
    const paid = { instructions: 0, prepaid: 0n, charged: 0n, burned: 0n, reserved: 0n, balance: 0n };
    const revived = (trap: string | null) =>
      about(followed(eviction, "randomness-answered", 0, { ...ran, ...paid, trap }, { kind: "hook-ready", canister: "b" }));
    expect(revived(null)).toBe("holds");
    expect(revived("IC0503")).toBe("b ran dry, and then came its hook-ready");
  });
  test("passes over worlds in which everybody can pay", () => {
    for (const tale of [greeting, farewell]) expect(about(tale)).toBe("vacuous");
  });

  test("condemns that nothing becomes of who cannot pay", () =>
    expect(about(without(eviction, "ran-dry"))).toMatch(
      /who ran dry was to be told otherwise: 0\(answered\)\.kind: "answered" and "ran-dry"/,
    ));
  test("condemns that the wrong one runs dry", () =>
    expect(about(edited(eviction, "ran-dry", 0, { canister: "k" }))).toMatch(/0\(ran-dry\)\.canister: "k" and "b"/));
  test("condemns that somebody runs dry who can pay", () => {
    const rich = {
      ...eviction.scenario.genesis,
      canisters: eviction.scenario.genesis.canisters.map((one) => ({ ...one, balance: 900n as never })),
    };
    expect(about(setIn(without(eviction, "executed", 1), rich))).toBe("b ran dry, and owed nothing that it could not pay");
  });
  test("condemns that another one runs dry, too", () =>
    expect(about(followed(eviction, "resources-charged", 1, { kind: "ran-dry", canister: "k", burned: 985n }))).toBe(
      "k ran dry, and owed nothing that it could not pay",
    ));
  test("condemns a balance that is kept in part", () =>
    expect(about(edited(eviction, "ran-dry", 0, { burned: 108n }))).toMatch(/burned: 108 and 109/));
  test("condemns a call that is not rejected", () =>
    expect(about(without(eviction, "answered", 0))).toMatch(/1\(context-deleted\)\.kind: "context-deleted" and "answered"/));
  test("condemns a reject with another error", () =>
    expect(about(edited(eviction, "answered", 0, { result: rejected("IC0506") }))).toMatch(/result.code: 5 and 4/));
  test("condemns cycles that are kept", () => expect(about(edited(eviction, "answered", 0, { refund: 0n }))).toMatch(/refund: 0 and 60/));
  test("condemns a context that is not deleted", () =>
    expect(about(without(eviction, "context-deleted"))).toMatch(/2\(message-streamed\)\.kind: "message-streamed" and "context-deleted"/));
  test("condemns a message of a user that is let in", () =>
    expect(about(edited(eviction, "ingress-refused", 0, { kind: "ingress-received" }))).toBe("b ran dry, and ingress y was let in"));
  test("condemns a message that runs", () =>
    expect(about(followed(eviction, "randomness-answered", 0, executed("b", 1, { cause: fromCall("a", 1) })))).toBe(
      "b ran dry, and then came its executed",
    ));
  test("condemns tasks", () =>
    expect(about(followed(eviction, "randomness-answered", 0, chosen("b", "timer")))).toBe("b ran dry, and then came its tasks-chosen"));
  test("condemns another error for a call to who ran dry", () =>
    expect(about(followed(eviction, "randomness-answered", 0, refusal("IC0536")))).toBe(
      "b ran dry, and a message to it was refused with IC0536",
    ));
  test("condemns that nobody waits for a response any more", () => {
    const late = { kind: "response-late", caller: "b", callback: 0, refund: 0n, balance: 50n };
    expect(about(followed(eviction, "slice-taken", 0, late))).toBe("b ran dry, and call 0 of b is no longer open");
  });
  test.each(["topped-up", "response-discarded"] as const)("condemns that %s does not reach the balance", (kind) =>
    expect(about(edited(eviction, kind, 0, { balance: 49n }))).toMatch(
      new RegExp(`b ran dry, its ${kind} leaves it \\d+, and its balance is 49`),
    ),
  );
});
