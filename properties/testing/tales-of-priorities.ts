/** A story of the current scheduler: three canisters share two cores, one of them with a message of two slices. */
import { percent, type Trace } from "../../spec/index.ts";
import { began, canister, ended, executed, fromUser, ingress, rejected, round, story, world } from "./stories.ts";
import { consume, finished, given, inducted, narrow, paused, received, resumed, turnOf } from "./tales-of-slices.ts";

const silent = rejected("IC0506");
const full = (id: string, unpaid: number, priority: bigint): object => ({ kind: "full-round", canister: id, unpaid, priority });
const settled = (charged: bigint, shared: bigint): object => ({
  kind: "priorities-settled",
  charged,
  granted: 10_000_000n,
  decayed: 0n,
  shared,
  total: 0n,
});

/** Two cores in the current scheduler: b has an allocation and comes first; a needs two slices, which gives it a core of its own; c has nothing to do. */
export const contest: Trace = story(
  world(
    [
      canister("a", { m0: [consume(60)] }),
      canister("b", { m0: [consume(9)] }, { computeAllocation: percent(10) }),
      canister("c", { m0: [consume(9)] }),
    ],
    { ...narrow, scheduler: "current", cores: 2 },
  ),
  [
    { input: ingress("x", "a", "m0"), events: received("x") },
    { input: ingress("y", "b", "m0"), events: received("y") },
    { input: ingress("z", "b", "m0"), events: received("z") },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 995n),
        inducted("y", "b", 995n),
        inducted("z", "b", 990n),
        ...turnOf(
          0,
          "b",
          11,
          false,
          executed("b", 0, { cause: fromUser("y"), instructions: 9, charged: 19n, balance: 971n }),
          ...given("b", 0, "y", silent),
        ),
        ...turnOf(1, "a", 42, true, paused(1, 885n)),
        full("a", 1, -36_666_667n),
        full("b", 0, -26_666_667n),
        settled(200_000_000n, 190_000_000n),
        ended(1, 1, 42),
      ],
      ledger: { balances: 2_856n, executions: 110n, burned: 34n },
    },
    {
      input: round(),
      events: [
        began(2, 2n),
        ...turnOf(
          0,
          "a",
          22,
          true,
          resumed("a", false),
          executed("a", 0, { cause: fromUser("x"), instructions: 60, charged: 70n, balance: 925n }),
          finished(2),
          ...given("a", 0, "x", silent),
        ),
        ...turnOf(
          1,
          "b",
          11,
          true,
          executed("b", 1, { cause: fromUser("z"), instructions: 9, charged: 19n, balance: 952n }),
          ...given("b", 1, "z", silent),
        ),
        full("a", 0, -36_666_667n),
        full("b", 0, -26_666_667n),
        full("c", 0, 63_333_334n),
        settled(300_000_000n, 290_000_000n),
        ended(2, 1, 22),
      ],
      ledger: { balances: 2_877n, burned: 123n },
    },
  ],
);
