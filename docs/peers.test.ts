/** The page of peers is true: every group of the list is there with all its cases, each part has one fate, and what it names exists. */
import { describe, expect, test } from "vitest";
import { suite } from "../conformance/index.ts";
import { clauses } from "../spec/index.ts";
import { by, objectionsToFate, type Fate, type KnownLaws } from "./fates.ts";
import type { Book } from "./book.ts";
import { peersPage } from "./pages/peers.ts";
import type { Group } from "./peer-group.ts";
import { casesOf, fateOfGroup, groups, sumsOf } from "./peers.ts";
import { readKillTable } from "./repository.ts";

const known: KnownLaws = { properties: suite, clauses, kills: readKillTable()?.clauses ?? [] };

/** The list of the fact sheet: how many cases each group has, as far as they are counted. */
const refTest = [1, 2, 3, 3, 47, 12, 42, 15, 18, 4, 3, 378, 14, 29, 2, 5, 14, 31, 9, 4, 17, 1, 11, 2, 31, 15, 37, 14, 33, 18, 18, 7, 3, 34];
const rust = [227, 153, 98, 90, 54 + 11, 48, 44 + 26, 31, 23 + 7 + 8, 8 + 14 + 7 + (7 + 2) + 4 + 1 + 1 + 3];
const listed = new Map([
  ...refTest.map((cases, at) => [`MSG-10.1.${at + 1}`, cases] as const),
  ["MSG-10.2", 4] as const,
  ...rust.map((cases, at) => [`MSG-10.3.${at + 1}`, cases] as const),
]);

describe("a group of tests elsewhere", () => {
  test("is there once, with its cases, and all are there", () =>
    expect(groups.map((group) => [group.id, casesOf(group)])).toEqual([...listed]));

  test.each(groups.map((group) => [group.id, group] as const))("%s has fates that name what there is", (_id, { parts }) => {
    expect(parts).not.toEqual([]);
    for (const { what, fate } of parts) expect(objectionsToFate(fate, known), what).toEqual([]);
  });

  test.each(groups.map((group) => [group.id, group] as const))("%s is counted whole, or part by part", (_id, { cases, parts }) => {
    const counted = parts.reduce((sum, part) => sum + (part.cases ?? 0), 0);
    if (cases === undefined) expect(counted).toBeGreaterThan(0);
    else
      expect(parts.every((part) => part.cases === null) && parts.length > 1, "its parts are counted: it needs no count of its own").toBe(
        true,
      );
  });
});

describe("the sums", () => {
  const law = by("any");
  const later: Fate = { notYet: "later" };
  const never: Fate = { outOfScope: "never" };
  const group = (fates: readonly (readonly [fate: Fate, cases: number | null])[], cases?: number): Group => ({
    id: "MSG-10",
    peer: "replica",
    group: "a group",
    ...(cases === undefined ? {} : { cases }),
    parts: fates.map(([fate, some]) => ({ what: "a part", cases: some, fate })),
  });

  test.each([
    [[law, law], "covered"],
    [[law, later], "partly"],
    [[law, never], "partly"],
    [[later, never], "notYet"],
    [[never], "outOfScope"],
  ] as const)("a group of %o is %s", (fates, fate) => expect(fateOfGroup(group(fates.map((one) => [one, 1])))).toBe(fate));

  test("count groups with all their cases, and cases apart where they can be told apart", () => {
    const some = [
      group([[law, 3]]),
      group([
        [law, 5],
        [later, 7],
      ]),
      group(
        [
          [law, null],
          [never, null],
        ],
        11,
      ),
      group(
        [
          [law, null],
          [law, null],
        ],
        13,
      ),
      group([
        [never, 17],
        [never, null],
      ]),
    ];
    expect(sumsOf(some)).toEqual({
      groups: {
        covered: { groups: 2, cases: 16 },
        partly: { groups: 2, cases: 23 },
        notYet: { groups: 0, cases: 0 },
        outOfScope: { groups: 1, cases: 17 },
      },
      cases: { covered: 21, notYet: 7, outOfScope: 17, together: 11 },
    });
  });

  test("leave nothing out: each group is in one of them, and each case", () => {
    const { groups: of, cases } = sumsOf(groups);
    const all = groups.reduce((sum, one) => sum + casesOf(one), 0);
    expect(Object.values(of).reduce((sum, one) => sum + one.groups, 0)).toBe(groups.length);
    expect(Object.values(of).reduce((sum, one) => sum + one.cases, 0)).toBe(all);
    expect(Object.values(cases).reduce((sum, one) => sum + one, 0)).toBe(all);
  });
});

describe("the page of peers", () => {
  const book: Book = { rules: [], chapters: [], decisions: [], properties: [], strength: null, hunts: null };
  const page = peersPage(book);

  test("has a row for each part of each group, and every name of a fate", () => {
    for (const { id } of groups) expect(page, id).toContain(`<tr id="${id}">`);
    expect(page.match(/<td>(\d+|–)<\/td>/g)!.length).toBeGreaterThanOrEqual(groups.flatMap(({ parts }) => parts).length);
    for (const { fate } of groups.flatMap(({ parts }) => parts))
      for (const name of "covered" in fate ? fate.covered : []) expect(page, name).toContain(`<code>${name}</code>`);
  });

  test("has the sums, group by group and case by case", () => {
    const sums = sumsOf(groups);
    const all = groups.reduce((sum, group) => sum + casesOf(group), 0);
    const rows = [...page.matchAll(/<th scope="row">All<\/th>(.*?)<\/tr>/gs)].map(([, row]) =>
      [...row!.matchAll(/<td>(.*?)<\/td>/g)].map(([, text]) => text),
    );
    expect(rows).toEqual([
      [
        ...[sums.groups.covered, sums.groups.partly, sums.groups.notYet, sums.groups.outOfScope].map(({ groups: number, cases }) =>
          number === 0 ? "0" : `${number} (${cases})`,
        ),
        `${groups.length} (${all})`,
      ],
      [sums.cases.covered, sums.cases.notYet, sums.cases.outOfScope, sums.cases.together, all].map(String),
    ]);
  });
});
