/** The picture: labels that stay, lanes that can be scrolled, and over them a column for each round that says what happened in it. */
import { guaranteeWindow, type Timeline } from "./data.ts";
import { axisHeight, coreHeight, digits, geometryOf, guaranteeAt, parts, priorityAt, type Geometry } from "./geometry.ts";
import { canisterLane, coreLanes, hues, roundMarks } from "./lanes.ts";
import { html, type Markup } from "./markup.ts";
import { allocationOf, findingsOf, roundInWords, signed, summaryOf } from "./words.ts";

/** Lines that say what happened in a round: a page of many canisters says only what its first lines hold. */
const mostLines = 24;

export const chart = (timeline: Timeline, title: string): Markup => {
  const geometry = geometryOf(timeline);
  const { rounds, cores } = timeline;
  const { width, height, column } = geometry;
  return html`<figure class="chart">
    <div class="labels" style="height:${height}px" aria-hidden="true">${labels(timeline, geometry)}</div>
    <div class="scroll" tabindex="0" role="region" aria-label="Rounds from left to right">
      <svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d" data-column="${column}">
        <title id="t">${title}: ${rounds.length} rounds on ${cores} cores</title>
        <desc id="d">
          From left to right the rounds; above a lane for each core with the turns in it, below a lane for each canister with its state, its
          accumulated priority, and its full rounds in the last ${guaranteeWindow} rounds.
          ${findingsOf(timeline)
            .map(({ text }) => text)
            .join(" ")}
        </desc>
        ${patterns} ${coreLanes(timeline, geometry)} ${timeline.canisters.map((lane, at) => canisterLane(timeline, geometry, lane, at))}
        ${roundMarks(timeline, geometry)} ${axis(timeline, geometry)}
        <path id="cursor" d="" />
        <g class="columns">
          ${rounds.map(
            (_, at) =>
              html`<rect x="${digits(at * column)}" width="${column}" height="${height}"><title>${wordsOf(timeline, at)}</title></rect>`,
          )}
        </g>
      </svg>
    </div>
  </figure>`;
};

const wordsOf = (timeline: Timeline, at: number): string => {
  const lines = roundInWords(timeline, at);
  return [...lines.slice(0, mostLines), ...(lines.length > mostLines ? ["…"] : [])].join("\n");
};

const labels = (timeline: Timeline, geometry: Geometry): readonly Markup[] => {
  const { priorities } = geometry;
  const label = (top: number, kind: string, text: string): Markup =>
    html`<span class="${kind}" style="top:${digits(top)}px">${text}</span>`;
  return [
    label(4, "soft", "round"),
    ...geometry.cores.map((top, core) => label(top + coreHeight / 2 - 11, "lane", `core ${core}`)),
    ...timeline.canisters.flatMap((lane, at) => {
      const top = geometry.canisters[at] ?? 0;
      const { full, promised, broken } = summaryOf(timeline.rounds, lane);
      const allocation = allocationOf(lane);
      const got = promised > 0 ? `${full} full, ${promised} promised` : `${full} full rounds`;
      return [
        html`<span class="name" style="top:${digits(top - 6)}px"
          ><i class="swatch k${at % hues}"></i>${lane.canister}<b>${allocation > 0 ? `${allocation} %` : ""}</b></span
        >`,
        label(top + parts.priority.top, "soft part", "priority"),
        ...[priorities[1], 0, priorities[0]].map((tick) =>
          label(priorityAt(geometry, top, tick) - 7, "tick", tick === 0 ? "0" : signed(tick).replace(/\.0$/, "")),
        ),
        label(top + parts.guarantee.top - 2, "soft part", `full in ${guaranteeWindow}`),
        label(top + parts.guarantee.top + 14, broken > 0 ? "bad part" : "soft part", got),
        ...(allocation > 0 ? [label(guaranteeAt(top, allocation) - 7, "tick", String(allocation))] : []),
      ];
    }),
  ];
};

/** A number wherever there is room for one. */
const axis = ({ rounds }: Timeline, { column, height }: Geometry): Markup => {
  const step = [1, 2, 5, 10, 20, 50, 100].find((each) => each * column >= 40) ?? 100;
  return html`<g class="axis">
    ${rounds.flatMap(({ height: round }, at) =>
      round % step === 0 || (at === 0 && (step - (round % step)) * column >= 30)
        ? [
            html`<text x="${digits((at + 0.5) * column)}" y="12">${round}</text>
              <path d="M${digits((at + 0.5) * column)} 15V${axisHeight - 4}" /><path
                class="faint"
                d="M${digits((at + 0.5) * column)} ${axisHeight}V${height}"
              />`,
          ]
        : [],
    )}
  </g>`;
};

const hatch = (id: string, angle: number): Markup =>
  html`<pattern id="${id}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})">
    <rect width="1.6" height="4" />
  </pattern>`;

const patterns = html`<defs
  >${hatch("h-waits", 45)}${hatch("h-passed", 45)}${hatch("h-wasted", -45)}${hatch("h-skipped", 45)}${hatch("h-suspended", 0)}</defs
>`;
