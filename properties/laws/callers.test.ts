/** The law of who takes part, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { asciiOf, type Event, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { indiscretions, introductions } from "../testing/scenes-of-identities.ts";
import { edited, replied } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { callersAreKnown } from "./callers.ts";

const tale = led(model, introductions);

const told = (trace: Trace): string => judged(callersAreKnown, trace);

const events: readonly Event[] = tale.steps.flatMap(({ observation }) => observation.events);

/** The number of an event among those of its kind. */
const nth = <Kind extends Event["kind"]>(kind: Kind, wanted: (event: Extract<Event, { kind: Kind }>) => boolean): number =>
  events.filter((event): event is Extract<Event, { kind: Kind }> => event.kind === kind).findIndex(wanted);

/** The number of the answer that the message of this id gets. */
const answerTo = (ingress: string): number => nth("answered", ({ origin }) => origin.kind === "ingress" && origin.ingress === ingress);

const heard = (ingress: string): string | undefined => {
  const answer = events.find((event) => event.kind === "ingress-answered" && event.ingress === ingress);
  return answer?.kind === "ingress-answered" && answer.result.kind === "reply" ? answer.result.payload : undefined;
};

describe("callers-are-known", () => {
  test("accepts true tales", () => {
    expect(told(tale)).toBe("holds");
    expect(["holds", "vacuous"]).toContain(told(led(model, indiscretions("message"))));
  });
  test("passes over worlds in which nobody says anything of it", () => expect(told(payment)).toBe("vacuous"));

  test.each([
    ["who", asciiOf("@ann")],
    ["nobody", asciiOf("@anonymous")],
    ["self", asciiOf("a")],
    ["status", "01"],
    ["owned", "01"],
    ["foreign", "00"],
    ["pass", asciiOf("a")],
    ["back", asciiOf("@ann")],
    ["denied", "05"],
    ["heard", "00"],
    ["show", asciiOf("@ann")],
    ["slow", "02"],
    ["after", asciiOf("@ann")],
  ])("hears of %s what is", (ingress, payload) => expect(heard(ingress)).toBe(payload));

  test.each([
    ["who", /^a, which serves @ann, gave "00" as its caller/],
    ["self", /gave "00" as its self/],
    ["owned", /gave "00" as its controller, which is "01"$/],
    ["back", /^a, which serves @ann, gave "00" as its caller/],
    ["slow", /gave "00" as its status, which is "02"$/],
  ])("condemns that %s hears something else", (ingress, because) =>
    expect(told(edited(tale, "answered", answerTo(ingress), { result: replied("00") }))).toMatch(because),
  );
  test("condemns that a query is told of another user, or of another canister", () => {
    expect(told(edited(tale, "query-answered", 0, { result: replied("00") }))).toMatch(/^a, which serves @bob, gave "00" as its caller/);
    expect(told(edited(tale, "query-answered", 1, { result: replied("00") }))).toMatch(/^a, which serves @anonymous, gave "00"/);
    const tour = nth("query-answered", ({ nested }) => nested.length > 0);
    const nested = [{ depth: 1, caller: "a", callee: "b", method: "ask", result: replied(asciiOf("@bob")) }];
    expect(told(edited(tale, "query-answered", tour, { nested }))).toMatch(/^b, which serves a, gave/);
  });
  test("condemns that a task, a cleanup or an installation keeps somebody else", () => {
    const task = nth("executed", ({ cause }) => cause.kind === "timer");
    expect(told(edited(tale, "executed", task, { wrote: [[4, "00"]] }))).toMatch(/^a, which serves aaaaa-aa, gave "00" as its caller/);
    const cleanup = nth("executed", ({ cleanup: ended }) => ended === "completed");
    expect(told(edited(tale, "executed", cleanup, { wrote: [[0, "00"]] }))).toMatch(/^a, which serves @ann, gave/);
    expect(told(edited(tale, "installation-ran", 0, { wrote: [[0, "00"]] }))).toMatch(/^b, which serves @ann, gave/);
  });
});
