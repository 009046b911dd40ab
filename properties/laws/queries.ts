/**
 * Queries between rounds: a question is answered from what is there, and from nothing else. So all that an answer can be is
 * known to whoever followed the trace; asked again, it is the same; and what a tree of calls can cost has bounds.
 */
import * as fc from "fast-check";
import { interrogatedWorlds } from "../arbitraries/interrogated.ts";
import { introducedWorlds } from "../arbitraries/introduced.ts";
import { certifyingWorlds } from "../arbitraries/certifying.ts";
import { alone } from "../case.ts";
import { queryWorlds } from "../arbitraries/queries.ts";
import { usersWorlds } from "../arbitraries/users.ts";
import { foreseeQuery } from "../tracking/questions.ts";
import { watchedLaw } from "../tracking/watch.ts";
import { firstDifference } from "./comparison.ts";
import { anonymous, managementCanister, type Event, type Step } from "../../spec/index.ts";

type Answered = Extract<Event, { readonly kind: "query-answered" }>;

export const queriesAreForetold = watchedLaw({
  id: "queries-are-foretold",
  statement:
    "A query is refused, or is answered, with these calls and for so many instructions, as its script, who asks, those of all whom it calls, their memory, balances and the limits of queries make it: whatever it calls begins on the memory of the last round, and goes on with its own; whoever may know the status of a canister learns it of the management canister, at any depth and for nothing; and whom the user asks, and nobody else, has the root of the state as it is, from the first round on, in bodies.",
  source: "docs/machine.md section 16; facts/messages.md H1, H2, MSG-6.1, MSG-6.2, MSG-10.4, MSG-P17, X12; seed 000, query calls",
  cites: [
    "query-admit",
    "query-open",
    "query-manage",
    "query-call",
    "query-nest",
    "query-resume",
    "query-cleanup",
    "query-count",
    "query-answer",
    "query-give-up",
    "query-end",
    "system-call",
    "memory-grow",
    "execution-rollback",
    "instructions-use",
    "call-reply",
    "call-reject",
    "page-write",
    "value-read",
    "identity-read",
    "certificate-read",
  ],
  needs: ["queries"],
  otherwise: "no query was answered",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: queryWorlds(vocabulary), weight: 4 },
        { arbitrary: queryWorlds(vocabulary, { informed: true }), weight: 2 },
        { arbitrary: interrogatedWorlds(vocabulary), weight: 1 },
        { arbitrary: introducedWorlds(vocabulary), weight: 1 },
        { arbitrary: certifyingWorlds(vocabulary, { handed: true }), weight: 2 },
        { arbitrary: usersWorlds(vocabulary, { slow: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let answered = false;
    return {
      onEvent: (event, world, { input }) => {
        if ((event.kind !== "query-answered" && event.kind !== "query-refused") || input.kind !== "query") return undefined;
        answered ||= event.kind === "query-answered";
        const { canister: _canister, method: _method, ...told } = event;
        const difference = firstDifference(told, foreseeQuery(world, input));
        return difference === null ? undefined : `${questionText(input)} was told otherwise than foretold: ${difference}`;
      },
      interested: () => answered,
    };
  },
});

export const askedAgainAnsweredAgain = watchedLaw({
  id: "asked-again-answered-again",
  statement:
    "A question that is asked again, with nothing but other questions and reads of the state in between, is answered with the same, through the same calls and for the same instructions, unless the budget of its canister is used up: nobody can see whether an answer was kept.",
  source: "docs/machine.md section 16.5; facts/messages.md MSG-6.9, MSG-P17",
  cites: ["query-end", "query-open", "query-admit", "certificate-read", "certificate-issue"],
  needs: ["queries"],
  otherwise: "no question was asked again",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: queryWorlds(vocabulary, { again: true, scarce: false }), weight: 4 },
        { arbitrary: certifyingWorlds(vocabulary, { handed: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    const known = new Map<string, Event>();
    let again = false;
    return {
      onStep: ({ input, observation }) => {
        const [event] = observation.events;
        // The state is the same, and so is its root.
        if (input.kind !== "query" && input.kind !== "read-state") known.clear();
        if (input.kind !== "query" || event === undefined) return undefined;
        if (event.kind === "query-refused" && event.error === "CN0021") return undefined;
        const question = questionText(input);
        const before = known.get(question);
        known.set(question, event);
        if (before === undefined) return undefined;
        again = true;
        const difference = firstDifference(event, before);
        return difference === null ? undefined : `${question} was answered otherwise than right before: ${difference}`;
      },
      interested: () => again,
    };
  },
});

export const queryTreesAreBounded = watchedLaw({
  id: "query-trees-are-bounded",
  statement:
    "A query with all that it calls uses at most the instructions of a whole query, and one overhead; without calls at most those of one query; each call that its callee took up costs its overhead at least, but those to the management canister, which are free; and nobody else is called deeper than the limit of depth.",
  source: "facts/messages.md MSG-6.2; facts/scheduler.md SCH-C40",
  cites: ["query-count", "query-nest", "query-open", "query-resume", "query-cleanup"],
  needs: ["composite-queries"],
  otherwise: "no query called anybody",
  cases: (vocabulary) => queryWorlds(vocabulary, { scarce: false, calling: true }).map(alone),
  watch: () => {
    let called = false;
    return {
      onEvent: (event, { parameters }, { input }) => {
        if (event.kind !== "query-answered" || input.kind !== "query") return undefined;
        called ||= event.nested.length > 0;
        const what = questionText(input);
        const {
          queryTreeInstructionLimit: tree,
          queryCallOverhead: overhead,
          queryInstructionLimit: one,
          queryDepth: deepest,
        } = parameters;
        const { instructions, nested } = event;
        if (instructions > tree + overhead) return `${what} used ${instructions} instructions: more than ${tree} and one overhead`;
        const alone = nested.length === 0 && !isCut(event);
        if (alone && instructions > one) return `${what} called nobody and used ${instructions} instructions: more than ${one}`;
        const others = nested.filter(({ callee }) => callee !== managementCanister);
        const taken = others.filter(({ result }) => result.kind === "reply" || !unopened.has(result.error)).length;
        if (instructions < taken * overhead)
          return `${what} made ${taken} calls of ${overhead} instructions each, and used ${instructions}`;
        const stray = nested.find(({ depth, callee }) => depth < 1 || depth > deepest + (callee === managementCanister ? 1 : 0));
        return stray === undefined ? undefined : `${what} called ${stray.callee} at depth ${stray.depth}, of ${deepest}`;
      },
      interested: () => called,
    };
  },
});

const isCut = ({ result }: Answered): boolean => result.kind === "reject" && (result.error === "IC0525" || result.error === "IC0526");

/** Errors of who was not executed. */
const unopened: ReadonlySet<string> = new Set(["IC0301", "IC0537", "IC0508", "IC0509", "IC0536", "IC0207"]);

const questionText = ({ sender = anonymous, canister, method, payload }: Step["input"] & { readonly kind: "query" }): string =>
  `the query ${method} of ${canister} by ${sender} with "${payload}"`;
