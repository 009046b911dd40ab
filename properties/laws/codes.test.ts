/** The law of codes, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { judged } from "../testing/judging.ts";
import { edited, executed, followed, fromUser, ingress, rejected, sent, story, world, canister } from "../testing/stories.ts";
import { crowd, dice, errand, fall, farewell, greeting, haste, mending, payment, poverty } from "../testing/tales.ts";
import { codesAreDisciplined, failures } from "./codes.ts";

const told = (event: object) => story(world([canister("a", {})]), [{ input: ingress("x", "a", "m0"), events: [event] }]);

describe("codes-are-disciplined", () => {
  test("accepts a trap", () => expect(judged(codesAreDisciplined, fall)).toBe("holds"));
  test("accepts a refusal", () => expect(judged(codesAreDisciplined, poverty)).toBe("holds"));
  test("accepts a call that comes back", () => expect(judged(codesAreDisciplined, errand)).toBe("holds"));
  test("passes over what goes well", () => expect(judged(codesAreDisciplined, payment)).toBe("vacuous"));
  test("condemns a code that is not the first digit", () =>
    expect(judged(codesAreDisciplined, edited(fall, "answered", 0, { result: { kind: "reject", code: 4, error: "IC0503" } }))).toBe(
      "a reject with IC0503 has the code 4 instead of 5",
    ));
  test("condemns an error at the door that cannot happen there", () =>
    expect(judged(codesAreDisciplined, told({ kind: "ingress-refused", ingress: "x", error: "IC0520" }))).toMatch(/cannot happen there/));
  test("condemns the refused top-up of a canister that exists", () =>
    expect(judged(codesAreDisciplined, told({ kind: "top-up-refused", canister: "a", error: "IC0301" }))).toMatch(/a exists/));
  test("condemns a message in the queue of nobody", () =>
    expect(judged(codesAreDisciplined, edited(payment, "request-inducted", 0, { callee: "z" }))).toMatch(
      /entered the queue of z, which does not exist/,
    ));
  test("condemns another error for a call to nobody", () =>
    expect(judged(codesAreDisciplined, edited(errand, "request-bounced", 0, { error: "IC0536" }))).toMatch(
      /came back with IC0536: expected IC0301/,
    ));
  test("condemns a call to a canister that comes back", () =>
    expect(
      judged(codesAreDisciplined, edited(edited(errand, "executed", 0, { calls: [sent(0, { callee: "a" })] }), "request-bounced", 0, {})),
    ).toMatch(/expected that it does not come back/));
  test("condemns randomness for a call with an argument", () =>
    expect(
      judged(codesAreDisciplined, edited(dice, "executed", 0, { calls: [sent(0, { callee: "aaaaa-aa", method: "raw_rand", bytes: 1 })] })),
    ).toMatch(/with 1 bytes waits for randomness/));
  test("condemns randomness for another method", () =>
    expect(judged(codesAreDisciplined, edited(dice, "executed", 0, { calls: [sent(0, { callee: "aaaaa-aa", method: "sign" })] }))).toMatch(
      /call 0 of a to sign/,
    ));
  test("condemns a trap that no script can make", () =>
    expect(judged(codesAreDisciplined, edited(fall, "executed", 0, { trap: "IC0520" }))).toMatch(/its scripts have none of call/));
  test("accepts that a script traps because it reads what is not everywhere to be read, and condemns it of one that reads nothing such", () => {
    const strayed = edited(edited(fall, "executed", 0, { trap: "IC0504" }), "answered", 0, { result: rejected("IC0504") });
    const timely = canister("a", { m0: [{ op: "write", page: 0, value: { kind: "time" } }, { op: "trap" }] });
    expect(judged(codesAreDisciplined, strayed)).toBe("holds");
    expect(judged(codesAreDisciplined, { ...strayed, scenario: { ...strayed.scenario, genesis: world([timely]) } })).toMatch(
      /trapped with IC0504, but its scripts have none of call/,
    );
  });
  test("condemns a callback that traps for want of cycles", () =>
    expect(judged(codesAreDisciplined, edited(mending, "executed", 2, { trap: "IC0207" }))).toMatch(
      /a callback trapped with IC0207, which cannot happen there/,
    ));
  test("condemns the execution of a method that is not there", () =>
    expect(judged(codesAreDisciplined, edited(greeting, "executed", 0, { cause: fromUser("x", "nowhere") }))).toMatch(
      /ran nowhere, which it does not export/,
    ));
  test("condemns the refusal of a method that is there", () =>
    expect(judged(codesAreDisciplined, edited(poverty, "not-executed", 0, { error: "IC0536" }))).toMatch(/has a method m0/));
  test("condemns an answer with another error than the refusal", () =>
    expect(judged(codesAreDisciplined, edited(poverty, "answered", 0, { result: rejected("IC0301") }))).toMatch(
      /refused a call with IC0207, and answered with IC0301/,
    ));
  test("condemns a canister's own reject where no script makes one", () =>
    expect(judged(codesAreDisciplined, edited(greeting, "answered", 0, { result: rejected("IC0406") }))).toMatch(
      /its scripts have no reject/,
    ));
  test("condemns an answer with an error that did not happen", () =>
    expect(judged(codesAreDisciplined, edited(fall, "answered", 0, { result: rejected("IC0502") }))).toMatch(
      /with IC0502, which cannot happen there/,
    ));
  test("accepts a call that expires", () => expect(judged(codesAreDisciplined, haste)).toBe("holds"));
  test("condemns a guaranteed response that expires", () =>
    expect(
      judged(
        codesAreDisciplined,
        edited(haste, "executed", 0, { calls: [sent(0, { callee: "aaaaa-aa", method: "raw_rand", attached: 9n })] }),
      ),
    ).toBe("call 0 of a expired, but its response is guaranteed"));
  test("condemns another error for a context of a canister without code", () =>
    expect(judged(codesAreDisciplined, edited(farewell, "answered", 0, { result: rejected("IC0506") }))).toMatch(
      /a context of an uninstalled canister was rejected with IC0506/,
    ));
  test("condemns a call that is refused at once with an error for later", () =>
    expect(judged(codesAreDisciplined, edited(crowd, "executed", 0, { refusedCalls: [{ callee: "b", error: "IC0503" }] }))).toMatch(
      /a call was not sent with IC0503/,
    ));
  test("condemns a limit on memory where there is none", () =>
    expect(judged(codesAreDisciplined, edited(fall, "executed", 0, { trap: "IC0539" }))).toMatch(/its memory has no limit/));
  test("condemns a canister without code that runs a message", () =>
    expect(judged(codesAreDisciplined, followed(farewell, "uninstalled", 0, executed("b", 1, {})))).toMatch(
      /b, which has no code, ran a message/,
    ));
  test.each(Object.entries(failures))("knows why %s", (_, errors) => {
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors).size).toBe(errors.length);
  });
  test("condemns a task that is refused for a missing method", () => {
    const task = followed(greeting, "turn-began", 0, {
      kind: "not-executed",
      canister: "a",
      cause: { kind: "timer" },
      error: "IC0536",
      charged: 0n,
      balance: 994n,
    });
    expect(judged(codesAreDisciplined, task)).toMatch(/not executed with IC0536/);
  });
});
