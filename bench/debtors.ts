/** The worlds in which charges are counted: canisters of different sizes, some with a reserved share of a core, that do nothing. */
import {
  canisterId,
  currentParameters,
  cycles,
  hex,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Nanoseconds,
} from "../spec/index.ts";
import { ingressTo, roundOf, second } from "./ample.ts";
import type { Debtor } from "./charge-everybody.ts";

export interface Debtors {
  readonly genesis: Genesis;
  /** Makes each canister as large as it is going to be, and charges it for the first time. */
  readonly settle: readonly Input[];
  /** So many canisters write the pages that they have already, another set each time, and everybody forgets what was asked: two rounds. */
  wake(active: number): readonly Input[];
  round(elapsed: Nanoseconds): Input;
  /** The same canisters for who charges them one by one, without what they paid so far. */
  readonly debtors: Debtor[];
  /** How many different prices they pay. */
  readonly prices: number;
}

/** Up to 9 pages each, and up to 100 of them with an allocation from 1 to 7. */
export const debtorsOf = (count: number): Debtors => {
  const reserved = Math.min(100, Math.floor(count / 2));
  const kinds = Array.from({ length: count }, (_, at) => ({
    id: canisterId(`d-${at.toString(36)}`),
    pages: at % 10,
    allocation: at < reserved ? 1 + (at % 7) : 0,
  }));
  const genesis: Genesis = { parameters, time: nanoseconds(0n), canisters: kinds.map(canister) };
  let [asked, rounds] = [0, 0];
  const ask = ({ id }: { readonly id: CanisterGenesis["id"] }): Input => ingressTo(id, "write", asked++);
  const round = (elapsed: Nanoseconds): Input => roundOf(rounds++, elapsed);
  return {
    genesis,
    settle: [...kinds.map(ask), round(nanoseconds(0n)), round(forgetting), round(nanoseconds(10n * second))],
    wake: (active) => {
      const from = (rounds * 7_919) % count;
      const stride = Math.max(1, Math.floor(count / Math.max(1, active)));
      return [
        ...Array.from({ length: active }, (_, at) => ask(kinds[(from + at * stride) % count]!)),
        round(nanoseconds(0n)),
        round(forgetting),
      ];
    },
    round,
    debtors: kinds.map(debtor),
    prices: new Set(kinds.map(({ pages, allocation }) => `${pages} ${allocation}`)).size,
  };
};

/** Charged every 10 seconds by the prices of 2026; nothing else is scarce. */
const parameters: Genesis["parameters"] = {
  ...publishedParameters,
  roundInstructionLimit: instructions(10 ** 15),
  historyCapacity: 10_000_000,
  ingressLifetime: nanoseconds(0n),
  historyLifetime: nanoseconds(0n),
  fees: currentParameters.fees,
};

const balance = 10n ** 18n;

/** After the shortest time nothing is known of an ingress message that was answered. */
const forgetting = nanoseconds(1n);

const canister = ({ id, pages, allocation }: { id: CanisterGenesis["id"]; pages: number; allocation: number }): CanisterGenesis => ({
  id,
  computeAllocation: percent(allocation),
  freezingThreshold: seconds(2_592_000),
  balance: cycles(balance),
  methods: methodsOf(pages),
  onTimer: [],
});

/** One list for all canisters of a size. */
const methodsOf = (pages: number): CanisterGenesis["methods"] => (methods[pages] ??= [{ name: "write", body: [...writes(pages), reply] }]);

const methods: CanisterGenesis["methods"][] = [];
const nothing = { kind: "bytes", bytes: hex("") } as const;
const reply = { op: "reply", payload: nothing } as const;
const writes = (pages: number) => Array.from({ length: pages }, (_, page) => ({ op: "write", page, value: nothing }) as const);

/** The fees of this size of subnet are those of the table. */
const debtor = ({ pages, allocation }: { readonly pages: number; readonly allocation: number }): Debtor => {
  const { fees, pageSize } = parameters;
  const memory = BigInt(pages * pageSize);
  const memoryDay = memory === 0n ? 0n : (memory * fees.gibSecond * 86_400n) / 2n ** 30n + fees.baseSecond * 86_400n;
  return { balance, chargedAt: 0n, memoryDay, computeDay: fees.percentSecond * BigInt(allocation) * 86_400n };
};
