/** Drawn worlds in which the engine and the reference, led side by side through the door, tell the same. */
import { expect, test } from "vitest";
import { createModel } from "../model/index.ts";
import { networkOf, type Machine, type Observation, type Scenario, type Session, type StateView } from "../spec/index.ts";
import { drawnBitcoin } from "./drawn-bitcoin.ts";
import { drawnCertified } from "./drawn-certified.ts";
import { drawnCharges } from "./drawn-charges.ts";
import { drawnAllocations, drawnChunks, drawnCode, drawnManagement, drawnSnapshots } from "./drawn-management.ts";
import { drawnOutcalls } from "./drawn-outcalls.ts";
import { drawnPrices } from "./drawn-prices.ts";
import { drawnQueries } from "./drawn-queries.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawnUsers } from "./drawn-users.ts";
import { drawnWorld } from "./drawn-world.ts";
import { impl } from "./index.ts";

/** What a machine tells of each input, and the states that it is left in. */
const told = ({ boot }: Machine, { genesis, others = [], inputs }: Scenario): readonly (Observation | StateView)[] => {
  const worlds = [genesis, ...others];
  const sessions = worlds.map((one) => boot(one) as Session);
  const network = networkOf(worlds);
  const observations = inputs.map((move) => {
    const { subnet, input } = network.arrange(move);
    const observation = sessions[subnet]!.apply(input) as Observation;
    network.carry(subnet, observation);
    return observation;
  });
  return [...observations, ...sessions.map((session) => session.view!() as StateView)];
};

test.each([
  ["in any world", drawnWorld, 20],
  ["in worlds of long messages, limits and canisters that come and go", drawnSchedule, 20],
  ["in worlds in which canisters are charged", drawnCharges, 20],
  ["in worlds in which prices change", drawnPrices, 10],
  ["in worlds in which users ask", drawnQueries, 10],
  ["in worlds in which canisters certify and users read", drawnCertified, 10],
  ["in worlds in which canisters ask the management canister", drawnManagement, 30],
  ["in worlds in which code comes and goes", drawnCode, 60],
  ["in worlds in which snapshots are taken and brought back", drawnSnapshots, 60],
  ["in worlds in which requests leave the layer", drawnOutcalls, 40],
  ["in worlds in which modules come in chunks", drawnChunks, 40],
  ["in worlds in which memory is allocated", drawnAllocations, 40],
  ["in worlds in which canisters ask something of Bitcoin", drawnBitcoin, 20],
  ["in worlds in which users ask the management canister", drawnUsers, 40],
] as const)("the engine does what the reference does %s", (_, drawn, count) => {
  const reference = createModel();
  for (let seed = 7000; seed < 7000 + count; seed++) {
    const scenario = drawn(seed);
    expect([seed, ...told(impl, scenario)]).toEqual([seed, ...told(reference, scenario)]);
  }
});
