/**
 * Lockstep: how many rounds of a scheduler can be checked in a second when a model goes beside a machine, and who holds it back.
 * The question is always the same: five canisters on two cores, a hundred rounds, and fast-check draws who gets a message before each.
 */
import * as fc from "fast-check";
import { openExplorer } from "../conformance/index.ts";
import { impl } from "../impl/index.ts";
import { model } from "../model/index.ts";
import { firstDifference } from "../properties/index.ts";
import {
  hex,
  ingressId,
  nanoseconds,
  type Genesis,
  type Input,
  type Machine,
  type Observation,
  type Session,
  type StateView,
} from "../spec/index.ts";
import { bold, rounded, tableOf } from "./markdown.ts";
import { interleaved, scaled, spreadOf, timed } from "./measure.ts";
import { naiveState, naiveStep } from "./peers/naive-scheduler.ts";
import type { LockstepRow } from "./report.ts";
import { scanAndSort, type Entry } from "./scan-and-sort.ts";

const { compiledScheduler, smallWorld, usualScopes } = await openExplorer();

const allocations: readonly number[] = [30, 20, 10, 25, 15];
const count = allocations.length;
const cores = 2;
/** A canister for which so many messages wait gets no more. */
const most = 15;
const rounds = 100;

/** Goes through a trace: before each round, whoever has its bit in the word gets a message. @throws Error where the two part */
export type Walk = (trace: readonly number[]) => void;

interface Pairing {
  readonly model: string;
  readonly machine: string;
  readonly compared: string;
  /** Of one sample. */
  readonly traces: number;
  readonly walk: Walk;
}

export const lockstep = (repetitions: number, effort = 1): readonly LockstepRow[] => {
  const all = pairings();
  const samples = interleaved(
    all.map(({ traces, walk }) => () => {
      const numRuns = Math.max(1, Math.ceil(traces * effort));
      return timed(() => drawn(walk, numRuns)) / (numRuns * rounds);
    }),
    repetitions,
    2,
  ).map(spreadOf);
  const naive = samples[0]!.median;
  return all.map(({ model: name, machine, compared }, at): LockstepRow => ({
    model: name,
    machine,
    compared,
    perSecond: scaled(samples[at]!, (milliseconds) => 1_000 / milliseconds),
    ratio: naive / samples[at]!.median,
  }));
};

/** The drawing is part of the check. */
const drawn = (walk: Walk, numRuns: number): void =>
  fc.assert(
    fc.property(fc.array(fc.nat(2 ** count - 1), { minLength: rounds, maxLength: rounds }), (trace) => walk(trace)),
    { numRuns, seed: 1 },
  );

/** The machines that stand beside the models: a test plants faulty ones. */
export interface Subjects {
  readonly plain: () => PlainMachine;
  readonly whole: Machine;
}

/** The naive pairing first: the others are measured by it. */
export const pairings = ({ plain, whole }: Subjects = { plain: () => plainMachine(), whole: impl }): readonly Pairing[] => {
  const everything = "priorities, queues and who was served, each round";
  return [
    { model: "naive: immer, ts-pattern", machine: "scan and sort", compared: everything, traces: 60, walk: naiveWithPlain(plain) },
    { model: "compiled rules", machine: "scan and sort", compared: everything, traces: 1_500, walk: compiledWithPlain(plain) },
    {
      model: "compiled rules",
      machine: "impl",
      compared: "who was served, each round; priorities and queues at the end",
      traces: 60,
      walk: compiledWithImpl(whole),
    },
    { model: "none", machine: "impl", compared: "nothing", traces: 60, walk: implAlone(whole) },
    { model: "reference", machine: "impl", compared: "every observation, to the last field", traces: 3, walk: referenceWithImpl(whole) },
  ];
};

const scope = { ...usualScopes.scheduler, canisters: count, cores, allocations, inputs: most };
const small = smallWorld("scheduler", scope);
const genesis: Genesis = small.geneses.find(({ canisters }) =>
  canisters.every((canister, at) => canister.computeAllocation === allocations[at]),
)!;
const ids = genesis.canisters.map(({ id }) => id);

const part = (what: string, round: number): never => {
  throw new Error(`model and machine part in ${what} in round ${round + 1}`);
};

type PlainMachine = ReturnType<typeof plainMachine>;

