/** The page of named faults: readings of a rule with one clause that says something else, and which law found each of them. */
import type { FaultEvidence } from "../../conformance/index.ts";
import type { Book } from "../book.ts";
import { catchOf, type Catch } from "../hunts.ts";
import { html, type Content, type Html } from "../html.ts";
import { layout, linkTo, sentence } from "./layout.ts";

export const faultsPage = ({ hunts }: Pick<Book, "hunts">): string =>
  layout({
    title: "Named faults · Canon",
    up: "",
    trail: [["named faults", null]],
    body: html` <h1>Named faults, and which law finds them</h1>
      <p class="lead">
        Taking a clause out asks whether anybody misses it. A named fault asks whether anybody sees that a clause says something else:
        something that an engineer in a hurry might have written, or that a machine once did.
      </p>
      ${hunts === null ? html`<p class="note">Nobody has hunted for them yet: <code>npm run evidence:faults</code> does.</p>` : [summary(hunts.faults, hunts.limit), faultTable(hunts.faults)]}`,
  });

const summary = (faults: readonly FaultEvidence[], limit: number): Html => {
  const caught = faults.map(catchOf);
  const always = caught.filter(({ seeds, byLaw }) => byLaw === seeds).length;
  const slowest = Math.max(0, ...caught.flatMap((found) => found.slowest ?? []));
  return html`<p>
      The reference with the fault is led through the cases of the suite, drawn from a seed, until a law condemns it. Agreement with the
      reference, which would find nearly everything at once, does not count. What was found is then made small. A hunt begins anew from each
      seed and has ${timeInWords(limit)}; the time of a hunt includes drawing its cases, also where another hunt had drawn them before. A
      law found ${String(always)} of ${String(faults.length)} faults from every seed; the slowest of these hunts took
      ${timeInWords(slowest)}. Times are those of the machine that hunted.
    </p>
    <p class="soft">
      Written by <code>npm run evidence:faults</code>, which is <code>canon faults --json</code>; <code>canon faults FAULT</code> hunts for
      one.
    </p>`;
};

const faultTable = (faults: readonly FaultEvidence[]): Html =>
  html`<div class="scroll">
    <table class="plain tolls">
      <thead>
        <tr>
          <th></th>
          <th scope="col">found by a law</th>
          <th scope="col">middle time</th>
          <th scope="col">slowest</th>
          <th scope="col">inputs, made small</th>
          <th scope="col" style="text-align: left; padding-left: .9rem">by which law, from how many seeds</th>
        </tr>
      </thead>
      <tbody>
        ${faults.map(row)}
      </tbody>
    </table>
  </div>`;

const row = (fault: FaultEvidence): Html => {
  const caught = catchOf(fault);
  const [rule = "", kind = "", clause = ""] = fault.clause.split(".");
  return html`<tr id="${fault.fault}">
    <th scope="row">
      <span class="id">${fault.fault}</span><br />${sentence(fault.sentence)}<br /><span class="count"
        >${fault.source} · ${linkTo("", "rules", rule, `#${kind}-${clause}`)} ${kind}.${clause}</span
      >
    </th>
    <td class="${caught.byLaw === caught.seeds ? "yes" : "no"}">${caught.byLaw} of ${caught.seeds}${others(caught)}</td>
    <td>${inWords(caught.middle)}</td>
    <td>${inWords(caught.slowest)}</td>
    <td>${caught.inputs === null ? "–" : caught.inputs}</td>
    <td style="text-align: left; padding-left: .9rem">
      ${caught.laws.map(([law, seeds], at): Content => [at === 0 ? null : html`<br />`, linkTo("", "properties", law), ` ${seeds}`])}
    </td>
  </tr>`;
};

/** What only agreement with the reference saw. */
const others = ({ found, byLaw }: Catch): Content => (found === byLaw ? null : html`<br /><span class="count">${found} in all</span>`);

const inWords = (time: number | null): string => (time === null ? "–" : timeInWords(time));

const timeInWords = (time: number): string =>
  time < 1_000 ? `${Math.round(time)} ms` : `${(time / 1_000).toFixed(time < 60_000 ? 1 : 0)} s`;
