/** The laws of what is set aside, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { bytes, cycles, seconds } from "../../spec/index.ts";
import { judged, moved } from "../testing/judging.ts";
import { estate } from "../testing/scenes-of-allotments.ts";
import { growth } from "../testing/scenes-of-code.ts";
import { dawdling, hoard } from "../testing/scenes-of-thrift.ts";
import { edited, setIn } from "../testing/stories.ts";
import { greeting } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { growthIsPaidAhead, reservesPayFirst } from "./storage.ts";

const tale = led(model, hoard());
const long = led(model, dawdling);

describe("growth-is-paid-ahead", () => {
  test("accepts what was set aside page by page", () => expect(judged(growthIsPaidAhead, tale)).toBe("holds"));
  test("accepts what a long execution sets aside, as it saw it when it began", () => expect(judged(growthIsPaidAhead, long)).toBe("holds"));
  test("accepts a canister that sets aside all that it may", () =>
    expect(judged(growthIsPaidAhead, led(model, hoard({ reservedLimit: cycles(8n) })))).toBe("holds"));
  test("passes over worlds in which memory is plenty", () => {
    const plenty = hoard({}, { storage: { threshold: bytes(1_000), capacity: bytes(2_000), period: seconds(16) } });
    for (const quiet of [greeting, led(model, plenty)]) expect(judged(growthIsPaidAhead, quiet)).toBe("vacuous");
  });

  test("condemns a cycle less than is due", () =>
    expect(judged(growthIsPaidAhead, edited(tale, "executed", 0, { reserved: 7n }))).toBe(
      "a grew by 3 pages where 0 bytes were in use, which is 8, and set 7 aside",
    ));
  test("condemns that a trap sets something aside", () =>
    expect(judged(growthIsPaidAhead, edited(tale, "executed", 1, { reserved: 10n }))).toBe(
      "b grew by 0 pages where 96 bytes were in use, which is 0, and set 10 aside",
    ));
  test("condemns that a core does not see what grew on it", () =>
    expect(judged(growthIsPaidAhead, edited(tale, "executed", 2, { reserved: 0n }))).toMatch(
      /where 96 bytes were in use, which is 10, and set 0/,
    ));
  test("condemns that what was undone still counts as in use", () =>
    expect(judged(growthIsPaidAhead, edited(tale, "executed", 2, { reserved: 14n }))).toMatch(
      /where 96 bytes were in use, which is 10, and set 14/,
    ));
  test("condemns that a long execution pays for what others took meanwhile", () =>
    expect(judged(growthIsPaidAhead, edited(long, "executed", ended("b"), { reserved: 6n }))).toMatch(
      /b grew by 1 pages where 0 bytes were in use/,
    ));
  test("condemns that nobody sees what a long execution took", () =>
    expect(judged(growthIsPaidAhead, edited(long, "executed", ended("c"), { reserved: 0n }))).toMatch(/c grew by 1 pages where \d+ bytes/));
  const allotted = led(model, estate);
  test("accepts that what is allocated is paid for already", () => expect(judged(growthIsPaidAhead, allotted)).toBe("holds"));
  test("condemns that it is paid for once more", () =>
    expect(judged(growthIsPaidAhead, edited(allotted, "executed", 2, { reserved: 64n }))).toBe(
      "b grew by 2 pages where 33 bytes were in use, which is 48, and set 64 aside",
    ));
  const installed = led(model, growth);
  test("accepts what an installation sets aside", () => expect(judged(growthIsPaidAhead, installed)).toBe("holds"));
  test("condemns an installation that sets nothing aside", () =>
    expect(judged(growthIsPaidAhead, edited(installed, "installation-ran", 0, { reserved: 0n }))).toMatch(
      /an installation grew b by 3 pages where 64 bytes were in use, which is \d+, and set 0 aside/,
    ));
  test("condemns one that traps, and sets something aside", () =>
    expect(judged(growthIsPaidAhead, edited(installed, "installation-ran", 1, { reserved: 7n }))).toMatch(
      /trapped with IC0503, and set 7 aside/,
    ));
  test("condemns more than a canister may set aside", () =>
    expect(judged(growthIsPaidAhead, setIn(tale, hoard({ reservedLimit: cycles(7n) }).genesis))).toBe(
      "a has set 8 aside, and its limit is 7",
    ));
});

/** The number of the execution of a canister among all that are told of the long scene. */
const ended = (id: string): number =>
  long.steps
    .flatMap(({ observation }) => observation.events.filter(({ kind }) => kind === "executed"))
    .findIndex((event) => "canister" in event && event.canister === id);

describe("reserves-pay-first", () => {
  const dry = led(model, hoard({ balance: cycles(150n) }));

  test("accepts charges of what was set aside", () => expect(judged(reservesPayFirst, tale)).toBe("holds"));
  test("accepts that who runs dry loses it", () => expect(judged(reservesPayFirst, dry)).toBe("holds"));
  test("passes over worlds in which nothing is set aside", () => expect(judged(reservesPayFirst, greeting)).toBe("vacuous"));

  test("condemns a balance that pays first", () =>
    expect(judged(reservesPayFirst, moved(tale, 4, { reserved: 6n, balances: -6n }))).toBe(
      "canisters have 10 set aside for their memory, and the ledger says 16",
    ));
  test("condemns that a trap keeps what it set aside", () =>
    expect(judged(reservesPayFirst, moved(tale, 3, { reserved: 10n, balances: -10n }))).toBe(
      "canisters have 18 set aside for their memory, and the ledger says 28",
    ));
  test("condemns that a restart forgets it", () =>
    expect(judged(reservesPayFirst, moved(tale, 5, { reserved: -10n, lost: 10n }))).toMatch(/have 10 set aside .* says 0/));
  test("condemns that it outlives its canister", () =>
    expect(judged(reservesPayFirst, moved(tale, 7, { reserved: 6n, burned: -6n }))).toMatch(/have 0 set aside .* says 6/));
});
