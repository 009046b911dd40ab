/**
 * What must hold of every transition of a small world. Invariants look at one transition and at the two states it
 * joins; the laws of the suite that walk along a trace judge the path on which a state was found first, with the new
 * transition at its end. Each of them is a property too, so that a counterexample can be kept and tried again.
 */
import * as fc from "fast-check";
import { createStepper } from "../../model/index.ts";
import {
  alone,
  fails,
  holds,
  judgeTogether,
  properties,
  readable,
  traceLaw,
  type Property,
  type WatchedLaw,
} from "../../properties/index.ts";
import { byId, priorityPercent, type CallbackId, type CanisterId, type Origin, type Scenario, type Trace } from "../../spec/index.ts";
import { anyClock, keyOf } from "./canonical.ts";
import type { Complaint } from "./engine.ts";
import { modelSystem, noBreakdown, traceOf, type SeenMove, type Situation } from "./model-system.ts";
import { allocationKept, type AnyObserver } from "./observers.ts";
import type { Invariant, Transition } from "./system.ts";
import { smallWorld, usualScopes, type Move, type SmallWorld } from "./worlds.ts";

export type WorldInvariant = Invariant<Situation, Move, SeenMove>;
type WorldTransition = Transition<Situation, Move, SeenMove>;

/** Conservation: whatever places the ledger names, what is in them is what was minted or came in streams. */
export const ledgerBalances: WorldInvariant = {
  id: "ledger-balances",
  statement: "What is in all places of the ledger together is what was minted or received.",
  check: ({ observation: { steps } }) => {
    for (const { observation } of steps) {
      const { minted, received, ...places } = observation.ledger;
      const found = Object.values(places).reduce((sum: bigint, held) => sum + held, 0n);
      if (found !== minted + received)
        return `${found} cycles are in the places of the ledger, ${minted + received} were minted or received`;
    }
    return undefined;
  },
};

/** In the current scheduler priority may be left over where less was charged than allocated. */
export const prioritiesBalance: WorldInvariant = {
  id: "priorities-balance",
  statement:
    "While canisters are neither created nor deleted, accumulated priorities sum to zero; in the current scheduler, to zero or more.",
  check: ({ before, after: { state } }) => {
    if (before.state.canisters.size !== state.canisters.size) return undefined;
    const [was, is] = [sumOfPriorities(before), sumOfPriorities({ state })];
    const { scheduler } = state.parameters;
    if (scheduler === "published") return was === 0n && is !== 0n ? `the priorities sum to ${is}` : undefined;
    return is < 0n ? `the priorities sum to ${is}` : undefined;
  },
};

const sumOfPriorities = ({ state }: Pick<Situation, "state">): bigint =>
  [...state.canisters.values()].reduce((sum, { accumulatedPriority }) => sum + accumulatedPriority, 0n);

/** No canister hoards credit or falls into debt beyond so many rounds. */
export const prioritiesWithin = (most: number): WorldInvariant => ({
  id: `priorities-within-${most}`,
  statement: `No accumulated priority is more than ${most} full rounds of credit or debt.`,
  check: ({ after: { state } }) => {
    const { cores, scheduler } = state.parameters;
    const round = scheduler === "published" ? 100n * BigInt(cores * state.canisters.size) : 100n * priorityPercent;
    const bound = BigInt(most) * round;
    for (const { id, accumulatedPriority: held } of state.canisters.values())
      if (held > bound || -held > bound) return `the priority of ${id} is ${Number((100n * held) / round) / 100} rounds`;
    return undefined;
  },
});

/** What makes one response per call: at each moment exactly one thing answers for it. */
export const callsHaveOnePlace: WorldInvariant = {
  id: "calls-have-one-place",
  statement:
    "Each open callback is in exactly one place: a request or a response in a queue, in the loopback stream or under way in slices, an open context, or the requests that wait for a tape.",
  check: ({ after: { state } }) => {
    const places = new Map<string, number>();
    const at = (caller: CanisterId, callback: CallbackId) =>
      void places.set(`${caller} ${callback}`, (places.get(`${caller} ${callback}`) ?? 0) + 1);
    const from = (origin: Origin) => void (origin.kind === "canister" && at(origin.canister, origin.callback));
    for (const { caller, callback } of state.waiting) at(caller, callback);
    for (const { messages } of state.streams.values())
      for (const message of messages) if (message.kind !== "refund") at(message.caller, message.callback);
    for (const { local, remote, outputs, contexts, underway } of state.canisters.values()) {
      const queued = [...[...local, ...remote].flatMap(({ messages }) => messages), ...[...outputs.values()].flat()];
      for (const { caller, callback } of queued) at(caller, callback);
      if (underway !== null && typeof underway.taken !== "string" && underway.taken.kind !== "ingress")
        at(underway.taken.caller, underway.taken.callback);
      for (const context of contexts.values()) if (context.status === "open") from(context.origin);
    }
    for (const { id, callbacks } of state.canisters.values())
      for (const callback of callbacks.keys()) {
        const count = places.get(`${id} ${callback}`) ?? 0;
        if (count !== 1) return `callback ${callback} of ${id} is in ${count} places`;
        places.delete(`${id} ${callback}`);
      }
    const [lost] = places.keys();
    return lost === undefined ? undefined : `something is under way for ${lost}, which is no open callback`;
  },
};

