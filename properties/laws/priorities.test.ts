/** The laws of the current scheduler, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { percent, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, followed, setIn, without } from "../testing/stories.ts";
import { contest, marathon, rivalry } from "../testing/tales.ts";
import { coresAreDivided } from "./division.ts";
import { fullRoundsAreMarked, prioritiesAreSettled } from "./priorities.ts";
import { allocationsAreKept, equalCanistersStayClose, longExecutionsFinish, prioritiesStayBounded } from "./promises.ts";

const within = (change: object): Trace =>
  setIn(contest, { ...contest.scenario.genesis, parameters: { ...contest.scenario.genesis.parameters, ...change } });
const allocated = (id: string, share: number): Trace =>
  setIn(contest, {
    ...contest.scenario.genesis,
    canisters: contest.scenario.genesis.canisters.map((each) => (each.id === id ? { ...each, computeAllocation: percent(share) } : each)),
  });

describe("priorities-are-settled", () => {
  test("accepts the sums of two rounds", () => expect(judged(prioritiesAreSettled, contest)).toBe("holds"));
  test("passes over the published scheduler", () => expect(judged(prioritiesAreSettled, marathon)).toBe("vacuous"));
  test.each(["charged", "granted", "decayed", "shared", "total"])("condemns a sum of %s that is another", (field) =>
    expect(judged(prioritiesAreSettled, edited(contest, "priorities-settled", 1, { [field]: 1n }))).toMatch(
      new RegExp(`^${field} of all priorities`),
    ),
  );
  test("condemns a priority that is another", () =>
    expect(judged(prioritiesAreSettled, edited(contest, "full-round", 2, { priority: 0n }))).toMatch(/a is said to have the priority 0/));
  test("condemns a debt that is forgotten", () =>
    expect(judged(prioritiesAreSettled, edited(contest, "full-round", 0, { unpaid: 0 }))).toMatch(
      /a is said to owe 0 full rounds, and owes 1/,
    ));
  test("condemns a full round for nothing", () =>
    expect(judged(prioritiesAreSettled, without(contest, "full-round", 1))).toMatch(/^charged of all priorities/));
  test("condemns a round that settles nothing", () =>
    expect(judged(prioritiesAreSettled, without(contest, "priorities-settled"))).toBe("a round settles priorities unless it is skipped"));
});

describe("full-rounds-are-marked", () => {
  test("accepts first turns, slices, ends and idlers at the front", () => expect(judged(fullRoundsAreMarked, contest)).toBe("holds"));
  test("passes over the published scheduler", () => expect(judged(fullRoundsAreMarked, marathon)).toBe("vacuous"));
  test("condemns one that is not told", () =>
    expect(judged(fullRoundsAreMarked, without(contest, "full-round", 0))).toBe("a had a full round, and it is not told"));
  test("condemns an idler at the front that is not told", () =>
    expect(judged(fullRoundsAreMarked, without(contest, "full-round", 4))).toBe("c had a full round, and it is not told"));
  test("condemns one that was none", () =>
    expect(
      judged(fullRoundsAreMarked, followed(contest, "full-round", 1, { kind: "full-round", canister: "c", unpaid: 0, priority: 0n })),
    ).toBe("c had no full round, and is told to have had one"));
  test("condemns one that is told twice", () =>
    expect(
      judged(fullRoundsAreMarked, followed(contest, "full-round", 1, { kind: "full-round", canister: "b", unpaid: 0, priority: 0n })),
    ).toMatch(/the full round of b is told after that of b/));
});

describe("cores-are-divided", () => {
  test("accepts an allocation before none, and a core for the long one", () => expect(judged(coresAreDivided, contest)).toBe("holds"));
  test("passes over the published scheduler", () => expect(judged(coresAreDivided, rivalry)).toBe("vacuous"));
  test("condemns who goes before an allocation", () =>
    expect(judged(coresAreDivided, allocated("a", 20))).toBe(
      "core 0 served b in iteration 1, and it was the turn of a: the cores were dealt [a] [b]",
    ));
  test("condemns a long execution on a core of new ones", () =>
    expect(judged(coresAreDivided, edited(contest, "turn-began", 2, { core: 1 }))).toMatch(
      /core 1 served a in iteration 1, and it was the turn of b/,
    ));
  test("condemns a core that stops early", () =>
    expect(judged(coresAreDivided, without(without(without(contest, "turn-began", 1), "execution-paused"), "turn-ended", 1))).toMatch(
      /core 1 was dealt 1 canisters in iteration 1, served 0/,
    ));
});

describe("priorities-stay-bounded", () => {
  test("accepts what two rounds leave", () => expect(judged(prioritiesStayBounded, contest)).toBe("holds"));
  test("passes over the published scheduler", () => expect(judged(prioritiesStayBounded, marathon)).toBe("vacuous"));
  test("condemns a debt that grows without end", () => {
    // Nothing is granted to somebody who is charged again and again: as if each round suspended it first.
    const rounds = Array.from({ length: 60 }, (_, at) => ({
      input: contest.steps[3]!.input,
      observation: {
        ...contest.steps[3]!.observation,
        events: [
          { kind: "round-began", height: at + 1, time: BigInt(at + 1) },
          ...Array.from({ length: 9 }, () => ({ kind: "canister-suspended", iteration: 1, canister: "a", heapDebit: 0 })),
          { kind: "round-ended", height: at + 1, iterations: 0, instructions: 0 },
        ] as never,
      },
    }));
    expect(judged(prioritiesStayBounded, { ...contest, steps: rounds })).toMatch(/a has a priority of -\d+ percent, and the bounds are/);
  });
});

/** The first round of the contest, over and over, with other full rounds. */
const repeatedly = (count: number, genesis: Trace["scenario"]["genesis"], told: (height: number) => readonly object[]): Trace => ({
  ...contest,
  scenario: { genesis, inputs: Array.from({ length: count }, () => contest.steps[3]!.input) },
  steps: Array.from({ length: count }, (_, at) => ({
    input: contest.steps[3]!.input,
    observation: {
      ...contest.steps[3]!.observation,
      events: [
        { kind: "round-began", height: at + 1, time: BigInt(at + 1) },
        ...told(at + 1),
        { kind: "round-ended", height: at + 1, iterations: 1, instructions: 0 },
      ] as never,
    },
  })),
});

