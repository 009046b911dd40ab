/** What the reference refuses somewhere in worlds that are drawn for it: each condition is false in one world of seven at least. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createModel } from "../../model/index.ts";
import { clauseName, drive, type Scenario } from "../../spec/index.ts";
import { everything, type Vocabulary } from "../vocabulary.ts";
import { certifyingWorlds } from "./certifying.ts";
import { chargedWorlds } from "./charged.ts";
import { allottedWorlds, codedWorlds } from "./coded.ts";
import { crampedWorlds, lateWorlds } from "./focuses.ts";
import { impatientWorlds } from "./impatient.ts";
import { introducedWorlds } from "./introduced.ts";
import { managedWorlds } from "./managed.ts";
import { stretchedWorlds } from "./stretched.ts";

/** What of a rule is false somewhere in worlds of a kind. */
const refusing: readonly (readonly [clauses: readonly string[], worlds: (vocabulary: Vocabulary) => fc.Arbitrary<Scenario>])[] = [
  [["request-induct.when.slot"], impatientWorlds],
  [["request-induct.when.memory"], crampedWorlds],
  [["message-stream.when.room"], lateWorlds],
  [
    ["resources-charge.when.due", "resources-charge.when.rested", "memory-charge.when.covered", "allocation-charge.when.covered"],
    chargedWorlds,
  ],
  [["management-take.when.steady", "management-take.when.ordered"], (vocabulary) => managedWorlds(vocabulary, { long: true })],
  [["management-take.when.steady"], (vocabulary) => codedWorlds(vocabulary, { long: true })],
  [["install-commit.when.solvent"], (vocabulary) => codedWorlds(vocabulary, { hurried: true })],
  [
    ["settings-update.when.roomy", "settings-update.when.secured", "canister-make.when.roomy", "canister-make.when.secured"],
    allottedWorlds,
  ],
  [
    ["settings-update.when.limited", "canister-make.when.limited"],
    (vocabulary) => codedWorlds(vocabulary, { allotted: true, stored: true }),
  ],
  [["management-ask.when.provisional"], (vocabulary) => codedWorlds(vocabulary, { provided: true })],
  [["canister-rest.when.answered", "stop-expire.when.late"], managedWorlds],
  [
    [
      "value-read.when.given",
      "value-read.when.available",
      "value-read.when.refunded",
      "value-read.when.deadline",
      "identity-read.when.rejected",
      "identity-read.when.inspected",
    ],
    introducedWorlds,
  ],
  [
    ["certificate-read.when.asked", "certificate-read.when.issued", "certificate-issue.when.own"],
    (vocabulary) => certifyingWorlds(vocabulary, { handed: true }),
  ],
  [["value-read.when.inside", "page-write.when.inside", "stable-grow.when.room", "stable-grow.when.capacity"], stretchedWorlds],
];

describe.each(refusing)("the reference finds %j", (names, worlds) => {
  const failed = new Set<string>();
  const model = createModel({
    witness: (clause, outcome) => {
      if (outcome === "failed") failed.add(clauseName(clause));
    },
  });
  let there: readonly ReadonlySet<string>[] = [];
  beforeAll(() => {
    there = fc.sample(worlds(everything), { seed: 5, numRuns: 60 }).map((world) => {
      failed.clear();
      void drive(model, world);
      return new Set(failed);
    });
  }, 180_000);
  test.each(names)("%s is false in one world of seven", (name) =>
    expect(there.filter((met) => met.has(name)).length / there.length).toBeGreaterThanOrEqual(0.15),
  );
});
