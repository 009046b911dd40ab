/**
 * The scheduler world in a compiled form: the rules of scheduling alone, over words, for walks of millions of states.
 * It is the same system as the scheduler world on the reference, with the same moves in the same order, so that a path in
 * the one is a path in the other; tests lead both in lockstep through every state of small worlds and along random walks.
 *
 * In that world a slice uses its core up. So a round is one iteration, in which the first canister on each core gets one
 * slice and nobody else anything; what is left to decide is who is first, who pays, and what stays paused.
 */
import type { Complaint, Rows } from "./engine.ts";
import { newProfile, type Canisters } from "./profiles.ts";
import { rowLayout } from "./rows.ts";
import type { SmallWorld } from "./worlds.ts";

export interface CompiledOptions {
  /** Whether lags behind the allocation are part of a state. */
  readonly lags?: boolean;
  /** A lag beyond is a complaint. @unit percent of a round */
  readonly mostLag?: number;
  /** Priority or debt beyond is a complaint. @unit rounds */
  readonly mostPriority?: number;
}

/** Most canisters of a compiled world. */
export const mostCompiled = 6;
/** @throws RangeError when the world is no scheduler world, or does not fit a row. */
export const compiledScheduler = (world: SmallWorld, options: CompiledOptions = {}): Rows => {
  const { id, geneses, underWay, slices } = world;
  const [first] = geneses;
  if (id !== "scheduler" || first === undefined) throw new RangeError("only the scheduler world is compiled");
  const { lags = false, mostLag = Infinity, mostPriority = Infinity } = options;
  const { cores } = first.parameters;
  const count = first.canisters.length;
  const isSliced = slices > 1;
  if (count > mostCompiled) throw new RangeError(`at most ${mostCompiled} canisters are compiled, got ${count}`);
  const now: Canisters = {
    priority: new Float64Array(count),
    allocation: new Int32Array(count),
    order: new Int32Array(count),
    underway: new Int32Array(count),
    age: new Int32Array(count),
    executed: new Int32Array(count),
    work: new Uint8Array(count),
    served: new Uint8Array(count),
    completed: new Uint8Array(count),
  };
  const queues = new Int32Array(count);
  const lag = new Int32Array(count);
  const profile = newProfile(first.parameters, now);
  const layout = rowLayout({ count, slices, underWay, lags, wide: profile.wide, period: profile.period, roots: geneses.length });
  const allocations = geneses.map(({ canisters }) => Int32Array.from(canisters, ({ computeAllocation }) => computeAllocation));
  const offers = offersOf(count, isSliced ? 2 : 1);

  // Of the state that is open: what each move begins from.
  const lane = (): Int32Array => new Int32Array(count);
  const opened = { priority: new Float64Array(count), queues: lane(), lag: lane(), underway: lane(), age: lane(), executed: lane() };
  let root = 0;
  let phase = 0;
  let offered: Int32Array = offers[0]!;
  let unbalanced: Complaint;
  let worst = 0;

  /** A slice for a canister: of what is under way, else of its first message. */
  const serve = (at: number): void => {
    const done = now.underway[at]!;
    now.served[at] = 1;
    if (done === 0) {
      const long = isSliced && (queues[at]! & 1) === 1;
      queues[at] = layout.pop(queues[at]!);
      if (long) {
        // Paused after its first slice, in this round.
        now.underway[at] = 2;
        now.age[at] = 0;
      } else now.completed[at] = 1;
    } else if (done === slices) {
      now.underway[at] = 0;
      now.age[at] = 0;
      now.completed[at] = 1;
    } else now.underway[at] = done + 1;
  };

  return {
    name: "compiled",
    width: layout.width,
    roots: geneses.length,
    begin: (genesis, into) => {
      for (const lane of [now.priority, now.underway, now.age, now.executed, lag]) lane.fill(0);
      queues.fill(layout.empty);
      layout.write(into, genesis * profile.period, 0, now, queues, lag);
      worst = 0;
      return undefined;
    },
    open: (state, rows) => {
      layout.read(rows, state * layout.width, now, queues, lag);
      root = Math.floor(layout.head() / profile.period);
      phase = (layout.head() % profile.period) + 1;
      if (phase === profile.period) phase = 0;
      const reserved = allocations[root]!;
      let sum = 0;
      unbalanced = undefined;
      let room = 0;
      for (let at = 0; at < count; at++) {
        now.allocation[at] = reserved[at]!;
        const held = now.priority[at]!;
        sum += held;
        if (Math.abs(held) > mostPriority * profile.round)
          unbalanced ??= `the priority of canister ${at + 1} is ${held / profile.round} rounds`;
        if (layout.lengthOf(queues[at]!) + (now.underway[at]! > 0 ? 1 : 0) < underWay) room |= 1 << at;
        if (now.underway[at]! > 0) now.age[at]!++;
      }
      if (profile.isZeroSum ? sum !== 0 : sum < 0) unbalanced ??= `the priorities sum to ${sum}`;
      profile.open(phase === 0);
      for (let at = 0; at < count; at++) {
        opened.priority[at] = now.priority[at]!;
        opened.queues[at] = queues[at]!;
        opened.lag[at] = lag[at]!;
        opened.underway[at] = now.underway[at]!;
        opened.age[at] = now.age[at]!;
        opened.executed[at] = now.executed[at]!;
      }
      offered = offers[room]!;
      return offered.length;
    },
    move: (number, into) => {
      const chosen = offered[number]!;
      // One by one: on lanes this short, `set` costs more than the whole move.
      for (let at = 0; at < count; at++) {
        now.priority[at] = opened.priority[at]!;
        if (isSliced) {
          now.underway[at] = opened.underway[at]!;
          now.age[at] = opened.age[at]!;
          now.executed[at] = opened.executed[at]!;
        }
        const kind = (chosen >>> (2 * at)) & 3;
        queues[at] = kind > 0 ? layout.push(opened.queues[at]!, kind - 1) : opened.queues[at]!;
        now.work[at] = queues[at] !== layout.empty || now.underway[at]! > 0 ? 1 : 0;
        now.served[at] = 0;
        now.completed[at] = 0;
      }
      profile.deal(cores, serve);
      profile.settle();
      let complaint = unbalanced;
      worst = 0;
      if (lags)
        for (let at = 0; at < count; at++) {
          const behind = now.work[at] === 1 ? Math.max(0, opened.lag[at]! + now.allocation[at]! - 100 * now.served[at]!) : 0;
          lag[at] = behind;
          if (behind > worst) worst = behind;
          if (behind > mostLag) complaint ??= `canister ${at + 1} has work and is ${behind} percent of a round behind its allocation`;
        }
      layout.write(into, root * profile.period, phase, now, queues, lag);
      return complaint;
    },
    measure: () => worst,
  };
};

/** For each set of canisters that have room, the moves: two bits for each canister, nothing, a short message, a long one. */
const offersOf = (count: number, kinds: number): readonly Int32Array[] => {
  const all = Array.from({ length: (kinds + 1) ** count }, (_, number) => {
    let chosen = 0;
    for (let at = 0, rest = number; at < count; at++, rest = Math.floor(rest / (kinds + 1))) chosen |= (rest % (kinds + 1)) << (2 * at);
    return chosen;
  });
  const isWithin = (chosen: number, room: number): boolean => {
    for (let at = 0; at < count; at++) if (((room >> at) & 1) === 0 && ((chosen >>> (2 * at)) & 3) !== 0) return false;
    return true;
  };
  return Array.from({ length: 1 << count }, (_, room) => Int32Array.from(all.filter((chosen) => isWithin(chosen, room))));
};
