/** The page of a chapter: what it is about, and what its rules say, one after the other, to be read in one go. */
import type { BookContext, ChapterEntry, ClauseEntry, RuleEntry } from "../book.ts";
import { html, type Content, type Html } from "../html.ts";
import { layout, linkTo, sentence } from "./layout.ts";

export const chapterPage = ({ chapter, opening, rules }: ChapterEntry, { counted }: BookContext): string => {
  const clauses = rules.flatMap((entry) => entry.clauses);
  return layout({
    title: `${sentence(chapter).slice(0, -1)} · Canon`,
    up: "../",
    trail: [
      ["rules", "index.html#rules"],
      [chapter, null],
    ],
    body: html` <h1>${sentence(chapter).slice(0, -1)}</h1>
      <ul class="tags">
        <li>${rules.length} ${rules.length === 1 ? "rule" : "rules"}</li>
        <li>${clauses.length} ${clauses.length === 1 ? "clause" : "clauses"}</li>
        ${counted ? html`<li>${clauses.filter(({ kill }) => kill?.byLaw === true).length} killed by a law</li>` : null}
      </ul>
      <p class="lead">${opening}</p>
      ${rules.map(ruleSection)}`,
  });
};

const ruleSection = ({ rule, clauses }: RuleEntry): Html => {
  const listed = (kind: ClauseEntry["kind"], title: string): Content => {
    const some = clauses.filter((clause) => clause.kind === kind);
    if (some.length === 0) return null;
    return html`<p class="soft">${title}</p>
      <ol class="said">
        ${some.map((clause) => clauseItem(rule.id, clause))}
      </ol>`;
  };
  return html`<section id="${rule.id}">
    <h2>${rule.title}</h2>
    <p>${linkTo("../", "rules", rule.id)}</p>
    <p>${rule.intent}</p>
    ${listed("when", "When")} ${listed("then", "Then")}
    ${rule.decides === undefined ? null : html`<p class="soft">It <a href="../rules/${rule.id}.html#decisions">decides</a> ${rule.decides.map(({ place }) => place).join("; ")}.</p>`}
  </section>`;
};

const clauseItem = (rule: string, { name, kind, sentence: said, refusal }: ClauseEntry): Html =>
  html`<li>
    <a href="../rules/${rule}.html#${kind}-${name}">${said}</a
    >${refusal === null ? null : html` <span class="count">else <code>${refusal.error}</code></span>`}
  </li>`;
