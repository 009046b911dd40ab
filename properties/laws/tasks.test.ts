/** The law of tasks, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { judged } from "../testing/judging.ts";
import { rearmament } from "../testing/scenes-of-code.ts";
import { reunion } from "../testing/scenes-of-snapshots.ts";
import { edited, followed, repeated, without } from "../testing/stories.ts";
import { alarm, chosen, cramp, farewell, greeting, payment, pulse } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { tasksTakeTurns } from "./tasks.ts";

describe("tasks-take-turns", () => {
  test("accepts a pulse", () => expect(judged(tasksTakeTurns, pulse)).toBe("holds"));
  test("accepts an alarm", () => expect(judged(tasksTakeTurns, alarm)).toBe("holds"));
  test("accepts a hook", () => expect(judged(tasksTakeTurns, cramp)).toBe("holds"));
  test("passes over canisters without tasks", () => expect(judged(tasksTakeTurns, payment)).toBe("vacuous"));
  test("condemns a turn that does not pass on", () =>
    expect(judged(tasksTakeTurns, edited(pulse, "tasks-chosen", 1, { turn: "heartbeat" }))).toBe(
      "a began its round with its heartbeat, and the turn was that of message",
    ));
  test("condemns a timer that is not due", () =>
    expect(judged(tasksTakeTurns, edited(pulse, "tasks-chosen", 0, { turn: "timer" }))).toMatch(
      /with its timer, and the turn was that of heartbeat/,
    ));
  test("condemns the tasks of who has none", () =>
    expect(judged(tasksTakeTurns, followed(greeting, "ingress-inducted", 0, chosen("a", "message")))).toMatch(
      /the turn was that of nothing/,
    ));
  test("condemns tasks that are overlooked", () =>
    expect(judged(tasksTakeTurns, without(pulse, "tasks-chosen"))).toBe("a had tasks, and none were chosen"));
  test("condemns tasks that are chosen twice", () =>
    expect(judged(tasksTakeTurns, repeated(pulse, "tasks-chosen"))).toBe("the tasks of a were chosen after those of a"));
  test("condemns tasks that are chosen in the middle of a round", () =>
    expect(judged(tasksTakeTurns, followed(pulse, "turn-ended", 0, chosen("a", "heartbeat")))).toBe("the tasks of a were chosen too late"));
  test("condemns a heartbeat that runs twice", () =>
    expect(judged(tasksTakeTurns, repeated(pulse, "executed"))).toBe("the heartbeat of a ran twice in a round"));
  test("condemns a task in the turn of messages", () =>
    expect(judged(tasksTakeTurns, edited(pulse, "executed", 2, { cause: { kind: "heartbeat" } }))).toBe(
      "the heartbeat of a ran, and no task was first",
    ));
  test("condemns a heartbeat before the timer that was chosen", () =>
    expect(judged(tasksTakeTurns, edited(pulse, "executed", 3, { cause: { kind: "heartbeat" } }))).toBe(
      "the heartbeat of a ran, and timer was first",
    ));
  test("condemns tasks that still wait after the round", () =>
    expect(judged(tasksTakeTurns, without(pulse, "executed"))).toBe("the round ended, and the heartbeat of a still waits"));
  test("accepts tasks that are dropped", () =>
    expect(judged(tasksTakeTurns, followed(without(pulse, "executed"), "turn-ended", 0, { kind: "tasks-dropped", canister: "a" }))).toBe(
      "holds",
    ));
  test("condemns the loss of tasks that nobody had", () =>
    expect(judged(tasksTakeTurns, followed(pulse, "turn-ended", 0, { kind: "tasks-dropped", canister: "a" }))).toBe(
      "a lost tasks that it did not have",
    ));
  test("condemns a hook that runs twice", () =>
    expect(judged(tasksTakeTurns, repeated(cramp, "executed", 1))).toBe("the hook of a ran twice"));
  test("accepts that the hook of other code runs", () => expect(judged(tasksTakeTurns, led(model, rearmament))).toBe("holds"));
  test("condemns that it runs again because an installation trapped", () =>
    expect(judged(tasksTakeTurns, edited(led(model, rearmament), "installation-ran", 0, { trap: "IC0503" }))).toBe(
      "the hook of b ran twice",
    ));
  test("accepts that it runs again because a snapshot was brought back, and condemns it when none was", () => {
    expect(judged(tasksTakeTurns, led(model, reunion))).toBe("holds");
    expect(judged(tasksTakeTurns, without(led(model, reunion), "snapshot-loaded"))).toBe("the hook of b ran twice");
  });
  test("condemns a hook that nobody called", () =>
    expect(judged(tasksTakeTurns, without(cramp, "hook-ready"))).toBe("the hook of a ran when it was armed"));
  test("condemns the tasks of a canister without code", () =>
    expect(judged(tasksTakeTurns, followed(farewell, "randomness-answered", 0, chosen("b", "timer")))).toMatch(
      /the turn was that of nothing/,
    ));
});
