/** Hunts are believed only when they speak of this catalogue and of the faults that are named today, and say nothing against themselves. */
import { describe, expect, test } from "vitest";
import type { FaultEvidence, FaultsReport, Hunt } from "../conformance/index.ts";
import { catchOf, objectionsToHunts, type KnownFaults } from "./hunts.ts";
import { escapeHtml } from "./html.ts";
import { faultsPage } from "./pages/faults.ts";
import { readHunts } from "./repository.ts";

const known: KnownFaults = {
  faults: [{ id: "refund-is-lost", source: "facts/cycles.md CYC-1", sentence: "the refund is lost", clause: "call-reply.then.close" }],
  properties: [
    { id: "conserved", kind: "law" },
    { id: "agrees", kind: "agreement" },
  ],
  catalogue: "aa",
};

const finding = (property: string, milliseconds: number) => ({ property, cases: 3, milliseconds, inputs: 9 });
const hunt = (seed: number, milliseconds = 100 * seed, law: string | null = "conserved"): Hunt => ({
  seed,
  first: finding("agrees", 1),
  byLaw: law === null ? null : finding(law, milliseconds),
  shrunk: { property: "agrees", inputs: seed, canisters: 1, cut: false },
  cases: 3,
  milliseconds,
});
const { id, ...said } = known.faults[0]!;
const evidence = (more: Partial<FaultEvidence> = {}): FaultEvidence => ({
  fault: id,
  ...said,
  hunts: [hunt(1), hunt(2), hunt(3)],
  ...more,
});
const report = (faults: readonly FaultEvidence[], catalogue = "aa"): FaultsReport => ({
  report: "canon-faults",
  version: 1,
  catalogue: catalogue as FaultsReport["catalogue"],
  limit: 60_000,
  faults,
  milliseconds: 5,
});

test("a report of exactly the faults of today is believed", () => expect(objectionsToHunts(report([evidence()]), known)).toEqual([]));

describe("a report is not believed", () => {
  const planted: readonly (readonly [title: string, report: FaultsReport, says: string])[] = [
    ["of another catalogue", report([evidence()], "bb"), "made from catalogue bb, and this is catalogue aa"],
    ["without a fault", report([]), "fault refund-is-lost was not hunted"],
    ["with a fault that nobody names", report([evidence(), evidence({ fault: "gone" })]), "there is no fault gone"],
    ["with a fault twice", report([evidence(), evidence()]), "stands twice"],
    ["with another sentence", report([evidence({ sentence: "all is well" })]), 'its sentence is "the refund is lost" today'],
    ["with another clause", report([evidence({ clause: "call-reply.then.open" })]), "its clause is"],
    ["without seeds", report([evidence({ hunts: [] })]), "hunted from no seed"],
    ["with a finder that does not exist", report([evidence({ hunts: [hunt(1, 5, "gone")] })]), "seed 1: there is no property gone"],
    ["that calls agreement a law", report([evidence({ hunts: [hunt(1, 5, "agrees")] })]), "seed 1: agrees is no law"],
    ["that nobody made", report([evidence({ hunts: [{ ...hunt(1), first: null }] })]), "a law found it, and nobody did"],
  ];
  for (const [title, made, says] of planted)
    test(title, () => {
      expect(objectionsToHunts(made, known)).toHaveLength(1);
      expect(objectionsToHunts(made, known)[0]).toContain(says);
    });
  test("with fewer seeds for one fault than for another", () => {
    const faults = [...known.faults, { ...known.faults[0]!, id: "other" }];
    const made = report([evidence(), evidence({ fault: "other", hunts: [hunt(1)] })]);
    expect(objectionsToHunts(made, { ...known, faults })).toEqual(["fault other: it was hunted from seeds 1, and others from 1, 2, 3"]);
  });
});

test("the hunts for a fault come to counts, laws, the middle and the slowest time, and the middle of what is left", () => {
  expect(catchOf({ hunts: [hunt(1), hunt(2, 900), hunt(3), hunt(4, 0, null)] })).toEqual({
    seeds: 4,
    found: 4,
    byLaw: 3,
    laws: [["conserved", 3]],
    middle: 300,
    slowest: 900,
    inputs: 3,
  });
  expect(catchOf({ hunts: [{ ...hunt(1, 0, null), first: null, shrunk: null }] })).toMatchObject({ found: 0, middle: null, inputs: null });
});

describe("the page of named faults", () => {
  test("has a row for each fault, with its law, and says what only agreement saw", () => {
    const page = faultsPage({ hunts: report([evidence({ hunts: [hunt(1, 1_500), hunt(2, 0, null)] })]) });
    const [row] = /<tr id="refund-is-lost">.*?<\/tr>/s.exec(page)!;
    for (const text of ["The refund is lost.", "facts/cycles.md CYC-1", "1 of 2", "2 in all", "1.5 s", "rules/call-reply.html#then-close"])
      expect(row).toContain(text);
    expect(row).toContain("properties/conserved.html");
  });
  test("names the command where nobody hunted", () => expect(faultsPage({ hunts: null })).toContain("npm run evidence:faults"));
  test("shows the committed hunts, each with its sentence", async () => {
    const hunts = (await readHunts())!;
    const page = faultsPage({ hunts });
    for (const { fault, sentence } of hunts.faults) {
      expect(page).toContain(` id="${fault}"`);
      expect(page).toContain(escapeHtml(sentence.slice(1)));
    }
  });
});
