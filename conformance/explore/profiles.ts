/**
 * The two schedulers over lanes of numbers: who is first in a round in which every core serves one canister, and what is
 * paid and given for it. Said as in `docs/machine.md`, sections 3 and 11; `since` is counted backwards, as an age.
 */
import type { Parameters } from "../../spec/index.ts";

/** What a round reads and writes, one lane for each fact, one place for each canister in the order of ids. */
export interface Canisters {
  readonly priority: Float64Array;
  readonly allocation: Int32Array;
  /** The canisters in the order of the round. */
  readonly order: Int32Array;
  /** 0: nothing is under way; 1: aborted; more: paused after one slice less. */
  readonly underway: Int32Array;
  /** Rounds since the execution under way was first paused. */
  readonly age: Int32Array;
  readonly executed: Int32Array;
  readonly work: Uint8Array;
  readonly served: Uint8Array;
  readonly completed: Uint8Array;
}

export interface Profile {
  /** A full round, in units of priority. */
  readonly round: number;
  /** Whether priorities can pass 32 bits. */
  readonly wide: boolean;
  readonly isZeroSum: boolean;
  /** All priorities are zero again every so many rounds; 1 where that never happens. */
  readonly period: number;
  /** What comes before anything is dealt, and does not depend on what there is to do. */
  open(resets: boolean): void;
  /** Gives a slice to the first canister on each core. */
  deal(cores: number, serve: (canister: number) => void): void;
  /** The end of the round. */
  settle(): void;
}

export const newProfile = (parameters: Parameters, canisters: Canisters): Profile =>
  parameters.scheduler === "published" ? published(parameters, canisters) : current(parameters, canisters);

const published = ({ cores, maxPausedExecutions }: Parameters, now: Canisters): Profile => {
  const { priority, allocation, order, underway, work } = now;
  const count = priority.length;
  const isContended = count > cores;
  const round = 100 * cores * count;
  return {
    round,
    wide: false,
    isZeroSum: true,
    period: isContended ? round : 1,
    open: (resets) => {
      let free = 100 * cores;
      for (let at = 0; at < count; at++) free -= allocation[at]!;
      for (let at = 0; at < count; at++) {
        if (isContended) priority[at] = (resets ? 0 : priority[at]!) + cores * count * allocation[at]! + cores * free;
        let place = at;
        // Ids ascend, and whoever is equal stays behind.
        for (; isContended && place > 0 && priority[order[place - 1]!]! < priority[at]!; place--) order[place] = order[place - 1]!;
        order[place] = at;
      }
      if (isContended) for (let place = 0; place < cores; place++) priority[order[place]!]! -= round;
    },
    deal: (on, serve) => {
      for (let place = 0, dealt = 0; place < count && dealt < on; place++)
        if (work[order[place]!] === 1) {
          serve(order[place]!);
          dealt++;
        }
    },
    settle: () => {
      let ahead = 0;
      for (let place = 0; place < count; place++) {
        const at = order[place]!;
        if (underway[at]! > 1 && ahead++ >= maxPausedExecutions) underway[at] = 1;
      }
    },
  };
};

const percent = 1_000_000;
const whole = 100 * percent;

const current = ({ cores, maxPausedExecutions, priority: bounds }: Parameters, now: Canisters): Profile => {
  const { priority, allocation, order, underway, age, executed, work, served, completed } = now;
  const count = priority.length;
  const [ceiling, floor] = [whole * bounds.ceiling, -whole * bounds.floor];
  const full = new Uint8Array(count);
  const generous = new Int32Array(count);

  const comesBefore = (left: number, right: number): boolean => {
    const [one, other] = [underway[left]! > 0, underway[right]! > 0];
    if (one !== other) return one;
    if (one) {
      const [mine, yours] = [Math.max(executed[left]!, 1), Math.max(executed[right]!, 1)];
      if (mine !== yours) return mine > yours;
    }
    const [mine, yours] = [priority[left]! + allocation[left]! * percent, priority[right]! + allocation[right]! * percent];
    if (mine !== yours) return mine > yours;
    return one && age[left] !== age[right] ? age[left]! > age[right]! : left < right;
  };
  const rank = (): void => {
    for (let at = 0; at < count; at++) {
      let place = at;
      for (; place > 0 && comesBefore(at, order[place - 1]!); place--) order[place] = order[place - 1]!;
      order[place] = at;
    }
  };

  const longCores = (long: number): number => {
    if (long === count) return Math.min(cores, long);
    let reserved = 0;
    let all = 0;
    for (let at = 0; at < count; at++) {
      all += allocation[at]!;
      if (underway[at]! > 0) reserved += allocation[at]!;
    }
    const free = (100 * (cores - 1) - all) * percent;
    return Math.min(long, Math.ceil((reserved * percent + Math.floor((free * long) / count)) / whole));
  };

  /** Whatever was paid and not granted goes round, to those with the most allocation first. */
  const share = (): void => {
    let free = 0;
    let all = 0;
    for (let at = 0; at < count; at++) {
      free -= priority[at]!;
      all += allocation[at]! * percent;
      let place = at;
      for (; place > 0 && allocation[generous[place - 1]!]! < allocation[at]!; place--) generous[place] = generous[place - 1]!;
      generous[place] = at;
    }
    if (free <= 0) return;
    const cap = free + all > whole * count ? Math.ceil((free + all) / count) : whole;
    for (let place = 0; place < count; place++) {
      const at = generous[place]!;
      const given = Math.min(Math.floor(free / (count - place)), cap - allocation[at]! * percent);
      priority[at]! += given;
      free -= given;
    }
  };

  return {
    round: whole,
    wide: true,
    isZeroSum: false,
    // A walk does not outlast the period of the reset: worlds have it out of reach.
    period: 1,
    open: rank,
    deal: (on, serve) => {
      full.fill(0);
      let long = 0;
      let busy = 0;
      for (let at = 0; at < count; at++) {
        if (underway[at]! > 0) long++;
        busy += work[at]!;
      }
      if (busy === 0) return;
      const forLong = longCores(long);
      // Who is idle in front of the first active new one is full too.
      for (let place = long; place < count && work[order[place]!] === 0; place++) full[order[place]!] = 1;
      for (let place = 0; place < forLong; place++) serve(order[place]!);
      for (let place = long, dealt = 0; place < count && dealt < on - forLong; place++)
        if (work[order[place]!] === 1) {
          serve(order[place]!);
          dealt++;
        }
    },
    settle: () => {
      for (let at = 0; at < count; at++) {
        if (full[at] === 1 || served[at] === 1) {
          executed[at]!++;
          if (executed[at] === 1 && underway[at]! > 0 && age[at] === 0) priority[at]! -= whole;
        }
        if (executed[at]! > 0 && (underway[at] === 0 || completed[at] === 1)) {
          priority[at]! -= whole * Math.max(executed[at]! - 1, 1);
          executed[at] = 0;
        }
        let held = priority[at]! + allocation[at]! * percent;
        if (held > ceiling) held = ceiling + Math.trunc(((held - ceiling) * bounds.decay) / 100);
        else if (held < floor) held = floor + Math.trunc(((held - floor) * bounds.decay) / 100);
        priority[at] = held;
      }
      share();
      let paused = 0;
      for (let at = 0; at < count; at++) if (underway[at]! > 1) paused++;
      if (paused <= maxPausedExecutions) return;
      rank();
      for (let place = 0, ahead = 0; place < count; place++) {
        const at = order[place]!;
        if (underway[at]! < 2 || ahead++ < maxPausedExecutions) continue;
        underway[at] = 1;
        executed[at] = 0;
      }
    },
  };
};
