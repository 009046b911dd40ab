/** The law of cycles from nothing, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { cycles, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { dearth, plenty } from "../testing/scenes-of-provisions.ts";
import { edited, setIn } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { provisionsAreMinted } from "./provisions.ts";

const [given, lacking] = [led(model, plenty), led(model, dearth)];

const told = (trace: Trace): string => judged(provisionsAreMinted, trace);

describe("provisions-are-minted", () => {
  test("accepts true tales", () => {
    expect(told(given)).toBe("holds");
    expect(told(lacking)).toBe("holds");
  });
  test("passes over worlds in which nobody asks", () => expect(told(payment)).toBe("vacuous"));

  test("condemns cycles where there are none", () =>
    expect(told(setIn(given, dearth.genesis))).toMatch(/waits, where no cycles are made from nothing$/));
  test("condemns that there are none where there are some", () =>
    expect(told(setIn(lacking, plenty.genesis))).toMatch(/came back, as if there were no cycles from nothing$/));
  test("condemns more cycles than were asked for", () => {
    expect(told(edited(given, "cycles-provided", 0, { cycles: cycles(8n) }))).toBe("8 cycles were made for b, of which 7 were asked for");
    expect(told(edited(given, "cycles-provided", 0, { balance: cycles(1n) }))).toMatch(/^b had \d+ cycles, got 7 from nothing, and has 1$/);
    expect(told(edited(given, "canister-created", 0, { balance: cycles(400n) }))).toBe(
      "canister-0 was made with 400 cycles from nothing, and was to have 450",
    );
    expect(told(edited(given, "canister-created", 1, { balance: cycles(450n) }))).toBe(
      "canister-1 was made with 450 cycles from nothing, and was to have 12",
    );
  });
  test("condemns a genesis that says another number", () =>
    expect(told(setIn(given, { ...plenty.genesis, provisional: cycles(1n) }))).toBe(
      "canister-0 was made with 450 cycles from nothing, and was to have 1",
    ));
  test("condemns an answer that keeps what was attached, or says something else", () => {
    expect(told(edited(given, "management-answered", 0, { refund: cycles(0n) }))).toMatch(/with 500 attached, and gets 0 back$/);
    expect(told(edited(given, "management-answered", 0, { result: { kind: "reply", payload: "00" } }))).toMatch(
      /and heard something else$/,
    );
  });
});
