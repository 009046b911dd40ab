/** The book of the real catalogue: every page has all that it must have, every link leads somewhere, and a gap stops the build. */
import { describe, expect, test } from "vitest";
import { persistenceTable, systemCallTable } from "../conformance/index.ts";
import { everything, type Property } from "../properties/index.ts";
import { clauses, clauseName, rules, type Rule, type RuleId } from "../spec/index.ts";
import { makeBook, type Materials } from "./book.ts";
import { transitionsOf } from "./clause-sources.ts";
import { escapeHtml } from "./html.ts";
import type { KillTable } from "./kill-table.ts";
import { pagesOf } from "./pages.ts";
import { readModel, readOpenings, rulesByName } from "./repository.ts";

const property = (id: string, kind: Property["kind"], cites: readonly RuleId[]): Property => ({
  id,
  statement: `the claim of ${id} <holds> & stays`,
  source: "facts/messages.md D1",
  cites,
  kind,
  cases: () => {
    throw new Error(`no page needs a case, not even of ${[...everything.inputs].join()}`);
  },
  check: () => ({ kind: "holds" }),
});

const all = rules.map(({ id }) => id);
const kills: KillTable = {
  catalogue: null,
  clauses: clauses.map((clause, at) => ({
    ...clause,
    killedBy: at % 7 === 0 ? [] : at % 3 === 0 ? ["agrees"] : ["conserved", "agrees"],
    byLaw: at % 7 !== 0 && at % 3 !== 0,
    equivalent: at % 7 === 0 ? "nobody can look there" : null,
  })),
};
const materials: Materials = {
  rules: rulesByName(),
  openings: readOpenings(),
  transitions: transitionsOf(readModel()),
  properties: [property("conserved", "law", all), property("agrees", "agreement", all)],
  kills,
  hunts: null,
};

describe("the pages", () => {
  const pages = pagesOf(makeBook(materials));
  const texts = new Map(pages.map(({ path, text }) => [path, text]));

  test("there is one for every chapter, rule and property, one for silences, one for system calls, one for what survives what, one for attacks, one for claims, one for peers, one for views, one for named faults, and a front page", () =>
    expect([...texts.keys()].sort()).toEqual(
      [
        "index.html",
        "silences.html",
        "system-calls.html",
        "persistence.html",
        "attacks.html",
        "claims.html",
        "peers.html",
        "views.html",
        "faults.html",
        ...new Set(rules.map(({ chapter }) => `chapters/${chapter}.html`)),
        ...all.flatMap((id) => [`rules/${id}.html`, `rules/${id}.md`]),
        "properties/conserved.html",
        "properties/agrees.html",
      ].sort(),
    ));

  test("every link leads to a page, and to a place in it", () => {
    for (const [path, text] of texts)
      for (const [, href] of text.matchAll(/ href="([^"]*)"/g)) {
        const { pathname, hash } = new URL(href!, `file:///${path}`);
        if (pathname === "/api/index.html") continue;
        const target = texts.get(pathname.slice(1));
        expect(target, `${path} -> ${href}`).toBeDefined();
        if (hash !== "") expect(target, `${path} -> ${href}`).toContain(` id="${decodeURIComponent(hash.slice(1))}"`);
      }
  });

  test("a rule's page says every clause, its line, its refusal and its killers", () => {
    const text = texts.get("rules/call-send.html")!;
    expect(text).toContain("IC0520");
    expect(text).toContain("InsufficientCyclesInCall");
    for (const kill of kills.clauses.filter(({ rule }) => rule === "call-send")) {
      expect(text, clauseName(kill)).toContain(` id="${kill.kind}-${kill.clause}"`);
      for (const killer of kill.killedBy) expect(text).toContain(`../properties/${killer}.html`);
    }
    expect(text).toContain("model/rules/calls.ts:");
  });

  test("a chapter's page says what it is about, and every clause of its rules", () => {
    const text = texts.get("chapters/queues.html")!;
    expect(text).toContain("who sends faster than others take is told so at the call.");
    for (const rule of rules.filter(({ chapter }) => chapter === "queues") as readonly Rule[])
      for (const said of [...Object.values(rule.when).map(([sentence]) => sentence), ...Object.values(rule.then)])
        expect(text, said).toContain(escapeHtml(said));
  });

  test("every place where the sources are silent is told with its answer, on one page and on that of its rule", () => {
    const decided = (rules as readonly Rule[]).flatMap(({ id, decides = [] }) => decides.map((decision) => ({ id, ...decision })));
    expect(decided.length).toBeGreaterThan(15);
    for (const { id, place, answer } of decided)
      for (const path of ["silences.html", `rules/${id}.html`]) {
        expect(texts.get(path), `${path}: ${place}`).toContain(escapeHtml(place));
        expect(texts.get(path), `${path}: ${place}`).toContain(escapeHtml(answer.slice(1)));
      }
    const places = [...texts.get("silences.html")!.matchAll(/<th scope="row">(\w+)/g)].map(([, place]) => place);
    expect(places.indexOf("K5")).toBeLessThan(places.indexOf("K10"));
  });

  test("the table of system calls has a cell for every pair", () => {
    const text = texts.get("system-calls.html")!;
    expect(text.match(/<td class="yes"/g)!.length + text.match(/<td class="no"/g)!.length).toBe(systemCallTable.length);
  });

  test("the table of what survives what has a cell for every pair", () => {
    const text = texts.get("persistence.html")!;
    expect(text.match(/<td class="yes"/g)!.length + text.match(/<td class="no"/g)!.length).toBe(persistenceTable.length);
  });

  test("no text of a property becomes markup", () => {
    for (const text of texts.values()) expect(text).not.toContain("<holds>");
    expect(texts.get("properties/conserved.html")).toContain("&#60;holds&#62; &#38; stays");
  });

  test("the front page has the headline, and a cell for every rule and property", () => {
    const text = texts.get("index.html")!;
    const byLaw = kills.clauses.filter((kill) => kill.byLaw).length;
    expect(text).toContain(`(${byLaw} of ${clauses.length})`);
    expect(text.match(/<td/g)).toHaveLength(all.length * 3);
  });

  test("without a kill table the pages say so", () => {
    const bare = pagesOf(makeBook({ ...materials, kills: null }));
    expect(bare.find(({ path }) => path === "index.html")!.text).toContain("has not run");
  });
});

