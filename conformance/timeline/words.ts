/**
 * A timeline in words: of each canister what it was promised, what it got, and where its rounds went. The numbers are
 * those of the rounds that are shown.
 */
import {
  guaranteeWindow,
  standingOf,
  type Cell,
  type Lane,
  type Overtaken,
  type Round,
  type Standing,
  type Timeline,
  type Turn,
} from "./data.ts";

export interface Summary {
  readonly rounds: number;
  /** Rounds in which it had work, but for those that were skipped. */
  readonly work: number;
  readonly full: number;
  /** What its allocation comes to in the rounds with work, but for those that it spent suspended. @unit rounds */
  readonly promised: number;
  /** The same with an even share of what nobody reserved. @unit rounds */
  readonly share: number;
  readonly waited: number;
  /** Rounds in which somebody with less priority ran while it waited, by reason. */
  readonly overtaken: ReadonlyMap<Overtaken["because"], number>;
  readonly suspended: number;
  /** Slices that aborts threw away. */
  readonly lost: number;
  /** The window that is furthest below what it promises, and the height of its last round; `null` when none is. */
  readonly worst: { readonly height: number; readonly full: number; readonly promised: number } | null;
  /** Rounds whose window is broken. */
  readonly broken: number;
}

export const summaryOf = (rounds: readonly Round[], { cells }: Lane): Summary => {
  const working = cells.filter(({ work, state }) => work && state !== "skipped");
  const overtaken = new Map<Overtaken["because"], number>();
  for (const { overtaken: by } of cells) if (by !== null) overtaken.set(by.because, (overtaken.get(by.because) ?? 0) + 1);
  const count = (holds: (cell: Cell) => boolean): number => cells.filter(holds).length;
  const sum = (part: (cell: Cell) => number): number =>
    Math.floor(working.reduce((total, cell) => total + (cell.state === "suspended" ? 0 : part(cell)), 0) / 100);
  return {
    rounds: cells.length,
    work: working.length,
    full: count(({ full, work }) => full && work),
    promised: sum(({ allocation }) => allocation),
    share: sum(({ share }) => share),
    waited: count(({ state }) => state === "waits"),
    overtaken,
    suspended: count(({ state }) => state === "suspended"),
    lost: cells.reduce((total, { lost }) => total + lost, 0),
    worst: worstOf(rounds, cells),
    broken: count((cell) => standingOf(cell) === "broken"),
  };
};

/** The allocation at the end of what is shown. @unit percent */
export const allocationOf = ({ cells }: Lane): number => cells.findLast(({ state }) => state !== "absent")?.allocation ?? 0;

/** What became of the canisters that reserved something, a sentence or two for each. */
export const findingsOf = ({ rounds, canisters }: Timeline): readonly { readonly standing: Standing; readonly text: string }[] =>
  canisters.flatMap((lane) => {
    const { work, full, promised, waited, overtaken, worst } = summaryOf(rounds, lane);
    if (promised === 0) return [];
    const got = `${lane.canister} had work in ${times(work)}; its allocation comes to ${times(promised)} of these, and it got ${full}.`;
    const worstWindow =
      worst === null
        ? []
        : [`At worst it got ${worst.full} of ${worst.promised} in the ${guaranteeWindow} rounds up to round ${worst.height}.`];
    const passed = [...overtaken].map(([because, count]) => `in ${count === waited ? "all" : count} of them ${reasonInWords[because]}`);
    const last = lane.cells.findLast(({ window }) => window !== null);
    const standing = worst !== null ? "broken" : last === undefined ? "kept" : standingOf(last);
    const waiting = standing === "kept" || waited === 0 ? [] : [`It waited in ${[times(waited), ...passed].join("; ")}.`];
    return [{ standing, text: [got, ...worstWindow, ...waiting].join(" ") }];
  });

/** Why a canister with less priority ran. */
const reasonInWords: Readonly<Record<Overtaken["because"], string>> = {
  age: "an execution with less priority ran, because it had run for more rounds already, which comes before priority",
  long: "a long execution with less priority ran, because long executions come before new ones",
  cores: "a new execution with less priority ran, on the cores that are not for long ones",
  dealt: "a canister with less priority ran on a core that had room",
};

/** All that happened in a round, a line for each core and each canister. */
export const roundInWords = ({ rounds, canisters, cores }: Timeline, at: number): readonly string[] => {
  const round = rounds[at]!;
  const turnsOn = (core: number) => round.turns.filter((turn) => turn.core === core);
  return [
    [`Round ${round.height}`, ...(round.skipped ? ["skipped: too much heap delta"] : []), ...(round.checkpoint ? ["checkpoint"] : [])].join(
      ", ",
    ),
    ...Array.from({ length: cores }, (_, core) => `core ${core}: ${listed(turnsOn(core).map(turnInWords), mostTurns) || "nothing"}`),
    ...canisters.map(({ canister, cells }) => `${canister}: ${cellInWords(cells[at]!)}`),
  ];
};

const mostTurns = 4;

const listed = (parts: readonly string[], most: number): string =>
  [...parts.slice(0, most), ...(parts.length > most ? [`${parts.length - most} more turns`] : [])].join(", then ");

const turnInWords = ({ canister, messages, slices, instructions }: Turn): string => {
  const parts = slices.map(
    ({ number, of, begins, wasted }) =>
      `slice ${number}${of === null ? "" : ` of ${of}`}${begins === "afresh" ? ", begun afresh" : ""}${wasted ? ", aborted later" : ""}`,
  );
  const over = messages > 1 || (messages === 1 && slices.length === 0) ? [`${messages} message${messages === 1 ? "" : "s"}`] : [];
  return `${canister} (${[...parts, ...over, inMillions(instructions)].join(", ")})`;
};

const inMillions = (instructions: number): string =>
  instructions >= 1_000_000 ? `${Math.round(instructions / 1_000_000)}M instructions` : `${instructions} instructions`;

const cellInWords = ({ state, status, full, lost, priority, unpaid, overtaken, window }: Cell): string =>
  [
    `${stateInWords[state]}${full ? ", full round" : ""}${status === "running" ? "" : `, ${status}`}`,
    ...(overtaken === null ? [] : [`behind ${overtaken.by}, which has less priority`]),
    ...(lost > 0 ? [`aborted: ${lost} slice${lost === 1 ? "" : "s"} lost`] : []),
    ...(priority === null ? [] : [`priority ${signed(priority)}`]),
    ...(unpaid === null || unpaid === 0 ? [] : [`unpaid ${unpaid}`]),
    ...(window === null ? [] : [`${window.full} full in ${window.rounds}, promised ${window.promised}`]),
  ].join("; ");

const stateInWords: Readonly<Record<Cell["state"], string>> = {
  runs: "runs",
  waits: "waits",
  idle: "idle",
  suspended: "suspended",
  skipped: "-",
  absent: "not there",
};

/** With a sign and one digit, in rounds. */
export const signed = (priority: number): string => `${priority > 0 ? "+" : ""}${priority.toFixed(1)}`;

const times = (count: number): string => `${count} round${count === 1 ? "" : "s"}`;

const worstOf = (rounds: readonly Round[], cells: readonly Cell[]): Summary["worst"] => {
  let worst: Summary["worst"] = null;
  cells.forEach((cell, at) => {
    if (cell.window === null || standingOf(cell) !== "broken") return;
    const { full, promised } = cell.window;
    if (worst === null || promised - full > worst.promised - worst.full) worst = { height: rounds[at]!.height, full, promised };
  });
  return worst;
};
