/** The laws of who is there, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { judged } from "../testing/judging.ts";
import { desertion, indifference } from "../testing/scenes-of-decisions.ts";
import { admission, hoard } from "../testing/scenes-of-thrift.ts";
import { edited, followed, without } from "../testing/stories.ts";
import { arrivals, greeting } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { goneCanistersAreNobody, membersAreAdmitted } from "./members.ts";

describe("members-are-admitted", () => {
  test("accepts who comes and goes", () => expect(judged(membersAreAdmitted, arrivals)).toBe("holds"));
  test("passes over who stays", () => expect(judged(membersAreAdmitted, greeting)).toBe("vacuous"));
  test("condemns another code", () =>
    expect(judged(membersAreAdmitted, edited(arrivals, "allocation-refused", 0, { error: "IC0301" }))).toBe(
      "set-compute-allocation of a: expected IC0101, got IC0301",
    ));
  test("condemns an id that means somebody else", () =>
    expect(
      judged(
        membersAreAdmitted,
        edited(arrivals, "canister-create-refused", 1, {
          kind: "canister-created",
          error: undefined,
          computeAllocation: 0,
          balance: 1_000n,
        }),
      ),
    ).toMatch(/expected IC0205/));
  test("condemns a gift", () =>
    expect(judged(membersAreAdmitted, edited(arrivals, "canister-created", 0, { balance: 2_000n }))).toMatch(/created with 2000 cycles/));
  test("condemns what a deletion leaves", () =>
    expect(judged(membersAreAdmitted, edited(arrivals, "canister-deleted", 0, { burned: 1n }))).toMatch(
      /deleted with 1000 cycles, and 1 were burned/,
    ));
  test("condemns another allocation", () =>
    expect(judged(membersAreAdmitted, edited(arrivals, "allocation-set", 0, { computeAllocation: 61 }))).toMatch(/was to be 60/));
});

describe("gone-canisters-are-nobody", () => {
  test("accepts a message to who is gone, and is turned away", () => expect(judged(goneCanistersAreNobody, arrivals)).toBe("holds"));
  test.each(Object.entries({ desertion, indifference }))(
    "accepts an answer of the management canister that comes too late, in %s",
    (_, scene) => expect(judged(goneCanistersAreNobody, led(model, scene))).toBe("holds"),
  );
  test("condemns that nothing is told of the cycles on it", () =>
    expect(judged(goneCanistersAreNobody, without(led(model, indifference), "cycles-dropped"))).toBe(
      "5 cycles were on a response that is orphaned, and nothing is told of them",
    ));
  test("passes over worlds in which nobody goes", () => expect(judged(goneCanistersAreNobody, greeting)).toBe("vacuous"));
  test("condemns a turn of who is gone", () =>
    expect(
      judged(goneCanistersAreNobody, followed(arrivals, "round-began", 0, { kind: "turn-began", iteration: 1, core: 0, canister: "b" })),
    ).toBe("b, which is not there, got something to do"));
  test("condemns an orphan whose caller is there", () =>
    expect(
      judged(
        goneCanistersAreNobody,
        followed(arrivals, "round-began", 0, {
          kind: "message-dropped",
          reason: "orphaned",
          message: "response",
          canister: "a",
          queue: "output",
          caller: "a",
          callback: 0,
        }),
      ),
    ).toBe("a response to a, which is there, was orphaned"));
  test("condemns an orphan that never was", () =>
    expect(
      judged(
        goneCanistersAreNobody,
        followed(arrivals, "round-began", 0, {
          kind: "message-dropped",
          reason: "orphaned",
          message: "response",
          canister: "a",
          queue: "output",
          caller: "b",
          callback: 0,
        }),
      ),
    ).toBe("a response of a was orphaned, and there was none"));
});

describe("members-are-admitted, where coming and going costs something", () => {
  const paid = led(model, admission);
  const left = led(model, hoard());
  const burned = left.steps.flatMap(({ observation }) => observation.events).find((event) => event.kind === "canister-deleted")!.burned;

  test("accepts who pays the fee, and who cannot", () => expect(judged(membersAreAdmitted, paid)).toBe("holds"));
  test("accepts who leaves what it had set aside", () => expect(judged(membersAreAdmitted, left)).toBe("holds"));
  test("condemns a creation for nothing", () =>
    expect(judged(membersAreAdmitted, edited(paid, "canister-created", 0, { balance: 1_000n }))).toBe(
      "b was created with 1000 cycles and an allocation of 0, and given 1000, of which 300 are the fee, and 0",
    ));
  test("condemns that who cannot pay comes", () =>
    expect(
      judged(
        membersAreAdmitted,
        edited(paid, "canister-create-refused", 0, { kind: "canister-created", error: undefined, computeAllocation: 0, balance: 0n }),
      ),
    ).toBe("create-canister of c: expected IC0403, got that it is done"));
  test("condemns that what was set aside outlives its canister", () =>
    expect(judged(membersAreAdmitted, edited(left, "canister-deleted", 0, { burned: burned - 6n }))).toMatch(
      /b was deleted with \d+ cycles/,
    ));
});
