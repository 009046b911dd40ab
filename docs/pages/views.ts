/** The page of views: four ways to look at a canister, fact by fact, and the laws that check each fact. */
import type { Book } from "../book.ts";
import { kindOf } from "../fates.ts";
import { html, type Html } from "../html.ts";
import { inEveryView, views, type Fact } from "../views.ts";
import { fateText } from "./fate.ts";
import { layout } from "./layout.ts";

export const viewsPage = (book: Book): string => {
  const facts = [...inEveryView, ...views.flatMap((view) => view.facts)];
  const covered = facts.filter(({ fate }) => kindOf(fate) === "covered").length;
  return layout({
    title: "Four views of a canister · Canon",
    up: "",
    trail: [["views", null]],
    body: html` <h1>Four views of a canister</h1>
      <p class="lead">
        A canister is a contract, an actor, a process, an instance of a module: each view is right in part, and together they are the whole
        of it. Each comes down to facts that a machine can keep or break. Of these ${facts.length} facts, ${covered} are held by laws.
      </p>
      <h2 id="every">In every view</h2>
      ${table(inEveryView, book)}
      ${views.map(
        ({ id, title, opening, facts: seen }) =>
          html`<h2 id="${id}">${title}</h2>
            <p>${opening}</p>
            ${table(seen, book)}`,
      )}`,
  });
};

const table = (facts: readonly Fact[], book: Book): Html =>
  html`<table class="plain">
    <thead>
      <tr>
        <th scope="col">fact</th>
        <th scope="col">held by, or why not</th>
      </tr>
    </thead>
    <tbody>
      ${facts.map(
        ({ says, fate }) =>
          html`<tr>
            <th scope="row">${says}</th>
            <td>${fateText(fate, book)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
