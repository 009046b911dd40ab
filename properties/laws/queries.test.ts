/** The laws of queries between rounds, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import {
  asciiOf,
  canisterId,
  cycles,
  instructions,
  managementCanister,
  percent,
  seconds,
  userId,
  type Event,
  type Genesis,
  type NestedQuery,
  type Parameters,
  type Principal,
  type Result,
  type Script,
  type Trace,
} from "../../spec/index.ts";
import { eventAt } from "../testing/doctoring.ts";
import { compared, judged, moved } from "../testing/judging.ts";
import { testimony } from "../testing/scenes-of-certificates.ts";
import { bulletins } from "../testing/scenes-of-statuses.ts";
import { callTo, canister, edited, network, observed, rejected, replied, reply, repeated, setIn, story } from "../testing/stories.ts";
import { asks, greeting, inModes, inquiry, parlour, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { codesAreDisciplined } from "./codes.ts";
import { queriesChangeNothing } from "./determinism.ts";
import { askedAgainAnsweredAgain, queriesAreForetold, queryTreesAreBounded } from "./queries.ts";

/** The story in which the composite query of a has another body. */
const asking = (...body: Script): Genesis => {
  const genesis = parlour();
  const a = inModes(canister("a", { m0: body, m2: [] }), { m0: "composite" });
  return { ...genesis, canisters: genesis.canisters.map((known) => (known.id === a.id ? a : known)) };
};

const nestedReply = (depth: number) => [{ depth, caller: "a", callee: "b", method: "m1", result: replied("2a") }];

describe("queries-are-foretold", () => {
  const told = (trace: Trace): string => judged(queriesAreForetold, trace);
  const among = (more: Partial<Parameters>): string => told(setIn(inquiry, parlour(more)));
  const first = (change: Readonly<Record<string, unknown>>): string => told(edited(inquiry, "query-answered", 0, change));

  test("accepts a query that calls another one, and refusals", () => expect(told(inquiry)).toBe("holds"));
  test("passes over a round without queries", () => expect(told(quiet)).toBe("vacuous"));
  test("condemns another answer", () =>
    expect(first({ result: replied("2b") })).toBe(
      'the query m0 of a by @anonymous with "2a" was told otherwise than foretold: result.payload: "2b" and "2a"',
    ));
  test("condemns another number of instructions", () => expect(first({ instructions: 4 })).toMatch(/instructions: 4 and 9/));
  test("condemns a call that is not told", () => expect(first({ nested: [] })).toMatch(/nested.0: nothing and/));
  test("condemns a call that is told at another depth", () => expect(first({ nested: nestedReply(2) })).toMatch(/depth: 2 and 1/));
  test("condemns the error of a later condition", () =>
    expect(told(edited(inquiry, "query-refused", 1, { error: "IC0536" }))).toMatch(/error: "IC0536" and "CN0021"/));
  test("condemns an answer at a depth that is too deep", () => expect(among({ queryDepth: 0 })).toMatch(/"reply" and "reject"/));
  test("condemns an answer for which there were no instructions", () =>
    expect(among({ queryTreeInstructionLimit: instructions(7) })).toMatch(/"reply" and "reject"/));
  test("condemns an answer beyond the limit of one query", () =>
    expect(among({ queryInstructionLimit: instructions(1) })).toMatch(/result.payload: "2a" and "ff"/));
  test("condemns an answer without the overhead of its call", () =>
    expect(among({ queryCallOverhead: instructions(6) })).toMatch(/instructions: 9 and 10/));
  test("condemns an answer of who is frozen", () => {
    const genesis = parlour({ fees: { ...network.fees, percentSecond: cycles(1n) } });
    const leased = { computeAllocation: percent(1), freezingThreshold: seconds(1_001) };
    const frozen = genesis.canisters.map((known) => (known.id === "b" ? { ...known, ...leased } : known));
    expect(told(setIn(inquiry, { ...genesis, canisters: frozen }))).toMatch(/result.payload: "2a" and "ff"/);
  });
  test("condemns a query that attaches cycles and does not trap", () =>
    expect(told(setIn(inquiry, asking(callTo({ payload: { kind: "message" }, attached: cycles(1n), onReply: [reply("2a")] }))))).toMatch(
      /"reply" and "reject"/,
    ));
  test("condemns who goes on when it has answered", () =>
    expect(told(setIn(inquiry, asking(callTo(), reply("2a"))))).toMatch(/instructions: 9 and 2/));
});

