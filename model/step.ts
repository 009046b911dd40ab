/** One input, one step: which rules it fires, and what is seen of it. */
import { match, P } from "ts-pattern";
import {
  anonymous,
  height,
  nanoseconds,
  type Draw,
  type ErrorCode,
  type Genesis,
  type Hex,
  type Input,
  type Observation,
} from "../spec/index.ts";
import { allocate, create, remove, takeCode } from "./canisters.ts";
import { finalise, receiveShare } from "./committee.ts";
import { readState, stateRootOf } from "./certification.ts";
import { ledgerOf, tokensOf } from "./observe.ts";
import { restarted } from "./restart.ts";
import { runRound, type Rounded } from "./round.ts";
import { runQuery } from "./queries.ts";
import { deliverTape } from "./rules/committee.ts";
import { mintOnto, setFees } from "./rules/cycles.ts";
import { inspect, submit, type Inspected } from "./rules/ingress.ts";
import { isForManagement } from "./requests.ts";
import { admitToManagement } from "./rules/management.ts";
import { beginning } from "./finish.ts";
import { moveTokens } from "./tokens.ts";
import { runScript } from "./script.ts";
import { canisterOf, errorOf, runningOf, tell } from "./reading.ts";
import type { Ingress, State } from "./state.ts";
import type { Fire } from "./transition.ts";

export interface Stepped {
  readonly state: State;
  readonly observation: Observation;
}

/** Applies an input to a state. Every input is legal in every state. */
export const step = (fire: Fire, genesis: Genesis, before: State, input: Input): Stepped => {
  const { state, draws } = match(input)
    .with({ kind: "ingress" }, (submitted) => still(submitIngress(fire, before, submitted)))
    .with({ kind: "query" }, (question) => still(runQuery(fire, before, question)))
    .with({ kind: "round" }, (round) => roundWithTape(fire, before, round))
    .with({ kind: "top-up" }, (topUp) => still(mint(fire, before, topUp)))
    .with({ kind: "create-canister" }, (created) => still(create(fire, before, created)))
    .with({ kind: "delete-canister" }, ({ canister }) => still(remove(fire, before, canister)))
    .with({ kind: "set-compute-allocation" }, (allocation) => still(allocate(fire, before, allocation)))
    .with({ kind: "set-fees" }, ({ fees }) => still(tell(fire(setFees, before, { fees }).state, { kind: "fees-set", name: fees.name })))
    .with({ kind: P.union("transfer", "pay", "notify", "reward", "set-rate") }, (asked) => still(moveTokens(fire, before, asked)))
    .with({ kind: "uninstall" }, ({ canister }) => still(takeCode(fire, before, canister)))
    .with({ kind: "read-state" }, ({ paths, sender = anonymous }) => still(readState(fire, before, paths, sender)))
    .with({ kind: "finalise" }, (seen) => still(finalise(fire, before, seen)))
    .with({ kind: "share" }, (share) => still(receiveShare(fire, before, share)))
    .with({ kind: "restart" }, () => still(tell(restarted(fire, genesis, before), { kind: "restarted" })))
    .exhaustive();
  const rootOf = stateRootOf(fire, state);
  let root: Hex | undefined;
  const observation = {
    events: state.events,
    ledger: ledgerOf(state),
    ...tokensOf(state),
    draws,
    get stateRoot() {
      return (root ??= rootOf());
    },
  };
  return { state: { ...state, events: [] }, observation };
};

/** Where there is a committee, a round waits for the committee's tape. */
const roundWithTape = (fire: Fire, before: State, round: Input & { kind: "round" }): Rounded => {
  const { committee } = before;
  if (committee === null) return runRound(fire, before, round);
  const delivered = fire(deliverTape, before, { of: height(before.height + 1 + committee.offset), tape: round.tape });
  return delivered.applied
    ? runRound(fire, before, round)
    : still(tell(before, { kind: "round-refused", height: height(before.height + 1), error: errorOf(delivered.error) }));
};

const submitIngress = (
  fire: Fire,
  before: State,
  { id, sender, canister, method, payload, expiry }: Input & { kind: "ingress" },
): State => {
  const latest = nanoseconds(before.time + before.parameters.ingressLifetime);
  const message: Ingress = {
    kind: "ingress",
    ingress: id,
    sender: sender ?? anonymous,
    canister,
    method,
    payload,
    expiry: expiry ?? latest,
  };
  const refused = (error: ErrorCode | null): State => tell(before, { kind: "ingress-refused", ingress: id, error: errorOf(error) });
  const fired = fire(submit, before, { message });
  if (!fired.applied) return refused(fired.error);
  if (isForManagement(message)) {
    const admitted = fire(admitToManagement, before, { message });
    return admitted.applied ? tell(fired.state, { kind: "ingress-received", ingress: id }) : refused(admitted.error);
  }
  const inspected = inspection(fire, before, message);
  const passed = fire(inspect, before, inspected);
  if (!passed.applied) return refused(passed.clause === "completed" ? inspected.trap : passed.error);
  return tell(fired.state, { kind: "ingress-received", ingress: id });
};

/** Runs the inspection of a canister on the state as it is; only how it ended is kept. */
const inspection = (fire: Fire, before: State, { canister: id, sender, method, payload }: Ingress): Inspected => {
  const canister = canisterOf(before, id);
  const script = canister.code?.inspect ?? null;
  if (script === null) return { trap: null, accepted: true };
  const begun = beginning(before, canister, "inspection", sender, payload, null);
  const running = { ...begun, method, limit: before.parameters.inspectionInstructionLimit };
  const { state, trap } = runScript(fire, { ...before, running }, script);
  return { trap, accepted: runningOf(state).accepted };
};

const mint = (fire: Fire, before: State, { canister, cycles: minted }: Input & { kind: "top-up" }): State => {
  const fired = fire(mintOnto, before, { canister, minted });
  return fired.applied
    ? tell(fired.state, { kind: "topped-up", canister, cycles: minted, balance: canisterOf(fired.state, canister).balance })
    : tell(before, { kind: "top-up-refused", canister, error: errorOf(fired.error) });
};

const noDraws: readonly Draw[] = [];

const still = (state: State): Rounded => ({ state, draws: noDraws });
