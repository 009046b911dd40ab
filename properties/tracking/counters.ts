/** What the limits of a round leave: of its counter, for each core, and for heap delta. */
import { sliceOf, type Parameters } from "../../spec/index.ts";
import type { TrackedIteration, TrackedRound, World } from "./world.ts";

/** The counter with which a round begins. @unit instructions */
export const initialCounter = (parameters: Parameters): number =>
  parameters.roundInstructionLimit - (sliceOf(parameters) + parameters.messageOverhead) + 1;

/** Most instructions of a callback: something is left for its cleanup. @unit instructions */
export const callbackLimit = ({ messageInstructionLimit, cleanupReserve }: Parameters): number =>
  messageInstructionLimit - Math.floor((messageInstructionLimit * cleanupReserve) / 100);

/** What each core used in an iteration, by core. @unit instructions */
export const usedByCore = ({ turns }: TrackedIteration): ReadonlyMap<number, number> => {
  const used = new Map<number, number>();
  for (const { core, instructions } of turns) used.set(core, (used.get(core) ?? 0) + instructions);
  return used;
};

/** The most that one core used in an iteration. @unit instructions */
export const busiest = (iteration: TrackedIteration): number => Math.max(0, ...usedByCore(iteration).values());

/** What an iteration left of the counter of the round. @unit instructions */
export const leftBy = (iteration: TrackedIteration): number => iteration.counter - busiest(iteration) - iteration.finalisation;

/** The heap delta of a core in an iteration. @unit bytes */
export const heapDeltaOf = ({ turns }: TrackedIteration, core: number): number =>
  turns.reduce((sum, turn) => sum + (turn.core === core ? turn.heapDelta : 0), 0);

/** Whether a core may take another message, or go on with an execution. */
export const hasRoom = ({ parameters }: Pick<World, "parameters">, iteration: TrackedIteration, core: number): boolean =>
  iteration.counter - (usedByCore(iteration).get(core) ?? 0) >= 1 && heapDeltaOf(iteration, core) < parameters.heapDeltaIterationLimit;

/** Whether a round goes on after what is known of it: it has instructions and room for heap delta, and something was executed. */
export const mayGoOn = (world: World, round: TrackedRound): boolean => {
  const { heapDeltaIterationLimit, scheduler } = world.parameters;
  if (round.skipped || remainingCounter(world, round) < 1) return false;
  const turns = round.iterations.flatMap((iteration) => iteration.turns);
  if (turns.reduce((sum, { heapDelta }) => sum + heapDelta, 0) >= heapDeltaIterationLimit) return false;
  const latest = round.iterations.at(-1);
  return latest === undefined || scheduler === "published" || latest.turns.some(({ used }) => used > 0);
};

/** The counter of a round, after all that is known of it. @unit instructions */
export const remainingCounter = ({ parameters }: World, { iterations }: TrackedRound): number => {
  const latest = iterations.at(-1);
  return latest === undefined ? initialCounter(parameters) : leftBy(latest);
};