/** The machine that looks at everybody in every round. Of the active ones, those that are chosen are served, as many as there are cores. */
export const plainMachine = (choose: (order: readonly Entry[]) => readonly Entry[] = (order) => order) => {
  const entries = allocations.map((allocation, index): Entry => ({ index, allocation, priority: 0, active: false }));
  const waiting = allocations.map(() => 0);
  return {
    entries,
    waiting,
    /** Who gets a message, of those that are to get one: whoever has room. */
    admits: (word: number): number => waiting.reduce((bits, length, at) => (length < most ? bits | (word & (1 << at)) : bits), 0),
    /** Who was served, as bits. */
    round: (arrived: number): number => {
      for (let at = 0; at < count; at++) {
        if ((arrived & (1 << at)) !== 0) waiting[at]!++;
        entries[at]!.active = waiting[at]! > 0;
      }
      let served = 0;
      const order = choose(scanAndSort(entries, cores));
      for (let place = 0; place < cores && place < order.length; place++) {
        const { index } = order[place]!;
        waiting[index]!--;
        served |= 1 << index;
      }
      return served;
    },
  };
};

const naiveWithPlain =
  (plain: Subjects["plain"]): Walk =>
  (trace) => {
    const machine = plain();
    let state = naiveState(allocations);
    trace.forEach((word, round) => {
      const arrived = machine.admits(word);
      state = naiveStep(state, { kind: "round", arrived, cores });
      const served = machine.round(arrived);
      if (state.served.reduce((bits, at) => bits | (1 << at), 0) !== served) part("who was served", round);
      state.canisters.forEach(({ priority, waiting }, at) => {
        if (priority !== machine.entries[at]!.priority) part("a priority", round);
        if (waiting !== machine.waiting[at]) part("a queue", round);
      });
    });
  };

/** The compiled rules of scheduling, walked along one path. */
const compiledModel = () => {
  const rows = compiledScheduler({ ...small, geneses: [genesis] });
  let now = new Int32Array(rows.width);
  let next = new Int32Array(rows.width);
  const lengthOf = (at: number): number => (now[1 + count]! >>> (4 * at)) & 15;
  return {
    begin: (): void => void rows.begin(0, now),
    lengthOf,
    /** In the unit of the specification: so many times that of scan and sort as there are cores. */
    priorityOf: (at: number): number => now[1 + at]!,
    admits: (word: number): number => {
      let bits = 0;
      for (let at = 0; at < count; at++) if (lengthOf(at) < most) bits |= word & (1 << at);
      return bits;
    },
    round: (arrived: number): number => {
      rows.open(0, now);
      // The moves of those that have room have numbers without gaps.
      let move = 0;
      for (let at = 0, bit = 1; at < count; at++)
        if (lengthOf(at) < most) {
          if ((arrived & (1 << at)) !== 0) move |= bit;
          bit <<= 1;
        }
      const complaint = rows.move(move, next);
      if (complaint !== undefined) throw new Error(complaint);
      let served = 0;
      for (let at = 0; at < count; at++)
        if (((next[1 + count]! >>> (4 * at)) & 15) < lengthOf(at) + ((arrived >>> at) & 1)) served |= 1 << at;
      [now, next] = [next, now];
      return served;
    },
  };
};

const compiledWithPlain = (plain: Subjects["plain"]): Walk => {
  const rules = compiledModel();
  return (trace) => {
    const machine = plain();
    rules.begin();
    for (let round = 0; round < trace.length; round++) {
      const arrived = machine.admits(trace[round]!);
      if (rules.round(arrived) !== machine.round(arrived)) part("who was served", round);
      for (let at = 0; at < count; at++) {
        if (rules.priorityOf(at) !== cores * machine.entries[at]!.priority) part("a priority", round);
        if (rules.lengthOf(at) !== machine.waiting[at]) part("a queue", round);
      }
    }
  };
};

const compiledWithImpl = (whole: Machine): Walk => {
  const rules = compiledModel();
  return (trace) => {
    const session = booted(whole);
    rules.begin();
    for (let round = 0; round < trace.length; round++) {
      const arrived = rules.admits(trace[round]!);
      let served = 0;
      for (const input of inputsOf(arrived, round)) served = servedIn(session.apply(input) as Observation);
      if (rules.round(arrived) !== served) part("who was served", round);
    }
    (session.view!() as StateView).canisters.forEach(({ accumulatedPriority, inputs }, at) => {
      if (Number(accumulatedPriority) !== rules.priorityOf(at)) part("a priority", rounds - 1);
      if (inputs !== rules.lengthOf(at)) part("a queue", rounds - 1);
    });
  };
};

