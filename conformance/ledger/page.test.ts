/** The picture and the page: what they show is what the books say, nothing from outside becomes markup, and nothing runs. */
import { describe, expect, test } from "vitest";
import { canister, conversation, genesisOf, neighbours, topUp } from "../testing/worlds.ts";
import type { Scenario } from "../../spec/index.ts";
import { ledgerOf } from "./books.ts";
import type { LedgerReport, SubnetBook } from "./data.ts";
import { pageOf } from "./page.ts";
import { roughly, svgOf } from "./picture.ts";
import { drawingOf, mostDrawn, type Drawing } from "./ribbons.ts";
import { charged, parted, sliced, traced } from "./testing.ts";

const reportOf = (scenario: Scenario): LedgerReport => ledgerOf(traced(scenario));
const drawingsOf = (scenario: Scenario): readonly Drawing[] => reportOf(scenario).subnets.map(drawingOf);
const sum = (ribbons: readonly { readonly cycles: bigint }[]): bigint => ribbons.reduce((total, { cycles }) => total + cycles, 0n);

describe("what is drawn", () => {
  test.each(Object.entries({ conversation, neighbours, charged, parted, sliced }))(
    "leaves every canister as it reaches it: %s",
    (_, scenario) => {
      for (const { sources, canisters, ends, incoming, outgoing } of drawingsOf(scenario)) {
        canisters.forEach((middle, at) => {
          const mine = ({ canister: place }: { readonly canister: number }) => place === at;
          expect(sum(incoming.filter(mine))).toBe(middle.cycles);
          expect(sum(outgoing.filter(mine))).toBe(middle.cycles);
        });
        sources.forEach((node, at) => expect(sum(incoming.filter((ribbon) => ribbon.node === at))).toBe(node.cycles));
        ends.forEach((node, at) => expect(sum(outgoing.filter((ribbon) => ribbon.node === at))).toBe(node.cycles));
      }
    },
  );

  test("is what the session changed: what came back is not drawn, what was accepted leaves the payer", () => {
    const [{ ends, canisters, outgoing, incoming }] = drawingsOf(conversation) as [Drawing];
    expect(canisters.map(({ label }) => label)).toEqual(["alpha", "beta"]);
    const end = ends.findIndex(({ kind }) => kind === "accepted");
    expect(outgoing.filter(({ node }) => node === end)).toMatchObject([{ canister: 0, hue: 0, cycles: 300n, other: "beta" }]);
    expect(incoming.filter(({ other }) => other !== null)).toMatchObject([{ canister: 1, hue: 0, cycles: 300n, other: "alpha" }]);
    expect(ends.some(({ name }) => name === "messages" || name === "callbacks")).toBe(false);
  });

  test("has the cycles of canisters elsewhere, and of nobody", () => {
    const [, right] = drawingsOf(neighbours) as [Drawing, Drawing];
    expect(right.canisters.map(({ label, kind }) => [label, kind])).toEqual([
      ["beta", "here"],
      ["alpha", "elsewhere"],
    ]);
  });

  test("gives those that move least one place together", () => {
    const many: Scenario = {
      genesis: genesisOf(Array.from({ length: 30 }, (_, k) => canister(`c-${k}`))),
      inputs: Array.from({ length: 30 }, (_, k) => topUp(`c-${k}`, BigInt(k))),
    };
    const [{ canisters, incoming }] = drawingsOf(many) as [Drawing];
    expect(canisters).toHaveLength(mostDrawn);
    expect(canisters.at(-1)).toMatchObject({ label: "19 others", kind: "others" });
    expect(sum(incoming)).toBe(30n * 1_000_000_000_000n + 435n);
  });
});

describe("the picture", () => {
  test("says the exact cycles of each ribbon, and hatches what lay still", () => {
    const picture = svgOf(reportOf(conversation).subnets, "talk");
    expect(picture).toContain("<title>alpha, burned, call fee: 260_000 cycles</title>");
    expect(picture).toContain("<title>beta accepted 300 cycles of alpha</title>");
    expect(picture).toMatch(/class="ribbon h0 rests"[^>]*><title>alpha, on its balance all the time: [0-9_]+ cycles/);
    expect(picture).not.toContain("NaN");
  });

  test("has a ribbon for whatever moved, however little", () => {
    const picture = svgOf(reportOf(conversation).subnets, "talk");
    const widths = [...picture.matchAll(/<path class="ribbon[^"]*" d="M[0-9.]+ ([0-9.]+)C[^V]+V[0-9.]+C[^z]+ ([0-9.]+)z"/g)];
    expect(widths.length).toBeGreaterThan(10);
    for (const [, top, bottom] of widths) expect(Number(bottom) - Number(top)).toBeGreaterThanOrEqual(0.98);
  });

  test("is one for each subnet, in one file that loads nothing", () => {
    const picture = svgOf(reportOf(neighbours).subnets, "both");
    expect(picture).toContain("<title>both, subnet left</title>");
    expect(picture).toContain("<title>both, subnet right</title>");
    expect(picture.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|<script|@import|url\((?!#)/);
  });

  test("is there for a book in which nothing is", () => {
    const empty: SubnetBook = { ...reportOf({ ...conversation, genesis: genesisOf([]), inputs: [] }).subnets[0]! };
    expect(svgOf([empty], "empty")).not.toMatch(/NaN|Infinity/);
  });
});

describe("the page", () => {
  test("escapes whatever came from outside, and runs nothing", () => {
    const hostile = `"><script>alert('x')</script>&`;
    const page = pageOf({ ...reportOf(conversation), machine: hostile }, hostile);
    expect(page).not.toContain("<script");
    expect(page).not.toMatch(/\b(src|href|action)=|url\((?!#)|@import|https?:/);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  test("has the flows, the canisters and the accounts, and says where books do not balance", () => {
    const page = pageOf(reportOf(conversation), "talk");
    expect(page).toContain("2_000_000_000_007");
    expect(page).toMatch(/response transmission refund<\/span>/);
    expect(page).toContain('class="finding kept"');
    const broken = reportOf(conversation);
    const account = { place: "lost", owner: null } as const;
    const wrong = { step: 3, of: "term", account, expected: 5n, derived: 0n, difference: -5n, suspects: [] } as const;
    const told = pageOf({ ...broken, balanced: false, subnets: [{ ...broken.subnets[0]!, disagreements: [wrong] }] }, "talk");
    expect(told).toContain("input 4: lost: the machine says 5, the postings come to 0: difference -5");
    expect(told).toContain('class="finding broken"');
  });
});

test.each<readonly [bigint, string]>([
  [0n, "0"],
  [9_999n, "9_999"],
  [12_345n, "12.3 k"],
  [1_239_999n, "1.23 M"],
  [999_999_999n, "999 M"],
  [10n ** 16n, "10 P"],
  [2n ** 128n, "3e38"],
])("a label for %s is %s", (count, label) => expect(roughly(count)).toBe(label));
