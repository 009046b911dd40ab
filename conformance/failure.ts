/**
 * A failure, as a plain value that can be kept: the seed and the path that draw it again, and the small case itself,
 * which outlives every change of the generators. Its id is its content's, so that the same failure is kept once.
 */
import type { Case } from "../properties/index.ts";
import { textHash } from "./catalogue.ts";
import type { FaultKind } from "./fault.ts";
import { encode } from "./json.ts";
import type { Judgement } from "./trial.ts";

export interface Failure {
  readonly id: string;
  readonly property: string;
  /** The seed of the whole run. */
  readonly seed: number;
  readonly path: string;
  /** Made small. */
  readonly case: Case;
  readonly judgement: Judgement;
  readonly outcome: "FAIL" | FaultKind | "FLAKY";
  /** How many inputs the case had when it was drawn. */
  readonly drawnInputs: number;
  /** How many smaller cases were tried. */
  readonly tries: number;
}

/** The machine that a failure belongs to: the engine of this package, or the command that starts a stranger. */
export type SubjectName = { readonly kind: "built-in" } | { readonly kind: "command"; readonly command: readonly string[] };

/** A failure as it lies in the store. */
export interface StoredFailure extends Omit<Failure, "judgement"> {
  readonly format: "canon-failure/1";
  readonly subject: SubjectName;
  /** The name that the machine gave itself. */
  readonly machine: string;
  /** Of the catalogue that it was found with. */
  readonly catalogue: string;
  readonly at: number | null;
  readonly because: string;
  /** A failure that no longer fails is kept, and tried again, until somebody removes it. */
  readonly status: "failing" | "fixed";
}

/** Makes a failure ready for the store. */
export const asStored = ({ judgement, ...failure }: Failure, subject: SubjectName, machine: string, catalogue: string): StoredFailure => ({
  format: "canon-failure/1",
  ...failure,
  subject,
  machine,
  catalogue,
  at: judgement.at,
  because: judgement.because,
  status: "failing",
});

/** A stored failure as it was told when it was found. */
export const asFound = ({ id, property, seed, path, case: small, outcome, drawnInputs, tries, at, because }: StoredFailure): Failure => ({
  id,
  property,
  seed,
  path,
  case: small,
  outcome,
  drawnInputs,
  tries,
  judgement: { outcome: outcome === "FLAKY" ? "FAIL" : outcome, at, because },
});

export const failureId = (property: string, machine: string, small: Case): string =>
  `${property}-${textHash(`${machine}\n${encode(small)}`).slice(0, 8)}`;

export const sameSubject = (left: SubjectName, right: SubjectName): boolean => encode(left) === encode(right);