/** The same messages, the same looks at what comes, and nobody to compare with. */
const implAlone =
  (whole: Machine): Walk =>
  (trace) => {
    const session = booted(whole);
    const waiting = new Int32Array(count);
    for (let round = 0; round < trace.length; round++) {
      let arrived = 0;
      for (let at = 0; at < count; at++) if (waiting[at]! < most) arrived |= trace[round]! & (1 << at);
      let served = 0;
      for (const input of inputsOf(arrived, round)) served = servedIn(session.apply(input) as Observation);
      for (let at = 0; at < count; at++) waiting[at]! += ((arrived >>> at) & 1) - ((served >>> at) & 1);
    }
    void session.view!();
  };

const referenceWithImpl =
  (whole: Machine): Walk =>
  (trace) => {
    const [subject, reference] = [booted(whole), booted(model)];
    const machine = plainMachine();
    trace.forEach((word, round) => {
      const arrived = machine.admits(word);
      machine.round(arrived);
      for (const input of inputsOf(arrived, round)) {
        const difference = firstDifference(subject.apply(input), reference.apply(input));
        if (difference !== null) part(difference, round);
      }
    });
  };

const booted = ({ boot }: Machine): Session => boot(genesis) as Session;

const tape = hex("00".repeat(32));

const inputsOf = (arrived: number, round: number): readonly Input[] => [
  ...ids.flatMap((canister, at): readonly Input[] =>
    (arrived & (1 << at)) === 0
      ? []
      : [{ kind: "ingress", id: ingressId(`m-${round}-${at}`), canister, method: "short", payload: hex("") }],
  ),
  { kind: "round", elapsed: nanoseconds(1n), tape },
];

const servedIn = ({ events }: Observation): number => {
  let served = 0;
  for (const event of events) if (event.kind === "turn-began") served |= 1 << ids.indexOf(event.canister);
  return served;
};

const lockstepText = `## The lockstep: a model beside a machine

Five canisters with 30, 20, 10, 25 and 15 percent on two cores, 100 rounds, messages drawn by fast-check, drawing and comparing included. The naive pairing is a small immutable model of the scheduler alone (immer, ts-pattern) beside a machine that scans and sorts; the compiled rules are those of \`canon explore\`, which tests hold to the reference row by row. The last rows are whole machines: messages, cycles, events, ledger, state root.`;

export const lockstepSection = (rows: readonly LockstepRow[]): string =>
  [
    lockstepText,
    tableOf(
      ["model", "machine", "compared", "rounds/s", "of the naive pairing"],
      rows.map(({ model: name, machine, compared, perSecond, ratio }) => [name, machine, compared, bold(perSecond), rounded(ratio)]),
    ),
    reached(rows),
  ].join("\n\n");

/** What of the goal is reached, in numbers of this run. */
const reached = ([, compiled, paired, alone, whole]: readonly LockstepRow[]): string => {
  const share = (row: LockstepRow | undefined): string => `${rounded((100 * row!.perSecond.median) / alone!.perSecond.median)} %`;
  const { median } = compiled!.perSecond;
  const goal = `${compiled!.ratio >= 5 ? "reached" : "missed"}: ${rounded(compiled!.ratio)} times, ${rounded(median)} rounds a second`;
  const then = median >= 5 * naiveThen ? "reached, too" : "missed";
  return `The goal was a lockstep check at five times the pace of the naive pairing, which was ${rounded(naiveThen)} steps a second when the goal was set, with another small model on a quieter machine. On the question itself it is ${goal}; as a number, five times what was measured then, it is ${then}. Beside impl, with the compiled rules, the pair goes at ${share(paired)} of the pace that impl has alone: the machine on trial holds the check back, not the model. It is not reached where the whole reference goes beside impl: that pair makes ${share(whole)} of impl's own pace, for the reference does in each round what a replica does, one clause at a time. Nearly all of that is the reference; comparing is a fiftieth of it, so there is nothing to win by comparing digests first, and states are frozen in tests alone. What would help is a compiled form of all rules; there is one of scheduling only.`;
};

/** @unit steps per second */
const naiveThen = 134_000;
