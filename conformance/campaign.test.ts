/** Campaigns over small properties, on the model and on the model with a clause taken out. */
import { describe, expect, test } from "vitest";
import { createModel, model } from "../model/index.ts";
import type { Machine } from "../spec/index.ts";
import { everything, without, type Property } from "../properties/index.ts";
import { campaign, reportOfNothing, type CampaignOptions } from "./campaign.ts";
import { asStored } from "./failure.ts";
import { exitCodeOf, verdictOf } from "./report.ts";
import { agrees, alwaysVacuous, ledgerAdds, neverVacuous, rerunsAgree } from "./testing/properties.ts";

const forgetful: Machine = { ...createModel({ mutation: { rule: "top-up", kind: "then", clause: "mint" } }), name: "forgetful" };
const run = (properties: readonly Property[], rest: Partial<CampaignOptions> = {}) =>
  campaign({ subject: model, seed: 11, runs: 30, maxTime: 600_000, properties, ...rest });
const outcomes = async (properties: readonly Property[], rest: Partial<CampaignOptions> = {}) =>
  (await run(properties, rest)).report.properties.map(({ outcome }) => outcome);

describe("a campaign", () => {
  test("on a machine that follows the specification is green, and counts what it did", async () => {
    const { report, failures } = await run([ledgerAdds, agrees]);
    expect(failures).toEqual([]);
    expect(report).toMatchObject({ verdict: "green", reasons: [], seed: 11, declared: { properties: ["ledger-adds", "agrees"] } });
    expect(report.properties.map(({ runs }) => runs)).toEqual([30, 30]);
    expect(report.inputs.map(({ kind }) => kind)).toEqual(["ingress", "round", "top-up", "restart"]);
    expect(report.executed.rules).toContain("round-begin");
    expect(report.executed.clauses).toBeGreaterThan(40);
  });

  test("says the same again for the same seed", async () => {
    const [one, two] = [await run([ledgerAdds, agrees]), await run([ledgerAdds, agrees])];
    const timeless = ({ report }: typeof one) => ({
      ...report,
      milliseconds: 0,
      properties: report.properties.map((tried) => ({ ...tried, milliseconds: 0 })),
    });
    expect(timeless(one)).toEqual(timeless(two));
  });

  test("makes the failing case small and gives what draws it again", async () => {
    const { report, failures } = await run([ledgerAdds, neverVacuous], { subject: forgetful });
    expect(report).toMatchObject({ verdict: "failed", properties: [{ outcome: "FAIL", failed: 1 }, { outcome: "PASS" }] });
    const failure = failures[0]!;
    expect(failure.case.scenario.inputs).toHaveLength(1);
    expect(report.properties[0]).toMatchObject({ failure: failure.id, path: failure.path });
    const again = await run([ledgerAdds], { subject: forgetful, path: failure.path });
    expect(again.failures[0]).toMatchObject({ id: failure.id, case: failure.case });
    expect(again.report.properties[0]!.runs).toBe(1);
  });

  test("believes no failure that does not come twice: it is flaky, which is a failure too", async () => {
    let boots = 0;
    const once: Machine = { name: "once", boot: (genesis) => (boots++ === 5 ? forgetful : model).boot(genesis) };
    const always = { ...ledgerAdds, cases: rerunsAgree.cases };
    const { report } = await run([always], { subject: once });
    if (report.properties[0]!.outcome === "PASS") throw new Error("the sixth case had no top-up; choose another seed");
    expect(report).toMatchObject({ verdict: "failed", properties: [{ outcome: "FLAKY" }] });
  });

  test("is not green when a property was vacuous in every run", async () => {
    const { report } = await run([ledgerAdds, alwaysVacuous]);
    expect(report).toMatchObject({ verdict: "unmet", reasons: ["always-vacuous: NOT_REACHED, vacuous in every run"] });
    expect(exitCodeOf(report.verdict)).toBe(1);
  });

  test("is not green when the time was up too early", async () => {
    const { report } = await run([ledgerAdds], { maxTime: 0 });
    expect(report.properties[0]).toMatchObject({ outcome: "INCONCLUSIVE", runs: 1 });
    expect(exitCodeOf(report.verdict)).toBe(3);
  });

  test("is ours to mend when the reference breaks", async () => {
    const broken: Machine = { name: "broken", boot: () => Promise.reject(new Error("our mistake")) };
    const { report } = await run([agrees], { reference: () => broken });
    expect(report.properties[0]).toMatchObject({ outcome: "HARNESS_ERROR" });
    expect(exitCodeOf(report.verdict)).toBe(2);
  });

  test("is not green when nothing was checked at all", async () => {
    expect((await run([])).report).toMatchObject({ verdict: "unmet", reasons: ["nothing was checked"] });
  });

  test("never counts what a machine leaves out as passed", async () => {
    const excluded = (rules: readonly string[]) => rules.map((rule) => ({ rule, reason: "later" }));
    expect(await outcomes([ledgerAdds, alwaysVacuous], { excluded: excluded(["top-up", "restart"]) })).toEqual([
      "UNSUPPORTED",
      "UNSUPPORTED",
    ]);
    expect(await outcomes([ledgerAdds, alwaysVacuous], { excluded: excluded(["restart"]) })).toEqual(["PASS", "UNSUPPORTED"]);
    const needy: Property = { ...ledgerAdds, needs: ["networks"] };
    expect(await outcomes([needy], { vocabulary: without(new Set(["message-stream"])) })).toEqual(["UNSUPPORTED"]);
    expect(await outcomes([needy], { vocabulary: everything })).toEqual(["PASS"]);
  });
});

