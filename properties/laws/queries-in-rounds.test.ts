/** The law of queries in rounds, shown what it accepts, what it passes over and what it must condemn. */
import { expect, test } from "vitest";
import { judged } from "../testing/judging.ts";
import { edited, fromUser, setIn } from "../testing/stories.ts";
import { greeting, hearing } from "../testing/tales.ts";
import { queriesInRoundsAreForgotten } from "./queries-in-rounds.ts";

const told = (change: Readonly<Record<string, unknown>>): string =>
  judged(queriesInRoundsAreForgotten, edited(hearing, "executed", 0, change));
const what = "m0 of a, which is a query,";

test("accepts a query that is forgotten, and a composite one that is refused", () =>
  expect(judged(queriesInRoundsAreForgotten, hearing)).toBe("holds"));
test("passes over an update", () => expect(judged(queriesInRoundsAreForgotten, greeting)).toBe("vacuous"));
test.each([
  ["a page", { wrote: [[0, "2a"]] }, "left 1 pages"],
  ["a timer", { timer: 5n }, "left the timer at 5"],
  ["a call", { refusedCalls: [{ callee: "b", error: "IC0201" }] }, "called somebody"],
  ["something that is set aside", { reserved: 1n }, "set 1 cycles aside"],
  ["cycles that it may not accept", { accepted: 1n }, "accepted 1 cycles and burned 0"],
  ["a trap for memory that it does not keep", { trap: "IC0539" }, "trapped with IC0539"],
  ["another price than that of an update", { charged: 11n }, "was charged 11 for 2 instructions: an update costs 12"],
])("condemns %s", (_, change, because) => expect(told(change)).toBe(`${what} ${because}`));
test("condemns an update that is refused as a composite query", () =>
  expect(judged(queriesInRoundsAreForgotten, edited(hearing, "not-executed", 0, { cause: fromUser("y") }))).toBe(
    `${what} was refused with IC0527`,
  ));
test("condemns a composite query that is executed", () =>
  expect(told({ cause: fromUser("x", "m2") })).toBe("m2 of a, which is a composite query, was executed in a round"));
test("accepts cycles that a query may burn", () =>
  expect(
    judged(
      queriesInRoundsAreForgotten,
      setIn(edited(hearing, "executed", 0, { burned: 1n }), {
        ...hearing.scenario.genesis,
        parameters: { ...hearing.scenario.genesis.parameters, replicatedQueryAccepts: true },
      }),
    ),
  ).toBe("holds"));