describe("queries about the certificate", () => {
  const tale = led(model, testimony);
  const told = (trace: Trace): string => judged(queriesAreForetold, trace);
  /** The answers of a method, by their numbers. */
  const answersOf = (method: string): readonly number[] =>
    tale.steps
      .flatMap(({ observation }) => observation.events.filter((event) => event.kind === "query-answered"))
      .flatMap((event, nth) => (event.method === method ? [nth] : []));
  const changed = (method: string, at: number, result: object): string =>
    told(edited(tale, "query-answered", answersOf(method)[at]!, { result }));
  const rootAt = (nth: number): string => {
    const event = eventAt(tale, ["query-answered", answersOf("proof")[nth]!]);
    return event.kind === "query-answered" && event.result.kind === "reply" ? event.result.payload : "";
  };

  test("are foretold, and answered twice with the same where nothing changed", () => {
    expect(told(tale)).toBe("holds");
    expect(judged(askedAgainAnsweredAgain, tale)).toBe("holds");
    expect(new Set([1, 2, 4].map(rootAt)).size).toBe(3);
    expect(rootAt(2)).toBe(rootAt(3));
  });
  test("condemns a certificate of a state that is no more", () => {
    for (const at of [2, 3, 4, 5]) expect(changed("proof", at, replied(rootAt(1)))).toMatch(/result.payload/);
    expect(changed("itself", 2, replied(rootAt(1)))).toMatch(/result.payload/);
  });
  test("condemns a certificate before the first round", () => {
    expect(changed("proof", 0, replied(rootAt(1)))).toMatch(/"reply" and "reject"/);
    expect(changed("told", 0, replied("01"))).toMatch(/"01" and "00"/);
  });
  test("condemns whoever says that there is none where there is one, and one where there is none", () => {
    expect(changed("told", 1, replied("00"))).toMatch(/"00" and "01"/);
    expect(changed("either", 1, replied("00"))).toMatch(/result.payload/);
    expect(changed("told-stranger", 1, replied("01"))).toMatch(/"01" and "00"/);
    expect(changed("stranger", 1, replied(rootAt(1)))).toMatch(/result.payload/);
    expect(changed("afterwards", 1, replied("01"))).toMatch(/"01" and "00"/);
    expect(changed("late", 1, replied(rootAt(1)))).toMatch(/"reply" and "reject"/);
    expect(changed("swept", 1, replied("01"))).toMatch(/"01" and "00"/);
    expect(changed("itself", 1, rejected("IC0504"))).toMatch(/"reject" and "reply"/);
  });
});

