/** Alarms: in time, once, and not more of them than needed. */
import { expect, test } from "vitest";
import { nanoseconds } from "../spec/index.ts";
import { smallWorld } from "./small-world.ts";
import { engineOf } from "./state.ts";
import { arm, noTimers, takeDue } from "./timers.ts";

const three = () => engineOf(smallWorld({ a: {}, b: {}, c: {} })).canisters;
const idsOf = (canisters: readonly { readonly id: string }[]) => canisters.map(({ id }) => id).join("");

test("due canisters come by id, each once, however often and in whatever order they were armed", () => {
  const timers = noTimers();
  const [a, b, c] = three();
  for (const [canister, at] of [
    [c!, 5n],
    [a!, 7n],
    [b!, 9n],
    [a!, 8n],
    [a!, 7n],
  ] as const) {
    canister.timer = nanoseconds(at);
    arm(timers, canister);
  }
  expect(idsOf(takeDue(timers, nanoseconds(8n)))).toBe("ac");
  expect(idsOf(takeDue(timers, nanoseconds(8n)))).toBe("");
  expect(idsOf(takeDue(timers, nanoseconds(9n)))).toBe("b");
});

test("a timer that was due and not cleared comes due again once it is armed again", () => {
  const timers = noTimers();
  const [a] = three();
  a!.timer = nanoseconds(5n);
  arm(timers, a!);
  expect(idsOf(takeDue(timers, nanoseconds(6n)))).toBe("a");
  expect(takeDue(timers, nanoseconds(6n))).toEqual([]);
  arm(timers, a!);
  expect(idsOf(takeDue(timers, nanoseconds(6n)))).toBe("a");
});

test("timers that are set again and again leave no heap of alarms behind", () => {
  const timers = noTimers();
  const [a, b] = three();
  for (let at = 10_000n; at > 0n; at--) {
    for (const canister of [a!, b!]) {
      canister.timer = nanoseconds(at);
      arm(timers, canister);
    }
  }
  expect(timers.alarms.items.length).toBeLessThanOrEqual(65);
  expect(idsOf(takeDue(timers, nanoseconds(1n)))).toBe("ab");
});