/** The key of a state is what matters of it; so a restart must keep it. */
export const restartKeepsTheKey: WorldInvariant = {
  id: "restart-keeps-the-key",
  statement: "A restart leads to a state with the same canonical key.",
  check: ({ before, move, after }) => {
    if (!move.every(({ kind }) => kind === "restart")) return undefined;
    const [was, is] = [keyOf(before.state, anyClock), keyOf(after.state, anyClock)];
    const at = was.findIndex((part, number) => part !== is[number]);
    return at < 0 ? undefined : `a restart changed ${at === 0 ? "the subnet" : [...after.state.canisters.keys()].sort(byId)[at - 1]!}`;
  },
};

/** The complaint of an observer, as an invariant. */
export const invariantOf = (observer: AnyObserver): WorldInvariant => ({
  id: observer.id,
  statement: observer.statement,
  check: ({ observation: { complaint } }) => (complaint?.observer.id === observer.id ? complaint.because : undefined),
});

export const stateInvariants: readonly WorldInvariant[] = [
  invariantOf(noBreakdown),
  ledgerBalances,
  prioritiesBalance,
  callsHaveOnePlace,
  restartKeepsTheKey,
];

/** The laws of the suite that a walk along one trace shows. */
export const watchedLaws: readonly WatchedLaw[] = properties.filter((property): property is WatchedLaw => "watch" in property);

export interface LawInvariants {
  readonly invariants: readonly WorldInvariant[];
  /** Transitions whose paths were judged. */
  judged(): number;
}

/** Laws as invariants: they judge paths of at most so many inputs. All of them share one walk along a path. */
export const lawInvariants = (laws: readonly WatchedLaw[], longest: number): LawInvariants => {
  let latest: WorldTransition | null = null;
  let complaints: readonly Complaint[] = [];
  let judged = 0;
  const complaintsOf = (transition: WorldTransition): readonly Complaint[] => {
    if (transition === latest) return complaints;
    latest = transition;
    if (transition.after.inputs > longest) return (complaints = []);
    judged++;
    const trace = traceOf(transition.after);
    return (complaints = judgeTogether(trace, laws).map((verdict) => (verdict.kind === "fails" ? verdict.because : undefined)));
  };
  const invariants = laws.map(({ id, statement }, at): WorldInvariant => ({
    id,
    statement,
    check: (transition) => complaintsOf(transition)[at],
  }));
  return { invariants, judged: () => judged };
};

/** An invariant as a property: it goes along with a trace, on the reference, and looks at every step. */
const asProperty = (invariant: WorldInvariant, observers: readonly AnyObserver[] = []): Property =>
  traceLaw({
    id: invariant.id,
    statement: invariant.statement,
    source: "docs/decisions/0008-exploration.md",
    cites: [],
    cases: () => walksIn(smallWorld("scheduler", usualScopes.scheduler), 20).map(alone),
    judge: (trace) =>
      readable(() => {
        for (const [at, transition] of transitionsOf(trace, observers).entries()) {
          const because = invariant.check(transition);
          if (because !== undefined) return fails(at, because);
        }
        return holds;
      }),
  });

/** The transitions of a trace, one for each input: the states are the reference's, what was seen is the machine's. */
const transitionsOf = ({ scenario: { genesis }, steps }: Trace, observers: readonly AnyObserver[]): readonly WorldTransition[] => {
  const stepper = createStepper(genesis);
  const memories = observers.map(({ begin }) => begin(genesis));
  let before: Situation = { genesis, clock: anyClock, stepper, state: stepper.initial, memories, past: null, inputs: 0 };
  return steps.map((step): WorldTransition => {
    const noted = observers.map((observer, at) => ({ observer, ...observer.note(before.memories[at], step, genesis) }));
    const after = { ...before, state: stepper.step(before.state, step.input).state, memories: noted.map(({ memory }) => memory) };
    const [complaining] = noted.filter(({ complaint }) => complaint !== undefined);
    const complaint = complaining === undefined ? null : { observer: complaining.observer, because: complaining.complaint! };
    const transition = { before, move: [step.input], observation: { steps: [step], complaint }, after };
    before = after;
    return transition;
  });
};

/** The property of an id under which a walk reports, or nothing. What has a bound has it in its id, as in `allocation-kept-99`. */
export const exploredProperty = (id: string): Property | undefined => {
  const known = stateInvariants.find((invariant) => invariant.id === id);
  if (known !== undefined) return asProperty(known);
  const [, kind, bound] = /^(allocation-kept|priorities-within)-([0-9]{1,9})$/.exec(id) ?? [];
  if (kind === undefined) return undefined;
  if (kind === "priorities-within") return asProperty(prioritiesWithin(Number(bound)));
  const observer = allocationKept(Number(bound));
  return asProperty(invariantOf(observer), [observer]);
};

/** Random walks in a small world, for whoever does not walk all of it. */
export const walksIn = (world: SmallWorld, most: number): fc.Arbitrary<Scenario> => {
  const system = modelSystem(world);
  return fc
    .record({
      root: fc.nat(system.initial.length - 1),
      choices: fc.array(fc.nat(0xffff), { maxLength: most, size: "max" }),
    })
    .map(({ root, choices }) => {
      let situation = system.initial[root]!;
      for (const choice of choices) {
        const moves = system.movesOf(situation);
        situation = system.step(situation, moves[choice % moves.length]!).state;
      }
      return traceOf(situation).scenario;
    });
};
