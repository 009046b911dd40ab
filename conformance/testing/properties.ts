/** Small properties for the tests of this room. */
import * as fc from "fast-check";
import { alone, fails, holds, traceLaw, vacuous, type Case, type Property } from "../../properties/index.ts";
import { conversation, ingress, restart, round, topUp } from "./worlds.ts";

const inputs = fc.array(
  fc.oneof(
    fc.constant(round()),
    fc.constant(restart),
    fc.bigInt(0n, 1_000_000n).map((count) => topUp("alpha", count)),
    fc.nat(5).map((number) => ingress(`m${number}`, "alpha", "go")),
  ),
  { maxLength: 20, size: "max" },
);

/** Cases in the world of the conversation, with other inputs. */
export const anyInputs: fc.Arbitrary<Case> = inputs.map((drawn) => alone({ ...conversation, inputs: drawn }));

export const lawOf = (id: string, judge: Property["judge"] & object, cases: fc.Arbitrary<Case> = anyInputs): Property =>
  traceLaw({ id, statement: `${id} is true`, source: "the tests", cites: ["top-up", "restart"], cases: () => cases, judge });

/** The ledger's places sum to what was minted. */
export const ledgerAdds = lawOf("ledger-adds", ({ steps }) => {
  if (steps.length === 0) return vacuous("no inputs");
  const at = steps.findIndex(({ observation: { ledger } }) => {
    const { minted, ...places } = ledger;
    return Object.values(places).reduce((sum, count) => sum + count, 0n) !== minted;
  });
  return at < 0 ? holds : fails(at, "the ledger does not add up");
});

export const neverVacuous = lawOf("never-vacuous", () => holds);
export const alwaysVacuous = lawOf("always-vacuous", () => vacuous("nothing is of interest"));

/** Two runs of the same world are the same. */
export const rerunsAgree: Property = {
  id: "reruns-agree",
  kind: "law",
  statement: "the same again gives the same",
  source: "the tests",
  cites: ["restart"],
  cases: () => anyInputs.map(({ scenario }) => ({ scenario, relation: { kind: "rerun" } })),
  check: async ({ case: { scenario }, drive }) => {
    const [first, second] = [await drive(scenario), await drive(scenario)];
    return text(first) === text(second) ? holds : fails(null, "the second run differs");
  },
};

/** The machine says what the reference says. */
export const agrees: Property = {
  id: "agrees",
  kind: "agreement",
  statement: "the machine agrees with the reference",
  source: "the tests",
  cites: ["top-up", "round-begin"],
  cases: () => anyInputs,
  check: async ({ case: { scenario }, drive, reference }) => {
    const [came, expected] = [await drive(scenario), await reference(scenario)];
    const at = expected.steps.findIndex((step, index) => text(step) !== text(came.steps[index]));
    return at < 0 ? holds : fails(at, "it differs");
  },
};

const text = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (key === "machine" ? "" : typeof inner === "bigint" ? inner.toString() : inner));

/** A case of the conversation. */
export const conversationCase: Case = alone(conversation);
