/** The law of what waits too long, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { nanoseconds, type Move } from "../../spec/index.ts";
import { exchanged, hastened, silenced } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { farJam, jam, strait } from "../testing/scenes.ts";
import { edited, followed, repeated, round, setIn, without } from "../testing/stories.ts";
import { greeting, haste, oblivion, payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { lateMessagesExpire } from "./deadlines.ts";

/** Rounds of one subnet, each so long after the one before. */
const rounds = (...elapsed: readonly bigint[]): readonly Move[] => elapsed.map((time) => round(time));

describe("late-messages-expire", () => {
  const jammed = led(model, jam());
  const far = led(model, farJam());

  test("accepts a jam", () => expect(judged(lateMessagesExpire, jammed)).toBe("holds"));
  test("accepts a jam whose dropped cycles are lost", () =>
    expect(judged(lateMessagesExpire, led(model, jam({ droppedCycles: "lost" })))).toBe("holds"));
  test("accepts a jam whose dropped cycles go to another subnet", () => expect(judged(lateMessagesExpire, far)).toBe("holds"));
  test("accepts haste", () => expect(judged(lateMessagesExpire, haste)).toBe("holds"));
  test("passes over worlds in which nothing is late", () => {
    for (const tale of [quiet, greeting, payment]) expect(judged(lateMessagesExpire, tale)).toBe("vacuous");
  });
  test("passes over a jam that has not lasted long enough", () =>
    expect(judged(lateMessagesExpire, { ...jammed, steps: jammed.steps.slice(0, 3) })).toBe("vacuous"));

  test("condemns a request that does not come back", () =>
    expect(judged(lateMessagesExpire, without(jammed, "request-bounced"))).toBe(
      'what is late: expected "call 3 of a comes back with CN0210", and "call 0 of a expires" came',
    ));
  test("condemns a request that comes back with another error", () =>
    expect(judged(lateMessagesExpire, edited(jammed, "request-bounced", 0, { error: "IC0301" }))).toMatch(
      /expected "call 3 of a comes back with CN0210", and "call 3 of a comes back with IC0301" came/,
    ));
  test("condemns a call that does not expire", () =>
    expect(judged(lateMessagesExpire, without(jammed, "callback-expired", 1))).toMatch(
      /expected "call 1 of a expires", and "call 2 of a expires" came/,
    ));
  test("condemns calls that expire in another order", () =>
    expect(judged(lateMessagesExpire, exchanged(jammed, ["callback-expired", 0], ["callback-expired", 1]))).toMatch(
      /expected "call 0 of a expires", and "call 1 of a expires" came/,
    ));
  test("condemns a call that expires twice", () =>
    expect(judged(lateMessagesExpire, repeated(jammed, "callback-expired", 2))).toMatch(
      /expected "the request of call 1 of a in the input queue of b is expired", and "call 2 of a expires" came/,
    ));
  test("condemns a call that expires and has come back", () =>
    expect(
      judged(lateMessagesExpire, followed(jammed, "callback-expired", 2, { kind: "callback-expired", caller: "a", callback: 3 })),
    ).toMatch(/and "call 3 of a expires" came/));
  test("condemns a request that is not dropped", () =>
    expect(judged(lateMessagesExpire, silenced(jammed, ["message-dropped", 0], ["cycles-dropped", 0]))).toMatch(
      /expected "the request of call 1 of a in the input queue of b is expired", and "the stream to subnet begins at 4" came/,
    ));
  test("condemns a request that is dropped before the calls of its caller expire", () =>
    expect(judged(lateMessagesExpire, hastened(jammed, ["message-dropped", 0], ["callback-expired", 0]))).toMatch(
      /expected "call 0 of a expires", and "the request of call 1 of a in the input queue of b is expired" came/,
    ));
  test("condemns cycles that are dropped in silence", () =>
    expect(judged(lateMessagesExpire, without(jammed, "cycles-dropped"))).toMatch(/expected "2 cycles of a are returned"/));
  test("condemns cycles that are lost where they are to return", () =>
    expect(judged(lateMessagesExpire, edited(jammed, "cycles-dropped", 0, { fate: "lost" }))).toMatch(
      /expected "2 cycles of a are returned", and "2 cycles of a are lost" came/,
    ));
  test("condemns a refund that does not enter its stream", () =>
    expect(judged(lateMessagesExpire, without(far, "message-streamed", 3))).toBe(
      'on subnet there: what is late: expected "the stream to here has at 1 a refund of 2 cycles to a", and "round-ended" came',
    ));

  test("condemns what expires before it is late", () =>
    expect(judged(lateMessagesExpire, edited(jammed, "round-began", 2, { time: 4n }))).toMatch(
      /nothing more was expected, and "call 3 of a comes back with CN0210" came/,
    ));
  test("condemns what does not expire when it is late", () =>
    expect(judged(lateMessagesExpire, edited(jammed, "round-began", 1, { time: 5n }))).toMatch(
      /expected "call 2 of a comes back with CN0210", and "the stream to subnet begins at 2" came/,
    ));
  test("condemns what expires in the middle of a round", () =>
    expect(judged(lateMessagesExpire, followed(payment, "turn-ended", 0, { kind: "callback-expired", caller: "a", callback: 0 }))).toBe(
      'what is late: nothing more was expected, and "call 0 of a expires" came',
    ));

  /** The request that finds no place in the strait waits, and has no deadline of its own. */
  const waiting = { ...strait, inputs: [...strait.inputs.slice(0, 2), ...rounds(2n, 2n)] };
  const impatient = { ...strait.genesis, parameters: { ...strait.genesis.parameters, requestLifetime: nanoseconds(3n) } };
  test("accepts that a guaranteed request waits for as long as it may, and comes back then", () => {
    const told = led(model, { ...waiting, genesis: impatient });
    expect(told.steps[3]!.observation.events).toContainEqual({ kind: "request-bounced", caller: "a", callback: 1, error: "CN0210" });
    expect(judged(lateMessagesExpire, told)).toBe("holds");
  });
  test("condemns that it waits longer", () =>
    expect(judged(lateMessagesExpire, setIn(led(model, waiting), impatient))).toBe(
      'on subnet here: what is late: expected "call 1 of a comes back with CN0210", and "round-ended" came',
    ));

  test("condemns a message of a user that is answered as if it had expired", () =>
    expect(judged(lateMessagesExpire, followed(greeting, "round-began", 0, { kind: "ingress-expired", ingress: "x" }))).toBe(
      'what is late: nothing more was expected, and "x expires" came',
    ));
  test("accepts that a message of a user expires, and condemns another answer", () => {
    const inputs = [oblivion.scenario.inputs[0]!, ...rounds(99n)];
    const told = led(model, { ...oblivion.scenario, inputs });
    expect(judged(lateMessagesExpire, told)).toBe("holds");
    expect(judged(lateMessagesExpire, edited(told, "ingress-answered", 0, { result: { kind: "reject", code: 2, error: "IC0207" } }))).toBe(
      'what is late: expected "x is answered with IC0202", and "x is answered with IC0207" came',
    );
    expect(judged(lateMessagesExpire, without(told, "ingress-expired"))).toMatch(
      /expected "x expires", and "x is answered with IC0202" came/,
    );
  });
});
