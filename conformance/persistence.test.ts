import { describe, expect, test } from "vitest";
import { model } from "../model/index.ts";
import { drive, faultsOf, type Trace } from "../spec/index.ts";
import { groupsOf, persistenceTable, persistenceWorld, survivesByTable } from "./persistence.ts";

describe("on the reference", () => {
  test.each(groupsOf(persistenceTable).map((g) => [g[0]!.item + g[0]!.happening, g] as const))("%s", (_n, group) => {
    expect(faultsOf(persistenceWorld(group).scenario.genesis)).toEqual([]);
    const out = group
      .map((e) => survivesByTable.judge!(drive(model, persistenceWorld([e]).scenario) as Trace))
      .filter((v) => v.kind !== "holds");
    expect(out).toEqual([]);
    expect(survivesByTable.judge!(drive(model, persistenceWorld(group).scenario) as Trace)).toEqual({ kind: "holds" });
  });
});
