/** The page of attacks has a row for each attack, with the numbers that were measured, and rates that can be read. */
import { expect, test } from "vitest";
import { measureAttacks, tollFees } from "../../conformance/index.ts";
import { escapeHtml } from "../html.ts";
import { attacksPage, rateInWords } from "./attacks.ts";

const page = attacksPage();

test("every attack has a row, and each of its tolls is there at each of the fees", () => {
  for (const { attack, tolls } of measureAttacks()) {
    const row = new RegExp(`<tr id="${attack.id}">.*?</tr>`, "s").exec(page)![0];
    expect(row).toContain(escapeHtml(attack.title.slice(1)));
    expect(row).toContain(escapeHtml(attack.outcome.slice(1)));
    const cells = [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, text]) => text!);
    expect(cells).toHaveLength(3 * tollFees.length);
    tolls.forEach((toll, at) => {
      const [spent, lost, rate] = cells.slice(3 * at);
      expect(BigInt(spent!.replaceAll(",", ""))).toBe(toll.spent);
      expect(BigInt(lost!.replaceAll(",", "").replace("gains ", "-"))).toBe(toll.lost);
      expect(rate).toBe(rateInWords(toll));
    });
  }
});

test.each([
  [0n, 5n, "nothing"],
  [0n, 0n, "victim loses nothing"],
  [7n, 0n, "victim loses nothing"],
  [7n, -3n, "victim loses nothing"],
  [5_260_001n, 6_000_001n, "0.877"],
  [5_260_001n, 40_005_000_000n, "0.000131"],
  [2_102_412_001n, 6_000_001n, "350"],
  [6n, 6n, "1.00"],
])("who spends %i for %i spends, for each cycle: %s", (spent, lost, words) => expect(rateInWords({ spent, lost })).toBe(words));