describe("a gap stops the build, and is named", () => {
  const [name, first] = [...materials.rules][0]!;
  const said = (change: Partial<Rule>): Materials => ({
    ...materials,
    rules: new Map([...materials.rules, [name, { ...first, ...change }]]),
  });
  const planted: readonly (readonly [title: string, materials: Materials, says: string])[] = [
    ["a rule without intent", said({ intent: " " }), `rule ${first.id}: intent is empty`],
    ["a rule without source", said({ source: "" }), `rule ${first.id}: source is empty`],
    [
      "a rule that is simplified without a reason",
      said({ fidelity: { simplified: "" } }),
      `rule ${first.id}: the reason of its fidelity is empty`,
    ],
    ["a clause without a sentence", said({ then: { height: "" } }), `rule ${first.id}: the sentence of then.height is empty`],
    ["a clause without a line", said({ then: { sunset: "the sun sets" } }), `rule ${first.id}: the model has no line for then.sunset`],
    ["a rule without clauses", said({ when: {}, then: {} }), `rule ${first.id}: it has no clauses`],
    [
      "a rule without a transition",
      { ...materials, transitions: new Map([...materials.transitions].filter(([rule]) => rule !== name)) },
      `rule ${first.id}: the model has no transition`,
    ],
    [
      "a rule that no property cites",
      { ...materials, properties: [property("conserved", "law", all.slice(1))] },
      `rule ${first.id}: no property cites it`,
    ],
    [
      "a decision without an answer",
      said({ decides: [{ place: "K99", answer: "" }] }),
      `rule ${first.id}: the answer of decision 1 is empty`,
    ],
    [
      "a place that is decided twice",
      said({ decides: [{ place: "A1, expiry", answer: "never" }] }),
      `"A1, expiry" is decided by ${first.id} already`,
    ],
    [
      "a chapter that does not say what it is about",
      { ...materials, openings: new Map([...materials.openings, ["queues" as const, ""]]) },
      "chapter queues: what it is about is empty",
    ],
    [
      "a property without a statement",
      { ...materials, properties: [...materials.properties, { ...property("silent", "law", all), statement: "" }] },
      "property silent: statement is empty",
    ],
    [
      "a property that cites nothing",
      { ...materials, properties: [...materials.properties, property("idle", "law", [])] },
      "property idle: it cites no rule",
    ],
    ["no properties at all", { ...materials, properties: [] }, "the suite is empty"],
  ];
  for (const [title, given, says] of planted) test(title, () => expect(() => makeBook(given)).toThrow(says));
});
