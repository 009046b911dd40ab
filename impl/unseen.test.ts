/** Nobody can see that an answer was kept: in any world, whatever room there is for them, everything that is told is the same. */
import { expect, test } from "vitest";
import { drive, type Machine, type Observation, type Scenario, type Trace } from "../spec/index.ts";
import { usualRoom, type Room } from "./answers.ts";
import { drawnQueries } from "./drawn-queries.ts";
import { boot, type EngineSession } from "./engine.ts";

interface Drive {
  readonly observations: readonly Observation[];
  readonly hits: number;
  readonly states: readonly unknown[];
}

const driven = (scenario: Scenario, room: Room): Drive => {
  const sessions: EngineSession[] = [];
  const machine: Machine = {
    name: "with room",
    boot: (genesis) => {
      const session = boot(genesis, room);
      sessions.push(session);
      return session;
    },
  };
  const { steps } = drive(machine, scenario) as Trace;
  return {
    observations: steps.map(({ observation }) => observation),
    hits: sessions.reduce((sum, session) => sum + session.recalled().hits, 0),
    states: sessions.map((session) => session.view()),
  };
};

const rooms: readonly Room[] = [{ ...usualRoom, answers: 1 }, { ...usualRoom, answers: 8 }, { answers: 8, bytes: 600 }, usualRoom];

test("observations and states are those of a machine that keeps no answer", () => {
  const hits = rooms.map(() => 0);
  for (let seed = 0; seed < 120; seed++) {
    const scenario = drawnQueries(seed);
    const plain = driven(scenario, { answers: 0, bytes: 0 });
    expect([seed, plain.hits]).toEqual([seed, 0]);
    rooms.forEach((room, at) => {
      const { observations, states, hits: found } = driven(scenario, room);
      expect([seed, room, observations, states]).toEqual([seed, room, plain.observations, plain.states]);
      hits[at]! += found;
    });
  }
  const [one, eight, narrow, all] = hits;
  expect(one).toBeGreaterThan(100);
  expect(eight).toBeGreaterThan(one!);
  expect(all).toBeGreaterThan(eight!);
  expect([narrow! > one!, narrow! < eight!]).toEqual([true, true]);
});