describe("queries about statuses", () => {
  const tale = led(model, bulletins(1));
  const shallow = led(model, bulletins(0));
  const told = (trace: Trace): string => judged(queriesAreForetold, trace);
  const first = (kind: "query-answered" | "query-refused", change: Readonly<Record<string, unknown>>): string =>
    told(edited(tale, kind, 0, change));
  /** The first answer to a query that asked the management canister. */
  const asked = (trace: Trace): NestedQuery =>
    trace.steps
      .flatMap(({ observation }) => observation.events.flatMap((event) => (event.kind === "query-answered" ? event.nested : [])))
      .find(({ callee }) => callee === managementCanister)!;

  test("are foretold at every depth, of all whom they are about", () => {
    expect(told(tale)).toBe("holds");
    expect(told(shallow)).toBe("holds");
    const known = new Set(tale.steps.flatMap(({ observation }) => observation.events.flatMap(outcomes)));
    expect([...known].sort()).toEqual(
      ["CN0020", "IC0301", "IC0408", "IC0512", "IC0536", ...["running", "stopped", "stopping"].map(asciiOf)].sort(),
    );
    expect(asked(shallow)).toMatchObject({ depth: 1, result: { kind: "reply" } });
  });
  test("are not told otherwise, nor counted", () => {
    expect(first("query-answered", { result: replied(asciiOf("stopped")) })).toMatch(
      /result.payload: "73746f70706564" and "72756e6e696e67"/,
    );
    expect(first("query-answered", { instructions: 1 })).toMatch(/instructions: 1 and 0/);
    expect(first("query-refused", { error: "IC0301" })).toMatch(/error: "IC0301" and "IC0512"/);
  });
  test("are not told to who may not know, and are to who may", () => {
    const genesis = (...controllers: readonly Principal[]): Genesis => ({
      ...tale.scenario.genesis,
      canisters: tale.scenario.genesis.canisters.map((one) => ({ ...one, controllers })),
    });
    expect(told(setIn(tale, genesis(userId("@bob"))))).toMatch(/kind: "query-answered" and "query-refused"/);
    expect(told(setIn(tale, genesis(userId("@ann"), userId("@bob"))))).toMatch(/kind: "query-refused" and "query-answered"/);
  });
  test("are told one deeper than others, and for nothing", () => {
    const bounded = (change: Partial<NestedQuery>): string =>
      judged(queryTreesAreBounded, edited(shallow, "query-answered", 2, { nested: [{ ...asked(shallow), ...change }] }));
    expect(bounded({})).toBe("holds");
    expect(bounded({ depth: 2 })).toMatch(/called aaaaa-aa at depth 2, of 0/);
    expect(bounded({ callee: canisterId("b") })).toMatch(/made 1 calls of 5 instructions each/);
  });
  test("fail with their own codes", () => {
    const disciplined = (kind: "query-answered" | "query-refused", at: number, change: Readonly<Record<string, unknown>>): string =>
      judged(codesAreDisciplined, edited(tale, kind, at, change));
    expect(judged(codesAreDisciplined, tale)).toBe("holds");
    expect(disciplined("query-refused", 0, { error: "IC0537" })).toMatch(/^a query to the management canister was refused with IC0537/);
    expect(disciplined("query-answered", 0, { result: rejected("IC0503") })).toMatch(/rejected a query that it did not refuse/);
    expect(disciplined("query-answered", 2, { nested: [{ ...asked(tale), result: rejected("IC0503") }] })).toMatch(
      /^a call of a query to the management canister was rejected with IC0503/,
    );
    expect(judged(codesAreDisciplined, edited(inquiry, "query-refused", 1, { error: "IC0512" }))).toMatch(
      /^a query was refused with IC0512/,
    );
  });
});

/** What the management canister said to queries. */
const outcomes = (event: Event): readonly string[] => {
  const told = (result: Result): string => (result.kind === "reply" ? result.payload : result.error);
  if (event.kind === "query-refused") return event.canister === managementCanister ? [event.error] : [];
  if (event.kind !== "query-answered") return [];
  const results = [event, ...event.nested.map(({ callee, result }) => ({ canister: callee, result }))];
  return results.filter(({ canister }) => canister === managementCanister).map(({ result }) => told(result));
};

