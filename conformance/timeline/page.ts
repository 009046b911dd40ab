/**
 * The picture as one HTML file that needs no other: it can be kept, sent and read without a network or a script. The
 * script that is in it shows what happened in the round under the pointer; without it, every column says so by itself.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { chart } from "./chart.ts";
import { guaranteeWindow, type Timeline } from "./data.ts";
import { script, style } from "./look.ts";
import { html, verbatim, type Content, type Markup } from "./markup.ts";
import { allocationOf, findingsOf, signed, summaryOf } from "./words.ts";

/** Most rounds of one page. */
export const mostRounds = 1_000;
/** Most canisters of one page. */
export const mostCanisters = 40;

/** A whole document. `title` is what the scenario is called. */
export const pageOf = (whole: Timeline, title: string): string => {
  const timeline: Timeline = { ...whole, rounds: whole.rounds.slice(0, mostRounds), canisters: whole.canisters.slice(0, mostCanisters) };
  // Whatever an attacker might smuggle into a name, the browser runs this one script and loads nothing.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${base64(sha256(utf8ToBytes(script)))}'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}: timeline</title>
        ${verbatim(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="soft">${subtitle(timeline)}${leftOut(whole, timeline)}</p>
          ${findingsOf(timeline).map(({ standing, text }) => html`<p class="finding ${standing}">${text}</p>`)} ${legend(timeline)}
          ${chart(timeline, title)}
          <h2>In numbers</h2>
          ${numbers(timeline)}
        </main>
        <output id="round" hidden></output>
        ${verbatim(`<script>${script}</script>`)}
      </body>
    </html> `.markup;
};

const subtitle = ({ machine, scheduler, cores, rounds, total, canisters }: Timeline): string => {
  const [first, last] = [rounds[0]?.height, rounds.at(-1)?.height];
  const shown = first === undefined ? "no round" : `rounds ${first} to ${last} of ${total}`;
  return `${shown} on ${machine}: ${scheduler} scheduler, ${cores} core${cores === 1 ? "" : "s"}, ${canisters.length} canister${canisters.length === 1 ? "" : "s"}.`;
};

const leftOut = (whole: Timeline, { rounds, canisters }: Timeline): string => {
  const rest = [
    ...(whole.rounds.length > rounds.length ? [`${whole.rounds.length - rounds.length} rounds`] : []),
    ...(whole.canisters.length > canisters.length ? [`${whole.canisters.length - canisters.length} canisters`] : []),
  ];
  return rest.length === 0 ? "" : ` Not drawn, for want of room: ${rest.join(" and ")}.`;
};

/** What the marks mean, of those that there are. */
const legend = ({ rounds, canisters }: Timeline): Markup => {
  const cells = canisters.flatMap((lane) => lane.cells);
  const slices = rounds.flatMap(({ turns }) => turns.flatMap((turn) => turn.slices));
  const entries: readonly (readonly [there: boolean, kind: string, text: string])[] = [
    [cells.some(({ state }) => state === "runs"), "c0", "runs, in the colour of its canister"],
    [cells.some(({ full }) => full), "full", "underlined: a full round"],
    [cells.some(({ state, full }) => state === "runs" && !full), "c0 part", "runs, but the round is not a full one"],
    [slices.some(({ ends }) => ends === "finished"), "end", "the last slice of a long execution"],
    [slices.some(({ wasted }) => wasted), "wasted", "slices that an abort threw away"],
    [slices.some(({ begins }) => begins === "afresh"), "afresh", "an aborted execution begins afresh"],
    [cells.some(({ state, overtaken }) => state === "waits" && !isPassed(overtaken)), "waits", "has work, and waits"],
    [cells.some(({ overtaken }) => isPassed(overtaken)), "passed", "waits, while a long execution with less priority runs"],
    [
      cells.some(({ state, status, full }) => state === "idle" && status === "running" && full),
      "charged",
      "idle, and charged a full round",
    ],
    [cells.some(({ state, status }) => state === "idle" && status !== "running"), "stopped", "idle, and stopping or stopped"],
    [cells.some(({ state }) => state === "suspended"), "suspended", "suspended: too much heap delta"],
    [rounds.some(({ skipped }) => skipped), "skipped", "skipped round"],
    [rounds.some(({ checkpoint }) => checkpoint), "flag", "checkpoint"],
    [cells.some(({ unpaid }) => (unpaid ?? 0) > 0), "unpaid", "grey hill: full rounds not paid yet"],
    [true, "broken", `fewer full rounds in ${guaranteeWindow} than the allocation promises`],
    [true, "behind", `fewer so far, in less than ${guaranteeWindow}`],
  ];
  return html`<ul class="legend" aria-label="Legend">
    ${entries.flatMap(([there, kind, text]) =>
      there
        ? [
            html`<li>
              <svg viewBox="0 0 22 12" width="22" height="12" aria-hidden="true">${sampleOf(kind)}</svg>
              ${text}
            </li>`,
          ]
        : [],
    )}
  </ul>`;
};

const isPassed = (overtaken: Timeline["canisters"][number]["cells"][number]["overtaken"]): boolean =>
  overtaken?.because === "age" || overtaken?.because === "long";

const sampleOf = (kind: string): Markup => {
  const block = html`<path class="c0" d="M1 1h20v8h-20z" />`;
  if (kind === "full") return html`${block}<path class="full" d="M1 10h20v2h-20z" />`;
  if (kind === "end") return html`${block}<path class="end" d="M19 1h2v8h-2z" />`;
  if (kind === "afresh") return html`${block}<path class="afresh" d="M1 1h2v8h-2z" />`;
  if (kind === "wasted") return html`${block}<path class="wasted" d="M1 1h20v8h-20z" />`;
  if (kind === "flag") return html`<path class="flag" d="M12 1l-7 3.5 7 3.5z" /><path class="checkpoint" d="M12 1V12" />`;
  return html`<path class="${kind}" d="M1 1h20v10h-20z" />`;
};

const numbers = ({ rounds, canisters }: Timeline): Markup => html`
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th>canister</th>
          ${heads.map((head) => html`<th class="number">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${canisters.map((lane, at) => {
          const { work, full, promised, share, waited, overtaken, suspended, lost, worst } = summaryOf(rounds, lane);
          const told = lane.cells.flatMap(({ priority }) => (priority === null ? [] : [priority]));
          const range = told.length === 0 ? "-" : `${signed(Math.min(...told))} … ${signed(Math.max(...told))}`;
          const behind = [...overtaken].map(([because, count]) => `${count} ${because}`).join(", ");
          const cells: readonly Content[] = [
            `${allocationOf(lane)} %`,
            work,
            full,
            promised,
            share,
            waited,
            behind || "-",
            suspended || "-",
            lost || "-",
            range,
            worst === null ? "-" : html`<strong class="bad">${worst.full} of ${worst.promised}, round ${worst.height}</strong>`,
          ];
          return html`<tr>
            <th scope="row"><i class="swatch k${at % 10}"></i>${lane.canister}</th>
            ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>
`;

const heads: readonly string[] = [
  "allocation",
  "rounds with work",
  "full rounds",
  "promised",
  "with its share of the rest",
  "waited",
  "behind less priority, why",
  "suspended",
  "slices lost",
  "priority, in rounds",
  `worst ${guaranteeWindow} rounds`,
];

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
