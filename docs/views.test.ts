/** The page of views is true: there are four, and every fact names laws that exist, or says why there are none. */
import { describe, expect, test } from "vitest";
import { suite } from "../conformance/index.ts";
import { clauses } from "../spec/index.ts";
import { kindOf, objectionsToFate, type KnownLaws } from "./fates.ts";
import { escapeHtml } from "./html.ts";
import { viewsPage } from "./pages/views.ts";
import { readKillTable } from "./repository.ts";
import { inEveryView, views } from "./views.ts";

const known: KnownLaws = { properties: suite, clauses, kills: readKillTable()?.clauses ?? [] };
const facts = [...inEveryView, ...views.flatMap((view) => view.facts)];

describe("a view of a canister", () => {
  test("is one of four", () => expect(views.map(({ id }) => id)).toEqual(["contract", "actor", "process", "instance"]));

  test.each(facts.map((fact) => [fact.says, fact] as const))("%s", (_says, { fate }) => expect(objectionsToFate(fate, known)).toEqual([]));

  test.each(views.map((view) => [view.id, view] as const))("%s has a fact that laws check, and says each once", (_id, { facts: seen }) => {
    expect(seen.some(({ fate }) => kindOf(fate) === "covered")).toBe(true);
    expect(new Set(facts.map(({ says }) => says)).size).toBe(facts.length);
  });

  test("stands on the page with all its facts", () => {
    const page = viewsPage({ rules: [], chapters: [], decisions: [], properties: [], strength: null, hunts: null });
    for (const { id, title } of views) expect(page).toContain(`<h2 id="${id}">${title}</h2>`);
    for (const { says } of facts) expect(page).toContain(escapeHtml(says));
    expect(page).toContain(`Of these ${facts.length} facts, ${facts.filter(({ fate }) => kindOf(fate) === "covered").length} are held`);
  });
});
