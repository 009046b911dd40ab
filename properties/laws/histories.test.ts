/** The laws of versions and histories, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { asciiOf, type Trace } from "../../spec/index.ts";
import { silenced } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { career, offspring, resolutions } from "../testing/scenes-of-code.ts";
import { edited, rejected, replied, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { historiesTellTheNewest, versionsCountChanges } from "./histories.ts";

const tales = { career: led(model, career), resolutions: led(model, resolutions) };
const born = led(model, offspring);

/** The same tale in which the last question about b was answered otherwise. */
const informed = (text: string): Trace => edited(tales.career, "management-answered", 10, { result: replied(asciiOf(text)) });

const truth =
  "6 chief 2:5:reinstall:chief 5:9:upgrade:chief 7:12:upgrade:chief 9:17:upgrade:chief 10:24:uninstall:chief 11:26:install:chief";

describe("versions-count-changes", () => {
  const told = (trace: Trace): string => judged(versionsCountChanges, trace);
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(told(tale)).toBe("holds"));
  test("passes over worlds in which nobody tells a version", () => expect(told(payment)).toBe("vacuous"));

  test("condemns another version", () =>
    expect(told(edited(tales.career, "answered", 3, { result: replied("0000000000000001") }))).toBe(
      "b had changed 2 times, and said that it had changed 1 times",
    ));
  test("condemns another version in the answer to a query", () =>
    expect(told(edited(tales.career, "query-answered", 0, { result: replied("0000000000000005") }))).toBe(
      "b had changed 4 times, and said that it had changed 5 times",
    ));
  test("condemns a version that is refused", () =>
    expect(told(edited(tales.career, "answered", 3, { result: rejected("IC0406") }))).toBe("b had changed 2 times, and said IC0406"));
  test("condemns a version that does not count an installation", () =>
    expect(told(without(tales.career, "installation-ran", 0))).toBe("b had changed 1 times, and said that it had changed 2 times"));
  test("condemns a version that counts an installation that trapped", () =>
    expect(told(edited(tales.career, "installation-ran", 3, { trap: null }))).toBe(
      "b had changed 8 times, and said that it had changed 7 times",
    ));
  test("condemns a version that does not count settings", () =>
    expect(told(silenced(tales.resolutions, ["settings-updated", 0]))).toBe("b had changed 3 times, and said that it had changed 4 times"));
});

describe("histories-tell-the-newest", () => {
  const told = (trace: Trace): string => judged(historiesTellTheNewest, trace);
  test.each(Object.entries({ ...tales, offspring: born }))("accepts the tale of %s", (_, tale) => expect(told(tale)).toBe("holds"));
  test("passes over worlds in which nobody asks", () => expect(told(payment)).toBe("vacuous"));
  test("knows the truth", () => expect(told(informed(truth))).toBe("holds"));

  test.each([
    ["fewer changes than there were", truth.replace("6", "5")],
    ["other controllers", truth.replace("chief", "b")],
    ["that nobody controls it", truth.replace("chief", "-")],
    ["another version", truth.replace("7:12", "6:12")],
    ["another time", truth.replace("7:12", "7:13")],
    ["another kind of change", truth.replace("uninstall", "reinstall")],
    ["that somebody else did it", truth.replace("24:uninstall:chief", "24:uninstall:-")],
    ["the oldest alone", truth.split(" ").slice(0, 3).join(" ")],
  ])("condemns who tells %s", (_, text) => expect(told(informed(text))).toMatch(/^call 9 of chief was told ".*" of b, and is "6 chief/));
  test("condemns changes that are out of order", () =>
    expect(told(informed(truth.replace("2:5:reinstall:chief 5:9:upgrade:chief", "5:9:upgrade:chief 2:5:reinstall:chief")))).toMatch(
      /whose changes are out of order$/,
    ));
  test("condemns a change that was not yet", () =>
    expect(told(informed(truth.replace("11:26", "99:26")))).toMatch(/which has version 12$/));
  test("condemns a number of changes that falls", () => {
    const [first, last] = [replied(asciiOf("7 chief")), replied(asciiOf(truth))];
    const before = edited(tales.career, "management-answered", 0, { result: first });
    expect(told(edited(before, "management-answered", 10, { result: last }))).toMatch(
      /^call 0 of c was told "7 chief" of b, and is "0 chief"/,
    );
    const fallen = edited(tales.resolutions, "management-answered", 10, { result: replied(asciiOf("0 -")) });
    expect(told(fallen)).toMatch(/"0 -" of b, which had changed 1 times before$/);
  });
  test("condemns a creation that nobody wanted", () =>
    expect(told(edited(born, "management-answered", 5, { result: replied(asciiOf("2 b,c 0:4:creation:- 1:10:install:c")) }))).toMatch(
      /and is "2 b,c 0:4:creation:c/,
    ));
});
