/** The frame of every page: one file that needs no other, readable in the dark, in print and without a script. */
import { html, type Content, type Html } from "../html.ts";

export interface Page {
  readonly title: string;
  /** The way from this page to the front page: "" or "../". */
  readonly up: "" | "../";
  /** Where the reader is, from the front page on. */
  readonly trail: readonly (readonly [text: string, href: string | null])[];
  readonly body: Content;
}

/** A whole HTML document. */
export const layout = ({ title, up, trail, body }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${{ markup: style }}
        </style>
      </head>
      <body>
        <header>
          <nav aria-label="Trail">
            <a class="home" href="${up}index.html">Canon</a
            >${trail.map(([text, href]) => html`<span aria-hidden="true">/</span>${href === null ? html`<span>${text}</span>` : html`<a href="${up}${href}">${text}</a>`}`)}
          </nav>
          <nav aria-label="Parts">
            <a href="${up}index.html#rules">Rules</a><a href="${up}index.html#properties">Properties</a
            ><a href="${up}silences.html">Silences</a><a href="${up}system-calls.html">System calls</a
            ><a href="${up}persistence.html">Persistence</a><a href="${up}attacks.html">Attacks</a><a href="${up}claims.html">Claims</a
            ><a href="${up}peers.html">Peers</a><a href="${up}views.html">Views</a><a href="${up}faults.html">Faults</a
            ><a href="${up}api/index.html">API</a>
          </nav>
        </header>
        <main>${body}</main>
        <footer>Written by <code>npm run docs</code> from the rules, the source of the model, the properties and the kill table.</footer>
      </body>
    </html> `.markup;

/** A reference to another page. */
export const linkTo = (up: Page["up"], kind: "chapters" | "rules" | "properties", id: string, fragment = ""): Html =>
  html`<a class="id" href="${up}${kind}/${id}.html${fragment}">${id}</a>`;

/** A sentence of the specification, with its first letter as a sentence has it and a full stop. */
export const sentence = (text: string): string => {
  const trimmed = text.trim();
  return `${trimmed.slice(0, 1).toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? "" : "."}`;
};

export const percentOf = (part: number, whole: number): string => (whole === 0 ? "0 %" : `${((100 * part) / whole).toFixed(1)} %`);

const style = `
:root { color-scheme: light dark;
  --paper: light-dark(#fdfcf9, #14161b); --ink: light-dark(#1d2026, #dcdfe6); --soft: light-dark(#5c626e, #9aa1ae);
  --line: light-dark(#e3dfd5, #2b303a); --card: light-dark(#f6f3ec, #1b1f27); --link: light-dark(#0b57a4, #82b7f5);
  --law: light-dark(#16794c, #4fc48b); --agreement: light-dark(#8a6100, #d9aa45); --none: light-dark(#b3261e, #f28b82);
  --keyword: light-dark(#8a3ea8, #c99bea); --string: light-dark(#1f6f43, #8fce9f); --number: light-dark(#a2480c, #e5a46b); }
* { box-sizing: border-box; }
html { font: 17px/1.6 "Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, Palatino, Georgia, serif; background: var(--paper); color: var(--ink); }
body { margin: 0; }
header { display: flex; flex-wrap: wrap; gap: .4rem 2rem; justify-content: space-between; padding: .9rem clamp(1rem, 4vw, 3rem); border-bottom: 1px solid var(--line); }
header, footer, .tags, table, .count, label, input, .where, .kills, .code-name { font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-size: .82rem; }
header nav { display: flex; flex-wrap: wrap; gap: .7rem; align-items: baseline; }
header nav span[aria-hidden] { color: var(--soft); }
.home { font-weight: 700; letter-spacing: .02em; }
main { max-width: 58rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2rem) 4rem; }
main.wide, .wide { max-width: none; }
footer { padding: 1rem clamp(1rem, 4vw, 3rem); color: var(--soft); border-top: 1px solid var(--line); }
a { color: var(--link); text-decoration-thickness: .06em; text-underline-offset: .17em; }
h1 { font-size: 2rem; line-height: 1.2; margin: .6rem 0 .4rem; font-weight: 600; text-wrap: balance; }
h1.statement { font-size: 1.45rem; line-height: 1.35; font-weight: 500; text-wrap: pretty; }
h2 { font-size: 1.3rem; margin: 2.4rem 0 .6rem; font-weight: 600; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; font-weight: 600; }
p { margin: .5rem 0; }
.lead { font-size: 1.12rem; }
.soft { color: var(--soft); }
code, pre, .id { font-family: ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .8rem; }
a.id { white-space: nowrap; }
pre { margin: .5rem 0; padding: .7rem .9rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
pre code { font-size: .78rem; }
.t-comment { color: var(--soft); font-style: italic; } .t-keyword { color: var(--keyword); } .t-string { color: var(--string); } .t-number { color: var(--number); }
.tags { display: flex; flex-wrap: wrap; gap: .4rem; margin: .4rem 0 1rem; padding: 0; list-style: none; }
.tags li { border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .7rem; background: var(--card); }
.note { border-left: 3px solid var(--agreement); padding: .1rem 0 .1rem 1rem; margin: 1rem 0; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: 1rem 0; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; }
.clauses { list-style: none; margin: 0; padding: 0; }
.clauses > li { border-top: 1px solid var(--line); padding: 1rem 0 .8rem; }
.clauses > li:target { background: color-mix(in srgb, var(--link) 8%, transparent); }
.clauses .head { display: grid; grid-template-columns: 2.2rem 1fr; align-items: baseline; }
.clauses .number { color: var(--soft); font-variant-numeric: tabular-nums; text-decoration: none; }
.clauses .body { margin-left: 2.2rem; }
.code-name { color: var(--soft); }
.where { color: var(--soft); margin: 0; }
.kills { margin: .4rem 0 0; }
.mark { font-weight: 600; } .mark.law { color: var(--law); } .mark.agreement { color: var(--agreement); } .mark.none { color: var(--none); }
.plain { border-collapse: collapse; width: 100%; margin: 1rem 0; } .plain th, .plain td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
.plain thead th { color: var(--soft); } .plain tr:target { background: color-mix(in srgb, var(--link) 8%, transparent); }
.plain td.yes { color: var(--law); } .plain td.no { color: var(--none); }
.tolls { width: auto; } .tolls tbody th { min-width: 15rem; max-width: 22rem; } .tolls td, .tolls thead th { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.tolls thead th[colspan] { border-left: 1px solid var(--line); padding-left: .9rem; text-align: left; } .tolls td.rate { white-space: normal; max-width: 7rem; } .tolls td.first, .tolls th.first { border-left: 1px solid var(--line); padding-left: .9rem; }
.said { margin: .3rem 0 .3rem 1.4rem; padding: 0; } .said li { margin: .15rem 0; }
.cites { list-style: none; padding: 0; } .cites li { margin: .6rem 0; }
details { margin: 1rem 0; } summary { cursor: pointer; }
.figures { display: flex; flex-wrap: wrap; gap: 1.5rem 2.5rem; margin: 1.4rem 0; }
.figure { max-width: 11rem; } .figure strong { display: block; font-size: 2.2rem; line-height: 1.1; font-weight: 600; font-variant-numeric: tabular-nums; } .figure span { display: block; color: var(--soft); font-size: .9rem; line-height: 1.35; }
.figure.law strong { color: var(--law); }
.scroll { overflow-x: auto; margin: 1rem 0 1rem 50%; width: max-content; max-width: calc(100vw - 3rem); transform: translateX(-50%); }
table { border-collapse: collapse; }
.heat th, .heat td { padding: 0; font-weight: 400; }
.heat thead th { height: 15rem; vertical-align: bottom; } .heat thead th:first-child { position: sticky; left: 0; background: var(--paper); }
.heat thead th.count { padding-right: .6rem; text-align: right; }
.heat thead th div { width: 1.5rem; writing-mode: vertical-rl; transform: rotate(180deg); padding: .4rem 0; white-space: nowrap; }
.heat tbody th { text-align: left; white-space: nowrap; padding-right: .8rem; position: sticky; left: 0; background: var(--paper); }
.heat tbody th.chapter { padding-top: .9rem; color: var(--soft); text-transform: uppercase; letter-spacing: .06em; font-size: .7rem; }
.heat td { width: 1.5rem; height: 1.6rem; text-align: center; border: 1px solid var(--paper); background: color-mix(in srgb, var(--line) 35%, transparent); font-variant-numeric: tabular-nums; }
.heat td.cited { box-shadow: inset 0 0 0 1px var(--soft); }
.heat td.kill { color: var(--ink); background: color-mix(in srgb, var(--law) calc(18% + var(--share) * 62%), transparent); }
.heat td.kill.agreement { background: color-mix(in srgb, var(--agreement) calc(14% + var(--share) * 50%), transparent); }
.heat td.total { width: auto; border: 0; padding: 0 .6rem; background: none; color: var(--soft); white-space: nowrap; text-align: right; }
.heat a { text-decoration: none; }
.heat a:hover { text-decoration: underline; }
.count { color: var(--soft); }
input[type=search] { font-size: .95rem; padding: .4rem .8rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card); color: inherit; width: min(100%, 26rem); }
.catalogue { list-style: none; padding: 0; } .catalogue li { padding: .35rem 0; border-bottom: 1px solid var(--line); display: grid; grid-template-columns: minmax(11rem, 14rem) 1fr auto; gap: .2rem 1rem; align-items: baseline; }
@media (max-width: 40rem) { .catalogue li { grid-template-columns: 1fr; } .clauses .body { margin-left: 0; } dl.facts { grid-template-columns: 1fr; } }
@media print { header, footer, input, label { display: none; } html { font-size: 11pt; } }
`;
