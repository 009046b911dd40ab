/** A fate on a page: the properties and clauses by which something is covered, or the reason why it is not. */
import type { Book } from "../book.ts";
import { clauseOf, kindOf, type Fate, type FateKind } from "../fates.ts";
import { html, type Content, type Html } from "../html.ts";
import { linkTo, sentence } from "./layout.ts";

/** What a fate is called. */
export const nameOfFate: Readonly<Record<FateKind, string>> = { covered: "covered", notYet: "not yet", outOfScope: "out of scope" };

/** The fate as a word and what is behind it. */
export const fateText = (fate: Fate, book: Pick<Book, "properties" | "rules">): Html => {
  const kind = kindOf(fate);
  if (!("covered" in fate)) return html`<span class="${markOf[kind]}">${nameOfFate[kind]}</span> ${sentence(Object.values(fate).join(""))}`;
  const links = fate.covered.map((name, at): Content => [at === 0 ? null : html`<br />`, linkToLaw(name, book)]);
  return html`${links}`;
};

const markOf: Readonly<Record<FateKind, string>> = { covered: "mark law", notYet: "mark agreement", outOfScope: "soft" };

/** A property, or a clause on the page of its rule; a book may have but some of them. */
const linkToLaw = (name: string, { properties, rules }: Pick<Book, "properties" | "rules">): Html => {
  const clause = clauseOf(name);
  if (clause === null)
    return properties.some(({ property }) => property.id === name) ? linkTo("", "properties", name) : html`<code>${name}</code>`;
  const { rule, kind, clause: said } = clause;
  return rules.some((entry) => entry.rule.id === rule)
    ? html`<a class="id" href="rules/${rule}.html#${kind}-${said}">${name}</a>`
    : html`<code>${name}</code>`;
};
