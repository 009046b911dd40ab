/** The laws of snapshots, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { asciiOf, bytes, canisterId, seconds, type CanisterGenesis, type Parameters, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { archive, forfeiture, memoirs, reunion, rush, upkeep } from "../testing/scenes-of-snapshots.ts";
import { edited, followed, fromUser, rejected, repeated, replied, setIn, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { snapshotsArePaidFor, snapshotsAreListed, snapshotsBringBack } from "./snapshots.ts";

const tales = {
  memoirs: led(model, memoirs),
  archive: led(model, archive),
  upkeep: led(model, upkeep),
  rush: led(model, rush),
  reunion: led(model, reunion),
  forfeiture: led(model, forfeiture),
};

/** The same tale in a world where b, or the network, is another. */
const elsewhere = (tale: Trace, b: Partial<CanisterGenesis>, more: Partial<Parameters> = {}): Trace => {
  const { genesis } = tale.scenario;
  const canisters = genesis.canisters.map((one) => (one.id === "b" ? { ...one, ...b } : one));
  return setIn(tale, { ...genesis, canisters, parameters: { ...genesis.parameters, ...more } });
};

describe.each([snapshotsBringBack, snapshotsArePaidFor, snapshotsAreListed])("$id", (law) => {
  test.each(Object.entries(tales))("does not condemn the tale of %s", (_, tale) => expect(judged(law, tale)).not.toMatch(/ /));
  test("passes over worlds in which nothing is kept", () => expect(judged(law, payment)).toBe("vacuous"));
});

describe("snapshots-bring-back", () => {
  const told = (trace: Trace): string => judged(snapshotsBringBack, trace);
  const loaded = (nth: number, change: Readonly<Record<string, unknown>>): string =>
    told(edited(tales.memoirs, "snapshot-loaded", nth, change));

  test("accepts what comes back as it was", () => expect([told(tales.memoirs), told(tales.rush)]).toEqual(["holds", "holds"]));
  test("passes over snapshots that are only kept", () => expect(told(tales.archive)).toBe("vacuous"));

  test("condemns a snapshot that was never taken", () => {
    expect(loaded(0, { snapshot: 1 })).toBe("b got back snapshot 1 of b, which was never taken");
    expect(loaded(1, { source: "d" })).toBe("d got back snapshot 0 of d, which was never taken");
  });
  test("condemns a snapshot of somebody who is controlled by others", () => {
    const { genesis } = tales.memoirs.scenario;
    const canisters = genesis.canisters.map((one) => (one.id === "d" ? { ...one, controllers: [] } : one));
    expect(told(setIn(tales.memoirs, { ...genesis, canisters }))).toBe("holds");
    expect(told(elsewhere(tales.memoirs, { controllers: [canisterId("c")] }))).toBe(
      "chief brought a snapshot of b back, which it does not control",
    );
  });
  test("condemns fewer pages, or more", () => {
    expect(loaded(0, { pages: 1 })).toBe("snapshot 0 of b, brought back on b, has 2 pages, and leaves 1");
    expect(loaded(1, { pages: 3 })).toMatch(/brought back on d, has 2 pages, and leaves 3/);
  });
  test("condemns a page with what was written later, one that was not there, and one that stays as it is", () => {
    const page = [0, "01"];
    expect(loaded(0, { wrote: [page, [2, "04"]] })).toMatch(/writes "04" to page 2, where there was "01"/);
    expect(loaded(0, { wrote: [page, [1, "01"], [2, "01"]] })).toMatch(/writes "01" to page 1, where there was "nothing"/);
    expect(loaded(1, { wrote: [page] })).toBe('snapshot 0 of b, brought back on d, leaves page 2 as it is, where there was "01"');
  });
  test("condemns other cycles", () => expect(loaded(0, { balance: 1n })).toMatch(/cost 20 of 99948, and left 1$/));
  test("condemns certified data that stay, or are others", () => {
    expect(told(without(tales.memoirs, "data-certified", 2))).toBe('b had "0a" certified, and now has ""');
    expect(told(edited(tales.memoirs, "data-certified", 3, { data: "0b" }))).toBe('d had "0a" certified, and now has "0b"');
    expect(told(followed(tales.rush, "snapshot-loaded", 0, { kind: "data-certified", canister: "b", data: "" }))).toMatch(
      /b had "0a" certified, and now has ""/,
    );
  });
  test("condemns a method that runs though the snapshot does not export it", () => {
    const cause = fromUser("e11", "preserve");
    expect(told(edited(tales.memoirs, "executed", 7, { cause }))).toBe("b ran preserve, which its snapshot does not export");
  });
  test("condemns a method that is refused though the snapshot exports it", () => {
    const refusal = {
      kind: "not-executed",
      canister: "b",
      cause: fromUser("e13", "keep"),
      error: "IC0536",
      charged: 10n,
      balance: 99_892n,
    };
    expect(told(edited(tales.memoirs, "not-executed", 0, refusal))).toBe("b refused keep with IC0536, and its snapshot exports it");
    expect(told(elsewhere(tales.memoirs, { methods: [] }))).toMatch(/b ran keep, which its snapshot does not export/);
  });
});

