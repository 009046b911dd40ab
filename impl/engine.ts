/** The session: one input in, one observation out. */
import { cycles, topUp, type Genesis, type Input, type Observation, type Session, type StateView, faultsOf } from "../spec/index.ts";
import { usualRoom, type Answers, type Room } from "./answers.ts";
import { readState } from "./certificate.ts";
import { balanceOf } from "./cohorts.ts";
import { admitShare, finalise } from "./committee/tape.ts";
import { notify } from "./conversions.ts";
import { submitIngress } from "./ingress.ts";
import { createCanister, deleteCanister, setAllocation } from "./membership.ts";
import { answerQuery } from "./query.ts";
import { refusalOf } from "./refusals.ts";
import { fromText, toText } from "./restart.ts";
import { rootOf } from "./root.ts";
import { runRound } from "./round.ts";
import { setFees } from "./set-fees.ts";
import { engineOf, setBalance, type Engine } from "./state.ts";
import { mintReward, pay, setRate, tokenLedger, transfer } from "./tokens.ts";
import { uninstall } from "./uninstall.ts";
import { viewOf } from "./view.ts";

/** A session that answers at once. */
export interface EngineSession extends Session {
  apply(input: Input): Observation;
  view(): StateView;
  /** How often the answer to a query was given again, and how often it was not there. Nothing else tells. */
  recalled(): Pick<Answers, "hits" | "misses">;
}

/** A session with so much room for answers to queries, which is nobody's affair. @throws Error naming every fault of the genesis. */
export const boot = (genesis: Genesis, room: Room = usualRoom): EngineSession => {
  const faults = faultsOf(genesis);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  let engine = engineOf(genesis, undefined, room);
  return {
    apply: (input) => {
      // @rule restart
      if (input.kind === "restart") engine = fromText(toText(engine), room);
      return applyInput(engine, input);
    },
    view: () => viewOf(engine),
    recalled: () => ({ hits: engine.answers.hits, misses: engine.answers.misses }),
  };
};

/** Applies one input to the engine and observes it. */
export const applyInput = (engine: Engine, input: Input): Observation => {
  engine.events = [];
  engine.draws = [];
  if (input.kind !== "query" && input.kind !== "read-state") engine.revision++;
  switch (input.kind) {
    case "ingress":
      submitIngress(engine, input);
      break;
    case "query":
      answerQuery(engine, input);
      break;
    case "round":
      runRound(engine, input);
      break;
    case "top-up":
      mint(engine, input);
      break;
    case "set-fees":
      setFees(engine, input);
      break;
    case "transfer":
      transfer(engine, input);
      break;
    case "pay":
      pay(engine, input);
      break;
    case "notify":
      notify(engine, input);
      break;
    case "reward":
      mintReward(engine, input);
      break;
    case "set-rate":
      setRate(engine, input);
      break;
    case "uninstall":
      uninstall(engine, input.canister, null);
      break;
    case "create-canister":
      createCanister(engine, input);
      break;
    case "delete-canister":
      deleteCanister(engine, input.canister);
      break;
    case "set-compute-allocation":
      setAllocation(engine, input);
      break;
    case "read-state":
      readState(engine, input);
      break;
    case "finalise":
      finalise(engine, input);
      break;
    case "share":
      admitShare(engine, input);
      break;
    case "restart":
      engine.events.push({ kind: "restarted" });
      break;
    default: {
      const never: never = input;
      throw new Error(`an input of no kind: ${JSON.stringify(never)}`);
    }
  }
  return observe(engine);
};

const noSuchCanister = refusalOf(topUp.when.exists);

/** @rule top-up */
const mint = (engine: Engine, { canister: id, cycles: minted }: Extract<Input, { kind: "top-up" }>): void => {
  const canister = engine.byId.get(id);
  if (canister === undefined) {
    engine.events.push({ kind: "top-up-refused", canister: id, error: noSuchCanister });
    return;
  }
  engine.totals.minted += minted;
  setBalance(engine, canister, cycles(balanceOf(canister) + minted));
  engine.events.push({ kind: "topped-up", canister: id, cycles: minted, balance: balanceOf(canister) });
};

const observe = (engine: Engine): Observation => {
  const { balances, reserved, messages, contexts, reserves, executions, burned, lost, sent, received, minted } = engine.totals;
  const { events, draws, tokens } = engine;
  return {
    events,
    ...(tokens !== null && { tokens: tokenLedger(tokens) }),
    ledger: {
      balances: cycles(balances),
      reserved: cycles(reserved),
      messages: cycles(messages),
      contexts: cycles(contexts),
      callbacks: cycles(reserves),
      executions: cycles(executions),
      float: cycles(tokens === null ? 0n : tokens.float),
      burned: cycles(burned),
      lost: cycles(lost),
      sent: cycles(sent),
      received: cycles(received),
      minted: cycles(minted),
    },
    draws,
    stateRoot: rootOf(engine.root, engine.time),
  };
};
