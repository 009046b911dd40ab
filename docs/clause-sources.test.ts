/** The lines of the model are cut out of its source as they stand there, and a form that cannot be cut is an error. */
import { describe, expect, test } from "vitest";
import { rules, type Rule } from "../spec/index.ts";
import { transitionsOf } from "./clause-sources.ts";
import { readModel, rulesByName } from "./repository.ts";

const file = (text: string, path = "model/rules/calls.ts") => ({ path, text });

const reply = `/** Calls. */
import { callReply as said } from "../../spec/index.ts";
import { credit } from "../money.ts";
import { transition } from "../transition.ts";

export const reply = transition(said)<{
  payload: Hex;
}>({
  when: {
    // Nobody is answered twice.
    open: (before) => isOpen(before),
  },
  then: {
    answer: (after, before) =>
      credit(after, {
        refund: 1n,
      }),
  },
});

const isOpen = (before: State): boolean => deeper(before).open;
const deeper = (before: State) => before;
const unused = 1;
`;

describe("a transition", () => {
  const found = transitionsOf([file(reply), file("export const credit = () => {};\nexport const other = 1;\n", "model/money.ts")]).get(
    "callReply",
  )!;
  test("goes by the name under which its rule is exported", () =>
    expect([found.name, found.path, found.line]).toEqual(["reply", "model/rules/calls.ts", 6]));
  test("has the line of a condition, with the comment before it", () =>
    expect(found.clauses.get("when.open")).toEqual({
      path: "model/rules/calls.ts",
      line: 11,
      code: "// Nobody is answered twice.\nopen: (before) => isOpen(before)",
    }));
  test("has the lines of an effect, moved to the margin", () =>
    expect(found.clauses.get("then.answer")!.code).toBe("answer: (after, before) =>\n  credit(after, {\n    refund: 1n,\n  })"));
  test("has the type of what it is told", () => expect(found.args).toBe("{\n  payload: Hex;\n}"));
  test("has the words that its lines use: its file's all the way down, those of another file one step", () =>
    expect(found.words.map(({ name, path }) => `${path} ${name}`)).toEqual([
      "model/rules/calls.ts isOpen",
      "model/rules/calls.ts deeper",
      "model/money.ts credit",
    ]));
});

describe("a form that cannot be cut is an error that names its place", () => {
  const planted: readonly (readonly [title: string, text: string, says: string])[] = [
    ["a body from elsewhere", "const a = transition(x)(body);", "model/rules/calls.ts:1: expected transition"],
    ["conditions from elsewhere", "const a = transition(x)({ when: conditions, then: {} });", 'expected "when" to be written out'],
    ["effects that are missing", "const a = transition(x)({ when: {} });", 'expected "then" to be written out'],
    ["a clause that is spread in", "const a = transition(x)({ when: { ...all }, then: {} });", "a clause needs a line of its own"],
    [
      "a rule that is done twice",
      "const a = transition(x)({ when: {}, then: {} }); const b = transition(x)({ when: {}, then: {} });",
      "a second transition for x",
    ],
  ];
  for (const [title, text, says] of planted) test(title, () => expect(() => transitionsOf([file(text)])).toThrow(says));
});

test("the model has a line for every clause of the catalogue", () => {
  const transitions = transitionsOf(readModel());
  const names = [...rulesByName()];
  expect(names.map(([, { id }]) => id)).toEqual(rules.map(({ id }: Rule) => id));
  for (const [name, { when, then }] of names)
    expect([...transitions.get(name)!.clauses.keys()].sort()).toEqual(
      [...Object.keys(when).map((clause) => `when.${clause}`), ...Object.keys(then).map((clause) => `then.${clause}`)].sort(),
    );
});
