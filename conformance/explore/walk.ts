/**
 * `canon explore` without a console: a named world in a scope, walked on the reference or in compiled form, with what
 * came of it as a report, and the counterexample, where there is one, as a failure like those of every other command.
 */
import { alone } from "../../properties/index.ts";
import { clauseName, type ClauseId, type Machine, type Trace } from "../../spec/index.ts";
import { createModel } from "../../model/index.ts";
import { catalogueHash } from "../catalogue.ts";
import { failureId, type Failure } from "../failure.ts";
import { properties, type Property } from "../../properties/index.ts";
import { compiledScheduler, mostCompiled } from "./compiled.ts";
import { exploreRows, type Exploration, type Limits, type Path } from "./engine.ts";
import {
  exploredProperty,
  invariantOf,
  lawInvariants,
  prioritiesWithin,
  stateInvariants,
  watchedLaws,
  type WorldInvariant,
} from "./invariants.ts";
import { modelSystem, traceOf, type ModelSystem } from "./model-system.ts";
import { allocationKept } from "./observers.ts";
import type { ExploreReport } from "./report.ts";
import { explore, walkPath } from "./system.ts";
import { smallWorld, type Scope, type SmallWorld, type WorldName } from "./worlds.ts";

export interface WalkOptions {
  readonly world: WorldName;
  readonly scope: Scope;
  /** Left out: compiled where it can be. */
  readonly system?: "model" | "compiled";
  readonly limits?: Limits;
  /** The most that a canister may lag behind its allocation: watched without a bound when infinite, not at all when `null`. @unit percent of a round */
  readonly lag: number | null;
  /** The most priority or debt of a canister; left out, there is no bound. @unit rounds */
  readonly priority?: number;
  /** Laws of the suite judge paths of at most so many inputs. */
  readonly laws: number;
  /** A clause that is taken out of the specification. */
  readonly without?: ClauseId;
  readonly onLevel?: (depth: number, states: number) => void;
}

export interface WalkOutcome {
  readonly report: ExploreReport;
  readonly failure: Failure | null;
  readonly property: Property | null;
  /** A shortest way to the greatest lag. */
  readonly worst: Trace | null;
  /** The machine that the counterexample speaks of. */
  readonly machine: Machine;
}

/** @throws RangeError when the scope leaves no world, or the system cannot be had. */
export const walkWorld = (options: WalkOptions): WalkOutcome => {
  const { scope, lag, without } = options;
  const world = smallWorld(options.world, scope);
  if (world.geneses.length === 0)
    throw new RangeError(
      `no combination of the allocations ${scope.allocations.join(", ")} fits ${scope.canisters} canisters on ${scope.cores} cores`,
    );
  const compiled = (options.system ?? (canCompile(world, options) ? "compiled" : "model")) === "compiled";
  if (compiled && without !== undefined) throw new RangeError("a clause can be taken out of the model alone");
  const observers = lag === null ? [] : [allocationKept(lag)];
  const system = modelSystem(world, { observers, reading: { mutation: without } });
  const walked = compiled ? walkCompiled(world, system, options) : walkModel(system, boundsOf(options), options);
  const { explored, broken } = walked;
  const worst = lag === null || explored.worst === null ? null : { ...explored.worst, trace: traceAlong(system, explored.worst.path) };
  const failure = broken === null ? null : failureOf(options, explored, broken);
  const names = without === undefined ? "model" : `model without ${clauseName(without)}`;
  return {
    failure,
    property: broken?.property ?? null,
    worst: worst?.trace ?? null,
    machine: { ...createModel({ mutation: without }), name: names },
    report: {
      report: "canon-explore",
      version: 1,
      catalogue: catalogueHash(),
      world: options.world,
      scope: { ...scope, allocations: [...scope.allocations] },
      system: compiled ? "compiled" : "model",
      without: without === undefined ? null : clauseName(without),
      geneses: world.geneses.length,
      moves: world.moves.length,
      states: explored.states,
      transitions: explored.transitions,
      depth: explored.widths.length - 1,
      widths: explored.widths,
      frontier: explored.frontier,
      stopped: explored.stopped,
      invariants: walked.invariants.map(({ id, statement }) => ({
        id,
        statement,
        outcome: id === broken?.property.id ? "broken" : "held",
      })),
      laws: { ids: walked.laws.ids, judged: walked.laws.judged, longest: options.laws },
      worstLag:
        worst === null
          ? null
          : {
              lag: worst.measure,
              allocations: worst.trace.scenario.genesis.canisters.map(({ computeAllocation }) => computeAllocation),
              inputs: worst.trace.steps.length,
              moves: worst.path.moves.length,
              way: wayOf(worst.trace),
            },
      collisions: explored.collisions,
      bytes: explored.bytes,
      milliseconds: Math.round(explored.milliseconds),
      statesPerSecond: Math.round((1_000 * explored.states) / Math.max(explored.milliseconds, 1)),
      verdict: broken !== null ? "broken" : explored.stopped === null || explored.stopped === "depth" ? "held" : "stopped",
      broken:
        broken === null || failure === null
          ? null
          : {
              invariant: broken.property.id,
              because: broken.because,
              moves: broken.moves,
              inputs: broken.trace.steps.length,
              failure: failure.id,
            },
    },
  };
};

