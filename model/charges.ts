/** What canisters pay for existing, at the end of a round: `docs/machine.md`, section 14. */
import { cycles, type CanisterId, type Cycles } from "../spec/index.ts";
import { withdrawAll } from "./answering.ts";
import { messageMemory } from "./memory.ts";
import { computeOfDay, memoryOfDay, messagesOfDay, ofSeconds } from "./money.ts";
import { canisterOf, inOrder, tell } from "./reading.ts";
import { chargeAllocation, chargeMemory, chargeMessages, chargeResources, exhaust } from "./rules/charges.ts";
import type { Canister, State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** Charges every canister that is due, and takes the code of those that cannot pay. */
export const chargeAll = (fire: Fire, before: State): State => {
  const charged = inOrder(before).reduce<Charged>((now, { id }) => chargeOne(fire, now, id), { ...nothing, state: before });
  const { canisters, paid, dry } = charged;
  if (canisters === 0) return before;
  const told = tell(charged.state, {
    kind: "resources-charged",
    canisters,
    memory: cycles(paid.memory),
    messages: cycles(paid.messages),
    compute: cycles(paid.compute),
  });
  return dry.reduce((state, canister) => runDry(fire, state, canister), told);
};

interface Charged {
  readonly state: State;
  readonly canisters: number;
  readonly paid: Readonly<Record<Charge, bigint>>;
  /** Who could not pay. */
  readonly dry: readonly CanisterId[];
}

type Charge = "memory" | "messages" | "compute";

const nothing = { canisters: 0, paid: { memory: 0n, messages: 0n, compute: 0n }, dry: [] };

const nanosecondsOfSecond = 1_000_000_000n;

/** In their order; the first that is not covered is the last. */
const charges = [
  { charge: "memory", transition: chargeMemory, ofDay: ({ parameters }: State, canister: Canister) => memoryOfDay(parameters, canister) },
  {
    charge: "messages",
    transition: chargeMessages,
    ofDay: (state: State, canister: Canister) => messagesOfDay(state.parameters, messageMemory(state, canister)),
  },
  {
    charge: "compute",
    transition: chargeAllocation,
    ofDay: ({ parameters }: State, canister: Canister) => computeOfDay(parameters, canister),
  },
] as const;

const chargeOne = (fire: Fire, now: Charged, id: CanisterId): Charged => {
  const stamped = fire(chargeResources, now.state, { canister: id });
  if (!stamped.applied) return now;
  const canister = canisterOf(now.state, id);
  const seconds = (now.state.time - canister.chargedAt) / nanosecondsOfSecond;
  let charged: Charged = { ...now, state: stamped.state, canisters: now.canisters + 1 };
  for (const { charge, transition, ofDay } of charges) {
    const price: Cycles = ofSeconds(ofDay(now.state, canister), seconds);
    const fired = fire(transition, charged.state, { canister: id, price });
    if (!fired.applied) return { ...charged, dry: [...charged.dry, id] };
    charged = { ...charged, state: fired.state, paid: { ...charged.paid, [charge]: charged.paid[charge] + price } };
  }
  return charged;
};

const runDry = (fire: Fire, before: State, canister: CanisterId): State => {
  const { balance, reserved } = canisterOf(before, canister);
  const burned = cycles(balance + reserved);
  return withdrawAll(fire, tell(fire(exhaust, before, { canister }).state, { kind: "ran-dry", canister, burned }), canister);
};
