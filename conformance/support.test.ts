/** Patterns of rules, as machines say them, and what can then still be said to them. */
import { describe, expect, test } from "vitest";
import { cycles, hex, managementCanister, nanoseconds, rules, type CanisterGenesis, type Scenario } from "../spec/index.ts";
import { without } from "../properties/index.ts";
import { converted, dearer } from "./ledger/testing.ts";
import { exclusionsOf, isWithin } from "./support.ts";
import { callTo, canister, conversation, genesisOf, neighbours, networkOf, round } from "./testing/worlds.ts";

const left = (supports: readonly string[], excludes: readonly string[] = []) =>
  exclusionsOf(
    supports,
    excludes.map((rule) => ({ rule, reason: `no ${rule}` })),
  ).map(({ rule }) => rule);

test("who supports everything leaves nothing out", () => {
  expect(left(["*"])).toEqual([]);
});

test("a wildcard stands for any letters, at any place", () => {
  expect(left(["*"], ["timer-*"])).toEqual(["timer-set", "timer-begin"]);
  expect(left(["*"], ["*-ask"])).toEqual(["management-ask", "signature-ask", "outcall-ask", "randomness-ask"]);
  expect(left(["*"], ["r*-*sk"])).toEqual(["randomness-ask"]);
  expect(left(["*"], ["top-up"])).toEqual(["top-up"]);
});

test("what is not supported is left out, too", () => {
  const supported = rules.filter(({ id }) => id === "round-begin" || id.startsWith("schedule-"));
  expect(left(["round-begin", "schedule-*"])).toHaveLength(rules.length - supported.length);
  expect(supported.length).toBeGreaterThan(2);
});

test("an exclusion has its own reason", () => {
  expect(exclusionsOf(["*"], [{ rule: "top-up", reason: "no mint" }])).toEqual([{ rule: "top-up", reason: "no mint" }]);
});

test("a pattern that names no rule is a mistake of the machine", () => {
  expect(() => left(["*"], ["timers-*"])).toThrow('excludes[0].rule: expected a rule id, or a pattern that matches one, got "timers-*"');
  expect(() => left(["*", "call-sends"])).toThrow("supports[1]");
});

describe("a scenario is within a vocabulary", () => {
  const world = (rest: Partial<CanisterGenesis>): Scenario => ({ genesis: genesisOf([canister("a", {}, rest)]), inputs: [round()] });
  const within = (scenario: Scenario, ...excluded: readonly string[]) => isWithin(scenario, without(new Set(excluded)));

  test("when its inputs, instructions and customs are", () => {
    for (const scenario of [conversation, neighbours]) expect(within(scenario)).toBe(true);
    expect(within(conversation, "top-up")).toBe(false);
    expect(within(conversation, "cycles-accept")).toBe(false);
    expect(within(conversation, "timer-set", "slice-admit", "message-expire", "hook-ready", "ingress-inspect")).toBe(true);
    expect(within(neighbours, "slice-admit")).toBe(false);
    expect(within({ ...conversation, genesis: { ...conversation.genesis, network: networkOf("own") } }, "slice-admit")).toBe(false);
  });

  test.each(["tokens-transfer", "conversion-*", "cycles-mint", "reward-mint", "rate-set", "fees-set"])(
    "and not where %s is left out and what it needs is said",
    (pattern) => {
      const excluded = exclusionsOf(["*"], [{ rule: pattern, reason: "not yet" }]).map(({ rule }) => rule);
      expect(within(pattern === "fees-set" ? dearer : converted, ...excluded)).toBe(false);
      expect(within(conversation, ...excluded)).toBe(true);
    },
  );

  test("and not where a script asks who takes part, and that is left out", () => {
    const asking: Scenario = {
      ...conversation,
      genesis: genesisOf([canister("a", { go: [{ op: "reply", payload: { kind: "caller" } }] })]),
    };
    expect(within(asking)).toBe(true);
    expect(within(asking, "identity-read")).toBe(false);
    expect(within(conversation, "identity-read")).toBe(true);
  });

  test("and not where a user, or a query, asks the management canister in a query, and that is left out", () => {
    const asked = { kind: "query", canister: managementCanister, method: "canister_status", payload: hex("61") } as const;
    const inner = callTo("b", "read", { onReply: [callTo(managementCanister, "canister_status")] });
    const querying = world({ methods: [{ name: "survey", mode: "composite", body: [inner] }] });
    const plain = world({ methods: [{ name: "survey", mode: "composite", body: [callTo("b", "read")] }] });
    for (const asking of [{ ...conversation, inputs: [asked] }, querying])
      expect([within(asking), within(asking, "query-manage")]).toEqual([true, false]);
    for (const other of [plain, world({ methods: [{ name: "go", body: [inner] }] })]) expect(within(other, "query-manage")).toBe(true);
    expect(without(new Set(["query-open"])).customs).not.toContain("status-queries");
  });

  test("which knows tokens as long as anything can be done with them", () => {
    const tokens = rules.filter(({ chapter }) => chapter === "tokens").map(({ id }) => id);
    expect(without(new Set(["conversion-burn"])).customs).toContain("tokens");
    expect([...without(new Set(["conversion-burn"])).inputs]).not.toContain("notify");
    expect(without(new Set(tokens)).customs).not.toContain("tokens");
    expect(within({ ...conversation, genesis: { ...conversation.genesis, tokens: converted.genesis.tokens! } }, ...tokens)).toBe(false);
  });

  test.each<readonly [string, Partial<CanisterGenesis>]>([
    ["memory-grow", { reservedLimit: cycles(1n) }],
    ["tasks-choose", { onHeartbeat: [] }],
    ["ingress-inspect", { inspect: [] }],
    ["hook-ready", { lowMemory: { limit: 1, threshold: 1, hook: [] } }],
    ["callback-expire", { methods: [{ name: "go", body: [callTo("b", "go", { timeout: nanoseconds(1n) })] }] }],
  ])("and not where %s is needed and left out", (rule, rest) => {
    expect([within(world(rest)), within(world(rest), rule), within(world({}), rule)]).toEqual([true, false, true]);
  });
});
