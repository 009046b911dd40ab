/** The law of certified data, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { hex, instructions, nanoseconds, type Instruction, type Scenario, type Trace } from "../../spec/index.ts";
import { exchanged } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { memoirs } from "../testing/scenes-of-snapshots.ts";
import { callTo, canister, edited, followed, ingress, reply, replyMessage, round, setIn, without, world } from "../testing/stories.ts";
import { certify, greeting, quiet, register } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { certifiedDataFollowTheScript } from "./certified-data.ts";

const data = (content: string): Instruction => ({ op: "certify", data: { kind: "bytes", bytes: hex(content) } });

/** An update, a callback, a timer and a long message certify; a trap and a cleanup do not, and a restart changes nothing. */
const career: Scenario = {
  genesis: world(
    [
      canister(
        "a",
        {
          m0: [certify, callTo({ onReply: [certify, replyMessage] })],
          m1: [data("0b"), { op: "trap" }],
          m2: [callTo({ onReply: [data("0c"), { op: "trap" }], onCleanup: [data("0d")] })],
          m3: [{ op: "consume", instructions: instructions(60) }, certify, { op: "set-timer", after: nanoseconds(1n) }, reply()],
        },
        { onTimer: [data("77"), data("")] },
      ),
      canister("b", { m1: [reply("2b")] }),
    ],
    { sliceInstructionLimit: instructions(40) },
  ),
  inputs: [
    ingress("x0", "a", "m0", "2a"),
    round(),
    ingress("x1", "a", "m1"),
    round(),
    { kind: "restart" },
    ingress("x2", "a", "m0", "2b"),
    round(),
    ingress("x3", "a", "m2"),
    round(),
    ingress("x4", "a", "m3", "2c"),
    round(),
    round(),
    round(),
  ],
};

describe("certified-data-follow-the-script", () => {
  const told = (trace: Trace): string => judged(certifiedDataFollowTheScript, trace);
  const lived = led(model, career);

  test("accepts what every kind of message leaves certified", () => {
    const certified = lived.steps.flatMap(({ observation }) => observation.events.filter(({ kind }) => kind === "data-certified"));
    expect(certified).toMatchObject([{ data: "2a" }, { data: "2b" }, { data: "2c" }, { data: "" }]);
    expect(told(lived)).toBe("holds");
  });
  test("accepts a register", () => expect(told(register)).toBe("holds"));
  test("passes over who certifies nothing", () => {
    expect(told(quiet)).toBe("vacuous");
    expect(told(greeting)).toBe("vacuous");
  });
  test("condemns data that nobody tells", () =>
    expect(told(without(register, "data-certified"))).toBe(
      'the script of a leaves "2a" certified, in place of "", and nothing was told of it',
    ));
  test("condemns other data", () =>
    expect(told(edited(register, "data-certified", 0, { data: "2b" }))).toBe(
      'a was told to certify "2b", but what its script leaves is "2a"',
    ));
  test("condemns the data of another canister", () =>
    expect(told(edited(register, "data-certified", 0, { canister: "b" }))).toMatch(
      /^b was told to certify "2a", and had not just been executed/,
    ));
  test("condemns data that are too long", () =>
    expect(told(edited(register, "data-certified", 0, { data: "00".repeat(33) }))).toMatch(/which is too long$/));
  test("condemns data that are told twice", () =>
    expect(told(followed(register, "data-certified", 0, { kind: "data-certified", canister: "a", data: "2a" }))).toMatch(
      /had not just been executed/,
    ));
  test("condemns data that are told again", () => {
    const again = followed(lived, "executed", 3, { kind: "data-certified", canister: "a", data: "2b" });
    expect(told(again)).toMatch(/was told to certify "2b"/);
  });
  test("condemns data that are told too late", () =>
    expect(told(exchanged(register, ["data-certified", 0], ["answered", 0]))).toMatch(/and nothing was told of it$/));
  test("condemns what a trap leaves behind", () =>
    expect(told(followed(lived, "executed", 3, { kind: "data-certified", canister: "a", data: "0b" }))).toMatch(
      /was told to certify "0b", but/,
    ));
  test("condemns certified data that do not come back with a snapshot", () => {
    const tale = led(model, memoirs);
    expect(told(tale)).toBe("holds");
    expect(told(without(tale, "data-certified", 3))).toMatch(/"0a" certified, in place of "", and nothing was told of it$/);
    expect(told(edited(tale, "data-certified", 3, { data: "0b" }))).toMatch(/^d was told to certify "0b", but/);
  });
  test("condemns data that a script never named", () => {
    const genesis = world([canister("a", { m0: [data("2b"), replyMessage] })]);
    expect(told(setIn(register, genesis))).toMatch(/but what its script leaves is "2b"$/);
  });
});
