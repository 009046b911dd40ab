/** The page of what survives what: an item of a canister in each row, what happens in each column, from the table that machines are held to. */
import { happenings, items, nameOfHappening, nameOfItem, persistenceTable, type Happening, type Item } from "../../conformance/index.ts";
import { html, type Html } from "../html.ts";
import { layout } from "./layout.ts";

export const persistencePage = (): string =>
  layout({
    title: "What survives what · Canon",
    up: "",
    trail: [["what survives what", null]],
    body: html` <h1>What survives what</h1>
      <p class="lead">
        Nobody saves or loads anything: what a canister has is there in its next message, whenever that is, unless something took it away.
        Each of the ${persistenceTable.filter(({ fate }) => fate !== "impossible").length} pairs that can come about is tried on every
        machine, and tried again with a restart behind what happens, by the property
        <code>survives-by-table</code>. Where an execution happens, it changes the item as far as it can.
      </p>
      <div class="scroll">
        <table class="plain">
          <thead>
            <tr>
              <th></th>
              ${happenings.map((happening) => html`<th scope="col">${nameOfHappening[happening].replace(/^an? /, "")}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${items.map(
              (item) =>
                html`<tr>
                  <th scope="row">${nameOfItem[item]}</th>
                  ${happenings.map((happening) => cell(item, happening))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p>
        An upgrade is one that was not told to keep the heap. The one that traps does so in the script that runs last, when the new code is
        in place and has changed the item once more. One of each is told side by side in <code>examples/upgrades</code>.
      </p>`,
  });

const cell = (item: Item, happening: Happening): Html => {
  const { fate, how } = persistenceTable.find((entry) => entry.item === item && entry.happening === happening)!;
  const said = how === null ? fate : `${fate}: ${how}`;
  return fate === "kept" ? html`<td class="yes">${said}</td>` : html`<td class="no">${said}</td>`;
};
