/** Which of the two schedulers a network has, and what both can be asked: the accumulated priorities, from which either begins anew. */
import type { Parameters, Percent } from "../spec/index.ts";
import { prioritiesOf, priorityOf, type Priorities } from "./priorities.ts";
import { accumulatedPriority, scheduleOf, type Schedule } from "./schedule.ts";

export type Scheduler = Schedule | Priorities;

/** A scheduler of canisters with these allocations and accumulated priorities. */
export const schedulerOf = (
  { scheduler, cores, priority }: Parameters,
  percents: readonly Percent[],
  priorities: readonly bigint[],
): Scheduler => (scheduler === "published" ? scheduleOf(cores, percents, priorities) : prioritiesOf(cores, priority, percents, priorities));

/** The accumulated priority of a canister, in the unit of its scheduler. */
export const accumulatedBy = (scheduler: Scheduler, index: number): bigint =>
  scheduler.kind === "published" ? accumulatedPriority(scheduler, index) : BigInt(priorityOf(scheduler, index));