/** The bound on lags, where there is one. */
const boundsOf = ({ lag }: Pick<WalkOptions, "lag">): readonly WorldInvariant[] =>
  lag === null || lag === Infinity ? [] : [invariantOf(allocationKept(lag))];

/** The rounds of a trace, each with the messages that came before it. */
const wayOf = ({ steps }: Trace): readonly string[] => {
  const rounds: string[] = [];
  let sent: string[] = [];
  for (const { input } of steps) {
    if (input.kind === "ingress") sent.push(`${input.canister}.${input.method}`);
    if (input.kind !== "round") continue;
    rounds.push(sent.join(" ") || "-");
    sent = [];
  }
  return rounds;
};

const canCompile = ({ id }: SmallWorld, { scope, without }: WalkOptions): boolean =>
  id === "scheduler" && without === undefined && scope.canisters <= mostCompiled;

interface Broken {
  readonly property: Property;
  readonly because: string;
  readonly at: number | null;
  readonly moves: number;
  readonly trace: Trace;
}

interface WalkedWorld {
  readonly explored: Exploration;
  readonly invariants: readonly { readonly id: string; readonly statement: string }[];
  readonly laws: { readonly ids: readonly string[]; readonly judged: number };
  readonly broken: Broken | null;
}

const walkModel = (
  system: ModelSystem,
  watched: readonly WorldInvariant[],
  { priority, laws: longest, limits = {}, onLevel }: WalkOptions,
): WalkedWorld => {
  const laws = lawInvariants(longest > 0 ? watchedLaws : [], longest);
  const invariants = [...stateInvariants, ...(priority === undefined ? [] : [prioritiesWithin(priority)]), ...watched];
  const explored = explore({ system, invariants: [...invariants, ...laws.invariants], limits, ...(onLevel && { onLevel }) });
  const { broken } = explored;
  const end = broken?.walked.transitions.at(-1)?.after;
  return {
    explored,
    invariants,
    laws: { ids: laws.invariants.map(({ id }) => id), judged: laws.judged() },
    broken: broken === null || end === undefined ? null : shown(broken.invariant.id, traceOf(end), explored),
  };
};

const walkCompiled = (world: SmallWorld, system: ModelSystem, { priority, lag, limits = {}, onLevel }: WalkOptions): WalkedWorld => {
  const rows = compiledScheduler(world, {
    lags: lag !== null,
    ...(lag !== null && { mostLag: lag }),
    ...(priority !== undefined && { mostPriority: priority }),
  });
  const explored = exploreRows(rows, limits, onLevel);
  const invariants = [
    stateInvariants.find(({ id }) => id === "priorities-balance")!,
    ...(priority === undefined ? [] : [prioritiesWithin(priority)]),
    ...boundsOf({ lag }),
  ];
  const { violation } = explored;
  const laws = { ids: [], judged: 0 };
  if (violation === null) return { explored, invariants, laws, broken: null };
  // The reference goes the same way: what it does not confirm is a fault of the compiled form.
  const trace = traceAlong(system, violation.path);
  for (const { id } of invariants) {
    const { verdict } = judged(id, trace);
    if (verdict.kind === "fails") return { explored, invariants, laws, broken: shown(id, trace, explored) };
  }
  throw new Error(`the compiled form says that ${violation.because}; the reference does not`);
};

const traceAlong = (system: ModelSystem, path: Path): Trace => {
  const { root, transitions } = walkPath(system, path);
  return traceOf(transitions.at(-1)?.after ?? root);
};

/** What the property of an invariant says of a trace. */
const judged = (id: string, trace: Trace) => {
  const property = exploredProperty(id) ?? properties.find((known) => known.id === id);
  if (property?.judge === undefined) throw new Error(`there is no property ${id} that judges a trace`);
  return { property, verdict: property.judge(trace) };
};

const shown = (id: string, trace: Trace, { violation }: Exploration): Broken => {
  const { property, verdict } = judged(id, trace);
  const [at, because] = verdict.kind === "fails" ? [verdict.at, verdict.because] : [trace.steps.length - 1, violation?.because ?? ""];
  return { property, because, at, trace, moves: violation?.path.moves.length ?? 0 };
};

const failureOf = ({ world, without }: WalkOptions, { transitions }: Exploration, { property, because, at, trace }: Broken): Failure => {
  const small = alone(trace.scenario);
  const machine = without === undefined ? "model" : `model without ${clauseName(without)}`;
  return {
    id: failureId(property.id, machine, small),
    property: property.id,
    seed: 0,
    path: `explore ${world}`,
    case: small,
    judgement: { outcome: "FAIL", at, because },
    outcome: "FAIL",
    drawnInputs: trace.scenario.inputs.length,
    tries: transitions,
  };
};
