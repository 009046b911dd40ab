/**
 * The worlds in which attacks are made: a victim, an attacker, and a subnet with the limits of production. Each comes twice,
 * with the message that is the attack and without it, and is otherwise the same to the last instruction.
 */
import {
  canisterId,
  currentParameters,
  cycles,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type FeeTable,
  type Hex,
  type Input,
  type Instruction,
  type Scenario,
  type Script,
} from "../../spec/index.ts";

export const attacker = canisterId("attacker");
export const victim = canisterId("victim");

/** A scenario, and the same without the attack. */
export interface Pair {
  readonly attacked: Scenario;
  readonly spared: Scenario;
}

/** The victim as a row needs it; the rest is as in any canister that can pay. */
export type Victim = Partial<CanisterGenesis> & { readonly does?: Readonly<Record<string, Script>> };

/** An ingress message to the victim, or none. */
export const byUser = (fees: FeeTable, target: Victim, message: { readonly method: string; readonly payload?: Hex }, rounds = 4): Pair => {
  const genesis = genesisOf(fees, [victimOf(target)]);
  const passing = roundsOf(rounds);
  return {
    attacked: { genesis, inputs: [ingress("attack", victim, message.method, message.payload), ...passing] },
    spared: { genesis, inputs: passing },
  };
};

/** What an attacker that is a canister does in one execution, with the attack and without it. */
export interface Plot {
  readonly attack: Script;
  /** By default nothing. */
  readonly else?: Script;
  /** The other methods of the attacker. */
  readonly does?: Readonly<Record<string, Script>>;
  /** What happens before. */
  readonly before?: readonly Input[];
  readonly rounds?: number;
  /** Of the queue from the attacker to the victim; by default as in production. */
  readonly queueCapacity?: number;
}

/** An execution of the attacker that makes the attack, or one that does not. */
export const byCanister = (fees: FeeTable, target: Victim, plot: Plot): Pair => {
  const own = canister(attacker, { attack: plot.attack, rest: plot.else ?? [], ...plot.does }, { balance: cycles(10n ** 16n) });
  const genesis = genesisOf(fees, [own, victimOf(target)], plot.queueCapacity);
  const begun = (method: string): Scenario => ({
    genesis,
    inputs: [...(plot.before ?? []), ingress("begin", attacker, method), ...roundsOf(plot.rounds ?? 8)],
  });
  return { attacked: begun("attack"), spared: begun("rest") };
};

/** The victim calls the attacker, or does not: whoever makes it do so wrote to it in both cases. */
export const asCallee = (fees: FeeTable, asks: Script, serves: Script): Pair => {
  const genesis = genesisOf(fees, [
    canister(attacker, { serve: serves }, { balance: cycles(10n ** 16n) }),
    victimOf({ does: { ask: asks, rest: [] } }),
  ]);
  const begun = (method: string): Scenario => ({ genesis, inputs: [ingress("begin", victim, method), ...roundsOf(8)] });
  return { attacked: begun("ask"), spared: begun("rest") };
};

const genesisOf = (
  fees: FeeTable,
  canisters: readonly CanisterGenesis[],
  queueCapacity = currentParameters.queueCapacity,
): Scenario["genesis"] => ({
  parameters: { ...currentParameters, queueCapacity, fees },
  time: nanoseconds(1_000_000_000n),
  canisters,
});

const canister = (
  id: CanisterGenesis["id"],
  methods: Readonly<Record<string, Script>>,
  rest: Partial<CanisterGenesis> = {},
): CanisterGenesis => ({
  id,
  computeAllocation: percent(0),
  freezingThreshold: seconds(2_592_000),
  balance: cycles(10n ** 15n),
  methods: Object.entries(methods).map(([name, body]) => ({ name, body })),
  onTimer: [],
  ...rest,
});

const victimOf = ({ does, ...rest }: Victim): CanisterGenesis => canister(victim, does ?? {}, rest);

/** A canister that must keep enough for 30 days of a reserved percent of a core, and does not have it. */
export const frozen: Victim = { computeAllocation: percent(1), balance: cycles(10n ** 12n) };

/** A canister above its freezing threshold that cannot set aside what a message might use. */
export const poor: Victim = { balance: cycles(10n ** 10n) };

export const ingress = (id: string, to: CanisterGenesis["id"], method: string, payload: Hex = hex("")): Input => ({
  kind: "ingress",
  id: ingressId(id),
  canister: to,
  method,
  payload,
});

export const roundsOf = (count: number): readonly Input[] =>
  Array.from({ length: count }, () => ({ kind: "round", elapsed: nanoseconds(1_000_000_000n), tape: hex("ab".repeat(32)) }));

const nothing = { kind: "bytes", bytes: hex("") } as const;

export const reply: Instruction = { op: "reply", payload: nothing };
export const consume = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });

/** As large as a payload may be. */
export const largestPayload = () => ({ kind: "bytes", bytes: hex("00".repeat(currentParameters.maxPayload)) }) as const;

/** Little work, and as much as an update or a callback may do and still answer. @unit instructions */
export const littleWork = 1_000_000;
export const mostWork = currentParameters.messageInstructionLimit - 1;
export const mostCallbackWork = mostWork - Math.floor((currentParameters.messageInstructionLimit * currentParameters.cleanupReserve) / 100);
