/** The lanes of the picture as SVG: what the cores did, and what became of each canister. */
import { standingOf, type Cell, type Lane, type Timeline, type Turn } from "./data.ts";
import { Boxes, coreHeight, digits, guaranteeAt, laneHeight, parts, priorityAt, type Geometry } from "./geometry.ts";
import { html, type Content, type Markup } from "./markup.ts";

/** Colours there are; more canisters than these share them. */
export const hues = 10;
/** Turns that are drawn one by one: on a core in one round, and in the whole picture. What is beyond is drawn as one block. */
const mostTurns = { round: 60, picture: 40_000 };
const blockHeight = coreHeight - 5;

export const coreLanes = (timeline: Timeline, geometry: Geometry): Markup => {
  const { rounds, canisters, cores } = timeline;
  const lanes = new Map(canisters.map((lane, at) => [lane.canister, { cells: lane.cells, hue: at % hues }]));
  const boxes = new Boxes();
  const most = Math.max(1, Math.min(mostTurns.round, Math.floor(mostTurns.picture / (rounds.length * cores))));
  const numbers = rounds.map(({ turns }, at) =>
    geometry.cores.map((_, core): Content => {
      const here = turns.filter((turn) => turn.core === core);
      const [first, last] = [here[most], here.at(-1)];
      if (first !== undefined && last !== undefined) {
        const { x, width } = blockOf(timeline, geometry, at, first.from, last.from + last.instructions);
        boxes.add("more", x, geometry.cores[core] ?? 0, width, blockHeight);
      }
      return here.slice(0, most).map((turn) => {
        const lane = lanes.get(turn.canister);
        return drawTurn(boxes, turn, blockOf(timeline, geometry, at, turn.from, turn.from + turn.instructions), {
          top: geometry.cores[core] ?? 0,
          kind: lane === undefined ? "more" : `c${lane.hue}`,
          full: lane?.cells[at]?.full ?? false,
          roomy: geometry.column >= 4,
        });
      });
    }),
  );
  return html`<g class="lane-ground">
      ${geometry.cores.map((y) => html`<rect x="0" y="${y}" width="${geometry.width}" height="${blockHeight}" />`)}
    </g>
    <g>${pathsOf(boxes)}</g>
    <g class="numbers">${numbers}</g>`;
};

interface Block {
  readonly x: number;
  readonly width: number;
}

/** Where a stretch of a round lies; a short one is still seen. */
const blockOf = ({ span }: Timeline, { column }: Geometry, at: number, from: number, to: number): Block => {
  const inner = column >= 8 ? column - 1 : column;
  return { x: at * column + inner * (from / span), width: Math.max(1, inner * ((to - from) / span)) };
};

/** Adds the marks of a turn; its number, where there is room for one. */
const drawTurn = (
  boxes: Boxes,
  { slices }: Turn,
  { x, width }: Block,
  { top, kind, full, roomy }: { readonly top: number; readonly kind: string; readonly full: boolean; readonly roomy: boolean },
): Content => {
  const slice = slices.at(-1);
  boxes.add(kind, x, top, width, blockHeight);
  if (full) boxes.add("full", x, top + blockHeight + 1, width, 2.5);
  if (slice === undefined) return null;
  if (slice.begins === "afresh" && roomy) boxes.add("afresh", x, top, 2, blockHeight);
  if (slice.ends === "finished" && roomy) boxes.add("end", x + width - 1.5, top, 1.5, blockHeight);
  if (slice.wasted) {
    boxes.add("wasted", x, top, width, blockHeight);
    return null;
  }
  const span = slices.length > 1 ? `${slices[0]!.number}–${slice.number}` : `${slice.number}`;
  const text = [`${span}/${slice.of ?? "?"}`, span, `${slice.number}`].find((fit) => fit.length * 4.7 + 2 <= width);
  return text === undefined ? null : html`<text x="${digits(x + width / 2)}" y="${top + 14}">${text}</text>`;
};

export const canisterLane = (timeline: Timeline, geometry: Geometry, { cells }: Lane, at: number): Markup => {
  const top = geometry.canisters[at] ?? 0;
  const hue = `c${at % hues}`;
  return html`<g>
    ${statusStrip(geometry, cells, top, hue)}${priorityChart(timeline, geometry, cells, top, hue)}${guaranteeChart(geometry, cells, top, hue)}
  </g>`;
};

/** What shuts the whole column: a skipped round, and a checkpoint at its end. */
export const roundMarks = ({ rounds }: Timeline, { column, cores, height }: Geometry): Markup => {
  const boxes = new Boxes();
  const top = (cores[0] ?? 0) - 4;
  rounds.forEach(({ skipped }, at) => {
    if (skipped) boxes.add("skipped", at * column, top, column, height - top);
  });
  return html`${pathsOf(boxes)}
  ${rounds.map(({ checkpoint }, at) =>
    checkpoint
      ? html`<path class="checkpoint" d="M${digits((at + 1) * column - 0.5)} ${top - 4}V${height}" /><path
            class="flag"
            d="M${digits((at + 1) * column - 0.5)} ${top - 6}l-7 3.5 7 3.5z"
          />`
      : null,
  )}`;
};

