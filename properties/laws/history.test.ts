/** The laws of the ingress history, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { bytes, nanoseconds } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, followed, network, setIn, without } from "../testing/stories.ts";
import { greeting, oblivion, quiet } from "../testing/tales.ts";
import { historyForgetsOldestFirst, historyIsMonotone } from "./history.ts";

const { genesis } = oblivion.scenario;
const forgotten = (id: string): object => ({ kind: "ingress-forgotten", ingress: id });

describe("history-is-monotone", () => {
  test("accepts a message that is forgotten, pruned, and comes again", () => expect(judged(historyIsMonotone, oblivion)).toBe("holds"));
  test("passes over answers that do not grow old", () => expect(judged(historyIsMonotone, greeting)).toBe("vacuous"));
  test("condemns an answer that is known for too long", () =>
    expect(judged(historyIsMonotone, without(oblivion, "ingress-pruned"))).toBe(
      "ingress x was answered at 1, and is still known at 7, more than 5 later",
    ));
  test("condemns an answer that is known too shortly", () =>
    expect(
      judged(historyIsMonotone, setIn(oblivion, { ...genesis, parameters: { ...genesis.parameters, historyLifetime: nanoseconds(6n) } })),
    ).toBe("ingress x was answered at 1, and pruned at 7: less than 6 later"));
  test("condemns a message that is pruned before it expired", () =>
    expect(
      judged(historyIsMonotone, setIn(oblivion, { ...genesis, parameters: { ...genesis.parameters, ingressLifetime: nanoseconds(9n) } })),
    ).toBe("ingress x was pruned at 7, before it expired at 9"));
  test("condemns a message that is pruned before it was answered", () =>
    expect(judged(historyIsMonotone, followed(oblivion, "ingress-inducted", 0, { kind: "ingress-pruned", ingress: "x" }))).toBe(
      "ingress x was pruned when it was processing",
    ));
  test("condemns a message that expires before its time", () =>
    expect(judged(historyIsMonotone, followed(oblivion, "round-began", 0, { kind: "ingress-expired", ingress: "x" }))).toBe(
      "ingress x expired at 1, and its expiry is 5",
    ));
  test("condemns a message that expires after it was answered", () =>
    expect(judged(historyIsMonotone, followed(oblivion, "round-began", 1, { kind: "ingress-expired", ingress: "x" }))).toBe(
      "ingress x expired when it was done",
    ));
  test("condemns a message that waits after its expiry", () =>
    expect(judged(historyIsMonotone, edited(without(oblivion, "executed"), "round-began", 0, { height: 1, time: 6n }))).toBe(
      "ingress x still waits at 6, and its expiry has passed",
    ));
  test("condemns the pruning of what nobody knows", () =>
    expect(judged(historyIsMonotone, followed(quiet, "round-began", 0, { kind: "ingress-pruned", ingress: "z" }))).toBe(
      "ingress z was pruned, but it was not known",
    ));
  test("condemns a message that runs after it expired", () =>
    expect(judged(historyIsMonotone, edited(oblivion, "round-began", 3, { height: 4, time: 13n }))).toBe(
      "ingress x ran at 13, after it expired at 12",
    ));
  test("condemns a message that runs a second time before it expired", () => {
    const again = oblivion.steps[1]!.observation.events.find(({ kind }) => kind === "executed")!;
    expect(judged(historyIsMonotone, followed(oblivion, "executed", 0, { ...again, context: 1 }))).toBe(
      "ingress x ran a second time at 1, before it expired at 5",
    );
  });
  test("condemns messages that are pruned out of order", () =>
    expect(judged(historyIsMonotone, followed(oblivion, "ingress-pruned", 0, { kind: "ingress-pruned", ingress: "a" }))).toBe(
      "ingress a was pruned after x",
    ));
});

describe("history-forgets-oldest-first", () => {
  test("accepts an answer that is too large to be kept", () => expect(judged(historyForgetsOldestFirst, oblivion)).toBe("holds"));
  test("passes over a history with room for all", () => expect(judged(historyForgetsOldestFirst, greeting)).toBe("vacuous"));
  test("condemns an answer that is kept without memory for it", () =>
    expect(judged(historyForgetsOldestFirst, without(oblivion, "ingress-forgotten"))).toBe(
      "the history holds 2 bytes of replies, it has memory for 1",
    ));
  test("condemns an answer that is forgotten without need", () =>
    expect(judged(historyForgetsOldestFirst, setIn(oblivion, { ...genesis, parameters: { ...network, historyMemory: bytes(2) } }))).toBe(
      "ingress x was forgotten with 2 of 2 bytes in use",
    ));
  test("condemns another one than the oldest", () =>
    expect(judged(historyForgetsOldestFirst, edited(oblivion, "ingress-forgotten", 0, { ingress: "y" }))).toBe(
      "ingress y was forgotten before x, which is older",
    ));
  test("condemns one that is forgotten twice", () =>
    expect(judged(historyForgetsOldestFirst, followed(oblivion, "ingress-forgotten", 0, forgotten("x")))).toMatch(
      /with 0 of 1 bytes in use/,
    ));
});
