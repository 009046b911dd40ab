/** The laws of installations, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { instructions, moduleName, type Module, type Trace } from "../../spec/index.ts";
import { eventAt, exchanged } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { career, offspring, refusals } from "../testing/scenes-of-code.ts";
import { edited, followed, rejected, repeated, setIn, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { codeChangesWhole, installationsArePaidFor, installationsLeaveWhatTheyKeep } from "./installing.ts";

const tales = { career: led(model, career), refusals: led(model, refusals), offspring: led(model, offspring) };

/** The installations of a career, in their order. */
const [plain, , keeping, failing, , , greedy] = [0, 1, 2, 3, 4, 5, 6] as const;

/** The same tale, in a world whose modules are others. */
const retaught = (tale: Trace, name: string, change: Partial<Module>): Trace => {
  const { genesis } = tale.scenario;
  return setIn(tale, {
    ...genesis,
    modules: (genesis.modules ?? []).map((one) => (one.name === moduleName(name) ? { ...one, ...change } : one)),
  });
};

const ran = (nth: number, change: Readonly<Record<string, unknown>>): Trace => edited(tales.career, "installation-ran", nth, change);

describe.each([codeChangesWhole, installationsLeaveWhatTheyKeep, installationsArePaidFor])("$id", (law) => {
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(judged(law, tale)).toBe("holds"));
  test("passes over worlds in which nobody installs", () => expect(judged(law, payment)).toBe("vacuous"));
});

describe("code-changes-whole", () => {
  const told = (trace: Trace): string => judged(codeChangesWhole, trace);
  test.each([
    ["burned", { burned: 3n }, /trapped with IC0503, but burned 3 cycles/],
    ["set aside", { reserved: 1n }, /but set 1 cycles aside/],
    ["written", { wrote: [[2, "66"]] }, /but changed page 2/],
    ["gone", { pages: 2 }, /but left 2 pages of 3/],
    ["due", { timer: 30n }, /but the timer went from none to 30/],
    ["kept", { balance: 1n }, /less a charge of 16, it left 1$/],
  ] as const)("condemns a trap after which something is %s", (_, change, because) => expect(told(ran(failing, change))).toMatch(because));
  test("condemns a trap that leaves something certified", () =>
    expect(told(followed(tales.career, "installation-ran", failing, { kind: "data-certified", canister: "b", data: "06" }))).toBe(
      'an installation on b trapped with IC0503, and left "06" certified',
    ));
  test("condemns a method that is called though it came with other code", () =>
    expect(told(retaught(tales.career, "plain", { methods: [] }))).toBe("b ran version, which its code does not export"));
  test("condemns a method that is refused though the code exports it", () => {
    const [last] = [eventAt(tales.career, ["not-executed", 0])];
    expect(last).toMatchObject({ error: "IC0536", cause: { method: "preserve" } });
    const method = { name: "preserve", body: [] };
    expect(told(retaught(tales.career, "greedy", { methods: [method] }))).toBe("b refused preserve, which its code exports");
  });
});

describe("installations-leave-what-they-keep", () => {
  const told = (trace: Trace): string => judged(installationsLeaveWhatTheyKeep, trace);
  test("condemns a page that no hook writes", () =>
    expect(told(ran(plain, { wrote: [[0, "11"]] }))).toBe("an installation on b changed page 0, which no hook of it writes"));
  test("condemns pages of the heap that outlive a reinstallation", () =>
    expect(told(ran(plain, { pages: 4 }))).toMatch(/leaves 4 pages, and 0 outlive it: expected 3 to 3/));
  test("condemns stable memory that does not outlive an upgrade", () =>
    expect(told(ran(keeping, { pages: 1 }))).toMatch(/leaves 1 pages, and 3 outlive it: expected 3 to 3/));
  test("condemns a timer that outlives its code", () =>
    expect(told(ran(keeping, { timer: 1_000n }))).toBe(
      "an installation on b leaves its timer at 1000, and no hook of the new code sets it so",
    ));
  test("condemns a timer at another time", () => expect(told(ran(plain, { timer: 506n }))).toMatch(/leaves its timer at 506/));
  test("condemns certified data that outlive a reinstallation", () =>
    expect(told(retaught(without(tales.career, "data-certified", 1), "plain", { onInit: [] }))).toMatch(
      /changed page 1, which no hook of it writes/,
    ));
  test("condemns certified data that nobody certified", () =>
    expect(told(followed(tales.career, "installation-ran", 4, { kind: "data-certified", canister: "b", data: "07" }))).toBe(
      'an installation on b leaves "0d" certified, and told was "07"',
    ));
  test("condemns an installation for which nobody asked", () =>
    expect(told(ran(plain, { canister: "c" }))).toBe("plain was installed on c, and nobody asked for that"));
});

describe("installations-are-paid-for", () => {
  const told = (trace: Trace): string => judged(installationsArePaidFor, trace);
  test("condemns another charge, also of one that trapped", () => {
    expect(told(ran(plain, { charged: 13n }))).toBe(
      "an installation on b that used 5 instructions was charged 13: expected 15, or a little more, and at most 50",
    );
    expect(told(ran(failing, { charged: 0n }))).toMatch(/was charged 0: expected 16/);
    expect(told(ran(greedy, { charged: 51n }))).toMatch(/and at most 50/);
  });
  test("condemns another prepayment", () =>
    expect(told(ran(plain, { prepaid: 110n }))).toMatch(/prepaid with 110, and the most that one costs is 50/));
  test("condemns more than the limit, or less for that", () => {
    expect(told(ran(greedy, { instructions: 41 }))).toMatch(/ended with IC0522, and its limit is 40/);
    expect(told(ran(greedy, { instructions: 39 }))).toMatch(/ended with IC0522, and its limit is 40/);
  });
  test("condemns an installation that comes too soon", () =>
    expect(told(repeated(tales.career, "installation-ran", plain))).toBe(
      "an installation ran on b, against which 5 instructions of another one stand",
    ));
  test("condemns rounds that forgive too much", () => {
    const { genesis } = tales.refusals.scenario;
    const slow = setIn(tales.refusals, { ...genesis, parameters: { ...genesis.parameters, installRateLimit: instructions(0) } });
    expect(told(slow)).toMatch(/against which 5 instructions of another one stand/);
  });
  test("condemns whoever is told to wait for nothing", () => {
    const early = edited(tales.career, "management-answered", 0, { result: rejected("IC0209") });
    expect(told(early)).toBe("call 0 of c was refused with IC0209, and nothing stands against an installation");
  });
  test("condemns a debit that a trap does not leave", () =>
    expect(told(exchanged(tales.refusals, ["installation-ran", 1], ["management-answered", 6]))).not.toBe("holds"));
});
