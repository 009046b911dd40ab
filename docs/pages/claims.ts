/** The page of claims: what the fact sheets ask of every implementation, and which laws hold machines to it. */
import type { Book } from "../book.ts";
import { citing, claims, type Claim } from "../claims.ts";
import { html, type Html } from "../html.ts";
import { layout, linkTo } from "./layout.ts";

export const claimsPage = ({ properties }: Book): string =>
  layout({
    title: "What every implementation has to keep · Canon",
    up: "",
    trail: [["claims", null]],
    body: html` <h1>What every implementation has to keep</h1>
      <p class="lead">
        The fact sheets on cycles, scheduling and messages end with claims that hold for any machine, whatever it is made of. Each is here,
        with the properties that state it as something a machine can fail; and where there is none, why.
      </p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">claim</th>
            <th scope="col">in a word</th>
            <th scope="col">held by</th>
          </tr>
        </thead>
        <tbody>
          ${claims.map((claim) => row(claim, properties))}
        </tbody>
      </table>`,
  });

const row = (claim: Claim, properties: Book["properties"]): Html => {
  const cited = citing(
    claim,
    properties.map(({ property }) => property),
  );
  return html`<tr id="${claim.id}">
    <th scope="row">${claim.id}</th>
    <td>${claim.title}</td>
    <td>${cited.length === 0 ? (claim.instead ?? "") : cited.map(({ id }) => html`${linkTo("", "properties", id)}<br />`)}</td>
  </tr>`;
};
