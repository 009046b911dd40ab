/** The law of dropped cycles, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId } from "../../spec/index.ts";
import { silenced, streamedAs } from "../testing/doctoring.ts";
import { judged, moved } from "../testing/judging.ts";
import { desertion, indifference } from "../testing/scenes-of-decisions.ts";
import { ballast, farJam, jam, sliceOf, strange, strangers } from "../testing/scenes.ts";
import { edited, followed, repeated, setIn, without } from "../testing/stories.ts";
import { haste, payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { droppedCyclesHaveOneFate } from "./deadlines-cycles.ts";

describe("dropped-cycles-have-one-fate", () => {
  const returned = led(model, jam());
  const lost = led(model, jam({ droppedCycles: "lost" }));
  const streamed = led(model, farJam());
  const orphaned = led(model, indifference);
  const deserted = led(model, desertion);
  const ignored = led(model, strangers([[sliceOf([strange({ caller: canisterId("further") })])]]));

  test.each(Object.entries({ returned, lost, streamed, orphaned, deserted, ignored }))("accepts cycles that are %s", (_, tale) =>
    expect(judged(droppedCyclesHaveOneFate, tale)).toBe("holds"),
  );
  test("accepts cycles on a request that is shed where it arrived", () =>
    expect(judged(droppedCyclesHaveOneFate, led(model, ballast(4, 4)))).toBe("holds"));
  test("passes over a request that comes back with its cycles", () =>
    expect(judged(droppedCyclesHaveOneFate, led(model, ballast(4)))).toBe("vacuous"));
  test("passes over worlds in which nothing is dropped", () => {
    for (const tale of [quiet, payment, haste]) expect(judged(droppedCyclesHaveOneFate, tale)).toBe("vacuous");
  });

  test("condemns cycles of which nothing is told", () =>
    expect(judged(droppedCyclesHaveOneFate, without(returned, "cycles-dropped", 0))).toBe(
      'after a message was dropped, expected "2 cycles of a are returned"',
    ));
  test("condemns cycles that are told of twice", () =>
    expect(judged(droppedCyclesHaveOneFate, repeated(returned, "cycles-dropped", 0))).toBe(
      "2 cycles of a are returned, and no such message was dropped",
    ));
  test("condemns cycles of a message that was not dropped", () =>
    expect(judged(droppedCyclesHaveOneFate, without(returned, "message-dropped", 0))).toBe(
      "2 cycles of a are returned, and no such message was dropped",
    ));
  test("condemns the dropping of a message that is not there", () =>
    expect(judged(droppedCyclesHaveOneFate, edited(returned, "message-dropped", 0, { callback: 3 }))).toMatch(
      /the request of call 3 of a was not in the input queue of b/,
    ));
  test.each([
    ["of another amount", { cycles: 3n }],
    ["of somebody else", { owner: "b" }],
    ["that are lost where they return", { fate: "lost" }],
    ["that go to a stream where their owner is here", { fate: "streamed" }],
  ])("condemns cycles %s", (_, change) =>
    expect(judged(droppedCyclesHaveOneFate, edited(returned, "cycles-dropped", 0, change))).toBe(
      'after a message was dropped, expected "2 cycles of a are returned"',
    ),
  );
  test("condemns cycles that return where they are lost", () =>
    expect(judged(droppedCyclesHaveOneFate, setIn(returned, lost.scenario.genesis))).toBe(
      'after a message was dropped, expected "2 cycles of a are lost"',
    ));

  test("condemns a refund that is not sent", () =>
    expect(judged(droppedCyclesHaveOneFate, without(streamed, "message-streamed", 3))).toBe(
      'on subnet there: after a message was dropped, expected "2 cycles are on their way to a on here"',
    ));
  test("condemns a refund of more than there was", () =>
    expect(judged(droppedCyclesHaveOneFate, streamedAs(streamed, 3, { cycles: 3n }))).toMatch(
      /after a message was dropped, expected "2 cycles are on their way to a on here"/,
    ));
  test("condemns a refund to another subnet", () =>
    expect(judged(droppedCyclesHaveOneFate, edited(streamed, "message-streamed", 3, { to: "there" }))).toMatch(
      /after a message was dropped, expected "2 cycles are on their way to a on here"/,
    ));
  test("condemns a refund without reason", () =>
    expect(judged(droppedCyclesHaveOneFate, silenced(streamed, ["message-dropped", 0], ["cycles-dropped", 0]))).toMatch(
      /2 cycles are on their way to a on here, and no such message was dropped/,
    ));
  test("condemns cycles that do not return at once where their owner is here", () =>
    expect(
      judged(
        droppedCyclesHaveOneFate,
        followed(returned, "cycles-dropped", 0, {
          kind: "message-streamed",
          to: "subnet",
          index: 4,
          message: { kind: "refund", canister: "a", cycles: 2n },
        }),
      ),
    ).toBe("2 cycles are on their way to a on subnet, and no such message was dropped"));

  test("condemns lost cycles that the ledger does not know of", () =>
    expect(judged(droppedCyclesHaveOneFate, moved(lost, 3, { lost: -2n, burned: 2n }))).toBe(
      "0 cycles are said to be lost, but 2 were on what was dropped or ignored",
    ));
  test("condemns lost cycles that nobody dropped", () =>
    expect(judged(droppedCyclesHaveOneFate, moved(payment, 1, { lost: 60n, balances: -60n }))).toBe(
      "60 cycles are said to be lost, but 0 were on what was dropped or ignored",
    ));
  test("condemns lost cycles that come back", () =>
    expect(judged(droppedCyclesHaveOneFate, moved(lost, 4, { lost: -5n, balances: 5n }))).toMatch(
      /^-2 cycles are said to be lost, but 3 were on what was dropped or ignored$/,
    ));
  test("condemns ignored cycles that are not lost", () =>
    expect(judged(droppedCyclesHaveOneFate, moved(ignored, 2, { lost: -5n, balances: 5n }))).toBe(
      "0 cycles are said to be lost, but 5 were on what was dropped or ignored",
    ));
});