describe("asked-again-answered-again", () => {
  test("accepts two answers that are the same", () => expect(judged(askedAgainAnsweredAgain, inquiry)).toBe("holds"));
  test("passes over who asks nothing", () => expect(judged(askedAgainAnsweredAgain, quiet)).toBe("vacuous"));
  test("condemns another answer to the same question", () =>
    expect(judged(askedAgainAnsweredAgain, edited(inquiry, "query-answered", 1, { instructions: 4 }))).toBe(
      'the query m0 of a by @anonymous with "2a" was answered otherwise than right before: instructions: 4 and 9',
    ));
  test("accepts another answer behind a round", () =>
    expect(judged(askedAgainAnsweredAgain, edited(inquiry, "query-answered", 5, { instructions: 4 }))).toBe("holds"));
});

describe("query-trees-are-bounded", () => {
  const bounded = (change: Readonly<Record<string, unknown>>): string =>
    judged(queryTreesAreBounded, edited(inquiry, "query-answered", 0, change));
  test("accepts a query that calls another one", () => expect(judged(queryTreesAreBounded, inquiry)).toBe("holds"));
  test("passes over who asks nothing", () => expect(judged(queryTreesAreBounded, quiet)).toBe("vacuous"));
  test("accepts a whole query and one overhead", () => expect(bounded({ instructions: 65 })).toBe("holds"));
  test("condemns more than that", () => expect(bounded({ instructions: 66 })).toMatch(/used 66 instructions: more than 60/));
  test("condemns a query that calls nobody and uses more than one query may", () =>
    expect(bounded({ instructions: 51, nested: [] })).toMatch(/called nobody and used 51/));
  test("condemns a call that cost nothing", () => expect(bounded({ instructions: 4 })).toMatch(/made 1 calls of 5 instructions each/));
  test("accepts a call of nobody that cost nothing", () =>
    expect(bounded({ instructions: 4, nested: [{ ...nestedReply(1)[0], result: rejected("IC0301") }] })).toBe("holds"));
  test("condemns a call that is too deep", () => expect(bounded({ nested: nestedReply(2) })).toMatch(/called b at depth 2, of 1/));
});

describe("queries-change-nothing", () => {
  /** A question between what a user says and the round, and what is told of both worlds. */
  const asked: Trace = story(
    parlour(),
    [inquiry.steps[0]!, ...quiet.steps].map(({ input, observation }) => ({ input, events: observation.events })),
  );
  const unasked: Trace = story(
    parlour(),
    quiet.steps.map(({ input, observation }) => ({ input, events: observation.events })),
  );
  const tried = { scenario: asked.scenario, relation: { kind: "queries-dropped" } } as const;
  const told = (one: Trace, other: Trace): string =>
    compared(queriesChangeNothing, { ...tried, scenario: one.scenario }, ({ inputs }) =>
      inputs.length === one.scenario.inputs.length ? one : other,
    );

  test("accepts a round that nobody sees asked before", () => expect(told(asked, unasked)).toBe("holds"));
  test("passes over who asks nothing", () => expect(told(quiet, quiet)).toBe("vacuous"));
  test("condemns a round that is another after a question", () =>
    expect(told(edited(asked, "round-ended", 0, { instructions: 1 }), unasked)).toMatch(/the two worlds part in/));
  test("condemns a question that costs something", () => {
    const twice = story(
      parlour(),
      [inquiry.steps[0]!, inquiry.steps[0]!].map(({ input, observation }) => ({ input, events: observation.events })),
    );
    expect(told(moved(twice, 1, { balances: -1n, burned: 1n }), story(parlour(), []))).toMatch(/a query left something behind: ledger/);
  });
  test("condemns a question that is told twice", () => expect(told(repeated(asked, "query-answered"), unasked)).toMatch(/made 2 events/));
  test("condemns a question that draws randomness", () =>
    expect(told(observed(asked, 0, { draws: [{} as never] }), unasked)).toMatch(/1 draws/));
  test("says nothing of worlds that are related otherwise", () =>
    expect(compared(queriesChangeNothing, { scenario: greeting.scenario, relation: { kind: "rerun" } }, () => greeting)).toBe("vacuous"));
});

test("a question is a question", () => expect(asks("a", "m0", "2a").kind).toBe("query"));