describe("snapshots-are-paid-for", () => {
  const told = (trace: Trace): string => judged(snapshotsArePaidFor, trace);
  const taken = (nth: number, change: Readonly<Record<string, unknown>>): string =>
    told(edited(tales.upkeep, "snapshot-taken", nth, change));

  test("accepts what is paid for", () => expect(Object.values(tales).map(told)).toEqual(Object.keys(tales).map(() => "holds")));

  test("condemns another price", () => {
    expect(taken(0, { charged: 19n })).toBe("a snapshot of b costs 20, and was charged 19");
    expect(told(edited(tales.memoirs, "snapshot-loaded", 1, { charged: 0n }))).toBe("a snapshot of d costs 20, and was charged 0");
  });
  test("condemns whoever goes on though it changed too much", () => {
    expect(told(repeated(tales.rush, "snapshot-taken"))).toBe("b changed 64 bytes, of 32, and a snapshot was made or brought back");
    expect(told(elsewhere(tales.memoirs, {}, { heapDeltaRateLimit: bytes(20) }))).toMatch(/b changed \d+ bytes, of 20/);
  });
  test("condemns other pages than there are", () =>
    expect(taken(0, { pages: 1 })).toBe("a snapshot of b with 1 pages was taken, and it has 2"));
  test("condemns more set aside than its pages need, or less", () => {
    expect(taken(0, { reserved: 191n })).toBe("a snapshot of b with 2 pages needs 192 set aside, and 191 were");
    expect(taken(1, { reserved: 320n })).toMatch(/needs 0 set aside, and 320 were/);
    expect(taken(2, { reserved: 0n })).toMatch(/needs 320 set aside, and 0 were/);
  });
  test("condemns more set aside than may be", () =>
    expect(told(edited(tales.upkeep, "settings-updated", 1, { reservedLimit: 575n }))).toBe(
      "a snapshot of b with 2 pages makes 576 set aside, and the limit is 575",
    ));
  test("condemns other cycles", () => expect(taken(0, { balance: 99_885n })).toMatch(/took 20 and 192 of 99914, and left 99885$/));
  test("condemns a balance that no longer lasts", () => {
    expect(told(elsewhere(tales.upkeep, { freezingThreshold: seconds(1_600) }))).toMatch(
      /with 2 pages left 99702, below a freezing threshold of 102144$/,
    );
    const patient = edited(tales.upkeep, "settings-updated", 1, { freezingThreshold: 10 });
    expect(told(edited(patient, "snapshot-loaded", 0, { balance: 384n }))).toBe("holds");
    expect(told(edited(patient, "snapshot-loaded", 0, { balance: 383n }))).toBe(
      "a snapshot on b left 383, below a freezing threshold of 384",
    );
  });
  test("condemns a snapshot of nobody", () => {
    const { genesis } = tales.archive.scenario;
    const bereft = { ...genesis, canisters: genesis.canisters.filter(({ id }) => id !== canisterId("b")) };
    expect(told(setIn(tales.archive, bereft))).toBe("b, which does not exist, has a snapshot");
  });
});

describe("snapshots-are-listed", () => {
  const told = (trace: Trace): string => judged(snapshotsAreListed, trace);
  const answered = (tale: Trace, nth: number, text: string): string =>
    told(edited(tale, "management-answered", nth, { result: replied(asciiOf(text)) }));

  test("accepts what is told of snapshots", () => expect([told(tales.archive), told(tales.forfeiture)]).toEqual(["holds", "holds"]));
  test("passes over worlds in which nobody asks", () => expect(told(tales.memoirs)).toBe("vacuous"));

  test("condemns a number that does not come next", () => {
    const numbered = (nth: number, snapshot: number): string => told(edited(tales.archive, "snapshot-taken", nth, { snapshot }));
    expect(numbered(1, 2)).toBe("snapshot 2 of b was taken, and 1 comes next");
    expect(numbered(2, 0)).toBe("snapshot 0 of b was taken, and 2 comes next");
  });
  test("condemns one in the place of another that is not there", () =>
    expect(told(edited(tales.archive, "snapshot-taken", 2, { replaced: 2 }))).toBe("snapshot 2 of b was replaced, and there is none"));
  test("condemns one too many", () =>
    expect(told(edited(tales.archive, "snapshot-taken", 2, { replaced: null }))).toBe("b has 2 snapshots, and one more was taken"));
  test("condemns a deletion of what is not there", () =>
    expect(told(repeated(tales.archive, "snapshot-deleted"))).toBe("snapshot 1 of b was deleted, and there is none"));
  test("condemns a list with one that is gone, or without one that is there", () => {
    expect(answered(tales.archive, 4, "0:4:0")).toBe('call 4 of chief was told of other snapshots of b than "0:4:0 1:7:2"');
    expect(answered(tales.archive, 7, "0:4:0 1:7:2 2:13:2")).toMatch(/than "1:7:2 2:13:2"/);
    expect(answered(tales.archive, 11, "")).toMatch(/than "2:13:2"/);
    expect(answered(tales.forfeiture, 2, "0:3:2")).toMatch(/than ""/);
  });
  test("condemns another time, other pages, and another order", () => {
    expect(answered(tales.archive, 4, "0:4:0 1:8:2")).toMatch(/was told of other snapshots/);
    expect(answered(tales.archive, 4, "0:4:0 1:7:3")).toMatch(/was told of other snapshots/);
    expect(answered(tales.archive, 4, "1:7:2 0:4:0")).toMatch(/was told of other snapshots/);
  });
  test("says nothing of those who may not ask", () =>
    expect(told(edited(tales.archive, "management-answered", 12, { result: rejected("IC0301") }))).toBe("holds"));
});
