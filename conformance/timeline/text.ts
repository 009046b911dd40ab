/**
 * The picture for a terminal: a character for each round. On the cores a letter names the canister, capital where an
 * execution begins and small where it goes on; below, each canister has a line for its state, one for its priority and,
 * when it reserved something, one for its guarantee.
 */
import { guaranteeWindow, standingOf, type Cell, type Lane, type Round, type Timeline, type Turn } from "./data.ts";
import { allocationOf, findingsOf, signed, summaryOf } from "./words.ts";

/** Colours, for whoever has them. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const labelWidth = 18;

/** How many rounds a line of so many characters has room for. */
export const roundsIn = (width: number): number => Math.max(10, width - labelWidth);

/** Lines that show the rounds of a timeline; findings are of these rounds. */
export const textOf = (timeline: Timeline, paint: Paint): readonly string[] => {
  const { rounds, cores, canisters } = timeline;
  if (rounds.length === 0) return ["there is no round to draw"];
  const letters = new Map(canisters.map(({ canister }, at) => [canister, letterOf(at)]));
  return [
    line("round", paint.dim(axis(rounds))),
    ...Array.from({ length: cores }, (_, core) => line(`core ${core}`, rounds.map((round) => turnMark(round, core, letters)).join(""))),
    ...(rounds.some(({ skipped, checkpoint }) => skipped || checkpoint) ? [line("", paint.dim(rounds.map(roundMark).join("")))] : []),
    ...canisters.flatMap((lane, at) => ["", ...laneText(timeline, lane, letterOf(at), paint)]),
    "",
    ...keyOf(timeline, paint),
    ...findingsOf(timeline).map(({ standing, text }) => (standing === "broken" ? paint.bad(text) : text)),
  ];
};

const letterOf = (at: number): string => String.fromCharCode(65 + (at % 26));

const line = (label: string, text: string): string => `${label.slice(0, labelWidth - 1).padEnd(labelWidth)}${text}`.trimEnd();

/** The heights of rounds, wherever there is room. */
const axis = (rounds: readonly Round[]): string => {
  let text = "";
  rounds.forEach(({ height }, at) => {
    if ((height % 10 === 0 || at === 0) && text.length <= at) text = `${text.padEnd(at)}${height} `;
  });
  return text.slice(0, rounds.length + 4);
};

/** The canister that used most of the core. */
const turnMark = ({ turns, skipped }: Round, core: number, letters: ReadonlyMap<string, string>): string => {
  const [most] = turns.filter((turn) => turn.core === core).sort((left, right) => right.instructions - left.instructions);
  if (most === undefined) return skipped ? "/" : " ";
  const letter = letters.get(most.canister) ?? "?";
  return isResumed(most) ? letter.toLowerCase() : letter;
};

const isResumed = ({ slices }: Turn): boolean => slices[0]?.begins === "resumed";

const roundMark = ({ skipped, checkpoint }: Round): string => (checkpoint ? "^" : skipped ? "/" : " ");

const laneText = ({ rounds }: Timeline, lane: Lane, letter: string, paint: Paint): readonly string[] => {
  const { cells, canister } = lane;
  const allocation = allocationOf(lane);
  const told = cells.flatMap(({ priority }) => (priority === null ? [] : [priority]));
  const [low, high] = [Math.min(0, ...told), Math.max(0, ...told)];
  const { full, promised, worst } = summaryOf(rounds, lane);
  return [
    `${paint.bold(`${letter} ${canister}`)}${allocation > 0 ? `  ${allocation} %` : ""}${promised > 0 ? `, ${full} full rounds, ${promised} promised` : `, ${full} full rounds`}`,
    line("  state", cells.map((cell) => stateMark(cell, paint)).join("")),
    ...(told.length === 0 || low === high
      ? []
      : [line(`  ${signed(low)} … ${signed(high)}`, cells.map(({ priority }) => levelMark(priority, low, high)).join(""))]),
    ...(promised === 0 ? [] : [line("  guarantee", cells.map((cell) => standingMark(cell, paint)).join(""))]),
    ...(worst === null ? [] : [line("", paint.bad(`at worst ${worst.full} of ${worst.promised} in ${guaranteeWindow} rounds`))]),
  ];
};

const stateMark = ({ state, status, full, lost, overtaken }: Cell, { good, warn, dim }: Paint): string => {
  if (lost > 0) return warn("x");
  if (state === "runs") return full ? good("#") : good("+");
  if (state === "waits") return overtaken?.because === "age" || overtaken?.because === "long" ? warn("!") : dim("-");
  if (state === "idle" && status !== "running") return dim(status === "stopped" ? "." : ":");
  return { idle: full ? dim("_") : " ", suspended: warn("s"), skipped: dim("/"), absent: " " }[state];
};

const levels = "▁▂▃▄▅▆▇█";

const levelMark = (priority: number | null, low: number, high: number): string =>
  priority === null ? " " : (levels[Math.round(((priority - low) / (high - low)) * (levels.length - 1))] ?? " ");

const standingMark = (cell: Cell, { good, warn, bad }: Paint): string => {
  if (cell.window === null || cell.window.promised === 0) return " ";
  const standing = standingOf(cell);
  return standing === "kept" ? good("=") : standing === "behind" ? warn("~") : bad("!");
};

/** What the characters mean, of those that there are. */
const keyOf = ({ rounds, canisters }: Timeline, { dim }: Paint): readonly string[] => {
  const cells = canisters.flatMap((lane) => lane.cells);
  const entries: readonly (readonly [there: boolean, text: string])[] = [
    [rounds.some(({ turns }) => turns.some(isResumed)), "small letter: a resumed slice"],
    [cells.some(({ state, full }) => state === "runs" && full), "# full round"],
    [cells.some(({ state, full }) => state === "runs" && !full), "+ runs"],
    [cells.some(({ state }) => state === "waits"), "- waits"],
    [
      cells.some(({ overtaken }) => overtaken?.because === "age" || overtaken?.because === "long"),
      "! waits behind a long execution with less priority",
    ],
    [cells.some(({ state, status, full }) => state === "idle" && status === "running" && full), "_ idle, charged"],
    [cells.some(({ state, status }) => state === "idle" && status === "stopping"), ": idle, and stopping"],
    [cells.some(({ state, status }) => state === "idle" && status === "stopped"), ". stopped"],
    [cells.some(({ lost }) => lost > 0), "x aborted"],
    [cells.some(({ state }) => state === "suspended"), "s suspended"],
    [rounds.some(({ skipped }) => skipped), "/ skipped"],
    [rounds.some(({ checkpoint }) => checkpoint), "^ checkpoint"],
    [
      cells.some(({ window }) => (window?.promised ?? 0) > 0),
      `guarantee: = kept, ~ behind so far, ! broken in the last ${guaranteeWindow} rounds`,
    ],
  ];
  return [dim(entries.flatMap(([there, text]) => (there ? [text] : [])).join("; "))];
};
