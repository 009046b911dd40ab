/** The page of attacks: what an attacker spends for each cycle that a victim loses, as the reference was measured to take it. */
import { measureAttacks, tollFees, type AttackEntry, type Toll } from "../../conformance/index.ts";
import { html, type Content, type Html } from "../html.ts";
import { layout, linkTo, sentence } from "./layout.ts";

export const attacksPage = (): string => {
  const entries = measureAttacks();
  return layout({
    title: "Attacks · Canon",
    up: "",
    trail: [["attacks", null]],
    body: html` <h1>What an attacker spends for each cycle that a victim loses</h1>
      <p class="lead">
        Whoever receives a message pays for its execution. So anybody who may send messages can make another canister pay; what it costs him
        depends on the kind of message.
      </p>
      <p>
        A user has no cycles, and an ingress message costs him nothing: its receiver pays for the reception and for the execution, also when
        there is no such method. The defence is the inspection: a message that <code>inspect_message</code> refuses was never received, and
        costs nobody anything. Without one, every user can drain a canister down to its freezing threshold. There it stops: what is left
        pays for what the canister occupies.
      </p>
      <p>
        A request always costs its sender something: the call fee, each byte of the request and of its response, and the execution of the
        callback, whatever becomes of the request. A receiver that does not execute it pays the base fee at most. For a small request the
        attacker spends about as much as the victim loses; it is the work that a method does, and the calls that it makes, that tip the
        balance, and no inspection stands before them. A method that works for anybody can ask for cycles first: what it accepts, the caller
        has lost.
      </p>
      <p>
        Nothing here is computed from prices: the reference was driven through each scenario twice, with the one message that is the attack
        and without it, and the balances at the end were compared. In each of them, every cycle that was burned is missing from the balance
        of the attacker or of the victim. What the attacker's canister pays to be run at all is in both, and so not in the numbers: one run
        can send many messages. Little work is a million instructions, and the limits are those of a subnet of 2026. On 13 nodes the fees of
        2025 and of 2026 differ in the price of memory alone, which nothing here uses.
      </p>
      <div class="scroll">
        <table class="plain tolls">
          <thead>
            <tr>
              <th></th>
              ${tollFees.map(({ name, subnetSize }) => html`<th scope="colgroup" colspan="3">fees ${name}, ${subnetSize} nodes</th>`)}
            </tr>
            <tr>
              <th></th>
              ${tollFees.map(
                () =>
                  html`<th scope="col" class="first">attacker spends</th>
                    <th scope="col">victim loses</th>
                    <th scope="col">for each cycle</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${entries.map(row)}
          </tbody>
        </table>
      </div>`,
  });
};

const row = ({ attack: { id, title, outcome, cites }, tolls }: AttackEntry): Html =>
  html`<tr id="${id}">
    <th scope="row">
      ${sentence(title).slice(0, -1)}<br /><span class="count"
        >${sentence(outcome)} ${cites.map((rule): Content => [linkTo("", "rules", rule), " "])}</span
      >
    </th>
    ${tolls.map(cells)}
  </tr>`;

const cells = (toll: Toll): Html =>
  html`<td class="first">${cyclesInWords(toll.spent)}</td>
    <td>${toll.lost < 0n ? `gains ${cyclesInWords(-toll.lost)}` : cyclesInWords(toll.lost)}</td>
    <td class="rate">${rateInWords(toll)}</td>`;

/** What the attacker spends for each cycle that the victim loses, to three digits that count. */
export const rateInWords = ({ spent, lost }: Toll): string => {
  if (lost <= 0n) return "victim loses nothing";
  return spent === 0n ? "nothing" : threeDigits.format(Number(spent) / Number(lost));
};

const threeDigits = new Intl.NumberFormat("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3, useGrouping: false });

const cyclesInWords = (count: bigint): string => count.toLocaleString("en");
