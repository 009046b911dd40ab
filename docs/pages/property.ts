/** The page of a property: its claim, where the claim comes from, the rules that it checks, and what it notices. */
import type { BookContext, PropertyEntry } from "../book.ts";
import { html } from "../html.ts";
import { layout, linkTo, percentOf, sentence } from "./layout.ts";

export const propertyPage = ({ property, cites, kills }: PropertyEntry, { counted, clauses }: BookContext): string =>
  layout({
    title: `${property.id} · Canon`,
    up: "../",
    trail: [
      ["properties", "index.html#properties"],
      [property.id, null],
    ],
    body: html` <h1 class="statement">${sentence(property.statement)}</h1>
      <ul class="tags">
        <li><code>${property.id}</code></li>
        <li>${property.kind}</li>
        ${counted ? html`<li>kills ${kills.length} of ${clauses} clauses (${percentOf(kills.length, clauses)})</li>` : null}
      </ul>
      <p>
        ${property.kind === "law" ? "A law: it judges what a machine did, and knows no reference." : "Agreement: it compares what a machine did with what the reference does."}
      </p>
      <dl class="facts">
        <dt>Source</dt>
        <dd>${property.source}</dd>
      </dl>
      <h2 id="rules">Rules that it checks</h2>
      <ul class="cites">
        ${cites.map(({ id, title }) => html`<li>${linkTo("../", "rules", id)}<br />${title}</li>`)}
      </ul>
      <h2 id="kills">Clauses that it notices</h2>
      ${
        !counted
          ? html`<p class="soft">Nobody has taken the clauses out yet: <code>canon mutants</code> does it.</p>`
          : kills.length === 0
            ? html`<p class="soft">None: every clause can be taken out without breaking it.</p>`
            : html`<ul class="cites">
                ${kills.map(({ rule, kind, clause }) => html`<li>${linkTo("../", "rules", rule, `#${kind}-${clause}`)} <code>${kind}.${clause}</code></li>`)}
              </ul>`
      }`,
  });