describe("stored failures", () => {
  const stored = async () => {
    const { failures } = await run([ledgerAdds], { subject: forgetful });
    return asStored(failures[0]!, { kind: "built-in" }, "forgetful", "00");
  };

  test("are tried first, and fail the run while they fail", async () => {
    const failure = await stored();
    const { report, failures } = await run([ledgerAdds], { subject: forgetful, stored: [failure] });
    expect(report.stored).toMatchObject([{ failure: failure.id, outcome: "STILL FAILING" }]);
    expect(report.properties[0]).toMatchObject({ outcome: "FAIL", failure: failure.id, runs: 1 });
    expect(failures).toEqual([]);
  });

  test("are told to be fixed when they are, and the property is tried as ever", async () => {
    const { report } = await run([ledgerAdds], { stored: [await stored()] });
    expect(report).toMatchObject({ verdict: "green", stored: [{ outcome: "FIXED" }], properties: [{ runs: 30 }] });
  });

  test("that nobody can try any more are not lost in silence", async () => {
    const { report } = await run([ledgerAdds], {
      stored: [{ ...(await stored()), property: "renamed" }],
      unreadable: [{ file: "x.json", because: "no JSON" }],
    });
    expect(report.stored.map(({ outcome }) => outcome)).toEqual(["CANNOT REPLAY", "CANNOT REPLAY"]);
    expect(exitCodeOf(report.verdict)).toBe(2);
  });
});

test("the worst of all verdicts is the run's", () => {
  const report = reportOfNothing("x", 1, [], "because");
  expect(report).toMatchObject({ verdict: "failed", executed: { properties: [] } });
  const tried = {
    kind: "law",
    runs: 1,
    held: 1,
    failed: 0,
    vacuous: 0,
    planned: 1,
    milliseconds: 0,
    path: null,
    because: "",
    failure: null,
  } as const;
  const of = (...outcomes: ("PASS" | "FAIL" | "NOT_REACHED" | "INCONCLUSIVE")[]) =>
    verdictOf(
      outcomes.map((outcome) => ({ property: outcome, outcome, ...tried })),
      [],
      [],
    ).verdict;
  expect(of("PASS", "NOT_REACHED", "INCONCLUSIVE", "FAIL")).toBe("failed");
  expect(of("PASS", "NOT_REACHED", "INCONCLUSIVE")).toBe("inconclusive");
  expect(of("PASS", "NOT_REACHED")).toBe("unmet");
  expect(verdictOf([{ property: "p", outcome: "PASS", ...tried }], [{ goal: "g", met: false }], []).reasons).toEqual(["goal not met: g"]);
});
