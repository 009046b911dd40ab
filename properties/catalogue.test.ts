/**
 * The catalogue as a whole: each property says what it must say, no property condemns the optimized machine, none is
 * vacuous too often on the worlds that it draws itself, and none breaks down over a trace that makes no sense.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drive, rules, type Event, type Scenario, type Step, type Trace } from "../spec/index.ts";
import { impl } from "../impl/index.ts";
import { model } from "../model/index.ts";
import { properties } from "./catalogue.ts";
import { alone, type Case } from "./case.ts";
import type { Property, Verdict } from "./property.ts";
import { tales } from "./testing/tales.ts";
import { everything, without } from "./vocabulary.ts";

const runs = 30;
/** The most that may be vacuous: one of five, and what so few cases may be off by. */
const seldom = 0.3;
const seed = 20_251_120;

const verdictsOf = async (property: Property, cases: readonly Case[]): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (const drawn of cases)
    verdicts.push(
      await property.check({
        case: drawn,
        drive: (scenario) => drive(impl, scenario),
        reference: (scenario) => drive(model, scenario),
      }),
    );
  return verdicts;
};

describe("the catalogue", () => {
  test("names each property once, as a fact in kebab-case", () => {
    const ids = properties.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });

  test("cites every rule of the specification by laws alone", () => {
    const cited = new Set(properties.filter(({ kind }) => kind === "law").flatMap(({ cites }) => cites));
    expect(rules.map(({ id }) => id).filter((id) => !cited.has(id))).toEqual([]);
  });

  test("has one sentence and one source for each property", () => {
    for (const { statement, source, cites } of properties) {
      expect(statement).toMatch(/^[A-Z].*\.$/);
      expect(source).not.toBe("");
      expect(new Set(cites).size).toBe(cites.length);
    }
  });
});

describe.each(properties.map((property) => [property.id, property] as const))("%s", (id, property) => {
  test("holds on the optimized machine, and is seldom vacuous", async () => {
    const few = id === "window-guarantee" || id === "equal-canisters-equal-rounds" ? runs / 2 : runs;
    const verdicts = await verdictsOf(property, fc.sample(property.cases(everything), { seed, numRuns: few }));
    expect(verdicts.filter(({ kind }) => kind === "fails")).toEqual([]);
    expect(verdicts.filter(({ kind }) => kind === "vacuous").length / few).toBeLessThan(seldom);
  });

  test("draws worlds for a machine that knows little", async () => {
    const poor = without(new Set(["call-send", "page-write", "timer-set", "top-up", "restart", "cycles-accept", "execution-rollback"]));
    const cases = fc.sample(property.cases(poor), { seed, numRuns: 10 });
    for (const { scenario } of cases)
      expect(
        wordsOf(scenario).filter((word) => ["call", "write", "set-timer", "accept", "trap", "top-up", "restart"].includes(word)),
      ).toEqual([]);
    expect((await verdictsOf(property, cases)).filter(({ kind }) => kind === "fails")).toEqual([]);
  });

  test("judges a trace that makes no sense, and does not break down", async () => {
    for (const [tale, absurdities] of nonsense) {
      for (const absurd of absurdities) {
        const verdict = await property.check({ case: alone(tale.scenario), drive: () => absurd, reference: () => tale });
        expect(["holds", "fails", "vacuous"]).toContain(verdict.kind);
      }
    }
  });
});

/** The instructions that a world uses at any depth, and its kinds of inputs. */
const wordsOf = ({ genesis, inputs }: Scenario): readonly string[] => {
  const words: string[] = inputs.map(({ kind }) => kind);
  JSON.stringify(genesis.canisters, (key, value: unknown) => {
    if (key === "op") words.push(String(value));
    return typeof value === "bigint" ? value.toString() : value;
  });
  return words;
};

/** Of all tales; of each kind of event the first two that are told in any of them. */
const nonsense: readonly (readonly [tale: Trace, absurdities: readonly Trace[]])[] = (() => {
  const told = new Map<string, number>();
  const isNew = ({ kind }: Event): boolean => {
    told.set(kind, (told.get(kind) ?? 0) + 1);
    return told.get(kind)! <= 2;
  };
  return Object.values(tales).map((tale) => [tale, absurditiesOf(tale, isNew)] as const);
})();

/** Traces in which one event is about nobody, has no content, or is no event at all. */
function absurditiesOf(tale: Trace, isChanged: (event: Event) => boolean): readonly Trace[] {
  const changes: readonly ((event: object) => unknown)[] = [
    (event) => ({ ...event, canister: "ghost", caller: "ghost", callee: "ghost", ingress: "ghost" }),
    (event) => ({ ...event, context: 99, callback: 99, core: -1, iteration: 99, height: -5 }),
    ({ ...event }) => ({ kind: "kind" in event ? event.kind : undefined }),
    () => ({ kind: "rumour" }),
    () => null,
  ];
  return tale.steps.flatMap(({ observation }, step) =>
    observation.events.flatMap((event, position) =>
      (isChanged(event) ? changes : []).map((change): Trace => {
        const events: unknown = observation.events.map((event, at) => (at === position ? change(event) : event));
        const steps = tale.steps.map((told, at): Step =>
          at === step ? { ...told, observation: { ...observation, events: events as Step["observation"]["events"] } } : told,
        );
        return { ...tale, steps };
      }),
    ),
  );
}