const short = within({ messageInstructionLimit: 40 }).scenario.genesis;
const busy = (height: number): readonly object[] =>
  ["a", "b", "c"].flatMap((id) =>
    height === 1 ? [{ kind: "ingress-inducted", ingress: `i-${id}`, canister: id, fee: 0n, balance: 0n }] : [],
  );
const turnsOf = (...ids: readonly string[]): readonly object[] =>
  ids.flatMap((id, core) => [
    { kind: "turn-began", iteration: 1, core, canister: id },
    { kind: "turn-ended", iteration: 1, core, canister: id, instructions: 0, drained: false },
  ]);
const full = (id: string): object => ({ kind: "full-round", canister: id, unpaid: 0, priority: 0n });

describe("allocations-are-kept", () => {
  const everybody = (height: number) => [...busy(height), ...turnsOf("a", "b"), full("a"), full("b"), full("c")];
  test("accepts a full round for everybody in each round", () =>
    expect(judged(allocationsAreKept, repeatedly(101, short, everybody))).toBe("holds"));
  test("passes over a few rounds", () => expect(judged(allocationsAreKept, repeatedly(3, short, everybody))).toBe("vacuous"));
  test("passes over worlds with slices", () =>
    expect(judged(allocationsAreKept, repeatedly(101, contest.scenario.genesis, everybody))).toBe("vacuous"));
  test("condemns who never gets a round", () =>
    expect(
      judged(
        allocationsAreKept,
        repeatedly(101, short, (height) => [...busy(height), ...turnsOf("a", "b"), full("a"), full("c")]),
      ),
    ).toBe("b has an allocation of 10, had work from the beginning, and got 0 of 1 full rounds"));
});

describe("equal-canisters-stay-close", () => {
  const inTurn = (height: number) => [...busy(height), ...turnsOf("a", "b"), full(height % 2 === 0 ? "a" : "c")];
  test("accepts equals who take turns", () => expect(judged(equalCanistersStayClose, repeatedly(20, short, inTurn))).toBe("holds"));
  test("passes over a few rounds", () => expect(judged(equalCanistersStayClose, repeatedly(5, short, inTurn))).toBe("vacuous"));
  test("condemns who gets three rounds before an equal", () =>
    expect(
      judged(
        equalCanistersStayClose,
        repeatedly(20, short, (height) => [...busy(height), ...turnsOf("a", "b"), full("a")]),
      ),
    ).toMatch(/a and c have the same allocation .* 3 full rounds more/));
});

describe("long-executions-finish", () => {
  const pause = (id: string, slices: number): object => ({
    kind: "execution-paused",
    canister: id,
    cause: { kind: "timer" },
    slices,
    instructions: slices * 40,
    prepaid: 110n,
    since: 1,
    balance: 885n,
  });
  const lasting = (count: number) =>
    repeatedly(count, contest.scenario.genesis, (height) => (height === 1 ? [pause("a", 1), pause("b", 1)] : []));
  test("accepts two that wait for each other", () => expect(judged(longExecutionsFinish, lasting(5))).toBe("holds"));
  test("passes over one alone", () => expect(judged(longExecutionsFinish, contest)).toBe("vacuous"));
  test("condemns one that never ends", () =>
    expect(judged(longExecutionsFinish, lasting(14))).toBe(
      "an execution of a is under way for 14 rounds, of at most 3 slices, beside 1 others: 13 rounds are enough",
    ));
});