/** How a cell of the first strip looks; an idle canister leaves it empty. */
const statusOf = ({ state, status, full, overtaken }: Cell, hue: string): string | null => {
  if (state === "runs") return full ? hue : `${hue} part`;
  if (state === "waits") return overtaken?.because === "age" || overtaken?.because === "long" ? "passed" : "waits";
  if (state === "idle" && status !== "running") return "stopped";
  if (state === "idle") return full ? "charged" : null;
  return state === "suspended" ? "suspended" : null;
};

const statusStrip = ({ column, width }: Geometry, cells: readonly Cell[], top: number, hue: string): Markup => {
  const { height } = parts.status;
  const boxes = new Boxes();
  for (const { from, to, value } of runsOf(cells.map((cell) => statusOf(cell, hue))))
    if (value !== null) boxes.add(value, from * column, top, (to - from) * column, height);
  const aborted = cells.flatMap(({ lost }, at) => (lost > 0 ? [(at + 1) * column] : []));
  const present = runsOf(cells.map(({ state }) => (state === "absent" ? null : "there")));
  return html`<g class="ground">
      ${present.map(({ from, to, value }) =>
        value === null ? null : html`<path d="M${from * column} ${top + height + 1.5}H${to * column}" />`,
      )}<path d="M0 ${top + laneHeight}H${width}" />
    </g>
    ${pathsOf(boxes)} ${aborted.map((x) => html`<path class="abort" d="M${digits(x - 6)} ${top + 2}l7 7m0-7l-7 7" />`)}`;
};

const priorityChart = ({ bounds }: Timeline, geometry: Geometry, cells: readonly Cell[], top: number, hue: string): Markup => {
  const { column, width, priorities } = geometry;
  const y = (priority: number): number => priorityAt(geometry, top, priority);
  const boxes = new Boxes();
  for (const { from, to, value } of runsOf(cells.map(({ unpaid }) => unpaid)))
    if (value !== null && value > 0) boxes.add("unpaid", from * column, y(value), (to - from) * column, y(0) - y(value));
  const lines = bounds === null ? [] : [bounds.ceiling, bounds.floor].filter((line) => line > priorities[0] && line < priorities[1]);
  return html`${pathsOf(boxes)}
    <g class="rules">
      <path d="M0 ${digits(y(0))}H${width}" />
      ${lines.map((line) => html`<path class="dashed" d="M0 ${digits(y(line))}H${width}" />`)}
    </g>
    <path
      class="line ${hue}"
      d="${lineOf(
        cells.map(({ priority }) => (priority === null ? null : y(priority))),
        column,
      )}"
    />`;
};

const guaranteeChart = ({ column, width }: Geometry, cells: readonly Cell[], top: number, hue: string): Markup => {
  const promised = cells.map(({ window }) => (window === null || window.promised === 0 ? null : guaranteeAt(top, window.promised)));
  const full = cells.map(({ window }) => (window === null ? null : guaranteeAt(top, window.full)));
  const boxes = new Boxes();
  const gaps = cells.map((cell) =>
    standingOf(cell) === "kept" ? null : `${standingOf(cell)} ${cell.window?.full} ${cell.window?.promised}`,
  );
  for (const { from, to } of runsOf(gaps)) {
    const { window } = cells[from]!;
    const standing = standingOf(cells[from]!);
    if (standing === "kept" || window === null) continue;
    const high = guaranteeAt(top, window.promised);
    boxes.add(standing, from * column, high, (to - from) * column, guaranteeAt(top, window.full) - high);
  }
  return html`<g class="rules"><path d="M0 ${guaranteeAt(top, 0)}H${width}" /></g>
    ${pathsOf(boxes)}
    <path class="promised" d="${lineOf(promised, column)}" />
    <path class="line ${hue}" d="${lineOf(full, column)}" />`;
};

const pathsOf = ({ paths }: Boxes): readonly Markup[] =>
  [...paths]
    .sort(([left], [right]) => orderOf(left) - orderOf(right))
    .map(([kind, path]) => html`<path class="${kind}" d="${path.join("")}" />`);

/** Marks lie above the blocks that they mark. */
const orderOf = (kind: string): number => ["more", "wasted", "afresh", "end", "full"].indexOf(kind);

/** A line through the middles of the columns, broken where there is no value; a point between two of its height says nothing. */
const lineOf = (values: readonly (number | null)[], column: number): string =>
  values
    .map((value, at) => {
      if (value === null || (values[at - 1] === value && values[at + 1] === value)) return "";
      return `${(values[at - 1] ?? null) === null ? "M" : "L"}${digits((at + 0.5) * column)} ${digits(value)}`;
    })
    .join("");

interface Run<T> {
  readonly from: number;
  readonly to: number;
  readonly value: T;
}

/** Neighbours of one value, together. */
const runsOf = <T>(values: readonly T[]): readonly Run<T>[] => {
  const starts = values.flatMap((value, at) => (at === 0 || values[at - 1] !== value ? [at] : []));
  return starts.map((from, k) => ({ from, to: starts[k + 1] ?? values.length, value: values[from]! }));
};
