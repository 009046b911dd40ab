/** The page of a rule: what it says, clause by clause, what really runs for each, and who would notice if it did not. */
import type { BookContext, ClauseEntry, RuleEntry } from "../book.ts";
import { highlight } from "../highlight.ts";
import { html, type Content, type Html } from "../html.ts";
import type { Kill } from "../kill-table.ts";
import { layout, linkTo, sentence } from "./layout.ts";

export const rulePage = (entry: RuleEntry, { kinds, counted }: BookContext): string => {
  const { rule, transition, clauses, citedBy } = entry;
  const conditions = clauses.filter(({ kind }) => kind === "when");
  const effects = clauses.filter(({ kind }) => kind === "then");
  const listOf = (some: readonly ClauseEntry[]): Html =>
    html`<ol class="clauses">
      ${some.map((clause) => clauseItem(clause, kinds))}
    </ol>`;
  return layout({
    title: `${rule.title} · Canon`,
    up: "../",
    trail: [
      ["rules", "index.html#rules"],
      [rule.chapter, `chapters/${rule.chapter}.html`],
      [rule.id, null],
    ],
    body: html` <h1>${rule.title}</h1>
      <ul class="tags">
        <li><code>${rule.id}</code></li>
        <li>${rule.chapter}</li>
        <li>${fidelityName(rule.fidelity)}</li>
        ${counted ? html`<li>${lawShare(clauses)}</li>` : null}
      </ul>
      <p class="lead">${rule.intent}</p>
      ${
        typeof rule.fidelity === "string"
          ? null
          : html`<div class="note">
              <p><strong>${sentence(fidelityName(rule.fidelity))}</strong> ${sentence(Object.values(rule.fidelity).join(""))}</p>
            </div>`
      }
      <dl class="facts">
        <dt>Source</dt>
        <dd>${rule.source}</dd>
        <dt>In the model</dt>
        <dd><code>${transition.name}</code> <span class="where">${transition.path}:${transition.line}</span></dd>
      </dl>
      <h2 id="conditions">Conditions</h2>
      ${
        conditions.length === 0
          ? html`<p class="soft">None: the rule always applies.</p>`
          : html`<p class="soft">Tried in this order; the first that is false decides.</p>
              ${listOf(conditions)}`
      }
      <h2 id="effects">Effects</h2>
      ${
        effects.length === 0
          ? html`<p class="soft">None: the rule only says what may happen.</p>`
          : html`<p class="soft">Each reads the state before and writes the state after, so their order has no meaning.</p>
              ${listOf(effects)}`
      }
      ${
        transition.args === "" || transition.args === "Record<never, never>"
          ? null
          : html`<h2 id="arguments">What the rule is told</h2>
              ${highlight(transition.args)}`
      }
      ${decisionsSection(entry)} ${wordsSection(entry)}
      <h2 id="properties">Properties that cite this rule</h2>
      <ul class="cites">
        ${citedBy.map(({ id, statement, kind }) => html`<li>${linkTo("../", "properties", id)} <span class="count">${kind}</span><br />${sentence(statement)}</li>`)}
      </ul>`,
  });
};

/** How close a rule is to the real network, in a word or two. */
export const fidelityName = (fidelity: RuleEntry["rule"]["fidelity"]): string =>
  typeof fidelity === "string" ? "faithful" : "simplified" in fidelity ? "simplified" : "deliberately different";

/** What is said of a clause's kill, in one line of text. */
export const killText = (kill: Kill | null): string => {
  if (kill === null) return "not taken out yet";
  if (kill.killedBy.length > 0) return kill.byLaw ? "killed by a law" : "killed by agreement alone";
  return kill.equivalent === null ? "not killed" : "cannot be noticed";
};

const clauseItem = ({ name, kind, number, sentence: said, refusal, line, kill }: ClauseEntry, kinds: BookContext["kinds"]): Html =>
  html` <li id="${kind}-${name}">
    <div class="head">
      <a class="number" href="#${kind}-${name}">${number}.</a>
      <div>
        <strong>${sentence(said)}</strong> <span class="code-name"><code>${name}</code></span>
      </div>
    </div>
    <div class="body">
      ${kind === "then" ? null : html`<p>${refusalText(refusal)}</p>`} ${highlight(line.code)}
      <p class="where">${line.path}:${line.line}</p>
      ${kill === null ? null : html`<p class="kills">${killLine(kill, kinds)}</p>`}
    </div>
  </li>`;

const refusalText = (refusal: ClauseEntry["refusal"]): Content => {
  if (refusal === null) return html`<span class="soft">Otherwise the rule does not apply; nothing is refused.</span>`;
  const { error, meaning, rejectCode } = refusal;
  return html`Otherwise refused with <code>${error}</code> ${meaning}${rejectCode === null ? null : html`, reject code ${rejectCode}`}.`;
};

const killLine = (kill: Kill, kinds: BookContext["kinds"]): Content => {
  const { killedBy, equivalent } = kill;
  if (killedBy.length === 0 && equivalent !== null)
    return html`<span class="mark agreement">Cannot be noticed:</span> ${sentence(equivalent)}`;
  if (killedBy.length === 0) return html`<span class="mark none">Not killed:</span> no property notices when it is taken out.`;
  const laws = killedBy.filter((id) => kinds.get(id) === "law");
  const others = killedBy.filter((id) => kinds.get(id) !== "law");
  const listed = (ids: readonly string[]): Content => ids.map((id, at) => [at === 0 ? "" : ", ", linkTo("../", "properties", id)]);
  return [
    laws.length === 0
      ? html`<span class="mark agreement">Killed by no law,</span> `
      : html`<span class="mark law">Killed by ${laws.length === 1 ? "the law" : "the laws"}</span> ${listed(laws)}`,
    others.length === 0 ? "." : html`${laws.length === 0 ? "only by" : "; also by"} ${listed(others)}.`,
  ];
};

const lawShare = (clauses: readonly ClauseEntry[]): string =>
  `${clauses.filter(({ kill }) => kill?.byLaw === true).length} of ${clauses.length} clauses killed by a law`;

const decisionsSection = ({ rule: { id, decides = [] } }: RuleEntry): Content =>
  decides.length === 0
    ? null
    : html`<h2 id="decisions">Where the sources are silent</h2>
        <p class="soft">What is decided here, among <a href="../silences.html#${id}">all such places</a>.</p>
        <dl class="facts">
          ${decides.map(
            ({ place, answer }) =>
              html`<dt>${place}</dt>
                <dd>${sentence(answer)}</dd>`,
          )}
        </dl>`;

const wordsSection = ({ transition: { words } }: RuleEntry): Content =>
  words.length === 0
    ? null
    : html`<details>
        <summary>The words that these lines use: ${words.map(({ name }, at) => html`${at === 0 ? "" : ", "}<code>${name}</code>`)}</summary>
        ${words.map(
          ({ path, line, code }) =>
            html`<p class="where">${path}:${line}</p>
              ${highlight(code)}`,
        )}
      </details>`;
