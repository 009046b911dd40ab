/** The page of system calls: which of them is allowed in which context, from the table that machines are held to. */
import { nameOfPhase, phases, systemCalls, systemCallTable, type Phase, type SystemCall } from "../../conformance/index.ts";
import { html, type Html } from "../html.ts";
import { layout } from "./layout.ts";

export const systemCallsPage = (): string =>
  layout({
    title: "System calls · Canon",
    up: "",
    trail: [["system calls", null]],
    body: html` <h1>Which system call is allowed in which context</h1>
      <p class="lead">
        Every other pair traps with IC0504. Each of the ${systemCallTable.length} pairs is tried on every machine, by the property
        <code>system-calls-by-context</code>; the rules that say so are <a class="id" href="rules/system-call.html">system-call</a> and
        <a class="id" href="rules/message-accept.html">message-accept</a> for what a script does, and
        <a class="id" href="rules/value-read.html">value-read</a>, <a class="id" href="rules/identity-read.html">identity-read</a> and
        <a class="id" href="rules/certificate-read.html">certificate-read</a> for what it reads.
      </p>
      <table class="plain">
        <thead>
          <tr>
            <th></th>
            ${phases.map((phase) => html`<th scope="col">${nameOfPhase[phase].replace(/^an? /, "")}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${systemCalls.map(
            (call) =>
              html`<tr>
                <th scope="row"><code>${call}</code></th>
                ${phases.map((phase) => cell(call, phase))}
              </tr>`,
          )}
        </tbody>
      </table>`,
  });

const cell = (call: SystemCall, phase: Phase): Html =>
  systemCallTable.find((entry) => entry.call === call && entry.phase === phase)!.allowed
    ? html`<td class="yes">allowed</td>`
    : html`<td class="no">IC0504</td>`;
