/** The state in the words of the specification, for people who look at where two machines part. It is not kept, it is made. */
import { byId, type CanisterView, type StateView } from "../spec/index.ts";
import { accumulatedPriority } from "./schedule.ts";
import type { Canister, Engine } from "./state.ts";

export const viewOf = (engine: Engine): StateView => ({
  height: engine.height,
  time: engine.time,
  canisters: engine.canisters.map((canister) => canisterView(engine, canister)),
  ingress: [...engine.history.values()].sort((left, right) => byId(left.id, right.id)).map(({ id, status }) => [id, status] as const),
  waitingForRandomness: engine.waitingRandomness.length,
});

const canisterView = ({ schedule, prices }: Engine, canister: Canister): CanisterView => ({
  id: canister.id,
  balance: canister.balance,
  accumulatedPriority: accumulatedPriority(schedule, canister.index),
  pages: [...(canister.pages ?? [])].sort(([left], [right]) => left - right),
  timer: canister.timer,
  inputs: canister.inputs.length,
  outputs: canister.outputs.length,
  contexts: [...(canister.contexts?.values() ?? [])]
    .sort((left, right) => left.id - right.id)
    .map(({ id, origin, status, available }) => ({ id, origin, status, available })),
  callbacks: [...(canister.callbacks?.values() ?? [])]
    .sort((left, right) => left.id - right.id)
    .map(({ id, context, callee, attached }) => ({ id, context, callee, attached, reserve: prices.reserve })),
});
