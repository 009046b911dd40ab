/**
 * A vector is a recorded session in the messages of the protocol: what the runner says, what the reference answers. It
 * is there for one clause, and proves it: the reference without this clause would answer otherwise. Whoever can read
 * JSON can hold a machine to it, without any tool of ours.
 */
import { createModel } from "../model/index.ts";
import {
  clauseName,
  drive,
  rules,
  type ClauseId,
  type Genesis,
  type Hex,
  type Input,
  type Machine,
  type Move,
  type Observation,
  type Rule,
  type Scenario,
  type Step,
} from "../spec/index.ts";
import { driveGuarded } from "./guard.ts";
import { differencesOf, type Difference } from "./oracle.ts";
import { genesesOf } from "./subnets.ts";

/** What the runner says, and what the machine answers. */
export type Exchange = (
  | {
      readonly request: { readonly type: "boot"; readonly id: number; readonly genesis: Genesis };
      readonly response: { readonly type: "booted"; readonly id: number };
    }
  | {
      readonly request: { readonly type: "apply"; readonly id: number; readonly input: Input };
      readonly response: { readonly type: "applied"; readonly id: number; readonly observation: Observation };
    }
) & {
  /** The number of the subnet, whose machine is another process; left out for number 0. */
  readonly subnet?: number;
};

export interface Vector {
  readonly format: "canon-vector/1";
  readonly rule: string;
  readonly kind: "when" | "then";
  readonly clause: string;
  /** The clause, as the specification says it. */
  readonly sentence: string;
  /** Whether the reference without the clause answers otherwise; if not, the clause is met here and no more is claimed. */
  readonly tells: boolean;
  /** A boot, or one for each of several subnets, then the inputs. */
  readonly session: readonly Exchange[];
}

/** What lies in a folder of vectors. */
export interface VectorManifest {
  readonly format: "canon-vectors/1";
  /** MAJOR: the format changed. MINOR: more is covered. PATCH: a wrong vector was mended. */
  readonly version: string;
  /** Of the catalogue whose reference answered. */
  readonly catalogue: Hex;
  readonly files: readonly { readonly file: string; readonly sha256: Hex }[];
}

/** Where a vector lies: a folder for each rule; a condition is shown refusing, an effect taking place. */
export const vectorFile = ({ rule, kind, clause }: ClauseId): string => `${rule}/${kind === "when" ? "refused" : "does"}-${clause}.json`;

export const vectorOf = (clause: ClauseId, steps: readonly Step[], scenario: Scenario, tells: boolean): Vector => {
  const boots = genesesOf(scenario).map((genesis, subnet): Exchange => {
    const id = subnet + 1;
    return { ...numbered(subnet), request: { type: "boot", id, genesis }, response: { type: "booted", id } };
  });
  const applied = steps.map(({ subnet = 0, input, observation }, at): Exchange => {
    const id = boots.length + at + 1;
    return { ...numbered(subnet), request: { type: "apply", id, input }, response: { type: "applied", id, observation } };
  });
  return { format: "canon-vector/1", ...clause, sentence: sentenceOf(clause), tells, session: [...boots, ...applied] };
};

const numbered = (subnet: number): { readonly subnet?: number } => (subnet === 0 ? {} : { subnet });

/** The scenario that a vector leads through the door; `null` when it does not begin with the boots of its subnets, in order. */
export const scenarioOf = ({ session }: Vector): Scenario | null => {
  const geneses: Genesis[] = [];
  const inputs: Move[] = [];
  for (const { request, subnet = 0 } of session) {
    if (request.type === "apply") inputs.push({ ...request.input, ...numbered(subnet) });
    else if (subnet === geneses.length && inputs.length === 0) geneses.push(request.genesis);
    else return null;
  }
  const [genesis, ...others] = geneses;
  return genesis === undefined ? null : { genesis, ...(others.length > 0 && { others }), inputs };
};

/** The observations that a vector expects. */
export const expectedOf = ({ session }: Vector): readonly Observation[] =>
  session.flatMap(({ response }) => (response.type === "applied" ? [response.observation] : []));

/** The rules that take place in a scenario: one of their effects applies, or one of their conditions refuses with an error. */
export const rulesIn = (scenario: Scenario): ReadonlySet<string> => {
  const met = new Set<string>();
  const reference = createModel({
    witness: (clause, outcome) => {
      if (outcome === "applied" || (outcome === "failed" && refusing.has(clauseName(clause)))) met.add(clause.rule);
    },
  });
  void drive(reference, scenario);
  return met;
};

const refusing: ReadonlySet<string> = new Set(
  (rules as readonly Rule[]).flatMap(({ id, when }) =>
    Object.entries(when).flatMap(([clause, [, error]]) => (error === null ? [] : [clauseName({ rule: id, kind: "when", clause })])),
  ),
);

/** What a machine observes in a scenario. @throws MachineFault */
export const drivenBy = async (machine: Machine, scenario: Scenario): Promise<readonly Observation[]> =>
  (await driveGuarded(machine, scenario)).steps.map(({ observation }) => observation);

/** Where what came differs first from what a vector expects: the input, from 0, and the first difference. */
export const missedBy = (vector: Vector, came: readonly Observation[]): { readonly at: number; readonly difference: Difference } | null => {
  const expected = expectedOf(vector);
  for (let at = 0; at < Math.max(expected.length, came.length); at++) {
    const difference = differencesOf(expected[at], came[at])[0];
    if (difference) return { at, difference };
  }
  return null;
};

const sentenceOf = ({ rule: id, kind, clause }: ClauseId): string => {
  const said: Rule | undefined = rules.find((candidate) => candidate.id === id);
  const found = kind === "when" ? said?.when[clause]?.[0] : said?.then[clause];
  if (found === undefined) throw new Error(`there is no clause ${clauseName({ rule: id, kind, clause })}`);
  return found;
};
