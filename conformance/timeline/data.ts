/**
 * A timeline: what the rounds of a session looked like, core by core and canister by canister. It is plain data, ready
 * to be drawn; whoever wants to know whether a picture is right asks this, not the picture.
 */
import type { CanisterId, CanisterStatus, Parameters } from "../../spec/index.ts";

/** The rounds over which an allocation of so many percent is so many full rounds. @source facts/scheduler.md SCH-0.6 */
export const guaranteeWindow = 100;

export interface Timeline {
  readonly format: "canon-timeline/1";
  /** The name of the machine whose rounds these are. */
  readonly machine: string;
  readonly scheduler: Parameters["scheduler"];
  readonly cores: number;
  /** The most that a core was busy or waited in one of these rounds, to draw all rounds on one scale. @unit instructions */
  readonly span: number;
  /** Beyond these, accumulated priority decays; `null` where it does not. @unit rounds of one core */
  readonly bounds: { readonly ceiling: number; readonly floor: number } | null;
  /** How many rounds the session had; these may be some of them. */
  readonly total: number;
  readonly rounds: readonly Round[];
  /** Those with the largest allocation first, then by id. */
  readonly canisters: readonly Lane[];
}

/** A column. */
export interface Round {
  readonly height: number;
  /** Whether the heap delta of the subnet shut the round's gate. */
  readonly skipped: boolean;
  readonly checkpoint: boolean;
  readonly iterations: number;
  /** In the order of the trace: iteration by iteration, core by core. */
  readonly turns: readonly Turn[];
}

/** What a canister did without leaving its core. */
export interface Turn {
  readonly iteration: number;
  readonly core: number;
  readonly canister: CanisterId;
  /** Where it began, from the start of the round; an iteration begins on all cores at once. @unit instructions */
  readonly from: number;
  /** Overheads included. @unit instructions */
  readonly instructions: number;
  /** Messages and tasks that left the queue, and were over in this turn. */
  readonly messages: number;
  readonly drained: boolean;
  readonly slices: readonly Slice[];
}

/** A slice of a long execution. */
export interface Slice {
  /** Counted from 1 in each attempt. */
  readonly number: number;
  /** How many the attempt had; `null` when it came to nothing, or was not over yet. */
  readonly of: number | null;
  /** `afresh`: an abort had thrown away what there was. */
  readonly begins: "first" | "resumed" | "afresh";
  readonly ends: "paused" | "finished";
  /** Whether an abort threw it away. */
  readonly wasted: boolean;
}

/** What becomes of a canister, a cell for each round. */
export interface Lane {
  readonly canister: CanisterId;
  readonly cells: readonly Cell[];
}

export interface Cell {
  /**
   * `waits`: it had work when the iterations began and got no turn. `skipped`: nobody got a turn. `absent`: not created yet,
   * or deleted.
   */
  readonly state: "runs" | "waits" | "idle" | "suspended" | "skipped" | "absent";
  /** When the round was over. */
  readonly status: CanisterStatus;
  /** Whether it had work when the iterations began. */
  readonly work: boolean;
  readonly full: boolean;
  /** @unit percent */
  readonly allocation: number;
  /** The allocation with an even share of what nobody reserved. @unit percent */
  readonly share: number;
  /** Accumulated priority when the round was over; `null` where nobody told. @unit rounds of one core */
  readonly priority: number | null;
  /** Full rounds that it had not paid when the round was over (`executedRounds`); `null` where nobody told. */
  readonly unpaid: number | null;
  /** Slices that an abort threw away at the end of the round. */
  readonly lost: number;
  /** Of a canister that waits: who ran with less priority. */
  readonly overtaken: Overtaken | null;
  /** The last rounds in which it had work without a break, this one included: at most as many as the guarantee counts. */
  readonly window: GuaranteeWindow | null;
}

/** A canister with less priority and allocation ran while another waited, and why it could. */
export interface Overtaken {
  readonly by: CanisterId;
  /**
   * `age`: among long executions, more executed rounds come before more priority. `long`: long executions come before new ones.
   * `cores`: the other kind has cores of its own. `dealt`: it was dealt to a core that had room.
   */
  readonly because: "age" | "long" | "cores" | "dealt";
}

export interface GuaranteeWindow {
  readonly rounds: number;
  readonly full: number;
  /** Full rounds that the allocations of these rounds come to, rounded down. */
  readonly promised: number;
}

/** `broken`: a whole window with too few full rounds. `behind`: too few so far, in less than a window. */
export type Standing = "kept" | "behind" | "broken";

export const standingOf = ({ window }: Cell): Standing => {
  if (window === null || window.full >= window.promised) return "kept";
  return window.rounds < guaranteeWindow ? "behind" : "broken";
};

/** Some rounds of a timeline: the first of them by its height. The scale stays that of the whole. */
export const clipped = (timeline: Timeline, from: number, count: number): Timeline => {
  const start = timeline.rounds.findIndex(({ height }) => height >= from);
  const [first, end] = start < 0 ? [0, 0] : [start, start + count];
  return {
    ...timeline,
    rounds: timeline.rounds.slice(first, end),
    canisters: timeline.canisters
      .map(({ canister, cells }) => ({ canister, cells: cells.slice(first, end) }))
      .filter(({ cells }) => cells.some(({ state }) => state !== "absent")),
  };
};
