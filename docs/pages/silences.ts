/** The page of silences: every place where the sources say nothing, or disagree, with what is decided here and by which rule. */
import type { Book, DecisionEntry } from "../book.ts";
import { html, type Html } from "../html.ts";
import { layout, linkTo, sentence } from "./layout.ts";

export const silencesPage = ({ decisions }: Book): string =>
  layout({
    title: "Where the sources are silent · Canon",
    up: "",
    trail: [["silences", null]],
    body: html` <h1>Places where the sources are silent</h1>
      <p class="lead">
        Where the specification of the Internet Computer says nothing, says two things, or says other than the network does, a machine still
        has to do something. Each such place has one answer here, and one rule that gives it.
      </p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">place</th>
            <th scope="col">answer</th>
            <th scope="col">rule</th>
          </tr>
        </thead>
        <tbody>
          ${decisions.map((decision, at) => row(decision, decisions.findIndex(({ rule }) => rule.id === decision.rule.id) === at))}
        </tbody>
      </table>`,
  });

/** The first row of a rule can be linked to. */
const row = ({ place, answer, rule }: DecisionEntry, isFirst: boolean): Html => {
  const cells = html`<th scope="row">${place}</th>
    <td>${sentence(answer)}</td>
    <td>${linkTo("", "rules", rule.id, "#decisions")}<br />${rule.chapter}</td>`;
  return isFirst
    ? html`<tr id="${rule.id}">
        ${cells}
      </tr>`
    : html`<tr>
        ${cells}
      </tr>`;
};
