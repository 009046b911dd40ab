/**
 * The worlds in which messages are counted: pairs of a canister that calls and one that answers, and crowds of canisters
 * that do nothing. All prices are zero: what is measured is the way of the messages.
 */
import { callTo } from "../properties/index.ts";
import {
  canisterId,
  hex,
  nanoseconds,
  subnetId,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Input,
  type Instruction,
  type MethodName,
  type Move,
  type Network,
  type Script,
} from "../spec/index.ts";
import { ampleCanister, ampleParameters, ingressTo, roundOf, second } from "./ample.ts";

/** How a caller calls: ten calls each time it is asked. */
export type CallerKind = "ten at once" | "ten, best-effort" | "one after another" | "across subnets";

export interface Callers {
  readonly geneses: readonly Genesis[];
  /** An ingress message for every caller, another one each time. */
  burst(): readonly Move[];
  /** A round of a subnet, to which the network hands all that the other one sent. */
  round(subnet: number): Move;
}

/** Pairs on one core; across subnets the callers are on one, and those who answer on the other. */
export const callersOf = (kind: CallerKind, pairs: number): Callers => {
  const across = kind === "across subnets";
  const numbers = Array.from({ length: pairs }, (_, at) => at);
  const callers = numbers.map((at) => canister(callerId(at), "go", scriptOf(kind, calleeId(at))));
  const callees = numbers.map((at) => canister(calleeId(at), "serve", [reply]));
  const geneses = across
    ? [genesisOf(callers, networkOf("left", "right", callees)), genesisOf(callees, networkOf("right", "left", callers))]
    : [genesisOf([...callers, ...callees])];
  let [asked, rounds] = [0, 0];
  return {
    geneses,
    burst: () => numbers.map((at) => ingressTo(callerId(at), "go", asked++)),
    round: (subnet): Move => {
      const round = roundOf(rounds++, subnet === 0 ? second : nanoseconds(0n));
      return across ? { ...round, subnet, deliveries: [{ from: 1 - subnet, count: 10 * pairs }] } : round;
    },
  };
};

export interface Idlers {
  /** Makes the genesis anew, so that whoever asks can let it go. */
  genesis(): Genesis;
  /** Every canister calls its neighbour once; then so much time passes that nothing is remembered of it. */
  use(): readonly Input[];
}

/** Canisters with one method each. */
export const idlersOf = (count: number): Idlers => {
  const id = (at: number): CanisterId => canisterId(`idle-${at % count}`);
  return {
    genesis: () =>
      genesisOf(
        Array.from({ length: count }, (_, at) => {
          const { methods, ...rest } = canister(id(at), "go", [callTo(id(at + 1), "serve"), reply]);
          return { ...rest, methods: [...methods, { name: "serve", body: [reply] }] };
        }),
      ),
    use: () => [
      ...Array.from({ length: count }, (_, at) => ingressTo(id(at), "go", at)),
      roundOf(0, second),
      roundOf(1, second),
      roundOf(2, nanoseconds(1_000n * second)),
      roundOf(3, second),
    ],
  };
};

const genesisOf = (canisters: readonly CanisterGenesis[], network?: Network): Genesis => ({
  parameters: ampleParameters,
  time: nanoseconds(0n),
  ...(network !== undefined && { network }),
  canisters,
});

const networkOf = (own: string, other: string, others: readonly CanisterGenesis[]): Network => ({
  own: subnetId(own),
  routes: others.map(({ id }) => ({ canister: id, subnet: subnetId(other) })),
});

const callerId = (at: number): CanisterId => canisterId(`caller-${at}`);
const calleeId = (at: number): CanisterId => canisterId(`callee-${at}`);

const canister = (id: CanisterId, name: MethodName, body: Script): CanisterGenesis => ampleCanister(id, [{ name, body }]);

const nothing = { kind: "bytes", bytes: hex("") } as const;
const reply: Instruction = { op: "reply", payload: nothing };

const scriptOf = (kind: CallerKind, callee: CanisterId): Script => {
  const ten = Array.from({ length: 10 });
  switch (kind) {
    case "ten at once":
    case "across subnets":
      return [...ten.map(() => callTo(callee, "serve")), reply];
    case "ten, best-effort":
      return [...ten.map(() => callTo(callee, "serve", { timeout: nanoseconds(10n * second) })), reply];
    case "one after another":
      return ten.reduce((then: Script) => [callTo(callee, "serve", { onReply: then })], [reply]);
  }
};
