/** The laws of the clock, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { canister, edited, followed, repeated, story, without, world } from "../testing/stories.ts";
import { alarm, farewell, greeting, payment, pulse, quiet, untold } from "../testing/tales.ts";
import { clockAdvances, everyInputIsObserved, timersAreDueWhenReached } from "./clock.ts";

const restarted = story(world([canister("a", {})]), [{ input: { kind: "restart" }, events: [{ kind: "restarted" }] }]);
const toppedUp = (to: string, event: object) =>
  story(world([canister("a", {})]), [{ input: { kind: "top-up", canister: canisterId(to), cycles: cycles(5n) }, events: [event] }]);

describe("clock-advances", () => {
  test("accepts two rounds", () => expect(judged(clockAdvances, alarm)).toBe("holds"));
  test("passes over a world without rounds", () => expect(judged(clockAdvances, restarted)).toBe("vacuous"));
  test("condemns a height that does not grow", () =>
    expect(judged(clockAdvances, edited(alarm, "round-began", 1, { height: 1 }))).toBe("the round after height 1 began at height 1"));
  test("condemns a time that is not what elapsed", () =>
    expect(judged(clockAdvances, edited(alarm, "round-began", 1, { time: 7n }))).toBe("5 ns after 1, the round began at 7"));
  test("condemns a round that ends at another height", () =>
    expect(judged(clockAdvances, edited(quiet, "round-ended", 0, { height: 2 }))).toMatch(/height 1 ended at height 2/));
  test("condemns what comes after the end", () =>
    expect(judged(clockAdvances, followed(quiet, "round-ended", 0, { kind: "restarted" }))).toMatch(/restarted came after the end/));
  test("condemns a round without an end", () =>
    expect(judged(clockAdvances, without(quiet, "round-ended"))).toMatch(/no beginning or no end/));
  test("condemns a round that nobody ordered", () =>
    expect(judged(clockAdvances, edited(restarted, "restarted", 0, { kind: "round-began", height: 1, time: 0n }))).toMatch(
      /the input was restart/,
    ));
});

describe("every-input-is-observed", () => {
  test("accepts a restart", () => expect(judged(everyInputIsObserved, restarted)).toBe("holds"));
  test("accepts a top-up", () =>
    expect(judged(everyInputIsObserved, toppedUp("a", { kind: "topped-up", canister: "a", cycles: 5n, balance: 1_005n }))).toBe("holds"));
  test("passes over rounds", () => expect(judged(everyInputIsObserved, quiet)).toBe("vacuous"));
  test("passes over a world without inputs", () => expect(judged(everyInputIsObserved, untold)).toBe("vacuous"));
  test("accepts an uninstallation", () => expect(judged(everyInputIsObserved, farewell)).toBe("holds"));
  test("condemns an uninstallation that is not told", () =>
    expect(judged(everyInputIsObserved, without(farewell, "uninstalled"))).toMatch(
      /the uninstallation of b, which exists, made the event answered/,
    ));
  test("condemns an uninstallation that does something else", () =>
    expect(judged(everyInputIsObserved, followed(farewell, "uninstalled", 0, { kind: "restarted" }))).toMatch(
      /the uninstallation of b made the event restarted/,
    ));
  test("condemns silence", () => expect(judged(everyInputIsObserved, without(restarted, "restarted"))).toBe("restart made 0 events"));
  test("condemns two events for one message", () =>
    expect(judged(everyInputIsObserved, repeated(greeting, "ingress-received"))).toBe("ingress made 2 events"));
  test("condemns an event about another message", () =>
    expect(judged(everyInputIsObserved, edited(greeting, "ingress-received", 0, { ingress: "y" }))).toMatch(
      /ingress x made the event ingress-received/,
    ));
  test("condemns the refusal of a top-up that has somewhere to go", () =>
    expect(judged(everyInputIsObserved, toppedUp("a", { kind: "top-up-refused", canister: "a", error: "IC0301" }))).toMatch(
      /a, which exists, made the event top-up-refused/,
    ));
  test("condemns a top-up that goes elsewhere", () =>
    expect(judged(everyInputIsObserved, toppedUp("a", { kind: "topped-up", canister: "b", cycles: 5n, balance: 5n }))).toMatch(
      /went elsewhere/,
    ));
  test("condemns a top-up of another size", () =>
    expect(judged(everyInputIsObserved, toppedUp("a", { kind: "topped-up", canister: "a", cycles: 4n, balance: 1_004n }))).toMatch(
      /5 cycles were minted onto a, and 4 told/,
    ));
  test("condemns a machine that skips an input", () =>
    expect(judged(everyInputIsObserved, { ...greeting, steps: greeting.steps.slice(0, 1) })).toMatch(
      /2 inputs were given, and 1 observed/,
    ));
});

describe("timers-are-due-when-reached", () => {
  test("accepts an alarm", () => expect(judged(timersAreDueWhenReached, alarm)).toBe("holds"));
  test("passes over a world without timers", () => expect(judged(timersAreDueWhenReached, payment)).toBe("vacuous"));
  test("accepts a timer that was set anew before it ran", () => expect(judged(timersAreDueWhenReached, pulse)).toBe("holds"));
  test("condemns a timer that runs too early", () =>
    expect(judged(timersAreDueWhenReached, edited(alarm, "round-began", 1, { time: 5n }))).toBe(
      "the timer of a ran at 5, but was set to 6",
    ));
  test("condemns a timer that runs twice", () =>
    expect(judged(timersAreDueWhenReached, repeated(alarm, "executed", 1))).toBe("the timer of a ran twice in a round"));
  test("condemns a timer that runs unset", () =>
    expect(judged(timersAreDueWhenReached, edited(greeting, "executed", 0, { cause: { kind: "timer" } }))).toMatch(/was not set/));
  test("condemns a timer that is set to what no script says", () =>
    expect(judged(timersAreDueWhenReached, edited(alarm, "executed", 0, { timer: 7n }))).toMatch(
      /6 ns after the time of the round: no script of it names that delay/,
    ));
  test("condemns a timer that vanishes", () =>
    expect(
      judged(timersAreDueWhenReached, followed(alarm, "executed", 0, { ...alarm.steps[1]?.observation.events[3], timer: null })),
    ).toMatch(/was set to 6, and is gone/));
});
