/** The front page: how strong the suite is, the heat map of rules and properties, and the way to everything else. */
import type { Book, ChapterEntry, PropertyEntry, RuleEntry } from "../book.ts";
import { html, type Content, type Html } from "../html.ts";
import type { Strength } from "../kill-table.ts";
import { layout, linkTo, percentOf, sentence } from "./layout.ts";

export const frontPage = ({ rules, chapters, decisions, properties, strength }: Book): string =>
  layout({
    title: "Canon: the executable specification",
    up: "",
    trail: [],
    body: html` <h1>The execution layer of the Internet Computer, said in clauses that run</h1>
      <p class="lead">
        Every rule is a handful of named clauses. Each clause has a sentence, one executable line in the reference model, and the properties
        that notice when it is taken out.
      </p>
      ${figures(rules, properties, strength)}
      <h2 id="map">Rules × properties</h2>
      <p>
        A number counts the clauses of the rule that the property notices when they are taken out; a framed cell is a citation.
        ${key(properties)} Agreement with the reference notices almost anything, so the laws are counted apart.
      </p>
      <div class="scroll">${heatMap(chapters, properties)}</div>
      <h2 id="rules">Rules</h2>
      <p>
        <label>Find <input type="search" id="find" placeholder="a word of a rule or a clause" /></label>
        <span class="count" id="found"></span>
      </p>
      ${chapters.map(
        ({ chapter, rules: some }) =>
          html`<h3 id="chapter-${chapter}"><a href="chapters/${chapter}.html">${sentence(chapter).slice(0, -1)}</a></h3>
            <ul class="catalogue">
              ${some.map(ruleItem)}
            </ul>`,
      )}
      <p>
        <a href="silences.html">Where the sources are silent</a> <span class="count">${decisions.length} decisions</span><br />
        <a href="system-calls.html">Which system call is allowed in which context</a><br />
        <a href="persistence.html">What survives what</a><br />
        <a href="attacks.html">What an attacker spends for each cycle that a victim loses</a><br />
        <a href="claims.html">What every implementation has to keep, and which law holds it to that</a><br />
        <a href="peers.html">What other suites test, and what becomes of it here</a><br />
        <a href="views.html">Four views of a canister, fact by fact</a><br />
        <a href="faults.html">Named faults, and which law finds them</a>
      </p>
      <h2 id="properties">Properties</h2>
      <ul class="cites">
        ${properties.map(({ property: { id, kind, statement } }) => html`<li>${linkTo("", "properties", id)} <span class="count">${kind}</span><br />${sentence(statement)}</li>`)}
      </ul>
      <script>
        ${{ markup: finder }};
      </script>`,
  });

const figures = (rules: readonly RuleEntry[], properties: readonly PropertyEntry[], strength: Strength | null): Html => {
  const clauses = rules.reduce((sum, rule) => sum + rule.clauses.length, 0);
  const laws = properties.filter(({ property: { kind } }) => kind === "law").length;
  const figure = (number: string, text: string, kind = ""): Html =>
    html`<div class="figure ${kind}"><strong>${number}</strong><span>${text}</span></div>`;
  return html`<div class="figures">
    ${strength === null ? figure("–", "of the clauses are killed by a law: canon mutants has not run") : figure(percentOf(strength.byLaw, strength.clauses), `of the clauses are killed by a law (${strength.byLaw} of ${strength.clauses})`, "law")}
    ${strength === null ? null : figure(percentOf(strength.killed, strength.clauses), `are killed at all${strength.equivalent > 0 ? `; ${strength.equivalent} cannot be noticed, with an argument why` : ""}`)}
    ${figure(String(rules.length), `rules, ${clauses} clauses`)} ${figure(String(properties.length), `properties, ${laws} of them laws`)}
  </div>`;
};

const key = (properties: readonly PropertyEntry[]): Content =>
  properties.some(({ property: { kind } }) => kind === "agreement")
    ? html`Green columns are <span class="mark law">laws</span>, amber ones <span class="mark agreement">agreement</span>.`
    : null;

const heatMap = (chapters: readonly ChapterEntry[], properties: readonly PropertyEntry[]): Html =>
  html`<table class="heat">
    <thead>
      <tr>
        <th></th>
        <th scope="col" class="count">killed by a law</th>
        ${properties.map(({ property: { id } }) => html`<th scope="col"><div>${linkTo("", "properties", id)}</div></th>`)}
      </tr>
    </thead>
    ${chapters.map(
      ({ chapter, rules: some }) =>
        html`<tbody>
          <tr>
            <th class="chapter" colspan="${properties.length + 2}">${chapter}</th>
          </tr>
          ${some.map(
            (entry) =>
              html`<tr>
                <th scope="row">${linkTo("", "rules", entry.rule.id)}</th>
                ${totalCell(entry)}${properties.map((property) => cell(entry, property))}
              </tr>`,
          )}
        </tbody>`,
    )}
  </table>`;

const cell = ({ rule, clauses }: RuleEntry, { property: { id, kind, cites }, kills }: PropertyEntry): Html => {
  const killed = kills.filter((kill) => kill.rule === rule.id);
  const cited = cites.some((citation) => citation === rule.id);
  const told = `${id} ${cited ? "cites" : "does not cite"} ${rule.id}${killed.length === 0 ? "" : ` and notices ${killed.map(({ clause }) => clause).join(", ")}`}`;
  const names = ["", cited ? "cited" : "", killed.length > 0 ? "kill" : "", kind === "agreement" ? "agreement" : ""].join(" ").trim();
  const share = (killed.length / Math.max(1, clauses.length)).toFixed(2);
  return html`<td class="${names}" title="${told}" style="--share: ${share}">${killed.length === 0 ? null : killed.length}</td>`;
};

const totalCell = ({ clauses }: RuleEntry): Html => {
  const known = clauses.some(({ kill }) => kill !== null);
  return html`<td class="total">
    ${known ? `${clauses.filter(({ kill }) => kill?.byLaw === true).length} / ${clauses.length}` : `– / ${clauses.length}`}
  </td>`;
};

const ruleItem = ({ rule, clauses }: RuleEntry): Html => {
  const text = [rule.id, rule.title, rule.intent, ...clauses.flatMap(({ name, sentence: said }) => [name, said])].join(" ").toLowerCase();
  return html`<li data-text="${text}">
    ${linkTo("", "rules", rule.id)}<span>${rule.title}</span
    ><span class="count">${clauses.length} ${clauses.length === 1 ? "clause" : "clauses"}</span>
  </li>`;
};

/** Hides the rules in which a word does not occur; without a script the whole list is there. */
const finder = `
const find = document.getElementById("find"), found = document.getElementById("found");
find.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const item of document.querySelectorAll(".catalogue li")) {
    item.hidden = !words.every((word) => item.dataset.text.includes(word));
    item.style.display = item.hidden ? "none" : "";
    if (!item.hidden) count++;
  }
  found.textContent = words.length === 0 ? "" : count + " found";
});
`;
