/** The laws that believe no event about memory and timers, shown what they accept, pass over and must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { hex, type Script, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { reunion } from "../testing/scenes-of-snapshots.ts";
import {
  answeredUser,
  began,
  canister,
  edited,
  ended,
  executed,
  followed,
  fromUser,
  ingress,
  replied,
  reply,
  round,
  story,
  turn,
  without,
  world,
} from "../testing/stories.ts";
import { alarm, greeting, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { memoryPersists, timersFireOnce } from "./probes.ts";

const scripts: Readonly<Record<string, Script>> = {
  keep: [{ op: "write", page: 0, value: { kind: "message" } }, reply()],
  recall: [{ op: "reply", payload: { kind: "page", page: 0 } }],
  spoil: [{ op: "write", page: 0, value: { kind: "bytes", bytes: hex("ee") } }, { op: "trap" }],
};

/** Messages to one canister, each in a round of its own: its method, its payload, and what is answered. */
const diary = (...entries: readonly (readonly [method: string, payload: string, answer: string])[]): Trace =>
  story(
    world([canister("a", scripts)]),
    entries.flatMap(([method, payload, answer], at) => [
      { input: ingress(`x${at}`, "a", method, payload), events: [{ kind: "ingress-received", ingress: `x${at}` }] },
      {
        input: round(),
        events: [
          began(at + 1, BigInt(at + 1)),
          { kind: "ingress-inducted", ingress: `x${at}`, canister: "a", fee: 0n, balance: 1_000n },
          ...turn(
            1,
            "a",
            3,
            executed("a", at, { cause: fromUser(`x${at}`, method), trap: method === "spoil" ? "IC0503" : null }),
            ...answeredUser("a", at, `x${at}`, replied(answer)),
          ),
          ended(at + 1, 1, 3),
        ],
      },
    ]),
  );

describe("memory-persists", () => {
  test("accepts a page that reads what was written", () =>
    expect(judged(memoryPersists, diary(["keep", "2a", ""], ["recall", "", "2a"]))).toBe("holds"));
  test("accepts what was written last", () =>
    expect(judged(memoryPersists, diary(["keep", "2a", ""], ["keep", "2b", ""], ["recall", "", "2b"]))).toBe("holds"));
  test("passes over pages that nobody reads", () => expect(judged(memoryPersists, greeting)).toBe("vacuous"));
  test("condemns a page that is lost", () =>
    expect(judged(memoryPersists, diary(["keep", "2a", ""], ["recall", "", ""]))).toBe('a read "" from a page to which "2a" was written'));
  test("condemns a page that a trap has written", () =>
    expect(judged(memoryPersists, diary(["keep", "2a", ""], ["spoil", "", ""], ["recall", "", "ee"]))).toMatch(/read "ee"/));
  test("condemns a page that nobody has written", () => expect(judged(memoryPersists, diary(["recall", "", "00"]))).toMatch(/read "00"/));
  test("reads what a snapshot brought back, and condemns what was written since", () => {
    const tale = led(model, reunion);
    expect(judged(memoryPersists, tale)).toBe("holds");
    expect(judged(memoryPersists, without(tale, "snapshot-loaded"))).toBe('b read "01" from a page to which "02" was written');
  });
});

describe("timers-fire-once", () => {
  test("accepts an alarm", () => expect(judged(timersFireOnce, alarm)).toBe("holds"));
  test("passes over a world without timers", () => expect(judged(timersFireOnce, quiet)).toBe("vacuous"));
  test("condemns a timer that runs too early", () =>
    expect(judged(timersFireOnce, edited(alarm, "round-began", 1, { time: 5n }))).toBe("the timer of a ran at 5, but it was set to 6"));
  test("condemns a timer that runs again", () => {
    const again = followed(alarm, "executed", 1, executed("a", 2, { balance: 961n }));
    expect(judged(timersFireOnce, again)).toBe("the timer of a ran, but it was not set");
  });
  test("condemns a timer that does not run in two rounds", () => {
    const slept = (["tasks-chosen", "turn-began", "executed", "context-removed", "turn-ended"] as const).reduce(
      (trace, kind) => without(trace, kind, kind === "tasks-chosen" ? 0 : 1),
      alarm,
    );
    const again: Trace = {
      ...slept,
      scenario: { ...slept.scenario, inputs: [...slept.scenario.inputs, round()] },
      steps: [...slept.steps, ...story(slept.scenario.genesis, [{ input: round(), events: [began(3, 7n), ended(3, 0, 0)] }]).steps],
    };
    expect(judged(timersFireOnce, slept)).toBe("vacuous");
    expect(judged(timersFireOnce, again)).toBe("the timer of a was set to 6 in round 1, and did not run in round 3 at 7");
  });
  test("believes the script, and not what the execution says of the timer", () =>
    expect(judged(timersFireOnce, edited(alarm, "executed", 0, { timer: null }))).toBe("holds"));
});
