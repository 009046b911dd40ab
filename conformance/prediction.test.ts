/** The prediction game finds nobody who knows anything about the reference, and finds who knows a machine with one tape. */
import { expect, test } from "vitest";
import { model } from "../model/index.ts";
import { everything } from "../properties/index.ts";
import { hex, type Machine, type Session } from "../spec/index.ts";
import { predict } from "./prediction.ts";

/** Whatever tape a round brings, this machine takes the same. */
const withOneTape: Machine = {
  name: "one tape for all",
  boot: (genesis) => {
    const session = model.boot(genesis) as Session;
    return {
      apply: (input) =>
        session.apply(input.kind === "round" && genesis.committee === undefined ? { ...input, tape: hex("07".repeat(32)) } : input),
    };
  },
};

test("nobody knows a draw of the reference before its time", async () => {
  const { winners, power, draws } = await predict({ machine: model, seed: 7, runs: 12, vocabulary: everything });
  expect(winners).toEqual([]);
  expect(draws).toBeGreaterThan(200);
  expect(power).toBeGreaterThan(0.5);
});

test("whoever looks at the last draw knows those of a machine with one tape", async () => {
  const { winners } = await predict({ machine: withOneTape, seed: 7, runs: 6, vocabulary: everything });
  expect(winners.map(({ adversary }) => adversary)).toContain("repeat-last");
  expect(winners.some(({ hits }) => hits > 0)).toBe(true);
});
