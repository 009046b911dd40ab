/** The laws of what the network may do unnoticed, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import type { Event, Scenario, Trace } from "../../spec/index.ts";
import { alone } from "../case.ts";
import { compared, moved } from "../testing/judging.ts";
import { exchange, fork, procession, roundOf } from "../testing/scenes.ts";
import { edited, followed, observed, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { repeatsChangeNothing, streamsDoNotMeet } from "./network-twins.ts";

const told = (scenario: Scenario): Trace => led(model, scenario);

/** Each delivery of the same world, followed by another one that repeats what came. */
const repeating = (scenario: Scenario): Scenario => ({
  ...scenario,
  inputs: scenario.inputs.map((move) =>
    move.deliveries === undefined ? move : { ...move, deliveries: move.deliveries.flatMap((one) => [one, { ...one, again: 2 }]) },
  ),
});
const isRepeated = ({ inputs }: Scenario): boolean =>
  inputs.some(({ deliveries = [] }) => deliveries.some(({ again }) => again !== undefined));

/** The machine tells this instead, where messages are delivered again. */
const unlessPlain =
  (doctor: (trace: Trace) => Trace) =>
  (scenario: Scenario): Trace =>
    isRepeated(scenario) ? doctor(told(scenario)) : told(scenario);

describe("repeats-change-nothing", () => {
  const twice = alone(repeating(procession));

  test.each(Object.entries({ exchange, procession, fork }))("accepts the scene %s, delivered twice", (_, scene) =>
    expect(compared(repeatsChangeNothing, alone(repeating(scene)), told)).toBe("holds"),
  );
  test("passes over a network that repeats nothing", () => {
    expect(compared(repeatsChangeNothing, alone(procession), told)).toBe("vacuous");
    expect(compared(repeatsChangeNothing, alone(payment.scenario), told)).toBe("vacuous");
  });
  test("passes over the refusal of a slice that comes again", () => {
    const refusing = unlessPlain((trace) => followed(trace, "slice-taken", 0, { kind: "slice-refused", from: "here", error: "CN0013" }));
    expect(compared(repeatsChangeNothing, twice, refusing)).toBe("holds");
  });
  test("condemns a message that is seen again", () => {
    const twofold = unlessPlain((trace) =>
      followed(trace, "slice-taken", 0, { kind: "request-inducted", caller: "a", callback: 1, callee: "b" }),
    );
    expect(compared(repeatsChangeNothing, twice, twofold)).toBe(
      'the two worlds part in events.4(request-inducted).kind: "request-inducted" and "turn-began"',
    );
  });
  test("condemns signals that are told again", () => {
    const twofold = unlessPlain((trace) => followed(trace, "slice-taken", 0, { kind: "slice-taken", from: "here", signals: 2 }));
    expect(compared(repeatsChangeNothing, twice, twofold)).toMatch(/^the two worlds part in events.4\(slice-taken\)/);
  });
  test("condemns cycles that are counted again", () =>
    expect(
      compared(
        repeatsChangeNothing,
        twice,
        unlessPlain((trace) => moved(trace, 2, { received: 3n, minted: -3n })),
      ),
    ).toBe("the two worlds part in ledger.received: 10 and 7"));
  test("condemns an answer that is lost", () =>
    expect(
      compared(
        repeatsChangeNothing,
        twice,
        unlessPlain((trace) => without(trace, "response-inducted", 1)),
      ),
    ).toMatch(/^the two worlds part in events/));
  test("condemns another state", () =>
    expect(
      compared(
        repeatsChangeNothing,
        twice,
        unlessPlain((trace) => observed(trace, 4, { stateRoot: null })),
      ),
    ).toMatch(/^the two worlds part in stateRoot: null and "/));
  test("condemns a machine that stops", () =>
    expect(
      compared(
        repeatsChangeNothing,
        twice,
        unlessPlain((trace) => ({ ...trace, steps: trace.steps.slice(0, -1) })),
      ),
    ).toMatch(/^the two worlds part in the whole: nothing and /));
});

describe("streams-do-not-meet", () => {
  const joined = alone(fork);
  /** The machine tells this instead, where the last subnet comes first. */
  const whenTurned =
    (doctor: (trace: Trace) => Trace) =>
    (scenario: Scenario): Trace => {
      const isTurned = scenario.inputs.some(({ deliveries = [] }) => (deliveries[0]?.from ?? 0) > (deliveries.at(-1)?.from ?? 0));
      return isTurned ? doctor(told(scenario)) : told(scenario);
    };
  const backwards = (trace: Trace): Trace => {
    const answers = trace.steps[4]!.observation.events.filter(({ kind }) => kind === "response-inducted");
    const [first, second] = answers as [Event, Event];
    return edited(edited(trace, "response-inducted", 0, { ...second }), "response-inducted", 1, { ...first });
  };

  test("accepts answers of two subnets in one round", () => expect(compared(streamsDoNotMeet, joined, told)).toBe("holds"));
  test("passes over rounds with messages of one subnet", () => {
    expect(compared(streamsDoNotMeet, alone(exchange), told)).toBe("vacuous");
    const apart = [...fork.inputs.slice(0, -1), roundOf(0, [1]), roundOf(0, [2])];
    expect(compared(streamsDoNotMeet, alone({ ...fork, inputs: apart }), told)).toBe("vacuous");
  });
  test("passes over worlds of one subnet", () => expect(compared(streamsDoNotMeet, alone(payment.scenario), told)).toBe("vacuous"));
  test("condemns a machine that takes slices in the order in which they come", () =>
    expect(compared(streamsDoNotMeet, joined, whenTurned(backwards))).toMatch(
      /^the two worlds part in events.2\(response-inducted\).callback: 0 and 1$/,
    ));
  test("condemns a slice that keeps another one out", () =>
    expect(
      compared(
        streamsDoNotMeet,
        joined,
        whenTurned((trace) => without(trace, "slice-taken", 2)),
      ),
    ).toMatch(/^the two worlds part in events.3\(slice-taken\)/));
  test("condemns a ledger that knows the order", () =>
    expect(
      compared(
        streamsDoNotMeet,
        joined,
        whenTurned((trace) => moved(trace, 4, { balances: 1n, burned: -1n })),
      ),
    ).toMatch(/^the two worlds part in ledger.balances: \d+ and \d+$/));
});
