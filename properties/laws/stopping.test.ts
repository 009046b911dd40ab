/** The laws of stopping, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { judged } from "../testing/judging.ts";
import { desertion, farewellTo, haste, impatience, respite } from "../testing/scenes-of-decisions.ts";
import { edited, executed, followed, fromUser, rejected, repeated, without } from "../testing/stories.ts";
import { chosen, payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { nothingBeginsInTheStopped, stopsAreAnsweredOnce } from "./stopping.ts";

const tales = {
  respite: led(model, respite),
  impatience: led(model, impatience),
  farewell: led(model, farewellTo),
  haste: led(model, haste),
};

const deserted = led(model, desertion);

describe("stops-are-answered-once", () => {
  test.each(Object.entries({ ...tales, deserted }))("accepts the tale of %s", (_, tale) =>
    expect(judged(stopsAreAnsweredOnce, tale)).toBe("holds"),
  );
  test("passes over worlds in which nobody is stopped", () => expect(judged(stopsAreAnsweredOnce, payment)).toBe("vacuous"));

  test("condemns a canister that does not come to rest", () =>
    expect(judged(stopsAreAnsweredOnce, without(tales.respite, "canister-stopped"))).toMatch(
      /"management-answered" and "canister-stopped"/,
    ));
  test("condemns a canister that comes to rest too early", () =>
    expect(judged(stopsAreAnsweredOnce, followed(tales.respite, "turn-ended", 2, { kind: "canister-stopped", canister: "b" }))).toMatch(
      /canister-stopped was told/,
    ));
  test("condemns a stop that is answered to one of two", () =>
    expect(judged(stopsAreAnsweredOnce, without(tales.respite, "management-answered", 2))).toMatch(/management-answered was to be told/));
  test("condemns a stop that is answered twice", () =>
    expect(judged(stopsAreAnsweredOnce, repeated(tales.respite, "management-answered", 2))).toMatch(/management-answered was to/));
  test("condemns a wait that does not end", () =>
    expect(judged(stopsAreAnsweredOnce, without(tales.impatience, "management-answered", 2))).toMatch(
      /management-answered was to be told/,
    ));
  test("condemns a wait that ends with another error", () =>
    expect(judged(stopsAreAnsweredOnce, edited(tales.impatience, "management-answered", 2, { result: rejected("IC0511") }))).toMatch(
      /result.code: 5 and 2/,
    ));
  test("condemns an answer to who is gone that is not dropped", () =>
    expect(judged(stopsAreAnsweredOnce, without(deserted, "message-dropped"))).toMatch(/"cycles-dropped" and "message-dropped"/));
  test("condemns a late answer that nobody is told of", () =>
    expect(judged(stopsAreAnsweredOnce, without(tales.haste, "response-late"))).toMatch(/response-late was to/));
});

describe("nothing-begins-in-the-stopped", () => {
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(judged(nothingBeginsInTheStopped, tale)).toBe("holds"));
  test("passes over worlds in which everybody runs", () => expect(judged(nothingBeginsInTheStopped, payment)).toBe("vacuous"));

  test("condemns a message that is received", () =>
    expect(
      judged(nothingBeginsInTheStopped, edited(tales.respite, "ingress-refused", 0, { kind: "ingress-received", canister: "b" })),
    ).toMatch(/b is stopping, and a message for it was received/));
  test("condemns a refusal with the code of the other status", () =>
    expect(judged(nothingBeginsInTheStopped, edited(tales.respite, "ingress-refused", 0, { error: "IC0508" }))).toBe(
      "b is stopping, and refused something with IC0508",
    ));
  test("condemns a refusal of who runs", () =>
    expect(
      judged(
        nothingBeginsInTheStopped,
        followed(tales.respite, "turn-began", 0, {
          kind: "not-executed",
          canister: "c",
          cause: fromUser("l"),
          error: "IC0509",
          charged: 0n,
          balance: 0n,
        }),
      ),
    ).toBe("c is running, and refused something with IC0509"));
  test("condemns a call that begins", () =>
    expect(
      judged(nothingBeginsInTheStopped, followed(tales.respite, "canister-stopping", 0, executed("b", 1, { cause: fromUser("u") }))),
    ).toBe("b is stopping, and took up a call"));
  test("condemns tasks", () =>
    expect(judged(nothingBeginsInTheStopped, followed(tales.respite, "canister-stopping", 0, chosen("b", "timer")))).toBe(
      "b is stopping, and began its round with its timer",
    ));
  test("condemns a canister that is stopped while it waits for an answer", () =>
    expect(
      judged(nothingBeginsInTheStopped, followed(tales.respite, "canister-stopping", 0, { kind: "canister-stopped", canister: "b" })),
    ).toMatch(/b is stopped, and has 1 contexts, 1 open calls and no execution/));
});
