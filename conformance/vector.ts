/**
 * A vector is a recorded session in the messages of the protocol: what the runner says, what the reference answers. It
 * is there for one clause, and proves it: the reference without this clause would answer otherwise. Whoever can read
 * JSON can hold a machine to it, without any tool of ours.
 */
import {
  clauseName,
  rules,
  type ClauseId,
  type Genesis,
  type Hex,
  type Input,
  type Machine,
  type Observation,
  type Rule,
  type Scenario,
  type Step,
} from "../spec/index.ts";
import { driveGuarded } from "./guard.ts";
import { differencesOf, type Difference } from "./oracle.ts";

export type Exchange =
  | {
      readonly request: { readonly type: "boot"; readonly id: number; readonly genesis: Genesis };
      readonly response: { readonly type: "booted"; readonly id: number };
    }
  | {
      readonly request: { readonly type: "apply"; readonly id: number; readonly input: Input };
      readonly response: { readonly type: "applied"; readonly id: number; readonly observation: Observation };
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
  /** A boot, then the inputs. */
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

export const vectorOf = (clause: ClauseId, steps: readonly Step[], { genesis }: Scenario, tells: boolean): Vector => ({
  format: "canon-vector/1",
  ...clause,
  sentence: sentenceOf(clause),
  tells,
  session: [
    { request: { type: "boot", id: 1, genesis }, response: { type: "booted", id: 1 } },
    ...steps.map(({ input, observation }, at): Exchange => ({
      request: { type: "apply", id: at + 2, input },
      response: { type: "applied", id: at + 2, observation },
    })),
  ],
});

/** The scenario that a vector leads through the door. */
export const scenarioOf = ({ session }: Vector): Scenario | null => {
  const [first, ...rest] = session.map(({ request }) => request);
  if (first?.type !== "boot") return null;
  return { genesis: first.genesis, inputs: rest.flatMap((request) => (request.type === "apply" ? [request.input] : [])) };
};

/** The observations that a vector expects. */
export const expectedOf = ({ session }: Vector): readonly Observation[] =>
  session.flatMap(({ response }) => (response.type === "applied" ? [response.observation] : []));

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
