/** The law of fees that wait, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { cycles, type Instruction, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { callTo, canister, edited, ingress, reply, round, world, without } from "../testing/stories.ts";
import { greeting, marathon, quiet } from "../testing/tales.ts";
import { consume, narrow } from "../testing/tales-of-slices.ts";
import { led } from "../testing/weak-machines.ts";
import { postponedFeesArePaid } from "./postponed.ts";

const finishing = (body: readonly Instruction[]): Trace =>
  led(model, {
    genesis: world([canister("a", { m0: body, m1: [reply("bb")] })], narrow),
    inputs: [ingress("x", "a", "m0"), round(), ingress("y", "a", "m1"), ingress("z", "a", "m1"), round(), round()],
  });

/** A callback of three slices burns all that there is, and nearly all of its prepayment is used: of a fee of 5, one is left. */
const spendthrift: Trace = led(model, {
  genesis: world(
    [
      canister("a", { m0: [callTo({ onReply: [consume(98), { op: "burn", cycles: cycles(9_999n) }] })], m1: [reply("aa")] }),
      canister("b", { m1: [reply()] }),
    ],
    { ...narrow, cleanupReserve: 0 },
  ),
  inputs: [
    ingress("x", "a", "m0"),
    ...Array.from({ length: 4 }, () => round()),
    ingress("y", "a", "m1"),
    ...Array.from({ length: 3 }, () => round()),
  ],
});
const paidBy = ({ steps }: Trace): readonly bigint[] =>
  steps.flatMap(({ observation }) => observation.events.flatMap((event) => (event.kind === "execution-finished" ? [event.postponed] : [])));

describe("postponed-fees-are-paid", () => {
  const finished = finishing([consume(99)]);
  const trapped = finishing([consume(99), { op: "trap" }]);
  test("accepts a fee that is paid by an abort", () => expect(judged(postponedFeesArePaid, marathon)).toBe("holds"));
  test.each(Object.entries({ finished, trapped }))("accepts two fees that are paid by an execution that %s", (_, tale) => {
    expect(paidBy(tale)).toEqual([10n]);
    expect(judged(postponedFeesArePaid, tale)).toBe("holds");
  });
  test("accepts that a callback pays what it left", () => {
    expect(paidBy(spendthrift)).toEqual([1n]);
    expect(judged(postponedFeesArePaid, spendthrift)).toBe("holds");
  });
  test("passes over worlds in which nothing waits", () => {
    for (const tale of [quiet, greeting]) expect(judged(postponedFeesArePaid, tale)).toBe("vacuous");
  });

  test("condemns a fee that leaves the balance of a pause", () =>
    expect(judged(postponedFeesArePaid, edited(marathon, "ingress-inducted", 1, { balance: 880n }))).toBe(
      "a is paused, and a fee of 5 left its balance",
    ));
  test("condemns a fee that waits for nothing", () =>
    expect(judged(postponedFeesArePaid, edited(marathon, "ingress-inducted", 0, { balance: 1_000n }))).toBe(
      "nothing of a is paused, and of a fee of 5, 0 left its balance",
    ));
  test("condemns fees beyond the balance", () =>
    expect(judged(postponedFeesArePaid, edited(marathon, "ingress-inducted", 1, { fee: 886n }))).toBe(
      "886 wait for a, which has 885 and a freezing threshold of 0",
    ));
  test.each([0n, 4n, 6n])("condemns an abort that pays %i of five", (postponed) =>
    expect(judged(postponedFeesArePaid, edited(marathon, "execution-aborted", 0, { postponed }))).toBe(
      `fees of 5 waited for a, and ${postponed} were paid when it was aborted`,
    ),
  );
  test("condemns fees that are paid again", () =>
    expect(judged(postponedFeesArePaid, edited(marathon, "execution-finished", 0, { postponed: 5n }))).toMatch(
      /^fees of 0 waited for a, and 5 were paid when it was over/,
    ));
  test("condemns fees that wait behind a checkpoint", () =>
    expect(judged(postponedFeesArePaid, without(marathon, "execution-aborted"))).toBe("a is paused behind a checkpoint, and 5 wait"));
  test.each(Object.entries({ finished, trapped }))("condemns that an execution that %s is let off", (_, tale) =>
    expect(judged(postponedFeesArePaid, edited(tale, "execution-finished", 0, { postponed: 5n }))).toMatch(
      /^fees of 10 waited for a, and 5 were paid when it was over, which left \d+$/,
    ),
  );
  test("condemns that a callback is let off what it could pay", () =>
    expect(
      judged(postponedFeesArePaid, edited(edited(spendthrift, "execution-finished", 0, { postponed: 0n }), "executed", 2, { balance: 1n })),
    ).toBe("fees of 5 waited for a, and 0 were paid when it was over, which left 1"));
});
