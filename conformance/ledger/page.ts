/**
 * The books as one HTML file that needs no other, and runs no script: the picture of every subnet, and under it the tables
 * that the terminal prints.
 */
import { html, verbatim, type Content, type Markup } from "../timeline/markup.ts";
import { style } from "../timeline/look.ts";
import { inGroups } from "../wording/words.ts";
import type { CanisterBook, Entry, LedgerReport, SubnetBook, TokenBook, Total } from "./data.ts";
import { flows } from "./flows.ts";
import { tokenFlows } from "./tokens.ts";
import { pictureStyle } from "./look.ts";
import { picture, titleOf } from "./picture.ts";
import { disagreementInWords, signed, summaryOf, sumOf, tokenDisagreementInWords } from "./words.ts";

/** Most canisters, and most disagreements of a subnet, that a page shows. */
const [mostCanisters, mostDisagreements] = [40, 20];

/** A whole document. `title` is what the scenario is called. */
export const pageOf = (report: LedgerReport, title: string): string => {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}: ledger</title>
        ${verbatim(`<style>${style}${pictureStyle}${tableStyle}</style>`)}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="finding ${report.balanced ? "kept" : "broken"}">${summaryOf(report)}</p>
          ${report.subnets.map((book) => section(book, title))}
        </main>
      </body>
    </html> `.markup;
};

const tableStyle = `
.books { display: flex; flex-wrap: wrap; gap: 0 3.5rem; align-items: flex-start; } .books > div { min-width: 0; }
.books .soft { font-size: .82rem; } tr.edge > * { font-weight: 600; } tr.edge.last > * { border-bottom-color: var(--ink); }
`;

const section = (book: SubnetBook, title: string): Markup => html`
  ${book.subnet === null ? null : html`<h2>Subnet ${book.subnet}</h2>`}
  ${book.disagreements.slice(0, mostDisagreements).map((disagreement) => html`<p class="finding broken">${disagreementInWords(disagreement)}</p>`)}
  ${left(book.disagreements.length - mostDisagreements, "more like these")} ${picture(book, titleOf(book, title))}
  <div class="books">
    <div>
      <h2>Flows</h2>
      ${flowTable(book.flows)}
    </div>
    <div>
      <h2>Canisters</h2>
      ${canisterTable(book.canisters.slice(0, mostCanisters))} ${left(book.canisters.length - mostCanisters, "canisters more")}
    </div>
    <div>
      <h2>Accounts</h2>
      ${totalTable(book.totals)}
    </div>
    ${book.tokens === null ? null : tokenTables(book.tokens)}
  </div>
`;

const left = (count: number, what: string): Markup | null => (count > 0 ? html`<p class="soft">And ${inGroups(count)} ${what}.</p>` : null);

const table = (heads: readonly string[], rows: readonly Markup[]): Markup =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${heads.map((head, at) => html`<th class="${at > 0 && numeric.has(head) ? "number" : ""}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

const numeric = new Set(["times", "cycles", "e8s", "beginning", "end", "difference"]);

const row = (kind: string, first: Content, ...cells: readonly Content[]): Markup =>
  html`<tr class="${kind}">
    <th scope="row">${first}</th>
    ${cells}
  </tr>`;

const number = (count: bigint | number): Markup => html`<td class="number">${inGroups(count)}</td>`;
const text = (words: string): Markup => html`<td>${words}</td>`;

const flowTable = (entries: readonly Entry[]): Markup =>
  table(
    ["flow", "from", "to", "transition", "times", "cycles"],
    entries.map(({ flow, count, cycles }) => {
      const { from, to, transitions, says } = flows[flow];
      return row(
        "",
        html`<span title="${says}">${flow}</span>`,
        text(from),
        text(to),
        text(transitions.join(" ")),
        number(count),
        number(cycles),
      );
    }),
  );

const canisterTable = (canisters: readonly CanisterBook[]): Markup =>
  table(
    ["canister", "", "times", "cycles"],
    canisters.flatMap(({ canister, opening, in: ins, out, closing }) => [
      row("edge", canister, text("balance at the beginning"), text(""), number(opening)),
      ...ins.map(({ flow, count, cycles }) => row("", "", text(flow), number(count), change(cycles))),
      ...out.map(({ flow, count, cycles }) => row("", "", text(flow), number(count), change(-cycles))),
      row("edge last", "", text("balance at the end"), text(""), number(closing)),
    ]),
  );

const totalTable = (totals: readonly Total[]): Markup =>
  table(
    ["account", "beginning", "end", "difference"],
    [
      ...totals.map(({ place, opening, closing }) => row("", place, number(opening), number(closing), change(closing - opening))),
      row(
        "edge",
        "sum",
        number(sumOf(totals, "opening")),
        number(sumOf(totals, "closing")),
        change(sumOf(totals, "closing") - sumOf(totals, "opening")),
      ),
    ],
  );

const tokenTables = ({ flows: entries, accounts, totals, disagreements }: TokenBook): Markup =>
  html`<div>
    <h2>Tokens</h2>
    ${disagreements.slice(0, mostDisagreements).map((disagreement) => html`<p class="finding broken">${tokenDisagreementInWords(disagreement)}</p>`)}
    ${table(
      ["flow", "from", "to", "times", "e8s"],
      entries.map(({ flow, count, tokens }) => {
        const { from, to, says } = tokenFlows[flow];
        return row("", html`<span title="${says}">${flow}</span>`, text(from), text(to), number(count), number(tokens));
      }),
    )}
    ${table(
      ["account", "beginning", "end", "difference"],
      [
        ...accounts
          .slice(0, mostCanisters)
          .map(({ account, opening, closing }) => row("", account, number(opening), number(closing), change(closing - opening))),
        ...totals.map(({ place, opening, closing }) => row("edge", place, number(opening), number(closing), change(closing - opening))),
      ],
    )}
  </div>`;

const change = (difference: bigint): Markup => html`<td class="number">${signed(difference)}</td>`;
