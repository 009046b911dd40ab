/** Small worlds for the tests of this room: two canisters that call each other, on one subnet or on two, and what makes them work. */
import {
  bytes,
  canisterId,
  cycles,
  feesOf2025,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  subnetId,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Instruction,
  type Move,
  type Network,
  type Parameters,
  type Scenario,
  type Script,
} from "../../spec/index.ts";
import { callTo as plainCallTo } from "../../properties/index.ts";

export const smallParameters: Parameters = {
  ...publishedParameters,
  cores: 2,
  roundInstructionLimit: instructions(1_000),
  messageInstructionLimit: instructions(200),
  messageOverhead: instructions(5),
  cleanupReserve: 10,
  queueCapacity: 3,
  maxPayload: bytes(64),
  maxPages: 8,
  pageSize: bytes(32),
  tapeLag: 1,
  fees: feesOf2025,
};

export const callTo = (callee: string, method: string, rest?: Partial<Instruction & { op: "call" }>): Instruction =>
  plainCallTo(canisterId(callee), method, rest);

export const canister = (
  id: string,
  methods: Readonly<Record<string, Script>> = {},
  rest: Partial<CanisterGenesis> = {},
): CanisterGenesis => ({
  id: canisterId(id),
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(1_000_000_000_000n),
  methods: Object.entries(methods).map(([name, body]) => ({ name, body })),
  onTimer: [],
  ...rest,
});

export const genesisOf = (canisters: readonly CanisterGenesis[], parameters: Partial<Parameters> = {}): Genesis => ({
  parameters: { ...smallParameters, ...parameters },
  time: nanoseconds(1_000n),
  canisters,
});

export const round = (tape = "ab"): Input => ({ kind: "round", elapsed: nanoseconds(1_000_000_000n), tape: hex(tape.repeat(32)) });
export const restart: Input = { kind: "restart" };
export const topUp = (id: string, count: bigint): Input => ({ kind: "top-up", canister: canisterId(id), cycles: cycles(count) });
export const ingress = (id: string, to: string, method: string, payload = ""): Input => ({
  kind: "ingress",
  id: ingressId(id),
  canister: canisterId(to),
  method,
  payload: hex(payload),
});

/** A world in which an ingress message makes one canister call another, which replies. */
export const conversation: Scenario = {
  genesis: genesisOf([
    canister("alpha", {
      go: [
        callTo("beta", "serve", {
          attached: cycles(500n),
          onReply: [
            { op: "write", page: 1, value: { kind: "message" } },
            { op: "reply", payload: { kind: "message" } },
          ],
          onReject: [{ op: "reject" }],
        }),
      ],
    }),
    canister("beta", {
      serve: [
        { op: "accept", cycles: cycles(300n) },
        { op: "reply", payload: { kind: "bytes", bytes: hex("0102") } },
      ],
    }),
  ]),
  inputs: [
    ingress("m1", "alpha", "go"),
    topUp("beta", 7n),
    round(),
    restart,
    round("cd"),
    ingress("m1", "nobody", "go"),
    topUp("nobody", 1n),
  ],
};

export const networkOf = (own: string, routes: Readonly<Record<string, string>> = {}): Network => ({
  own: subnetId(own),
  routes: Object.entries(routes).map(([canister, subnet]) => ({ canister: canisterId(canister), subnet: subnetId(subnet) })),
});

/** A move for a subnet; a round may be handed what another one sent: at most so many messages. */
export const to = (subnet: number, input: Input): Move => (subnet === 0 ? input : { ...input, subnet });
export const delivered = (subnet: number, from: number, count = 10): Move => ({ ...to(subnet, round()), deliveries: [{ from, count }] });

const [alpha, beta] = conversation.genesis.canisters;

/** The same conversation over two subnets: alpha is on the left, beta on the right. */
export const neighbours: Scenario = {
  genesis: { ...genesisOf([alpha!]), network: networkOf("left", { beta: "right" }) },
  others: [{ ...genesisOf([beta!]), network: networkOf("right", { alpha: "left" }) }],
  inputs: [ingress("m1", "alpha", "go"), round(), delivered(1, 0), delivered(0, 1), to(1, topUp("beta", 7n))],
};
