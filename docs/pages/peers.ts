/** The page of peers: what other suites test of the same system, and what becomes of each group of their tests here. */
import type { Book } from "../book.ts";
import { html, type Content, type Html } from "../html.ts";
import { nameOfPeer, peers, type Group, type Part } from "../peer-group.ts";
import { casesOf, fateOfGroup, groups, sumsOf, type GroupFate } from "../peers.ts";
import { fateText, nameOfFate } from "./fate.ts";
import { layout } from "./layout.ts";

export const peersPage = (book: Book): string =>
  layout({
    title: "What other suites test · Canon",
    up: "",
    trail: [["peers", null]],
    body: html` <h1>What other suites test, and what becomes of it here</h1>
      <p class="lead">
        The Internet Computer has an acceptance suite for its interface specification, and its replica has tests of its own. Here is each
        group of them, with the properties that would condemn a machine which does otherwise; or why there are none.
      </p>
      <p>
        A group is covered when all that its tests show is, for canisters that are scripts, and partly when a part of it is. An input that
        stands for a method of the management canister counts for what the method does, not for who may call it. A covered part names
        properties, each of which tries many worlds, and clauses, of which the vectors show one each. Agreement with the reference alone
        covers nothing.
      </p>
      ${summary()} ${peers.map((peer) => section(peer, book))}`,
  });

const fates: readonly GroupFate[] = ["covered", "partly", "notYet", "outOfScope"];

const nameOf = (fate: GroupFate): string => (fate === "partly" ? "partly" : nameOfFate[fate]);

const kinds = ["covered", "notYet", "outOfScope"] as const;

const summary = (): Html =>
  html`${sumTable("sums", "groups, with their cases", fates.map(nameOf), (some) => {
      const sums = sumsOf(some).groups;
      return [
        ...fates.map((fate) => counted(sums[fate].groups, sums[fate].cases)),
        counted(
          some.length,
          some.reduce((sum, group) => sum + casesOf(group), 0),
        ),
      ];
    })}
    <p>
      Case by case, the same looks like this. In some groups that are partly covered nobody counted the cases of each part; they stand in a
      column of their own.
    </p>
    ${sumTable("cases", "cases", [...kinds.map(nameOf), "not told apart"], (some) => {
      const { cases } = sumsOf(some);
      const numbers = [...kinds.map((kind) => cases[kind]), cases.together];
      return [...numbers, numbers.reduce((sum, number) => sum + number, 0)].map(String);
    })}`;

const counted = (number: number, cases: number): string => (number === 0 ? "0" : `${number} (${cases})`);

/** A row for each peer and one for all, with the numbers of each and their sum. */
const sumTable = (
  id: string,
  title: string,
  columns: readonly string[],
  numbersOf: (some: readonly Group[]) => readonly string[],
): Html => {
  const row = (name: string, some: readonly Group[]): Html =>
    html`<tr>
      <th scope="row">${name}</th>
      ${numbersOf(some).map((number) => html`<td>${number}</td>`)}
    </tr>`;
  return html`<div class="scroll">
    <table class="plain tolls" id="${id}">
      <thead>
        <tr>
          <th scope="col">${title}</th>
          ${[...columns, "in all"].map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${peers.map((peer) =>
          row(
            nameOfPeer[peer],
            groups.filter((group) => group.peer === peer),
          ),
        )}
        ${row("All", groups)}
      </tbody>
    </table>
  </div>`;
};

const section = (peer: Group["peer"], book: Book): Html =>
  html`<h2 id="${peer}">${nameOfPeer[peer]}</h2>
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">group</th>
          <th scope="col">cases</th>
          <th scope="col">what they show</th>
          <th scope="col">held by, or why not</th>
        </tr>
      </thead>
      <tbody>
        ${groups.filter((group) => group.peer === peer).map((group) => rows(group, book))}
      </tbody>
    </table>`;

/** The first row of a group has its name. */
const rows = (group: Group, book: Book): Content =>
  group.parts.map((part, at) =>
    at === 0
      ? html`<tr id="${group.id}">
          <th scope="rowgroup" rowspan="${group.parts.length}">
            ${group.group}<br /><span class="count"
              >${group.id} · ${nameOf(fateOfGroup(group))}${group.parts.length === 1 ? null : ` · ${countOf(group)}`}</span
            >
          </th>
          ${cells(part, book)}
        </tr>`
      : html`<tr>
          ${cells(part, book)}
        </tr>`,
  );

/** The cases of a group of several parts; with a plus where some of them are not counted. */
const countOf = (group: Group): string =>
  `${casesOf(group)}${group.cases === undefined && group.parts.some(({ cases }) => cases === null) ? "+" : ""} cases`;

const cells = ({ what, cases, fate }: Part, book: Book): Content => [
  html`<td>${cases === null ? "–" : cases}</td>`,
  html`<td>${what}</td>`,
  html`<td>${fateText(fate, book)}</td>`,
];
