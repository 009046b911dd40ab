/**
 * Global timers, soonest first, so that a round looks at the due ones and at no others. A timer that was replaced or
 * deactivated leaves its alarm behind; an alarm counts only while the canister's timer still says its time.
 *
 * What holds between two messages: a canister with a timer and no timer task has an alarm for it. While its task waits there
 * need not be one; when the task ends without clearing the timer, or its turn was that of the messages, `arm` is called again.
 */
import type { Nanoseconds } from "../spec/index.ts";
import { heapOf, popHeap, pushHeap, type Heap } from "./heap.ts";
import type { Canister } from "./state.ts";

interface Alarm {
  readonly at: Nanoseconds;
  readonly canister: Canister;
}

export interface Timers {
  alarms: Heap<Alarm>;
  /** With so many alarms the stale ones are thrown out, so that there are at most about twice as many as timers. */
  crowd: number;
}

export const noTimers = (): Timers => ({ alarms: heapOf<Alarm>([], sooner), crowd: smallestCrowd });

/** Sees to it that the timer of this canister, if it is set, will come due. */
export const arm = (timers: Timers, canister: Canister): void => {
  if (canister.timer === null) return;
  if (timers.alarms.items.length >= timers.crowd) forgetStale(timers);
  pushHeap(timers.alarms, { at: canister.timer, canister });
};

/** Takes the alarms of the timers that the time has reached: their canisters, by id, each once. */
export const takeDue = ({ alarms }: Timers, now: Nanoseconds): readonly Canister[] => {
  const due = new Set<Canister>();
  while (alarms.items.length > 0 && alarms.items[0]!.at <= now) {
    const { at, canister } = popHeap(alarms);
    if (canister.timer === at) due.add(canister);
  }
  return [...due].sort((left, right) => left.index - right.index);
};

const smallestCrowd = 64;

const sooner = (left: Alarm, right: Alarm): boolean =>
  left.at < right.at || (left.at === right.at && left.canister.index < right.canister.index);

const forgetStale = (timers: Timers): void => {
  const live = new Map<Canister, Alarm>();
  for (const alarm of timers.alarms.items) if (alarm.canister.timer === alarm.at) live.set(alarm.canister, alarm);
  timers.alarms = heapOf([...live.values()], sooner);
  timers.crowd = Math.max(smallestCrowd, 2 * live.size);
};
