/**
 * The scheduler world in a compiled form: the rules of scheduling alone, over words, for walks of millions of states.
 * It is the same system as the scheduler world on the reference, with the same moves in the same order, so that a path in
 * the one is a path in the other; a test leads both in lockstep through every state of small worlds and through random
 * ones. A row is: what is left of each canister's messages and which genesis it is, the accumulated priorities, and, when
 * lags are watched, the lags of `allocation-kept`.
 */
import type { Complaint, Rows } from "./engine.ts";
import type { SmallWorld } from "./worlds.ts";

export interface CompiledOptions {
  /** Whether lags are part of a state. */
  readonly lags?: boolean;
  /** A lag beyond is a complaint. @unit percent of a round */
  readonly mostLag?: number;
  /** Priority or debt beyond is a complaint. @unit rounds */
  readonly mostPriority?: number;
}

/** The profiles whose rules are compiled. */
export const compiledProfiles: readonly string[] = ["published"];

/** @throws RangeError when the world is no scheduler world of a compiled profile, or does not fit a row. */
export const compiledScheduler = (
  world: SmallWorld,
  { lags = false, mostLag = Infinity, mostPriority = Infinity }: CompiledOptions = {},
): Rows => {
  const { id, geneses, underWay } = world;
  const [first] = geneses;
  if (id !== "scheduler" || first === undefined || !compiledProfiles.includes(first.parameters.scheduler))
    throw new RangeError(`only the scheduler world is compiled, in the profiles ${compiledProfiles.join(", ")}`);
  const { cores } = first.parameters;
  const count = first.canisters.length;
  const bits = 32 - Math.clz32(underWay);
  if (count > 8 || count * bits + 32 - Math.clz32(geneses.length) > 31)
    throw new RangeError(`${count} canisters with up to ${underWay} messages, and ${geneses.length} geneses, do not fit a row`);
  const backlogMask = (1 << bits) - 1;
  const width = 1 + count + (lags ? Math.ceil(count / 2) : 0);
  const lagsAt = 1 + count;
  const contended = count > cores;
  const full = 100 * cores * count;
  const bound = mostPriority * full;
  const allocations = geneses.map(({ canisters }) => Int32Array.from(canisters, ({ computeAllocation }) => computeAllocation));
  const credits = allocations.map((of) => {
    const total = of.reduce((sum, allocation) => sum + allocation, 0);
    return of.map((allocation) => cores * count * allocation + cores * (100 * cores - total));
  });
  const chosen = choices(count);

  // Of the state that is open.
  const backlog = new Int32Array(count);
  const lag = new Int32Array(count);
  const priority = new Int32Array(count);
  const order = new Int32Array(count);
  let root = 0;
  let free: Int32Array = chosen[0]!;
  let unbalanced: Complaint;
  let worst = 0;

  /** Credit, order, charge: none of them depends on what is done in the round. */
  const plan = (): void => {
    const credit = credits[root]!;
    for (let at = 0; at < count; at++) {
      if (contended) priority[at]! += credit[at]!;
      let place = at;
      // By id where there is no contention: ids ascend, and equal ones keep their order.
      while (contended && place > 0 && priority[order[place - 1]!]! < priority[at]!) {
        order[place] = order[place - 1]!;
        place--;
      }
      order[place] = at;
    }
    if (contended) for (let place = 0; place < cores; place++) priority[order[place]!]! -= full;
  };

  return {
    name: "compiled",
    width,
    roots: geneses.length,
    begin: (genesis, into) => {
      into.fill(0);
      into[0] = genesis << (count * bits);
      worst = 0;
      return undefined;
    },
    open: (state, rows) => {
      const from = state * width;
      const packed = rows[from]!;
      root = packed >>> (count * bits);
      let room = 0;
      let sum = 0;
      for (let at = 0; at < count; at++) {
        const waiting = (packed >>> (at * bits)) & backlogMask;
        backlog[at] = waiting;
        if (waiting < underWay) room |= 1 << at;
        const held = rows[from + 1 + at]!;
        priority[at] = held;
        sum += held;
        if (lags) lag[at] = (rows[from + lagsAt + (at >> 1)]! >>> ((at & 1) * 16)) & 0xffff;
      }
      unbalanced = sum === 0 ? undefined : `the priorities sum to ${sum}`;
      plan();
      for (let at = 0; at < count; at++)
        if (Math.abs(priority[at]!) > bound) unbalanced ??= `the priority of canister ${at + 1} is ${priority[at]! / full} rounds`;
      free = chosen[room]!;
      return free.length;
    },
    move: (number, into) => {
      const arrived = free[number]!;
      const allocation = allocations[root]!;
      let packed = root;
      packed <<= count * bits;
      let complaint = unbalanced;
      let active = 0;
      worst = 0;
      if (lags) for (let word = lagsAt; word < width; word++) into[word] = 0;
      for (let place = 0; place < count; place++) {
        const at = order[place]!;
        let waiting = backlog[at]! + ((arrived >>> at) & 1);
        into[1 + at] = priority[at]!;
        if (waiting === 0) continue;
        // The k-th with work is on core k mod N; one message uses the core up, so only the first on each core has a turn.
        const served = active++ < cores;
        if (served) waiting--;
        packed |= waiting << (at * bits);
        if (!lags) continue;
        const behind = lag[at]! + allocation[at]! - (served ? 100 : 0);
        if (behind <= 0) continue;
        if (behind > worst) worst = behind;
        if (behind > mostLag) complaint ??= `canister ${at + 1} has work and is ${behind} percent of a round behind its allocation`;
        into[lagsAt + (at >> 1)]! |= behind << ((at & 1) * 16);
      }
      into[0] = packed;
      return complaint;
    },
    measure: () => worst,
  };
};

/** For each set of canisters that have room, its subsets in ascending order: the moves of a state. */
const choices = (count: number): readonly Int32Array[] =>
  Array.from({ length: 1 << count }, (_, room) =>
    Int32Array.from(Array.from({ length: 1 << count }, (_unused, set) => set).filter((set) => (set & ~room) === 0)),
  );
